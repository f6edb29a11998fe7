#include "services/platform/imports/convert.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "services/base/hash.h"
#include "services/base/text.h"
#include "services/base/text_fold.h"

namespace motcua::imports {
namespace {

constexpr std::size_t kQuotedBytesMax = 40;

// `text` cut to `bytes_max` without splitting a character.
std::string_view CutUtf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// Line ends and other control characters inside a cell become single blanks.
std::string OneLine(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    if (!control) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  return std::string(Trim(line));
}

Status HeaderError(std::size_t line, std::string_view what) {
  std::string number = std::to_string(line);
  std::string message = "line " + number + ": " + std::string(what);
  return Status(Reason::kFileInvalid, std::move(message), {{"line", std::move(number)}});
}

}  // namespace

std::string ShortenKey(std::string_view text) {
  constexpr std::size_t kHashBytes = 17;  // '~' and 16 hexadecimal digits
  if (text.size() <= cases::kProcedureCodeBytesMax && IsPrintable(text)) return std::string(text);
  std::array<char, 32> hash{};
  std::snprintf(hash.data(), hash.size(), "~%016llx",
                static_cast<unsigned long long>(HashBytes(text)));
  return std::string(Trim(CutUtf8(OneLine(text), cases::kProcedureCodeBytesMax - kHashBytes))) +
         hash.data();
}

Result<Converter> Converter::Make(Mapping mapping, const wire::CsvRecord& header) {
  Converter converter(std::move(mapping));
  MOTCUA_ASSIGN_OR_RETURN(const wire::CsvHeader names, wire::CsvHeader::Make(header, {}));
  for (const std::string& field : header.fields) converter.header_.emplace_back(Trim(field));
  MOTCUA_RETURN_IF_ERROR(converter.Bind(names, header.line));
  return converter;
}

Status Converter::Bind(const wire::CsvHeader& header, std::size_t line) {
  const auto find = [&](const ColumnNames& columns, std::size_t& index) -> Status {
    for (const std::string& name : columns.names) {
      if (const std::optional<std::size_t> found = header.Find(name)) {
        index = *found;
        return OkStatus();
      }
    }
    if (!columns.mapped() || !columns.required) return OkStatus();
    return HeaderError(line, "the column \"" + columns.names.front() + "\" is missing");
  };
  const std::array<std::pair<const ColumnNames*, std::size_t*>, 11> pairs = {{
      {&mapping_.id, &columns_.id},
      {&mapping_.opened.column, &columns_.opened},
      {&mapping_.due.column, &columns_.due},
      {&mapping_.closed.column, &columns_.closed},
      {&mapping_.unit.column, &columns_.unit},
      {&mapping_.unit.name_column, &columns_.unit_name},
      {&mapping_.field, &columns_.field},
      {&mapping_.channel.column, &columns_.channel},
      {&mapping_.outcome.column, &columns_.outcome},
      {&mapping_.dossier_code, &columns_.dossier_code},
      {&mapping_.register_number, &columns_.register_number},
  }};
  for (const auto& [columns, index] : pairs) {
    MOTCUA_RETURN_IF_ERROR(find(*columns, *index));
  }
  for (auto [names, indices] : {std::pair{&mapping_.procedure_key, &columns_.procedure_key},
                                std::pair{&mapping_.procedure_name, &columns_.procedure_name}}) {
    for (const ColumnNames& columns : *names) {
      MOTCUA_RETURN_IF_ERROR(find(columns, indices->emplace_back(kNoColumn)));
    }
  }
  return OkStatus();
}

// Each step answers false once the row is refused; `refused_` then says why.
class Converter::Attempt {
 public:
  Attempt(const Converter& converter, const wire::CsvRecord& record)
      : converter_(converter), mapping_(converter.mapping_), record_(record) {}

  Conversion Run() {
    refused_.line = record_.line;
    row_.line = static_cast<std::uint32_t>(record_.line);
    row_.source = mapping_.source;
    const bool taken = CheckShape() && TakeId() && TakeTimes() && TakeCodes() && TakeUnit() &&
                       TakeProcedure() && TakeWords();
    if (!taken) {
      refused_.source_id = row_.source_id;
      return std::move(refused_);
    }
    MarkDoubts();
    row_.request_id = RowRequestId(row_);
    return std::move(row_);
  }

 private:
  bool Refuse(std::size_t column, Reason reason, std::string what) {
    if (column != kNoColumn) refused_.column = converter_.header_[column];
    refused_.reason = reason;
    refused_.message = std::move(what);
    return false;
  }
  bool RefuseCell(std::size_t column, std::string_view cell, std::string_view what) {
    // A shifted row could have a name where a date should be: then nothing is quoted.
    std::string message;
    if (mapping_.personal_columns.empty()) {
      const std::string_view cut = CutUtf8(cell, kQuotedBytesMax);
      message = "\"" + OneLine(cut) + (cut.size() < cell.size() ? "…\" " : "\" ");
    } else {
      message = "the cell ";
    }
    return Refuse(column, Reason::kFieldInvalid, message + std::string(what));
  }

