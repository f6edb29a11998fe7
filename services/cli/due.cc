#include "services/cli/due.h"

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/text.h"
#include "services/domain/calendar/office_hours.h"
#include "services/domain/deadline/due.h"
#include "services/domain/deadline/explain.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/wire/csv/csv.h"

namespace motcua::cli {
namespace {

using calendar::Calendar;
using deadline::DueMode;
using deadline::DuePolicy;
using deadline::StartMode;
using deadline::Term;
using CalendarPtr = std::shared_ptr<const Calendar>;

constexpr int kExitOk = 0;
constexpr int kExitOutput = 1;
constexpr int kExitBadInput = 2;
constexpr std::size_t kBatchChunkBytes = 256 * 1024;
constexpr std::string_view kDefaultCalendar = "vn-state";

struct DueFlags {
  std::string received;
  std::string term;
  std::string mode = "end_of_day";
  std::string start = "next_day";
  std::string calendar = std::string(kDefaultCalendar);
  std::string office_hours;
  std::vector<std::string> pauses;
  std::string format = "text";
  std::string batch;
  bool explain = false;
};

// "--term: …".
Status FlagError(std::string_view flag, std::string_view what) {
  return Status(Reason::kFieldInvalid, std::string(flag) + ": " + std::string(what),
                {{"field", std::string(flag)}});
}

Result<DueMode> ParseMode(std::string_view text) {
  if (text == "end_of_day") return DueMode::kEndOfDay;
  if (text == "keep_hour") return DueMode::kKeepHour;
  return FieldError("mode", "\"" + std::string(text) + "\" is neither end_of_day nor keep_hour");
}

Result<StartMode> ParseStart(std::string_view text) {
  if (text == "next_day") return StartMode::kNextDay;
  if (text == "at_once") return StartMode::kAtOnce;
  return FieldError("start", "\"" + std::string(text) + "\" is neither next_day nor at_once");
}

// Local to the calendar's zone unless there is an offset.
Result<ZonedTime> ParseMoment(const Calendar& calendar, std::string_view text) {
  const Result<CivilTime> civil = ParseCivilTime(text);
  if (civil.ok()) return calendar.zone().ToZoned(*civil);
  Result<ZonedTime> zoned = ParseZonedTime(text);
  if (zoned.ok()) return zoned;
  return civil.status();
}

Result<deadline::Pause> ParsePause(const Calendar& calendar, std::string_view text) {
  const auto parts = SplitText(text, '/');
  if (parts.size() != 2) {
    return FlagError("--pause", "\"" + std::string(text) +
                                    "\" is not FROM/TO like 2020-01-21T10:00/2020-01-30T10:00");
  }
  const Result<ZonedTime> from = ParseMoment(calendar, parts[0]);
  if (!from.ok()) return FlagError("--pause", from.status().message());
  const Result<ZonedTime> to = ParseMoment(calendar, parts[1]);
  if (!to.ok()) return FlagError("--pause", to.status().message());
  if (to->instant < from->instant) {
    return FlagError("--pause", "\"" + std::string(text) + "\" ends before it begins");
  }
  return deadline::Pause{*from, *to};
}

// An id of the built-in catalogue, or a file.
Result<CalendarPtr> FindCalendar(const std::string& name) {
  const auto catalogue = catalogue::BuiltinCatalogue();
  const calendar::CalendarId id(name);
  if (const Calendar* const found = catalogue->FindCalendar(id); found != nullptr) {
    return CalendarPtr(catalogue, found);
  }
  std::error_code error;
  const bool looks_like_file = name.find('/') != std::string::npos || name.ends_with(".toml");
  if (looks_like_file || std::filesystem::exists(name, error)) {
    Result<CalendarPtr> loaded = catalogue::LoadCalendarFile(name);
    if (!loaded.ok()) return FlagError("--calendar", loaded.status().message());
    return loaded;
  }
  std::string known;
  for (const CalendarPtr& c : catalogue->calendars()) known += " " + c->id().value();
  return Status(
      Reason::kCalendarUnknown,
      "--calendar: \"" + name + "\" is neither a file nor a known calendar (known:" + known + ")",
      {{"field", "--calendar"}});
}

// The calendar with other office hours on its full days; days with hours of their own keep them.
Result<CalendarPtr> WithOfficeHours(const CalendarPtr& calendar, const std::string& text) {
  if (text.empty()) return calendar;
  const auto hours = calendar::ParseOfficeHours(text);
  if (!hours.ok()) return FlagError("--office-hours", hours.status().message());
  calendar::CalendarSpec spec = calendar->spec();
  spec.office_hours = *hours;
  Result<CalendarPtr> made = Calendar::Make(std::move(spec));
  if (!made.ok()) return FlagError("--office-hours", made.status().message());
  return made;
}

Result<DuePolicy> ParsePolicy(const DueFlags& flags) {
  const Result<DueMode> mode = ParseMode(flags.mode);
  if (!mode.ok()) return mode.status().Prefixed("--mode");
  const Result<StartMode> start = ParseStart(flags.start);
  if (!start.ok()) return start.status().Prefixed("--start");
  return DuePolicy{*mode, *start};
}

nlohmann::ordered_json PeriodsJson(const deadline::DueExplanation& e) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const calendar::DayPeriod& period : e.periods) {
    const bool decided = period.status == calendar::DayStatus::kDecided;
    list.push_back({{"first", FormatDate(period.first)},
                    {"last", FormatDate(period.last)},
                    {"status", decided ? "decided" : "provisional"},
                    {"document", period.document},
                    {"decided_on", period.decided_on ? FormatDate(*period.decided_on) : ""}});
  }
  return list;
}

