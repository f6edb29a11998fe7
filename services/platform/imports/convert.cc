#include "services/platform/imports/convert.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "services/base/hash.h"
#include "services/base/text.h"
#include "services/platform/imports/day_first.h"
#include "services/platform/imports/words.h"

namespace motcua::imports {
namespace {

constexpr std::size_t kQuotedBytesMax = 40;
constexpr std::size_t kUnknownWordBytesMax = 80;

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

template <typename Bind>
void Converter::ForEachColumn(const Mapping& mapping, Columns& columns, const Bind& bind) {
  const std::array<std::pair<const ColumnNames*, std::size_t*>, 11> pairs = {{
      {&mapping.id, &columns.id},
      {&mapping.opened.column, &columns.opened},
      {&mapping.due.column, &columns.due},
      {&mapping.closed.column, &columns.closed},
      {&mapping.unit.column, &columns.unit},
      {&mapping.unit.name_column, &columns.unit_name},
      {&mapping.field, &columns.field},
      {&mapping.channel.column, &columns.channel},
      {&mapping.outcome.column, &columns.outcome},
      {&mapping.dossier_code, &columns.dossier_code},
      {&mapping.register_number, &columns.register_number},
  }};
  for (const auto& [names, index] : pairs) bind(*names, *index);
  for (auto [names, indices] : {std::pair{&mapping.procedure_key, &columns.procedure_key},
                                std::pair{&mapping.procedure_name, &columns.procedure_name}}) {
    for (const ColumnNames& each : *names) bind(each, indices->emplace_back(kNoColumn));
  }
}

Result<Converter> Converter::Make(Mapping mapping, const wire::CsvRecord& header) {
  if (header.problem) return *header.problem;
  return Make(std::move(mapping), Heading::Of(header));
}

Result<Converter> Converter::Make(Mapping mapping, const Heading& heading) {
  Converter converter(std::move(mapping));
  MOTCUA_RETURN_IF_ERROR(converter.BindAll(heading));
  return converter;
}

std::size_t Converter::CountColumns(const Mapping& mapping, const Heading& heading) {
  Columns columns;
  std::size_t count = 0;
  ForEachColumn(mapping, columns, [&](const ColumnNames& names, std::size_t& /*index*/) {
    const bool there = std::any_of(names.names.begin(), names.names.end(),
                                   [&](const auto& name) { return !heading.Find(name).empty(); });
    count += there ? 1 : 0;
  });
  return count;
}

Status Converter::BindAll(const Heading& heading) {
  width_ = heading.width();
  names_.resize(width_);
  Status status;
  ForEachColumn(mapping_, columns_, [&](const ColumnNames& columns, std::size_t& index) {
    if (!status.ok()) return;
    for (const std::string& name : columns.names) {
      const std::vector<std::size_t> found = heading.Find(name);
      if (found.size() > 1) {
        status = HeaderError(heading.line(), "the column \"" + name + "\" stands twice");
        return;
      }
      if (found.empty()) continue;
      index = found.front();
      names_[index] = name;
      return;
    }
    if (!columns.mapped() || !columns.required) return;
    status = HeaderError(heading.line(), "the column \"" + columns.names.front() + "\" is missing");
  });
  return status;
}

std::string_view Converter::CellOf(const wire::CsvRecord& record, std::size_t column) const {
  if (column >= record.fields.size()) return {};  // not there, or left out at the row's end
  const std::string_view cell = TrimCell(record.fields[column]);
  const auto& words = mapping_.empty_words;
  return std::find(words.begin(), words.end(), cell) == words.end() ? cell : std::string_view();
}

void Converter::Survey(const wire::CsvRecord& record, DateSurvey& survey) const {
  if (record.problem) return;
  const OrderSeen opened = SeeOrder(CellOf(record, columns_.opened));
  std::optional<CivilDate> coded;
  // The code names the day of the receipt alone.
  if (opened.evidence == OrderEvidence::kEither) {
    const std::string_view cell = CellOf(record, columns_.dossier_code);
    const Result<cases::DossierCode> code = cases::ParseDossierCode(cell);
    if (code.ok()) coded = cases::NumberOf(*code).day;
  }
  survey.Add(DateColumn::kOpened, opened, coded);
  survey.Add(DateColumn::kDue, SeeOrder(CellOf(record, columns_.due)), std::nullopt);
  survey.Add(DateColumn::kClosed, SeeOrder(CellOf(record, columns_.closed)), std::nullopt);
}

DateSurvey Converter::NewSurvey() const {
  DateSurvey survey;
  const auto expect = [&](DateColumn column, std::size_t index, const TimeColumn& rule) {
    if (index == kNoColumn) return;
    for (const TimeFormat& format : rule.formats) {
      if (!format.order()) continue;
      return survey.Expect(column, names_[index], *format.order());
    }
  };
  expect(DateColumn::kOpened, columns_.opened, mapping_.opened);
  expect(DateColumn::kDue, columns_.due, mapping_.due);
  expect(DateColumn::kClosed, columns_.closed, mapping_.closed);
  return survey;
}

void Converter::DoubtDates(const DateSurvey& survey) {
  for (const MixedDates& mixed : survey.Mixed()) {
    if (mixed.column == DateColumn::kOpened) doubt_opened_ = true;
    if (mixed.column == DateColumn::kDue) doubt_due_ = true;
    if (mixed.column == DateColumn::kClosed) doubt_closed_ = true;
  }
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
    if (column != kNoColumn) refused_.column = converter_.names_[column];
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

  std::string_view Cell(std::size_t column) const { return converter_.CellOf(record_, column); }

  bool CheckShape() {
    if (record_.problem) {
      std::string_view what = record_.problem->message();
      if (what.starts_with("line ")) what = what.substr(std::min(what.find(": ") + 2, what.size()));
      return Refuse(kNoColumn, record_.problem->reason(), std::string(what));
    }
    // Empty cells behind the last column are what a spreadsheet leaves; others are shifted ones.
    const std::size_t has = record_.fields.size();
    for (std::size_t i = converter_.width_; i < has; ++i) {
      if (TrimCell(record_.fields[i]).empty()) continue;
      return Refuse(kNoColumn, Reason::kFieldInvalid,
                    "the row has " + std::to_string(has) + " of " +
                        std::to_string(converter_.width_) + " columns");
    }
    return true;
  }

  bool TakeId() {
    const std::string_view id = Cell(converter_.columns_.id);
    if (id.empty()) return Refuse(converter_.columns_.id, Reason::kFieldInvalid, "is empty");
    if (!CheckSize(converter_.columns_.id, id, kSourceIdBytesMax)) return false;
    row_.source_id = OneLine(id);
    return true;
  }

  bool CheckSize(std::size_t column, std::string_view cell, std::size_t bytes_max) {
    return cell.size() <= bytes_max ||
           Refuse(column, Reason::kLimitExceeded,
                  "has " + std::to_string(cell.size()) + " bytes, the limit is " +
                      std::to_string(bytes_max));
  }

  bool TakeName(std::size_t column, std::string_view cell, std::size_t bytes_max,
                std::string& out) {
    out = NameOfCell(cell);
    if (!CheckSize(column, out, bytes_max)) return false;
    if (IsNameDamaged(out)) row_.doubts |= kDoubtNameDamaged;
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
    const std::string what = "is not a date of the form " + known;
    if (mapping_.personal_columns.empty()) return RefuseCell(column, cell, what);
    return Refuse(column, Reason::kFieldInvalid, "\"" + ShowDateCell(cell) + "\" " + what);
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
  const NamedUnit* FindUnit(std::size_t column, std::string_view word) {
    const UnitRule& rule = mapping_.unit;
    const auto found = rule.table.find(word);
    if (found != rule.table.end()) return &found->second;
    if (!word.empty()) {
      const auto folded = rule.folded.find(FoldWord(word));
      if (folded != rule.folded.end()) return &folded->second;
      if (rule.otherwise) NoteUnknown(column, word);
    }
    return rule.otherwise ? &*rule.otherwise : nullptr;
  }

  // Of a row that is taken; so its dates and its code stand where they should, and the word is none
  // of a shifted cell.
  void NoteUnknown(std::size_t column, std::string_view word) {
    row_.unknown.push_back(
        {converter_.names_[column], NameOfCell(CutUtf8(word, kUnknownWordBytesMax))});
  }

  bool TakeUnit() {
    const Columns& columns = converter_.columns_;
    const UnitRule& rule = mapping_.unit;
    if (!TakeName(columns.unit_name, Cell(columns.unit_name), kNameBytesMax, row_.unit_name)) {
      return false;
    }
    const std::string_view cell = Cell(columns.unit);
    if (rule.from == UnitFrom::kTable) {
      const NamedUnit* const unit = FindUnit(columns.unit, cell);
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
      if (!TakeName(column, cell, kProcedureNameBytesMax, part)) return false;
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
    if (!TakeName(columns.field, Cell(columns.field), kNameBytesMax, row_.field)) return false;
    if (row_.field.empty()) row_.field = mapping_.field_otherwise;
    return true;
  }

  // `doubt`: of a word that is not known.
  template <typename Value>
  bool TakeWord(std::size_t column, const WordTable<Value>& words, Value absent, unsigned doubt,
                Value& out) {
    const std::string_view cell = Cell(column);
    if (const auto found = words.table.find(cell); found != words.table.end()) {
      out = found->second;
      return true;
    }
    if (!cell.empty()) {
      const auto folded = words.folded.find(FoldWord(cell));
      if (folded != words.folded.end()) {
        out = folded->second;
        return true;
      }
      if (!words.otherwise) {
        return RefuseCell(column, cell, "is a word that the mapping does not know");
      }
      row_.doubts |= doubt;
      NoteUnknown(column, cell);
    }
    out = words.otherwise.value_or(absent);
    return true;
  }

  bool TakeWords() {
    const Columns& columns = converter_.columns_;
    if (!TakeWord(columns.channel, mapping_.channel, cases::Channel::kDirect, kDoubtChannelUnknown,
                  row_.channel) ||
        !TakeWord(columns.outcome, mapping_.outcome, Ending::kGranted, 0, row_.outcome)) {
      return false;
    }
    // The end of a case is its closing time; a word alone does not end it, "open" reopens it.
    if (row_.outcome == Ending::kNone) row_.closed.reset();
    if (!row_.closed) row_.outcome = Ending::kNone;
    return true;
  }

  void MarkDoubts() {
    const Instant opened = row_.opened.instant;
    if (row_.closed && row_.closed->instant < opened) row_.doubts |= kDoubtClosedBeforeOpened;
    if (row_.due && row_.due->instant < opened) row_.doubts |= kDoubtDueBeforeOpened;
    const bool mixed = converter_.doubt_opened_ || (converter_.doubt_due_ && row_.due) ||
                       (converter_.doubt_closed_ && row_.closed);
    if (mixed) row_.doubts |= kDoubtDatesMixed;
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