  // The cell without blanks around it; empty where the column or the value is not there.
  std::string_view Cell(std::size_t column) const {
    if (column == kNoColumn) return {};
    const std::string_view cell = Trim(record_.fields[column]);
    const auto& words = mapping_.empty_words;
    return std::find(words.begin(), words.end(), cell) == words.end() ? cell : std::string_view();
  }

  bool CheckShape() {
    if (record_.problem) {
      std::string_view what = record_.problem->message();
      if (what.starts_with("line ")) what = what.substr(std::min(what.find(": ") + 2, what.size()));
      return Refuse(kNoColumn, record_.problem->reason(), std::string(what));
    }
    const std::size_t has = record_.fields.size();
    const std::size_t needs = converter_.header_.size();
    if (has == needs) return true;
    const std::string counts =
        "the row has " + std::to_string(has) + " of " + std::to_string(needs) + " columns";
    return Refuse(has < needs ? has : kNoColumn, Reason::kFieldInvalid, counts);
  }

  bool TakeId() {
    const std::string_view id = Cell(converter_.columns_.id);
    if (id.empty()) return Refuse(converter_.columns_.id, Reason::kFieldInvalid, "is empty");
    if (!TakeName(converter_.columns_.id, id, kSourceIdBytesMax, row_.source_id)) return false;
    return true;
  }

  bool TakeName(std::size_t column, std::string_view cell, std::size_t bytes_max,
                std::string& out) {
    if (cell.size() > bytes_max) {
      return Refuse(column, Reason::kLimitExceeded,
                    "has " + std::to_string(cell.size()) + " bytes, the limit is " +
                        std::to_string(bytes_max));
    }
    out = OneLine(cell);
    return true;
  }

  bool TakeTime(std::size_t column, const TimeColumn& rule, std::optional<ZonedTime>& out) {
    const std::string_view cell = Cell(column);
    if (cell.empty()) return true;
    for (const TimeFormat& format : rule.formats) {
      const std::optional<TimeReading> reading = format.Read(cell);
      if (!reading) continue;
      const CivilTime civil{reading->date, reading->time_of_day.value_or(rule.time_when_absent)};
      out = reading->offset ? AtOffset(civil, *reading->offset) : mapping_.zone->Resolve(civil);
      return true;
    }
    std::string known;
    for (const TimeFormat& format : rule.formats) {
      known += (known.empty() ? "" : " or ") + format.pattern();
    }
    return RefuseCell(column, cell, "is not a date of the form " + known);
  }

  bool TakeTimes() {
    const Columns& columns = converter_.columns_;
    std::optional<ZonedTime> opened;
    if (!TakeTime(columns.opened, mapping_.opened, opened)) return false;
    if (!opened) return Refuse(columns.opened, Reason::kFieldInvalid, "is empty");
    row_.opened = *opened;
    return TakeTime(columns.due, mapping_.due, row_.due) &&
           TakeTime(columns.closed, mapping_.closed, row_.closed);
  }

  bool TakeCodes() {
    const Columns& columns = converter_.columns_;
    if (const std::string_view cell = Cell(columns.dossier_code); !cell.empty()) {
      Result<cases::DossierCode> code = cases::ParseDossierCode(cell);
      if (!code.ok()) return RefuseCell(columns.dossier_code, cell, "is not a dossier code");
      row_.dossier = std::move(code).value();
    }
    if (const std::string_view cell = Cell(columns.register_number); !cell.empty()) {
      const auto [end, error] =
          std::from_chars(cell.data(), cell.data() + cell.size(), row_.register_number);
      if (error != std::errc() || end != cell.data() + cell.size() || row_.register_number == 0) {
        return RefuseCell(columns.register_number, cell, "is not a number from 1");
      }
      row_.register_year = Split(row_.opened.date()).year;
    }
    return true;
  }

  bool UseUnit(const NamedUnit& unit) {
    row_.unit = unit.code;
    if (row_.unit_name.empty()) row_.unit_name = unit.name;
    return true;
  }

  // The unit that the table or the default gives for `word`.
  const NamedUnit* FindUnit(std::string_view word) const {
    const auto found = mapping_.unit.table.find(word);
    if (found != mapping_.unit.table.end()) return &found->second;
    return mapping_.unit.otherwise ? &*mapping_.unit.otherwise : nullptr;
  }