// With the fraction of a second where there is one.
double SecondsOf(Micros time) { return std::chrono::duration<double>(time).count(); }

nlohmann::ordered_json DueJson(const deadline::DueExplanation& e, bool explain) {
  nlohmann::ordered_json json;
  json["due"] = FormatZonedTime(e.due);
  json["received"] = FormatZonedTime(e.received);
  json["term"] = deadline::FormatTerm(e.term);
  json["mode"] = e.policy.mode == DueMode::kKeepHour ? "keep_hour" : "end_of_day";
  json["start"] = e.policy.start == StartMode::kAtOnce ? "at_once" : "next_day";
  json["calendar"] = {{"id", e.calendar.value()}, {"version", e.calendar_version.value()}};
  json["provisional"] = e.provisional;
  json["office_hours"] = calendar::FormatOfficeHours(e.office_hours);
  json["office_day_minutes"] =
      std::chrono::duration_cast<std::chrono::minutes>(e.office_day).count();
  if (!e.pauses.empty()) json["due_without_pauses"] = FormatZonedTime(e.due_without_pauses);
  if (!explain) return json;
  json["counted_from"] = FormatZonedTime(e.counted_from);
  json["rule"] = e.rule;
  json["law"] = e.law;
  json["skipped"] = nlohmann::ordered_json::array();
  for (const deadline::SkippedDay& day : e.skipped) {
    const bool weekend = day.reason == deadline::SkipReason::kWeekend;
    json["skipped"].push_back({{"date", FormatDate(day.date)},
                               {"reason", weekend ? "weekend" : "holiday"},
                               {"name", day.name}});
  }
  json["worked_days_off"] = nlohmann::ordered_json::array();
  for (const CivilDate day : e.worked_days_off) json["worked_days_off"].push_back(FormatDate(day));
  json["periods"] = PeriodsJson(e);
  json["pauses"] = nlohmann::ordered_json::array();
  for (const deadline::CountedPause& counted : e.pauses) {
    json["pauses"].push_back({{"from", FormatZonedTime(counted.pause.from)},
                              {"to", FormatZonedTime(counted.pause.to)},
                              {"seconds", SecondsOf(counted.time)},
                              {"seconds_together", SecondsOf(counted.together)},
                              {"due_before", FormatZonedTime(counted.due_before)},
                              {"due_after", FormatZonedTime(counted.due_after)}});
  }
  return json;
}

