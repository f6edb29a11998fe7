#include "services/admin/export_log.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "services/admin/ocel_text.h"
#include "services/admin/replay.h"
#include "services/admin/scratch.h"
#include "services/admin/xes_text.h"
#include "services/base/bytes.h"
#include "services/engine/keys.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

using engine::Offset;
using engine::PartitionId;

// Kinds of rows, the first byte of a key.
//   C DOSSIER 0 offset        instant, the event's bytes: an accepted event
//   E instant ID              an event of OCEL
//   O TYPE 0 ID             an object of OCEL
constexpr std::string_view kCaseRows = "C";
constexpr std::string_view kEventRows = "E";
constexpr std::string_view kObjectRows = "O";
constexpr int kWordBytes = 8;
constexpr std::size_t kOutBytes = 256 * 1024;

// So that instants before 1970 sort before those after it.
std::uint64_t Ordered(Instant at) {
  return static_cast<std::uint64_t>(at.micros) ^ (std::uint64_t{1} << 63U);
}

// Collects small texts into large ones.
class Writer {
 public:
  explicit Writer(TextOutput& out) : out_(out) {}
  Status Add(std::string_view text) {
    text_ += text;
    return text_.size() < kOutBytes ? OkStatus() : Flush();
  }
  Status Flush() {
    MOTCUA_RETURN_IF_ERROR(out_.Write(text_));
    text_.clear();
    return OkStatus();
  }

 private:
  TextOutput& out_;
  std::string text_;
};

class Export {
 public:
  Export(RecordSource& log, const ExportOptions& options, TextOutput& out,
         const ExportProgress& progress, Scratch& rows, Scratch& replayed)
      : log_(log),
        options_(options),
        out_(out),
        progress_(progress),
        rows_(rows),
        replayed_(replayed) {}

  Result<ExportCounts> Run() {
    const std::uint64_t total = CountOf(log_);
    for (PartitionId p = 0; p < log_.partitions(); ++p) MOTCUA_RETURN_IF_ERROR(Read(p, total));
    MOTCUA_RETURN_IF_ERROR(rows_.Flush());
    const bool xes = options_.format == ExportFormat::kXes;
    if (xes) {
      MOTCUA_RETURN_IF_ERROR(out_.Add(XesBegin(log_.log_id(), options_.history.language)));
    }
    MOTCUA_RETURN_IF_ERROR(TellAll());
    if (xes) {
      MOTCUA_RETURN_IF_ERROR(out_.Add(XesEnd()));
    } else {
      MOTCUA_RETURN_IF_ERROR(rows_.Flush());
      MOTCUA_RETURN_IF_ERROR(WriteOcel());
    }
    MOTCUA_RETURN_IF_ERROR(out_.Flush());
    return counts_;
  }

 private:
  bool IsWanted(const cases::UnitCode& unit) const {
    return options_.units.empty() ||
           std::find(options_.units.begin(), options_.units.end(), unit) != options_.units.end();
  }

  Status Read(PartitionId partition, std::uint64_t total) {
    Replay replay(partition, log_.partitions(), codec_, replayed_);
    for (Offset next = log_.begin(); next < log_.end(partition);) {
      MOTCUA_ASSIGN_OR_RETURN(const std::vector<engine::TakenRecord> records,
                              log_.Read(partition, next));
      for (const engine::TakenRecord& taken : records) {
        MOTCUA_ASSIGN_OR_RETURN(const ReplayedRecord record, replay.Next(next++, taken));
        ++counts_.records;
        if (record.verdict != Verdict::kAccepted) continue;
        ++counts_.accepted;
        MOTCUA_RETURN_IF_ERROR(Keep(record, taken.bytes));
      }
      progress_(ExportStep::kRead, counts_.records, total);
    }
    return OkStatus();
  }

  Status Keep(const ReplayedRecord& record, const std::string& bytes) {
    const cases::DossierCode& code = record.entry.event->dossier;
    if (code.empty() || !IsWanted(cases::UnitOf(code))) return OkStatus();
    if (code != last_kept_) dossiers_ += 1;  // a guess from above, for the progress alone
    last_kept_ = code;
    std::string key = std::string(kCaseRows) + code.value() + '\0';
    AppendBigEndian(key, record.entry.offset, kWordBytes);
    std::string value;
    AppendLittleEndian(value, static_cast<std::uint64_t>(record.effective.micros));
    value += bytes;
    return rows_.Put(std::move(key), std::move(value));
  }

