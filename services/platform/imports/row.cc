#include "services/platform/imports/row.h"

#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace motcua::imports {
namespace {

// What a row says, part by part, in a text that no other row has. Numbers are written as they are:
// an import makes one of these for each row of a register of ten years.
class RowName {
 public:
  RowName() { name_.reserve(kBytesExpected); }

  // With its length, so that no two rows run together to the same words.
  void Add(std::string_view part) {
    AddNumber(static_cast<std::int64_t>(part.size()));
    name_.append(":").append(part);
  }
  void AddNumber(std::int64_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    name_.append("/").append(digits.data(), end);
  }
  void AddTime(const std::optional<ZonedTime>& time) {
    if (!time) return Add("");
    AddNumber(time->instant.micros);
    AddNumber(time->offset.minutes);
  }
  const std::string& text() const { return name_; }

 private:
  static constexpr std::size_t kBytesExpected = 512;

  std::string name_ = "import row";
};

}  // namespace

cases::RequestId RowRequestId(const RegisterRow& row) {
  RowName name;
  name.Add(row.source);
  name.Add(row.source_id);
  name.Add(row.unit.value());
  name.Add(row.unit_name);
  name.Add(row.dossier ? std::string_view(row.dossier->value()) : std::string_view());
  name.Add(row.procedure);
  name.Add(row.procedure_name);
  name.Add(row.field);
  name.AddNumber(static_cast<std::int64_t>(row.channel));
  name.AddNumber(row.register_year);
  name.AddNumber(row.register_number);
  name.AddTime(row.opened);
  name.AddTime(row.due);
  name.AddTime(row.closed);
  name.AddNumber(static_cast<std::int64_t>(row.outcome));
  return cases::DeriveRequestId(name.text());
}

}  // namespace motcua::imports