void PutDigits(std::string& out, int value, int width) {
  std::array<char, 4> digits{};
  for (int i = width - 1; i >= 0; --i, value /= 10) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

// FormatZonedTime without its price; the batch writes a million of them.
void AppendTime(std::string& out, const ZonedTime& time) {
  const CivilTime civil = time.civil();
  if (civil.time_of_day.count() % 1'000'000 != 0 || time.offset.minutes < 0) {
    out += FormatZonedTime(time);
    return;
  }
  const YearMonthDay ymd = Split(civil.date);
  const auto seconds = static_cast<int>(civil.time_of_day.count() / 1'000'000);
  PutDigits(out, ymd.year, 4);
  out.push_back('-');
  PutDigits(out, ymd.month, 2);
  out.push_back('-');
  PutDigits(out, ymd.day, 2);
  out.push_back('T');
  PutDigits(out, seconds / 3600, 2);
  out.push_back(':');
  PutDigits(out, seconds / 60 % 60, 2);
  out.push_back(':');
  PutDigits(out, seconds % 60, 2);
  out.push_back('+');
  PutDigits(out, time.offset.minutes / 60, 2);
  out.push_back(':');
  PutDigits(out, time.offset.minutes % 60, 2);
}

// Answers one record after the other. Columns are found once.
class Batch {
 public:
  Batch(const Calendar& calendar, const DuePolicy& defaults, const wire::CsvHeader& header)
      : calendar_(calendar),
        defaults_(defaults),
        columns_(header.size()),
        received_(*header.Find("received")),
        term_(*header.Find("term")),
        mode_(header.Find("mode")),
        start_(header.Find("start")) {}

  // Appends the answer and counts it.
  void Answer(const wire::CsvRecord& record, std::string& out, DueBatchResult& result) const {
    const Result<ZonedTime> due = Compute(record, result);
    ++result.lines;
    if (due.ok()) {
      AppendTime(out, *due);
    } else {
      ++result.bad;
      out += "error: ";
      // One line per record, whatever the record holds.
      const Status status = due.status();
      for (const char c : status.message()) out.push_back(c == '\n' || c == '\r' ? ' ' : c);
    }
    out.push_back('\n');
  }

 private:
  Result<ZonedTime> Compute(const wire::CsvRecord& record, DueBatchResult& result) const {
    if (record.problem) return *record.problem;
    if (record.blank()) return FieldError("received", "the line is empty");
    if (record.fields.size() > columns_) {
      return FieldError("record", "has more fields than the header has columns");
    }
    const std::string_view received = Field(record, received_);
    if (received.empty()) return FieldError("received", "is missing");
    const Result<ZonedTime> at = ParseMoment(calendar_, received);
    if (!at.ok()) return at.status().Prefixed("received");
    const std::string_view term_text = Field(record, term_);
    if (term_text.empty()) return FieldError("term", "is missing");
    const Result<Term> term = deadline::ParseTerm(term_text);
    if (!term.ok()) return term.status().Prefixed("term");
    DuePolicy policy = defaults_;
    if (const std::string_view text = Field(record, mode_); !text.empty()) {
      MOTCUA_ASSIGN_OR_RETURN(policy.mode, ParseMode(text));
    }
    if (const std::string_view text = Field(record, start_); !text.empty()) {
      MOTCUA_ASSIGN_OR_RETURN(policy.start, ParseStart(text));
    }
    Result<ZonedTime> due = deadline::ComputeDue(calendar_, *at, *term, policy);
    if (due.ok() && term->unit != deadline::TermUnit::kClockHours &&
        !calendar_.Decided(calendar_.zone().ToZoned(at->instant).date(), due->date())) {
      ++result.provisional;
    }
    return due;
  }

  static std::string_view Field(const wire::CsvRecord& record, std::optional<std::size_t> column) {
    if (!column || *column >= record.fields.size()) return {};
    return Trim(record.fields[*column]);
  }

  const Calendar& calendar_;
  DuePolicy defaults_;
  std::size_t columns_;
  std::size_t received_;
  std::size_t term_;
  std::optional<std::size_t> mode_;
  std::optional<std::size_t> start_;
};

Status CheckCombination(const DueFlags& flags) {
  if (flags.format != "text" && flags.format != "json") {
    return FlagError("--format", "\"" + flags.format + "\" is neither text nor json");
  }
  if (flags.batch.empty()) {
    if (flags.received.empty()) return FlagError("--received", "is missing (or use --batch)");
    if (flags.term.empty()) return FlagError("--term", "is missing (or use --batch)");
    return OkStatus();
  }
  if (!flags.received.empty()) return FlagError("--received", "does not go with --batch");
  if (!flags.term.empty()) return FlagError("--term", "does not go with --batch");
  if (!flags.pauses.empty()) return FlagError("--pause", "does not go with --batch");
  if (flags.explain) return FlagError("--explain", "does not go with --batch");
  if (flags.format != "text") return FlagError("--format", "json does not go with --batch");
  return OkStatus();
}

// Scripts read the due date alone from standard output, so the caution goes beside it.
constexpr std::string_view kProvisionalNote =
    "provisional (lịch tạm tính): no decision covers all days until the due date yet\n";

Status RunOne(const DueFlags& flags, const Calendar& calendar, const DuePolicy& policy,
              std::ostream& out, std::ostream& err) {
  const Result<ZonedTime> received = ParseMoment(calendar, flags.received);
  if (!received.ok()) return received.status().Prefixed("--received");
  const Result<Term> term = deadline::ParseTerm(flags.term);
  if (!term.ok()) return term.status().Prefixed("--term");
  std::vector<deadline::Pause> pauses;
  for (const std::string& text : flags.pauses) {
    MOTCUA_ASSIGN_OR_RETURN(const deadline::Pause pause, ParsePause(calendar, text));
    pauses.push_back(pause);
  }
  const auto explanation = deadline::ExplainDue(calendar, *received, *term, policy, pauses);
  if (!explanation.ok()) {
    const bool range = explanation.status().reason() == Reason::kCalendarOutOfRange;
    return explanation.status().Prefixed(range ? "--received, --term" : "--pause");
  }
  if (flags.format == "json") {
    out << DueJson(*explanation, flags.explain).dump(2) << "\n";
  } else if (flags.explain) {
    out << deadline::DescribeDue(*explanation);
  } else {
    out << FormatZonedTime(explanation->due) << "\n";
    if (explanation->provisional) err << kProvisionalNote;
  }
  return OkStatus();
}

Status RunBatch(const DueFlags& flags, const Calendar& calendar, const DuePolicy& policy,
                std::istream& in, std::ostream& out, std::ostream& err) {
  std::ifstream file;
  if (flags.batch != "-") {
    std::error_code error;
    file.open(flags.batch, std::ios::binary);
    if (!file || std::filesystem::is_directory(flags.batch, error)) {
      return FlagError("--batch", "\"" + flags.batch + "\" cannot be read");
    }
  }
  const Result<DueBatchResult> result =
      RunDueBatch(calendar, policy, flags.batch == "-" ? in : file, out);
  if (!result.ok()) return result.status().Prefixed("--batch");
  err << result->lines << " lines, " << result->bad << " bad";
  if (result->provisional > 0) err << ", " << result->provisional << " provisional";
  err << "\n";
  return OkStatus();
}

Status RunDue(const DueFlags& flags, std::istream& in, std::ostream& out, std::ostream& err) {
  MOTCUA_RETURN_IF_ERROR(CheckCombination(flags));
  MOTCUA_ASSIGN_OR_RETURN(const CalendarPtr found, FindCalendar(flags.calendar));
  MOTCUA_ASSIGN_OR_RETURN(const CalendarPtr calendar, WithOfficeHours(found, flags.office_hours));
  MOTCUA_ASSIGN_OR_RETURN(const DuePolicy policy, ParsePolicy(flags));
  if (flags.batch.empty()) return RunOne(flags, *calendar, policy, out, err);
  return RunBatch(flags, *calendar, policy, in, out, err);
}

constexpr const char* kDueFooter =
    "Terms:    5wd working days, 0.5wd half a day, 15d calendar days, 4h working hours, 12ch "
    "hours\n"
    "          by the clock (nights and days off inside), 1mo months, 0wd the same day.\n"
    "Days:     a day has the office hours of the calendar, 7.5 in the built-in one (07:30-11:30,\n"
    "          13:30-17:00: what is usual; the decrees fix none). Where 8h must be a day, say so:\n"
    "          --office-hours 07:30-11:30,13:00-17:00. Closing time sharp is still inside the "
    "day.\n"
    "Pauses:   add up to their exact time before anything is rounded.\n"
    "Batch:    a header line with the columns received, term, mode, start (mode and start may be\n"
    "          absent or empty); one line of output per line of input, a due date or error: ...;\n"
    "          the numbers of bad and of provisional lines go to standard error.\n"
    "Years:    beyond the last decided year the days off are computed from the Labour Code (lịch\n"
    "          tạm tính); the answer says so: on standard error, and as \"provisional\" in json.\n"
    "Status:   0, or 2 for bad input.\n"
    "Examples: motcua due --received 2020-01-20T09:32 --term 5wd --explain\n"
    "          motcua due --received 2020-01-20T09:32 --term 4h --pause "
    "2020-01-20T10:00/2020-01-21T10:00\n"
    "          motcua due --batch register.csv > due.txt";

}  // namespace

