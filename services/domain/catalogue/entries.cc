#include "services/domain/catalogue/entries.h"

#include <array>

namespace motcua::catalogue {
namespace {

constexpr std::array kUnitKinds = {
    WordRow<UnitKind>{UnitKind::kNotSaid, "", "Chưa ghi loại"},
    WordRow<UnitKind>{UnitKind::kProvince, "province", "Tỉnh"},
    WordRow<UnitKind>{UnitKind::kCentralCity, "central_city", "Thành phố trực thuộc trung ương"},
    WordRow<UnitKind>{UnitKind::kCity, "city", "Thành phố thuộc tỉnh"},
    WordRow<UnitKind>{UnitKind::kOneStop, "one_stop", "Bộ phận một cửa"},
    WordRow<UnitKind>{UnitKind::kDepartment, "department", "Cơ quan chuyên môn"},
    WordRow<UnitKind>{UnitKind::kCentral, "central", "Cơ quan ngành dọc Trung ương"},
    WordRow<UnitKind>{UnitKind::kBranch, "branch", "Chi nhánh"},
    WordRow<UnitKind>{UnitKind::kWard, "ward", "Phường"},
    WordRow<UnitKind>{UnitKind::kCommune, "commune", "Xã"},
    WordRow<UnitKind>{UnitKind::kSpecialZone, "special_zone", "Đặc khu"},
};

constexpr std::array kOnlineLevels = {
    WordRow<OnlineLevel>{OnlineLevel::kNotSaid, "", "Chưa ghi"},
    WordRow<OnlineLevel>{OnlineLevel::kNone, "none", "Không trực tuyến"},
    WordRow<OnlineLevel>{OnlineLevel::kPart, "part", "Một phần"},
    WordRow<OnlineLevel>{OnlineLevel::kFull, "full", "Toàn trình"},
};

constexpr std::array kLawStatuses = {
    WordRow<LawStatus>{LawStatus::kNotSaid, "", "Chưa ghi"},
    WordRow<LawStatus>{LawStatus::kDecided, "decided", "Đã ban hành"},
    WordRow<LawStatus>{LawStatus::kProposed, "proposed", "Dự thảo"},
    WordRow<LawStatus>{LawStatus::kProvisional, "provisional", "Tạm thời"},
};

}  // namespace

std::span<const WordRow<UnitKind>> UnitKinds() { return kUnitKinds; }
std::span<const WordRow<OnlineLevel>> OnlineLevels() { return kOnlineLevels; }
std::span<const WordRow<LawStatus>> LawStatuses() { return kLawStatuses; }

bool Validity::Overlaps(const Validity& other) const {
  const bool begins_before_its_end = !from || !other.to || *from <= *other.to;
  const bool ends_after_its_beginning = !to || !other.from || *other.from <= *to;
  return begins_before_its_end && ends_after_its_beginning;
}

std::string FormatValidity(const Validity& validity) {
  if (!validity.from && !validity.to) return "always";
  std::string text;
  if (validity.from) text = "from " + FormatDate(*validity.from);
  if (validity.to) text += (text.empty() ? "until " : " until ") + FormatDate(*validity.to);
  return text;
}

const deadline::Term& Procedure::TermFor(cases::Channel channel) const {
  if (channel == cases::Channel::kOnline && term_online) return *term_online;
  if (channel == cases::Channel::kPostal && term_postal) return *term_postal;
  return term;
}

}  // namespace motcua::catalogue