  bool TakeUnit() {
    const Columns& columns = converter_.columns_;
    const UnitRule& rule = mapping_.unit;
    const std::string name = CanonicalName(Cell(columns.unit_name));
    if (!TakeName(columns.unit_name, name, kNameBytesMax, row_.unit_name)) {
      return false;
    }
    const std::string_view cell = Cell(columns.unit);
    if (rule.from == UnitFrom::kTable) {
      const NamedUnit* const unit = FindUnit(cell);
      if (unit != nullptr) return UseUnit(*unit);
      return RefuseCell(columns.unit, cell, "is a unit that the mapping does not name");
    }
    std::string code(cell);
    if (rule.from == UnitFrom::kDossierCode && row_.dossier) {
      code = cases::UnitOf(*row_.dossier).value();
    }
    if (const auto found = rule.table.find(code); found != rule.table.end()) {
      return UseUnit(found->second);
    }
    if (Result<cases::UnitCode> parsed = cases::ParseUnitCode(code); parsed.ok()) {
      return UseUnit({std::move(parsed).value(), ""});
    }
    if (rule.otherwise) return UseUnit(*rule.otherwise);
    if (rule.from == UnitFrom::kDossierCode) {
      return Refuse(columns.dossier_code, Reason::kFieldInvalid,
                    "is empty, and the unit is known by it alone");
    }
    return RefuseCell(columns.unit, cell, "is not an agency identifier like 000.23.10.H49");
  }

  // The cells of `columns` that have a value, joined.
  bool Join(const std::vector<std::size_t>& columns, std::string& out) {
    for (const std::size_t column : columns) {
      const std::string_view cell = Cell(column);
      if (cell.empty()) continue;
      std::string part;
      if (!TakeName(column, CanonicalName(cell), kProcedureNameBytesMax, part)) return false;
      if (!out.empty()) out += " / ";
      out += part;
    }
    return out.size() <= kProcedureNameBytesMax ||
           Refuse(
               columns.front(), Reason::kLimitExceeded,
               "is longer than " + std::to_string(kProcedureNameBytesMax) + " bytes when joined");
  }

  bool TakeProcedure() {
    const Columns& columns = converter_.columns_;
    std::string key;
    if (!Join(columns.procedure_key, key)) return false;
    if (!Join(columns.procedure_name, row_.procedure_name)) return false;
    if (key.empty()) key = mapping_.procedure_otherwise;
    if (key.empty()) {
      return Refuse(columns.procedure_key.front(), Reason::kFieldInvalid, "is empty");
    }
    if (row_.procedure_name.empty()) row_.procedure_name = key;
    if (row_.procedure_name.size() > kNameBytesMax) {
      constexpr std::string_view kCut = "…";
      row_.procedure_name =
          std::string(CutUtf8(row_.procedure_name, kNameBytesMax - kCut.size())).append(kCut);
    }
    row_.procedure = ShortenKey(key);
    const std::string field = CanonicalName(Cell(columns.field));
    if (!TakeName(columns.field, field, kNameBytesMax, row_.field)) return false;
    if (row_.field.empty()) row_.field = mapping_.field_otherwise;
    return true;
  }

  template <typename Value>
  bool TakeWord(std::size_t column, const WordTable<Value>& words, Value absent, Value& out) {
    const std::string_view cell = Cell(column);
    const auto found = words.table.find(cell);
    if (found != words.table.end()) {
      out = found->second;
      return true;
    }
    if (!cell.empty() && !words.otherwise) {
      return RefuseCell(column, cell, "is a word that the mapping does not know");
    }
    out = words.otherwise.value_or(absent);
    return true;
  }

  bool TakeWords() {
    const Columns& columns = converter_.columns_;
    if (!TakeWord(columns.channel, mapping_.channel, cases::Channel::kDirect, row_.channel)) {
      return false;
    }
    if (!TakeWord(columns.outcome, mapping_.outcome, Ending::kGranted, row_.outcome)) return false;
    // The end of a case is its closing time; a word alone does not end it, "open" reopens it.
    if (row_.outcome == Ending::kOpen) row_.closed.reset();
    if (!row_.closed) row_.outcome = Ending::kOpen;
    return true;
  }

  void MarkDoubts() {
    const Instant opened = row_.opened.instant;
    if (row_.closed && row_.closed->instant < opened) row_.doubts |= kDoubtClosedBeforeOpened;
    if (row_.due && row_.due->instant < opened) row_.doubts |= kDoubtDueBeforeOpened;
  }

  const Converter& converter_;
  const Mapping& mapping_;
  const wire::CsvRecord& record_;
  RegisterRow row_;
  RefusedRow refused_;
};

Conversion Converter::Convert(const wire::CsvRecord& record) const {
  return Attempt(*this, record).Run();
}

}  // namespace motcua::imports