Result<DueBatchResult> RunDueBatch(const Calendar& calendar, const DuePolicy& defaults,
                                   std::istream& in, std::ostream& out) {
  wire::CsvReader reader;
  wire::CsvRecord record;
  std::optional<Batch> batch;
  DueBatchResult result;
  std::vector<char> chunk(kBatchChunkBytes);
  std::string answers;
  bool more = true;
  while (more) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const auto count = static_cast<std::size_t>(in.gcount());
    more = count > 0;
    if (more) {
      reader.Feed({chunk.data(), count});
    } else {
      reader.Finish();
    }
    while (reader.Next(record)) {
      if (!batch) {
        MOTCUA_ASSIGN_OR_RETURN(const auto header,
                                wire::CsvHeader::Make(record, {"received", "term"}));
        batch.emplace(calendar, defaults, header);
        continue;
      }
      batch->Answer(record, answers, result);
    }
    out.write(answers.data(), static_cast<std::streamsize>(answers.size()));
    answers.clear();
  }
  if (!batch) {
    return Status(Reason::kFileInvalid, "the file is empty; a header line is expected",
                  {{"line", "1"}});
  }
  return result;
}

void AddDueCommand(CLI::App& app, int& exit_code, std::istream& in, std::ostream& out,
                   std::ostream& err) {
  CLI::App* const command =
      app.add_subcommand("due", "Compute when a term ends (ngày hẹn trả), without any server");
  const auto flags = std::make_shared<DueFlags>();
  command->add_option(
      "--received", flags->received,
      "When the complete dossier came in: 2020-01-20T09:32, local to the calendar's "
      "zone, or with an offset");
  command->add_option("--term", flags->term,
                      "How long the agency has: 5wd, 0.5wd, 15d, 4h, 12ch, 1mo");
  command
      ->add_option("--mode", flags->mode,
                   "end_of_day: close of office on the due day; keep_hour: the clock reading of "
                   "the receipt")
      ->capture_default_str();
  command
      ->add_option("--start", flags->start,
                   "next_day: the day of receipt is not counted; at_once: it is the first")
      ->capture_default_str();
  command
      ->add_option("--calendar", flags->calendar,
                   "Id of a built-in calendar, or a calendar file (TOML)")
      ->capture_default_str();
  command
      ->add_option("--office-hours", flags->office_hours,
                   "Hours of a full working day instead of the calendar's: 07:30-11:30,13:00-17:00")
      ->type_name("SPANS");
  command
      ->add_option("--pause", flags->pauses,
                   "FROM/TO during which the clock stood still; may be given several times")
      ->allow_extra_args(false)
      ->type_name("FROM/TO");
  command->add_option("--format", flags->format, "text or json")->capture_default_str();
  command
      ->add_option("--batch", flags->batch, "Answer a CSV file line by line; - is standard input")
      ->type_name("FILE");
  command->add_flag("--explain", flags->explain,
                    "Also say which rule, calendar version, skipped days and pauses counted");
  command->footer(kDueFooter);
  command->callback([flags, &exit_code, &in, &out, &err] {
    const Status status = RunDue(*flags, in, out, err);
    exit_code = kExitOk;
    if (!status.ok()) {
      err << "error: " << status.message() << "\n";
      exit_code = kExitBadInput;
      return;
    }
    if (!out.flush()) {
      err << "error: the output cannot be written\n";
      exit_code = kExitOutput;
    }
  });
}

}  // namespace motcua::cli
