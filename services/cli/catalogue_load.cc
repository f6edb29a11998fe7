// `motcua catalogue load`: what is wrong with the files of a catalogue, and what they would change.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <tuple>

#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/domain/catalogue/changes.h"
#include "services/platform/catalogue/check_files.h"
#include "services/wire/csv/csv_writer.h"

namespace motcua::cli {
namespace {

namespace fs = std::filesystem;
using catalogue::CatalogueTexts;
using catalogue::ChangedCodes;
using catalogue::CheckedCatalogue;
using catalogue::Finding;

// On paper and screens; --format json and --refused have all of them.
constexpr std::size_t kCodesListedMax = 20;

struct LoadCheck {
  CheckedCatalogue checked;
  catalogue::Changes changes;  // against the present catalogue; nothing where there is none
};

// What the present catalogue says of itself is not said again of one file that goes into it.
void DropKnown(const CheckedCatalogue& present, CheckedCatalogue& checked) {
  const auto key = [](const Finding& f) { return std::tie(f.file, f.line, f.reason); };
  std::set<std::tuple<std::string, std::size_t, std::string>> known;
  for (const Finding& finding : present.findings) known.insert(key(finding));
  std::erase_if(checked.findings,
                [&](const Finding& f) { return known.contains({f.file, f.line, f.reason}); });
}

// As the files stand: what only a whole table shows was found after all its rows.
void SortByPlace(CheckedCatalogue& checked) {
  std::map<std::string_view, std::size_t> rank;
  for (const auto& table : checked.tables) rank.emplace(table.file, rank.size());
  const auto place = [&](const Finding& f) {
    const auto at = rank.find(f.file);
    return std::pair(at == rank.end() ? rank.size() : at->second, f.line);  // rules: last
  };
  std::stable_sort(checked.findings.begin(), checked.findings.end(),
                   [&](const Finding& a, const Finding& b) { return place(a) < place(b); });
}

Result<LoadCheck> Check(const fs::path& path, const std::string& catalogue_name) {
  MOTCUA_ASSIGN_OR_RETURN(const CatalogueTexts present, catalogue::ReadCatalogue(catalogue_name));
  MOTCUA_ASSIGN_OR_RETURN(const CheckedCatalogue before,
                          catalogue::CheckCatalogue(present.files()));
  std::error_code error;
  LoadCheck load;
  const bool is_builtin = !catalogue::BuiltinCatalogueFiles(path.string()).empty();
  if (is_builtin || fs::is_directory(path, error)) {
    MOTCUA_ASSIGN_OR_RETURN(const CatalogueTexts texts, catalogue::ReadCatalogue(path.string()));
    MOTCUA_ASSIGN_OR_RETURN(load.checked, catalogue::CheckCatalogue(texts.files()));
  } else {
    CatalogueTexts texts = present;
    MOTCUA_RETURN_IF_ERROR(catalogue::PutCatalogueFile(path, texts));
    MOTCUA_ASSIGN_OR_RETURN(load.checked, catalogue::CheckCatalogue(texts.files()));
    DropKnown(before, load.checked);
  }
  SortByPlace(load.checked);
  if (before.catalogue && load.checked.catalogue) {
    load.changes = catalogue::Compare(*before.catalogue, *load.checked.catalogue);
  }
  return load;
}

Status WriteRefused(const std::string& path, const CheckedCatalogue& checked,
                    const wire::CsvDialect& asked) {
  // For people, who open it in a spreadsheet whatever is asked of standard output.
  const wire::CsvDialect& dialect = asked.for_spreadsheets ? asked : wire::kCsvForPeople;
  std::string text(wire::CsvPreamble(dialect));
  wire::AppendCsvRow(text, {"file", "line", "kind", "code", "reason", "record"}, dialect);
  for (const Finding& finding : checked.findings) {
    if (!finding.refused) continue;
    wire::AppendCsvRow(text,
                       {finding.file, std::to_string(finding.line), finding.kind, finding.code,
                        finding.reason, finding.record},
                       dialect);
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return OkStatus();
  return Status(Reason::kFileUnreadable, "--refused: " + path + " cannot be written",
                {{"file", path}});
}

nlohmann::ordered_json CodesJson(const ChangedCodes& codes) {
  return {{"added", codes.added}, {"changed", codes.changed}, {"removed", codes.removed}};
}

std::string LoadJson(const LoadCheck& load) {
  nlohmann::ordered_json json;
  std::set<std::pair<std::string, std::size_t>> doubtful;
  for (const Finding& f : load.checked.findings) {
    if (!f.refused) doubtful.emplace(f.file, f.line);
  }
  for (const Finding& f : load.checked.findings) {
    if (f.refused) doubtful.erase({f.file, f.line});
  }
  json["dry_run"] = true;
  json["loads"] = load.checked.catalogue != nullptr;
  json["refused"] = load.checked.refused();
  json["doubtful"] = doubtful.size();
  json["tables"] = nlohmann::ordered_json::array();
  for (const auto& table : load.checked.tables) {
    json["tables"].push_back({{"file", table.file},
                              {"read", table.read},
                              {"taken", table.read - std::min(table.read, table.refused)},
                              {"refused", table.refused}});
  }
  json["findings"] = nlohmann::ordered_json::array();
  for (const Finding& f : load.checked.findings) {
    json["findings"].push_back({{"file", f.file},
                                {"line", f.line},
                                {"refused", f.refused},
                                {"kind", f.kind},
                                {"code", f.code},
                                {"reason", f.reason}});
  }
  json["changes"] = {{"units", CodesJson(load.changes.units)},
                     {"procedures", CodesJson(load.changes.procedures)},
                     {"calendars", CodesJson(load.changes.calendars)}};
  return json.dump(2) + "\n";
}

std::string CodeList(const std::vector<std::string>& codes) {
  std::string text;
  for (std::size_t i = 0; i < codes.size() && i < kCodesListedMax; ++i) text += " " + codes[i];
  if (codes.size() > kCodesListedMax) {
    text += " … (" + std::to_string(codes.size() - kCodesListedMax) + " nữa)";
  }
  return text;
}

void PrintChanges(std::ostream& out, std::string_view name, const ChangedCodes& codes) {
  const auto print = [&](std::string_view what, const std::vector<std::string>& list) {
    if (list.empty()) return;
    out << name << ' ' << what << ' ' << FormatCount(static_cast<long long>(list.size())) << ':'
        << CodeList(list) << '\n';
  };
  print("thêm", codes.added);
  print("sửa", codes.changed);
  print("bỏ", codes.removed);
}

void PrintText(const LoadCheck& load, Context& context) {
  std::ostream& out = context.terminal.out;
  Table tables;
  tables.AddColumn("Bảng");
  tables.AddColumn("Đọc", Table::Align::kRight);
  tables.AddColumn("Nhận", Table::Align::kRight);
  tables.AddColumn("Loại", Table::Align::kRight);
  const auto count = [](std::size_t n) { return FormatCount(static_cast<long long>(n)); };
  for (const auto& t : load.checked.tables) {
    tables.AddRow(
        {t.file, count(t.read), count(t.read - std::min(t.read, t.refused)), count(t.refused)});
  }
  out << tables.Render(context.terminal.width);
  if (!load.checked.findings.empty()) {
    Table list;
    list.AddColumn("Tệp", Table::Align::kLeft, Table::Width::kFirm);
    list.AddColumn("Dòng", Table::Align::kRight, Table::Width::kFirm);
    list.AddColumn("", Table::Align::kLeft, Table::Width::kFirm);
    list.AddColumn("Mã", Table::Align::kLeft, Table::Width::kFirm);
    list.AddColumn("Lý do");
    for (const Finding& f : load.checked.findings) {
      list.AddRow({f.file, std::to_string(f.line), f.refused ? "loại" : "nghi ngờ", f.code,
                   f.kind + ": " + f.reason});
    }
    out << '\n' << list.Render(context.terminal.width);
  }
  out << '\n';
  const auto& changes = load.changes;
  PrintChanges(out, "Đơn vị", changes.units);
  PrintChanges(out, "Thủ tục", changes.procedures);
  PrintChanges(out, "Lịch", changes.calendars);
  if (changes.units.empty() && changes.procedures.empty() && changes.calendars.empty()) {
    out << "Không có gì thay đổi so với danh mục hiện có.\n";
  }
  if (load.checked.catalogue == nullptr) {
    out << "Không dùng được: các tệp trên không tạo thành một danh mục.\n";
  }
  out << "Chỉ kiểm tra (--dry-run), không ghi gì.\n";
}

void PrintCsv(const LoadCheck& load, Context& context) {
  PrintCsvRow(context, {"file", "line", "refused", "kind", "code", "reason"});
  for (const Finding& f : load.checked.findings) {
    PrintCsvRow(context, {f.file, std::to_string(f.line), f.refused ? "true" : "false", f.kind,
                          f.code, f.reason});
  }
}

}  // namespace

Status LoadCatalogueFiles(const Invocation& invocation) {
  if (!invocation.Has("--dry-run")) {
    throw UsageError("--dry-run",
                     "is needed: publishing a catalogue to running services is not possible yet; "
                     "they read theirs when they start (--catalogue DIR)");
  }
  MOTCUA_ASSIGN_OR_RETURN(const LoadCheck load,
                          Check(invocation.Text("path"), invocation.Text("--catalogue")));
  Context& context = invocation.context();
  if (const std::string path = invocation.Text("--refused"); !path.empty()) {
    MOTCUA_RETURN_IF_ERROR(WriteRefused(path, load.checked, context.options.csv_dialect));
  }
  switch (context.options.format) {
    case Format::kJson:
      context.terminal.out << LoadJson(load);
      break;
    case Format::kCsv:
      PrintCsv(load, context);
      break;
    case Format::kTable:
    case Format::kHtml:
      PrintText(load, context);
      break;
  }
  if (load.checked.catalogue != nullptr) return OkStatus();
  const auto& findings = load.checked.findings;
  const auto first =
      std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.refused; });
  return Status(Reason::kFileInvalid,
                first->file + ":" + std::to_string(first->line) + ": " + first->reason,
                {{"file", first->file}, {"line", std::to_string(first->line)}});
}

}  // namespace motcua::cli
