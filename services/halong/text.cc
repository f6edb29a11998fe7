// The report as sentences and a table for the terminal.
#include <algorithm>

#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/halong/figures.h"

namespace motcua::halong {
namespace {

using cli::FormatCount;
using cli::FormatShare;
using reporting::v1::StatusRow;

// "97,27% (44.708 / 45.964)": never a rate without its denominator.
std::string Share(std::int64_t part, std::int64_t whole) {
  return FormatShare(part, whole) + " (" + FormatCount(part) + " / " + FormatCount(whole) + ")";
}
std::string Share(const reporting::v1::Rate& rate) { return Share(rate.part(), rate.whole()); }

}  // namespace

std::string Shown(const nlohmann::json& number, const std::optional<int>& decimals) {
  if (number.is_string()) return number.get<std::string>();
  if (number.is_null()) return "–";
  if (!decimals) return FormatCount(number.get<std::int64_t>());
  std::int64_t scale = 1;
  for (int i = 0; i < *decimals; ++i) scale *= 10;
  const auto scaled =
      static_cast<std::int64_t>(number.get<double>() * static_cast<double>(scale) + 0.5);
  const std::string part = std::to_string(scale + scaled % scale).substr(1);
  return FormatCount(scaled / scale) + (part.empty() ? "" : "," + part) + "%";
}

std::string DayText(CivilDate day) {
  const std::string iso = FormatDate(day);  // yyyy-MM-dd
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
}

std::string Mark(const Figure& figure) {
  if (figure.slip == kMisprint) return "lỗi in";
  std::string mark = figure.equal ? "=" : "khác";
  if (figure.slip == "carried_over") mark += ", 270 kỳ trước";
  return mark;
}

std::vector<std::string> Sentences(const Answers& answers) {
  const StatusRow& all = answers.by_level.total();
  const StatusRow& city = RowOf(answers.by_level, "city");
  const StatusRow& central = RowOf(answers.by_level, "central");
  const std::int64_t received = ReceivedInPeriod(all);
  return {
      "Trong kỳ, Trung tâm Hành chính công và bộ phận một cửa của các xã, phường tiếp nhận, luân "
      "chuyển " +
          FormatCount(received) + " hồ sơ: " + FormatCount(ReceivedInPeriod(city)) +
          " hồ sơ của thành phố và các xã, phường, " + FormatCount(ReceivedInPeriod(central)) +
          " hồ sơ của các cơ quan ngành dọc Trung ương.",
      "Thành phố còn " + FormatCount(city.received().carried_over()) +
          " hồ sơ từ kỳ trước chuyển sang, nên tổng số phải giải quyết là " +
          FormatCount(city.received().total()) + " hồ sơ; đã giải quyết " +
          FormatCount(city.resolved().total()) + ", đang giải quyết " +
          FormatCount(city.open().total()) + ".",
      "Thành phố giải quyết trước và đúng hạn " + Share(OnTime(city)) + " hồ sơ, quá hạn " +
          Share(city.resolved().late(), OnTime(city).whole()) + " hồ sơ.",
      "Các cơ quan ngành dọc giải quyết trước và đúng hạn " + Share(OnTime(central)) +
          " hồ sơ. Tính chung hai cấp là " + Share(OnTime(all)) +
          "; mẫu số là số hồ sơ đã giải quyết.",
      "Nộp trực tuyến: thành phố " + Share(city.received().online(), ReceivedInPeriod(city)) +
          ", ngành dọc " + Share(central.received().online(), ReceivedInPeriod(central)) +
          ", chung " + Share(all.received().online(), received) + " hồ sơ tiếp nhận.",
      "Qua dịch vụ bưu chính công ích: nhận " + Share(all.received().postal(), received) +
          " hồ sơ tiếp nhận, trả " + Share(all.returned_postal(), all.resolved().total()) +
          " kết quả đã giải quyết.",
  };
}

std::string RenderText(const Printed& printed, const Answers& answers,
                       const std::vector<Figure>& figures, std::size_t width) {
  std::string out = "Thành phố Hạ Long: tiếp nhận, giải quyết hồ sơ từ " + DayText(printed.from) +
                    " đến " + DayText(printed.to) + "\n\n";
  for (const std::string& sentence : Sentences(answers)) out += "- " + sentence + "\n";
  cli::Table table;
  table.AddColumn("Chỉ tiêu");
  for (const char* heading : {"Bản in", "Tính lại", "Mẫu số"}) {
    table.AddColumn(heading, cli::Table::Align::kRight, cli::Table::Width::kFirm);
  }
  table.AddColumn("Mẫu số là hồ sơ");
  table.AddColumn("So với bản in");
  for (const Figure& figure : figures) {
    table.AddRow({figure.label, Shown(figure.printed, figure.decimals),
                  Shown(figure.computed(), figure.decimals),
                  figure.whole ? FormatCount(*figure.whole) : "–", figure.whole_label,
                  Mark(figure)});
  }
  out += "\n" + table.Render(width);
  for (const Figure& figure : figures) {
    if (!figure.slip.empty()) out += "\n* " + figure.label + ". " + figure.note;
  }
  const auto differ = std::count_if(figures.begin(), figures.end(), [](const Figure& figure) {
    return !figure.equal && figure.slip != kMisprint;
  });
  out += "\n* ";
  out += differ == 0 ? "Mọi số đã in đều bằng số tính lại, trừ lỗi in nêu trên."
                     : FormatCount(differ) + " số đã in khác số tính lại.";
  return out + "\nNguồn bản in: " + printed.source + ".\n";
}

}  // namespace motcua::halong