  // The dossiers one after the other, each as one history.
  Status TellAll() {
    std::optional<CaseHistory> history;
    Status told;
    const auto visit = [&](std::string_view key, std::string_view value) {
      key.remove_prefix(kCaseRows.size());
      const cases::DossierCode code(std::string(key.substr(0, key.find('\0'))));
      if (!history || history->dossier().code != code) {
        if (history) told = Tell(*history);
        if (!told.ok()) return false;
        history.emplace(code, options_.history);
      }
      const Instant effective{static_cast<std::int64_t>(ReadLittleEndian(value))};
      value.remove_prefix(kWordBytes);
      const Result<cases::CaseEvent> event = codec_.DecodeEvent(value);
      if (event.ok()) history->Add(*event, value, effective);
      told = event.status();
      return told.ok();
    };
    MOTCUA_RETURN_IF_ERROR(rows_.Scan(kCaseRows, engine::PrefixEnd(kCaseRows), visit));
    MOTCUA_RETURN_IF_ERROR(told);
    if (history) MOTCUA_RETURN_IF_ERROR(Tell(*history));
    progress_(ExportStep::kWrite, seen_, seen_);
    return OkStatus();
  }

  Status Tell(CaseHistory& history) {
    ++seen_;
    progress_(ExportStep::kWrite, seen_, std::max(seen_ + 1, dossiers_));
    const CivilDate received = FirstDay(history);
    if (options_.from && received < *options_.from) return OkStatus();
    if (options_.to && received > *options_.to) return OkStatus();
    history.Finish();
    ++counts_.dossiers;
    counts_.events += history.moments().size();
    return options_.format == ExportFormat::kXes ? out_.Add(XesTrace(history)) : KeepOcel(history);
  }

  // A dossier that was refused, or that a newer program wrote, has no receipt: then its first
  // event.
  static CivilDate FirstDay(const CaseHistory& history) {
    const ZonedTime& received = history.dossier().received;
    if (received != ZonedTime{} || history.moments().empty()) return received.date();
    return history.moments().front().time.date();
  }

  Status KeepOcel(const CaseHistory& history) {
    for (const Moment& moment : history.moments()) {
      types_.events.emplace(moment.activity, moment.payload);
      counts_.relations += moment.relations.size();
      std::string key(kEventRows);
      AppendBigEndian(key, Ordered(moment.time.instant), kWordBytes);
      MOTCUA_RETURN_IF_ERROR(rows_.Put(key + moment.id, OcelEventJson(moment)));
    }
    for (const CaseObject& object : history.objects()) {
      MOTCUA_RETURN_IF_ERROR(KeepObject(object));
    }
    return OkStatus();
  }

  // A unit and a register book are written for each of their dossiers, each time alike, and are one
  // row; all other objects belong to one dossier.
  Status KeepObject(const CaseObject& object) {
    types_.objects.emplace(object.type);
    std::string value;
    AppendLittleEndian(value, object.relations.size());
    value += OcelObjectJson(object);
    return rows_.Put(std::string(kObjectRows) + std::string(object.type) + '\0' + object.id,
                     std::move(value));
  }

  Status WriteOcel() {
    MOTCUA_RETURN_IF_ERROR(out_.Add("{\n" + OcelTypesJson(types_) + ",\n\"events\": ["));
    Status written;
    bool first = true;
    const auto event = [&](std::string_view, std::string_view json) {
      written = out_.Add((first ? "\n" : ",\n") + std::string(json));
      first = false;
      return written.ok();
    };
    MOTCUA_RETURN_IF_ERROR(rows_.Scan(kEventRows, engine::PrefixEnd(kEventRows), event));
    MOTCUA_RETURN_IF_ERROR(written);
    MOTCUA_RETURN_IF_ERROR(out_.Add("\n],\n\"objects\": ["));
    first = true;
    const auto object = [&](std::string_view, std::string_view value) {
      ++counts_.objects;
      counts_.object_relations += ReadLittleEndian(value);
      written = out_.Add((first ? "\n" : ",\n") + std::string(value.substr(kWordBytes)));
      first = false;
      return written.ok();
    };
    MOTCUA_RETURN_IF_ERROR(rows_.Scan(kObjectRows, engine::PrefixEnd(kObjectRows), object));
    MOTCUA_RETURN_IF_ERROR(written);
    return out_.Add("\n]\n}\n");
  }

  RecordSource& log_;
  const ExportOptions& options_;
  Writer out_;
  const ExportProgress& progress_;
  Scratch& rows_;
  Scratch& replayed_;
  const wire::WireCodec codec_;
  ExportCounts counts_;
  OcelTypes types_;
  cases::DossierCode last_kept_;
  std::uint64_t dossiers_ = 0;
  std::uint64_t seen_ = 0;
};

}  // namespace

Result<ExportCounts> ExportLog(RecordSource& log, const ExportOptions& options, TextOutput& out,
                               const ExportProgress& progress) {
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, Scratch::Make(options.scratch / "rows"));
  MOTCUA_ASSIGN_OR_RETURN(const auto replayed, Scratch::Make(options.scratch / "replay"));
  return Export(log, options, out, progress, *rows, *replayed).Run();
}

}  // namespace motcua::admin
