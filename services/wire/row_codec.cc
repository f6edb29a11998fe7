// Rows of aggregates (codec.h, rows.h).
#include <algorithm>
#include <array>

#include "services/base/overloaded.h"
#include "services/wire/codec.h"
#include "services/wire/row_parts.h"
#include "services/wire/rows.h"

namespace motcua::wire {
namespace {

// Which optional parts follow; a plain dossier has none of the later ones.
enum Flag : std::uint64_t {
  kHasResolved = 1,
  kHasClosed = 2,
  kHasOrigin = 4,
  kHasClock = 8,
  kHasPauses = 16,
  kHasAlerts = 32,
  kHasRoute = 64,
  kHasShipment = 128,
  kNotUnderstood = 256,
  kHasTrace = 512,
  kProvisional = 1024,
  kFirstProvisional = 2048,
  kHasMissed = 4096,
  kHasMissedByDate = 8192,
  kHasUndo = 16384,
  kHasSuperseded = 32768,
};

std::uint64_t FlagsOf(const cases::Dossier& dossier) {
  std::uint64_t flags = 0;
  if (dossier.resolved) flags |= kHasResolved;
  if (dossier.closed) flags |= kHasClosed;
  if (dossier.origin) flags |= kHasOrigin;
  if (!(dossier.clock == cases::Clock{})) flags |= kHasClock;
  if (!dossier.clock.pauses.empty()) flags |= kHasPauses;
  if (!dossier.alerts.empty()) flags |= kHasAlerts;
  if (!dossier.route.empty()) flags |= kHasRoute;
  if (!(dossier.shipment == postal::Shipment{})) flags |= kHasShipment;
  if (!dossier.understood) flags |= kNotUnderstood;
  if (!(dossier.trace == TraceContext{})) flags |= kHasTrace;
  if (dossier.clock.now.provisional) flags |= kProvisional;
  if (dossier.clock.first_provisional) flags |= kFirstProvisional;
  if (dossier.clock.missed) flags |= kHasMissed;
  if (dossier.clock.missed_by_date) flags |= kHasMissedByDate;
  if (!dossier.undo.empty()) flags |= kHasUndo;
  if (!dossier.superseded.empty()) flags |= kHasSuperseded;
  return flags;
}

void Write(RowWriter& row, const cases::Head& head) {
  row.Unsigned(head.version);
  row.Fixed(head.tip.value());
}
cases::Head ReadHead(RowReader& row) {
  const auto version = static_cast<cases::Version>(row.Unsigned());
  return {version, cases::Tip(row.Fixed())};
}

template <std::size_t kSize>
void WriteBytes(RowWriter& row, const std::array<std::uint8_t, kSize>& bytes) {
  row.Raw({reinterpret_cast<const char*>(bytes.data()), kSize});  // NOLINT(*-reinterpret-cast)
}
template <std::size_t kSize>
void ReadBytes(RowReader& row, std::array<std::uint8_t, kSize>& bytes) {
  const std::string_view read = row.Raw(kSize);
  std::copy(read.begin(), read.end(), bytes.begin());
}

void Write(RowWriter& row, const TraceContext& trace) {
  WriteBytes(row, trace.trace_id);
  WriteBytes(row, trace.parent_id);
  row.Unsigned(trace.sampled ? 1 : 0);
}
TraceContext ReadTrace(RowReader& row) {
  TraceContext trace;
  ReadBytes(row, trace.trace_id);
  ReadBytes(row, trace.parent_id);
  trace.sampled = row.Unsigned() != 0;
  return trace;
}

void WriteRequests(RowWriter& row, const std::vector<cases::RememberedRequest>& requests) {
  row.Unsigned(requests.size());
  for (const cases::RememberedRequest& request : requests) {
    WriteBytes(row, request.id.bytes);
    row.Fixed(request.digest);
    row.Unsigned(request.version);
  }
}
std::vector<cases::RememberedRequest> ReadRequests(RowReader& row) {
  std::vector<cases::RememberedRequest> requests(
      std::min(row.Count(), cases::kRequestsRememberedMax));
  for (cases::RememberedRequest& request : requests) {
    ReadBytes(row, request.id.bytes);
    request.digest = row.Fixed();
    request.version = static_cast<cases::Version>(row.Unsigned());
  }
  return requests;
}

void WriteClock(RowWriter& row, const cases::Clock& clock, const ZonedTime& base) {
  row.Text(clock.calendar.value());
  row.Unsigned(clock.calendar_version.value());
  Write(row, clock.term);
  row.Unsigned(Number(clock.policy.mode));
  row.Unsigned(Number(clock.policy.start));
  row.Unsigned(Number(clock.supplement));
  row.Signed(clock.due_soon_lead_minutes);
  row.Zoned(clock.start, base);
  row.MaybeZoned(clock.first_due, base);
  row.MaybeZoned(clock.now.due, clock.first_due.value_or(base));
  row.MaybeTime(clock.now.due_soon, base.instant);
  row.Time(clock.alerts_from, base.instant);
}
void ReadClock(RowReader& row, cases::Clock& clock, const ZonedTime& base) {
  clock.calendar = calendar::CalendarId(row.Text());
  clock.calendar_version = calendar::CalendarVersion(static_cast<std::uint32_t>(row.Unsigned()));
  clock.term = ReadTerm(row);
  clock.policy.mode = ToEnum<deadline::DueMode>(row.Unsigned());
  clock.policy.start = ToEnum<deadline::StartMode>(row.Unsigned());
  clock.supplement = ToEnum<deadline::SupplementPolicy>(row.Unsigned());
  clock.due_soon_lead_minutes = static_cast<std::int32_t>(row.Signed());
  clock.start = row.Zoned(base);
  clock.first_due = row.MaybeZoned(base);
  clock.now.due = row.MaybeZoned(clock.first_due.value_or(base));
  clock.now.due_soon = row.MaybeTime(base.instant);
  clock.alerts_from = row.Time(base.instant);
}

void WritePauses(RowWriter& row, const std::vector<cases::Pause>& pauses, const ZonedTime& base) {
  row.Unsigned(pauses.size());
  for (const cases::Pause& pause : pauses) {
    row.Unsigned(Number(pause.reason));
    row.Zoned(pause.from, base);
    row.MaybeZoned(pause.to, pause.from);
    row.MaybeZoned(pause.due_before, base);
  }
}
std::vector<cases::Pause> ReadPauses(RowReader& row, const ZonedTime& base) {
  std::vector<cases::Pause> pauses(row.Count());
  for (cases::Pause& pause : pauses) {
    pause.reason = ToEnum<cases::PauseReason>(row.Unsigned());
    pause.from = row.Zoned(base);
    pause.to = row.MaybeZoned(pause.from);
    pause.due_before = row.MaybeZoned(base);
  }
  return pauses;
}

void WriteAlerts(RowWriter& row, const std::vector<cases::Alert>& alerts, Instant base) {
  row.Unsigned(alerts.size());
  for (const cases::Alert& alert : alerts) {
    row.Unsigned(Number(alert.key.kind) << 1U | (alert.acknowledged ? 1U : 0U));
    row.Unsigned(alert.key.leg);
    row.Time(alert.key.due, base);
    row.Time(alert.raised, base);
  }
}
std::vector<cases::Alert> ReadAlerts(RowReader& row, Instant base) {
  std::vector<cases::Alert> alerts(row.Count());
  for (cases::Alert& alert : alerts) {
    const std::uint64_t kind = row.Unsigned();
    alert.acknowledged = (kind & 1U) != 0;
    alert.key.kind = ToEnum<cases::AlertKind>(kind >> 1U);
    alert.key.leg = static_cast<std::uint8_t>(row.Unsigned());
    alert.key.due = row.Time(base);
    alert.raised = row.Time(base);
  }
  return alerts;
}

void WriteParts(RowWriter& row, const cases::Dossier& dossier, std::uint64_t flags) {
  const ZonedTime& base = dossier.received;
  if ((flags & kHasResolved) != 0) row.Zoned(*dossier.resolved, base);
  if ((flags & kHasClosed) != 0) row.Zoned(*dossier.closed, dossier.resolved.value_or(base));
  if ((flags & kHasOrigin) != 0) {
    row.Text(dossier.origin->source);
    row.Unsigned(dossier.origin->line);
    row.Text(dossier.origin->source_id);
    row.Unsigned(std::uint64_t{dossier.origin->doubts} << 1U |
                 (dossier.origin->taken_up ? 1U : 0U));
  }
  if ((flags & kHasClock) != 0) WriteClock(row, dossier.clock, base);
  if ((flags & kHasPauses) != 0) WritePauses(row, dossier.clock.pauses, base);
  if ((flags & kHasAlerts) != 0) WriteAlerts(row, dossier.alerts, base.instant);
  if ((flags & kHasRoute) != 0) {
    row.Unsigned(dossier.route.legs.size());
    for (const routing::Leg& leg : dossier.route.legs) WriteLeg(row, leg, base);
  }
  if ((flags & kHasShipment) != 0) WriteShipment(row, dossier.shipment, base);
  if ((flags & kHasTrace) != 0) Write(row, dossier.trace);
  if ((flags & kHasMissed) != 0) WriteMissed(row, *dossier.clock.missed, base);
  if ((flags & kHasMissedByDate) != 0) WriteMissed(row, *dossier.clock.missed_by_date, base);
  if ((flags & kHasUndo) != 0) {
    row.Unsigned(dossier.undo.size());
    for (const cases::Undo& undo : dossier.undo) WriteUndo(row, undo, base);
  }
}

void ReadParts(RowReader& row, cases::Dossier& dossier, std::uint64_t flags) {
  const ZonedTime& base = dossier.received;
  if ((flags & kHasResolved) != 0) dossier.resolved = row.Zoned(base);
  if ((flags & kHasClosed) != 0) dossier.closed = row.Zoned(dossier.resolved.value_or(base));
  if ((flags & kHasOrigin) != 0) {
    cases::Origin& origin = dossier.origin.emplace();
    origin.source = row.Text();
    origin.line = static_cast<std::uint32_t>(row.Unsigned());
    origin.source_id = row.Text();
    const std::uint64_t doubts = row.Unsigned();
    origin.doubts = static_cast<cases::Doubts>(doubts >> 1U);
    origin.taken_up = (doubts & 1U) != 0;
  }
  if ((flags & kHasClock) != 0) ReadClock(row, dossier.clock, base);
  if ((flags & kHasPauses) != 0) dossier.clock.pauses = ReadPauses(row, base);
  if ((flags & kHasAlerts) != 0) dossier.alerts = ReadAlerts(row, base.instant);
  if ((flags & kHasRoute) != 0) {
    const std::size_t legs = row.Count();
    for (std::size_t i = 0; i < legs; ++i) dossier.route.legs.push_back(ReadLeg(row, base));
  }
  if ((flags & kHasShipment) != 0) dossier.shipment = ReadShipment(row, base);
  if ((flags & kHasTrace) != 0) dossier.trace = ReadTrace(row);
  if ((flags & kHasMissed) != 0) dossier.clock.missed = ReadMissed(row, base);
  if ((flags & kHasMissedByDate) != 0) dossier.clock.missed_by_date = ReadMissed(row, base);
  if ((flags & kHasUndo) != 0) {
    for (std::size_t left = row.Count(cases::kUndoMax); left > 0; --left) {
      dossier.undo.push_back(ReadUndo(row, base));
    }
  }
  dossier.clock.now.provisional = (flags & kProvisional) != 0;
  dossier.clock.first_provisional = (flags & kFirstProvisional) != 0;
}

template <typename Kind>
Result<cases::AggregateState> AsState(Result<Kind> decoded) {
  if (!decoded.ok()) return decoded.status();
  // In place: GCC 12 takes a moved variant for uninitialised.
  Result<cases::AggregateState> state{cases::AggregateState()};
  state->template emplace<Kind>(*std::move(decoded));
  return state;
}

}  // namespace

namespace {

// Of what a dossier was before a correction, the parts that it has are written as its own are.
cases::Dossier AsDossier(const cases::Superseded& past, const ZonedTime& received) {
  cases::Dossier dossier;
  dossier.stage = past.stage;
  dossier.outcome = past.outcome;
  dossier.return_mode = past.return_mode;
  dossier.received = received;
  dossier.resolved = past.resolved;
  dossier.closed = past.closed;
  dossier.clock = past.clock;
  dossier.route = past.route;
  dossier.shipment = past.shipment;
  return dossier;
}
cases::Superseded AsSuperseded(Instant until, cases::Dossier dossier) {
  return {until,
          dossier.stage,
          dossier.outcome,
          dossier.return_mode,
          dossier.resolved,
          dossier.closed,
          std::move(dossier.clock),
          std::move(dossier.route),
          std::move(dossier.shipment)};
}

void WriteSuperseded(RowWriter& row, const cases::Superseded& past, const ZonedTime& received) {
  const cases::Dossier dossier = AsDossier(past, received);
  const std::uint64_t flags = FlagsOf(dossier);
  row.Time(past.until, received.instant);
  row.Unsigned(flags);
  row.Unsigned(Number(dossier.stage));
  row.Unsigned(Number(dossier.outcome));
  row.Unsigned(Number(dossier.return_mode));
  WriteParts(row, dossier, flags);
}
cases::Superseded ReadSuperseded(RowReader& row, const ZonedTime& received) {
  cases::Dossier dossier;
  dossier.received = received;
  const Instant until = row.Time(received.instant);
  const std::uint64_t flags = row.Unsigned();
  dossier.stage = ToEnum<cases::Stage>(row.Unsigned());
  dossier.outcome = ToEnum<cases::Outcome>(row.Unsigned());
  dossier.return_mode = ToEnum<cases::ReturnMode>(row.Unsigned());
  ReadParts(row, dossier, flags);
  return AsSuperseded(until, std::move(dossier));
}

// Channel, way of the result, level and interconnection in one number.
constexpr unsigned kReturnBits = 2;
constexpr unsigned kChannelBits = 2;
constexpr unsigned kTierBits = 2;
static_assert(codes::FitsBits<cases::ReturnMode>(kReturnBits) &&
              codes::FitsBits<cases::Channel>(kChannelBits) &&
              codes::FitsBits<codes::Tier>(kTierBits));
std::uint64_t PackClasses(const cases::Dossier& dossier) {
  std::uint64_t packed = Number(dossier.interconnection);
  packed = packed << kTierBits | Number(dossier.tier);
  packed = packed << kChannelBits | Number(dossier.channel);
  return packed << kReturnBits | Number(dossier.return_mode);
}
void UnpackClasses(std::uint64_t packed, cases::Dossier& dossier) {
  const auto take = [&packed](unsigned bits) {
    const std::uint64_t value = packed & ((std::uint64_t{1} << bits) - 1U);
    packed >>= bits;
    return value;
  };
  dossier.return_mode = ToEnum<cases::ReturnMode>(take(kReturnBits));
  dossier.channel = ToEnum<cases::Channel>(take(kChannelBits));
  dossier.tier = ToEnum<cases::Tier>(take(kTierBits));
  dossier.interconnection = ToEnum<cases::Interconnection>(packed);
}

}  // namespace

std::string WireCodec::EncodeDossier(const cases::Dossier& dossier) const {
  RowWriter row;
  const std::uint64_t flags = FlagsOf(dossier);
  Write(row, dossier.head);
  row.Unsigned(flags);
  row.Unsigned(Number(dossier.stage));
  WriteRequests(row, dossier.requests);
  row.Text(dossier.procedure.value());
  row.Text(dossier.field);
  row.Unsigned(PackClasses(dossier));
  row.Signed(dossier.register_year);
  row.Unsigned(dossier.register_number);
  row.Zoned(dossier.received, ZonedTime{});
  row.Unsigned(Number(dossier.outcome));
  WriteParts(row, dossier, flags);
  if ((flags & kHasSuperseded) != 0) {
    row.Unsigned(dossier.superseded.size());
    for (const cases::Superseded& past : dossier.superseded) {
      WriteSuperseded(row, past, dossier.received);
    }
  }
  return row.Take();
}

Result<cases::Dossier> WireCodec::DecodeDossier(const cases::DossierCode& code,
                                                std::string_view bytes) const {
  RowReader row(bytes);
  cases::Dossier dossier;
  dossier.code = code;
  dossier.head = ReadHead(row);
  const std::uint64_t flags = row.Unsigned();
  dossier.understood = (flags & kNotUnderstood) == 0;
  dossier.stage = ToEnum<cases::Stage>(row.Unsigned());
  dossier.requests = ReadRequests(row);
  dossier.procedure = cases::ProcedureCode(row.Text());
  dossier.field = row.Text();
  UnpackClasses(row.Unsigned(), dossier);
  dossier.register_year = static_cast<std::int32_t>(row.Signed());
  dossier.register_number = static_cast<std::uint32_t>(row.Unsigned());
  dossier.received = row.Zoned(ZonedTime{});
  dossier.outcome = ToEnum<cases::Outcome>(row.Unsigned());
  ReadParts(row, dossier, flags);
  if ((flags & kHasSuperseded) != 0) {
    for (std::size_t left = row.Count(cases::kSupersededMax); left > 0; --left) {
      dossier.superseded.push_back(ReadSuperseded(row, dossier.received));
    }
  }
  if (!row.ok() || !row.at_end()) {
    return Status(Reason::kStoreDamaged, "the row of dossier " + code.value() + " is damaged",
                  {{"dossier", code.value()}});
  }
  return dossier;
}

std::string WireCodec::EncodeBook(const cases::Book& book) const {
  RowWriter row;
  Write(row, book.head);
  WriteRequests(row, book.requests);
  row.Unsigned(book.understood ? 1U : 0U);
  row.Unsigned(book.numbers.size());
  for (const cases::YearNumber& known : book.numbers) {
    row.Signed(known.year);
    row.Unsigned(known.number);
  }
  return row.Take();
}

Result<cases::Book> WireCodec::DecodeBook(std::string_view bytes) const {
  RowReader row(bytes);
  cases::Book book;
  book.head = ReadHead(row);
  book.requests = ReadRequests(row);
  book.understood = row.Unsigned() != 0;
  book.numbers.resize(row.Count());
  for (cases::YearNumber& known : book.numbers) {
    known.year = static_cast<std::int32_t>(row.Signed());
    known.number = static_cast<std::uint32_t>(row.Unsigned());
  }
  if (!row.ok() || !row.at_end()) {
    return Status(Reason::kStoreDamaged, "the row of a register book is damaged");
  }
  return book;
}

std::string WireCodec::EncodeManifest(const cases::Manifest& manifest) const {
  RowWriter row;
  Write(row, manifest.head);
  WriteRequests(row, manifest.requests);
  const bool traced = !manifest.trace.empty();
  row.Unsigned((manifest.understood ? 1U : 0U) | (traced ? 2U : 0U));
  if (traced) Write(row, manifest.trace);
  row.Unsigned(Number(manifest.state));
  row.Text(manifest.carrier);
  row.Zoned(manifest.opened, ZonedTime{});
  row.MaybeZoned(manifest.closed, manifest.opened);
  row.MaybeZoned(manifest.handed_over, manifest.opened);
  row.Unsigned(manifest.items.size());
  for (const cases::ManifestItem& item : manifest.items) {
    row.Text(item.dossier.value());
    row.Text(item.item_number);
    row.Unsigned(Number(item.state));
  }
  return row.Take();
}

Result<cases::Manifest> WireCodec::DecodeManifest(std::string_view bytes) const {
  RowReader row(bytes);
  cases::Manifest manifest;
  manifest.head = ReadHead(row);
  manifest.requests = ReadRequests(row);
  const std::uint64_t flags = row.Unsigned();
  manifest.understood = (flags & 1U) != 0;
  if ((flags & 2U) != 0) manifest.trace = ReadTrace(row);
  manifest.state = ToEnum<cases::ManifestState>(row.Unsigned());
  manifest.carrier = row.Text();
  manifest.opened = row.Zoned(ZonedTime{});
  manifest.closed = row.MaybeZoned(manifest.opened);
  manifest.handed_over = row.MaybeZoned(manifest.opened);
  manifest.items.resize(std::min(row.Count(), cases::kManifestItemsMax));
  for (cases::ManifestItem& item : manifest.items) {
    item.dossier = cases::DossierCode(row.Text());
    item.item_number = row.Text();
    item.state = ToEnum<cases::ManifestItemState>(row.Unsigned());
  }
  if (!row.ok() || !row.at_end()) {
    return Status(Reason::kStoreDamaged, "the row of a manifest is damaged");
  }
  return manifest;
}

std::string WireCodec::EncodeRow(const cases::AggregateState& state) const {
  return std::visit(
      Overloaded{
          [](const std::monostate&) { return std::string(); },
          [this](const cases::Dossier& dossier) { return EncodeDossier(dossier); },
          [this](const cases::Book& book) { return EncodeBook(book); },
          [this](const cases::Manifest& manifest) { return EncodeManifest(manifest); },
          [](const cases::Unread& unread) {
            RowWriter row;
            Write(row, unread.head);
            WriteRequests(row, unread.requests);
            return row.Take();
          },
      },
      state);
}

Result<cases::AggregateState> WireCodec::DecodeRow(const cases::AggregateId& id,
                                                   std::string_view bytes) const {
  switch (id.kind()) {
    case cases::AggregateKind::kDossier:
      return AsState(DecodeDossier(cases::DossierCode(id.name()), bytes));
    case cases::AggregateKind::kBook:
    case cases::AggregateKind::kPostBook:
      return AsState(DecodeBook(bytes));
    case cases::AggregateKind::kManifest:
      return AsState(DecodeManifest(bytes));
  }
  RowReader row(bytes);
  cases::Unread unread;
  unread.head = ReadHead(row);
  unread.requests = ReadRequests(row);
  unread.understood = false;
  if (!row.ok() || !row.at_end()) {
    return Status(Reason::kStoreDamaged, "the row of " + std::string(id.name()) + " is damaged");
  }
  return AsState(Result<cases::Unread>(std::move(unread)));
}

}  // namespace motcua::wire
