#include "tests/support/sample_events.h"

#include <string>
#include <type_traits>
#include <utility>

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

template <typename Int>
Int Between(Random& random, Int low, Int high) {
  return static_cast<Int>(std::uniform_int_distribution<std::int64_t>(
      static_cast<std::int64_t>(low), static_cast<std::int64_t>(high))(random));
}
bool Coin(Random& random) { return Between(random, 0, 1) == 1; }

template <codes::Code E>
E AnyEnumOrNone(Random& random) {
  constexpr const auto& kValues = codes::CodeList<E>::kValues;
  return kValues[Between<std::size_t>(random, 0, kValues.size() - 1)];
}
template <codes::Code E>
E AnyEnum(Random& random) {
  constexpr const auto& kValues = codes::CodeList<E>::kValues;
  constexpr std::size_t kFirst = static_cast<int>(kValues[0]) == 0 ? 1 : 0;
  return kValues[Between<std::size_t>(random, kFirst, kValues.size() - 1)];
}

TraceContext MaybeTrace(Random& random) {
  TraceContext trace;
  if (Between(random, 0, 2) != 0) return trace;
  for (auto& byte : trace.trace_id) byte = static_cast<std::uint8_t>(Between(random, 1, 255));
  for (auto& byte : trace.parent_id) byte = static_cast<std::uint8_t>(Between(random, 0, 255));
  trace.sampled = Coin(random);
  return trace;
}

ZonedTime AnyTime(Random& random) {
  // 2000 to 2040, half of them whole seconds, any quarter hour of offset.
  auto micros = Between<std::int64_t>(random, 946'684'800'000'000, 2'208'988'800'000'000);
  if (Coin(random)) micros -= micros % 1'000'000;
  return {Instant{micros}, UtcOffset{static_cast<std::int16_t>(Between(random, -48, 56) * 15)}};
}
std::optional<ZonedTime> MaybeTime(Random& random) {
  return Coin(random) ? std::optional(AnyTime(random)) : std::nullopt;
}
std::optional<Instant> MaybeInstant(Random& random) {
  return Coin(random) ? std::optional(AnyTime(random).instant) : std::nullopt;
}
RequestId AnyId(Random& random) {
  RequestId id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(Between(random, 1, 255));
  return id;
}
std::string AnyText(Random& random) {
  static constexpr const char* kTexts[] = {"", "Hộ tịch", "Đất đai", "vn-state", "PWDx", "x"};
  return kTexts[Between(random, 0, 5)];
}
DossierCode AnyCode(Random& random) {
  return MakeDossierCode(UnitCode("000.23.10.H49"), MakeDate(2020, 10, Between(random, 1, 31)),
                         Between<std::uint32_t>(random, 1, 20'000));
}
deadline::Term AnyTerm(Random& random) {
  return {Between<std::int32_t>(random, 0, deadline::kTermMilliMax),
          AnyEnum<deadline::TermUnit>(random)};
}
ClockSetting AnySetting(Random& random) {
  return {MaybeTime(random), MaybeInstant(random), Coin(random)};
}
CalendarUsed MaybeCalendar(Random& random) {
  if (Coin(random)) return {};
  return {calendar::CalendarId("vn-state"),
          calendar::CalendarVersion(Between<std::uint32_t>(random, 1, 9))};
}
std::uint8_t AnyLeg(Random& random) { return Between<std::uint8_t>(random, 1, 32); }
AlertKey AnyAlert(Random& random) {
  return {AnyEnum<AlertKind>(random), Between<std::uint8_t>(random, 0, 32),
          AnyTime(random).instant};
}
routing::Leg AnyPlan(Random& random) {
  routing::Leg leg;
  leg.unit = UnitCode("000.01.10.H49");
  leg.stage = AnyLeg(random);
  leg.lead = Coin(random);
  leg.term = AnyTerm(random);
  return leg;
}

void Randomise(Random& r, DossierReceived& e) {
  e.procedure = ProcedureCode("1.001193");
  e.procedure_version = Between<std::uint32_t>(r, 0, 9);
  e.field = AnyText(r);
  e.channel = AnyEnum<Channel>(r);
  e.return_mode = AnyEnum<ReturnMode>(r);
  e.register_year = Between(r, 2018, 2030);
  e.register_number = Between<std::uint32_t>(r, 0, 100'000);
  e.calendar = calendar::CalendarId(AnyText(r));
  e.calendar_version = calendar::CalendarVersion(Between<std::uint32_t>(r, 0, 9));
  e.term = AnyTerm(r);
  e.due_policy = {AnyEnum<deadline::DueMode>(r), AnyEnum<deadline::StartMode>(r)};
  e.supplement = AnyEnum<deadline::SupplementPolicy>(r);
  e.due_soon_lead_minutes = Between(r, 0, 5000);
  e.clock_start = AnyTime(r);
  e.clock = AnySetting(r);
  for (int legs = Between(r, 0, 4); legs > 0; --legs) e.legs.push_back(AnyPlan(r));
}
void Randomise(Random& r, DossierRefused& e) {
  e = {ProcedureCode("1.001193"), AnyText(r), AnyEnum<Channel>(r), AnyEnum<RefusalReason>(r)};
}
void Randomise(Random& r, DossierImported& e) {
  e.procedure = ProcedureCode("Street Light Outages");
  e.procedure_name = AnyText(r);
  e.field = AnyText(r);
  e.unit_name = AnyText(r);
  e.channel = AnyEnum<Channel>(r);
  e.register_year = Between(r, 0, 2030);
  e.register_number = Between<std::uint32_t>(r, 0, 100'000);
  e.opened = AnyTime(r);
  e.due = MaybeTime(r);
  e.closed = MaybeTime(r);
  e.outcome = AnyEnumOrNone<Outcome>(r);
  e.calendar = calendar::CalendarId(AnyText(r));
  e.calendar_version = calendar::CalendarVersion(Between<std::uint32_t>(r, 0, 9));
  e.source = "register";
  e.line = Between<std::uint32_t>(r, 1, 100'000);
  e.source_id = "101001240734";
  e.doubts = Between<Doubts>(r, 0, kDoubtsAll);
}
void Randomise(Random& r, RecordUpdated& e) {
  e.due = MaybeTime(r);
  e.closed = MaybeTime(r);
  e.outcome = AnyEnumOrNone<Outcome>(r);
  e.source = "register";
  e.line = Between<std::uint32_t>(r, 1, 100'000);
  e.source_id = "101001240734";
  e.doubts = Between<Doubts>(r, 0, kDoubtsAll);
}
void Randomise(Random& r, SupplementRequested& e) {
  for (int papers = Between(r, 0, 5); papers > 0; --papers) {
    e.papers.push_back(Between<std::uint32_t>(r, 1, 40));
  }
}
void Randomise(Random& r, ClockPaused& e) { e.reason = AnyEnum<PauseReason>(r); }
void Randomise(Random& r, ClockResumed& e) {
  e.reason = AnyEnum<PauseReason>(r);
  e.restarted = Coin(r);
  e.paused_from = AnyTime(r);
  e.resumed = AnyTime(r);
  e.clock = AnySetting(r);
  for (int legs = Between(r, 0, 3); legs > 0; --legs) {
    e.legs.push_back({AnyLeg(r), AnySetting(r), MaybeCalendar(r)});
  }
  e.calendar = MaybeCalendar(r);
}
void Randomise(Random& r, ResultRecorded& e) {
  e.outcome = Coin(r) ? Outcome::kGranted : Outcome::kRejected;
}
void Randomise(Random& r, DossierClosed& e) { e.way = AnyEnum<ReturnMode>(r); }
void Randomise(Random& r, HandOverSent& e) { e = {AnyLeg(r), UnitCode("000.01.10.H49")}; }
void Randomise(Random& r, HandOverAcknowledged& e) {
  e = {AnyLeg(r), AnySetting(r), MaybeCalendar(r)};
}
void Randomise(Random& r, LegAccepted& e) { e.leg = AnyLeg(r); }
void Randomise(Random& r, LegCompleted& e) { e = {AnyLeg(r), AnyEnum<routing::LegOutcome>(r)}; }
void Randomise(Random& r, LegReturned& e) { e = {AnyLeg(r), AnyEnum<routing::ReturnReason>(r)}; }
void Randomise(Random& r, AlertRaised& e) { e.alert = AnyAlert(r); }
void Randomise(Random& r, AlertAcknowledged& e) { e.alert = AnyAlert(r); }
void Randomise(Random& r, ShipmentHandedOver& e) { e = {"EX123456785VN", AnyText(r)}; }
void Randomise(Random& r, ShipmentTracked& e) {
  e = {AnyEnum<postal::ShipmentState>(r), AnyTime(r)};
}
void Randomise(Random& r, DeliveryFailed& e) {
  e = {AnyEnum<postal::FailureReason>(r), AnyTime(r), Coin(r)};
}
void Randomise(Random& r, ShipmentDelivered& e) {
  e = {AnyEnum<postal::ProofKind>(r), AnyText(r), AnyTime(r)};
}
void Randomise(Random& r, ManifestOpened& e) {
  e = {AnyText(r), Between(r, 2018, 2030), Between<std::uint32_t>(r, 1, 20'000)};
}
void Randomise(Random& r, ManifestItemAdded& e) { e = {AnyCode(r), "EX123456785VN"}; }
void Randomise(Random& r, ManifestItemSkipped& e) {
  e = {AnyCode(r), AnyEnumOrNone<postal::ShipmentState>(r)};
}
// Payloads without fields.
template <typename Empty>
  requires std::is_empty_v<Empty>
void Randomise(Random&, Empty&) {}

template <std::size_t... Indexes>
Payload PayloadOf(Random& random, std::size_t index, std::index_sequence<Indexes...>) {
  Payload payload;
  ((index == Indexes ? Randomise(random, payload.emplace<Indexes>()) : void()), ...);
  return payload;
}

// An event of a manifest is about that, and about no dossier; some hand-overs follow from one.
void StepOnManifest(CaseEvent& event) {
  const bool of_manifest = std::holds_alternative<ManifestOpened>(event.payload) ||
                           std::holds_alternative<ManifestItemAdded>(event.payload) ||
                           std::holds_alternative<ManifestClosed>(event.payload) ||
                           std::holds_alternative<ManifestHandedOver>(event.payload) ||
                           std::holds_alternative<ManifestItemSkipped>(event.payload);
  const UnitCode unit = UnitOf(event.dossier);
  if (std::holds_alternative<ShipmentHandedOver>(event.payload) && event.cause % 2 == 1) {
    event.steps.push_back({{AggregateKind::kManifest, unit, "2020-0012"}, 7, Tip(12)});
  }
  if (!of_manifest) return;
  event.dossier = {};
  event.steps.resize(1);
  event.steps.front().id = {AggregateKind::kManifest, unit, "2020-0001"};
  if (!std::holds_alternative<ManifestOpened>(event.payload)) return;
  event.steps.push_back({AggregateId::PostBook(unit), 1, {}});
}

CaseEvent EventWith(Random& random, std::size_t index) {
  CaseEvent event;
  event.dossier = AnyCode(random);
  const Head head{Between<Version>(random, 0, 499), Tip(random())};
  std::optional<Head> book;
  if (Coin(random)) book = Head{Between<Version>(random, 0, 99'999), Tip(random())};
  event.SetSteps(head, book);
  event.request_id = AnyId(random);
  event.request_digest = random();
  if (Coin(random)) event.correlation_id = AnyId(random);
  event.cause = Between<Version>(random, 0, 9);
  event.actor = ActorId("officer:0142");
  event.at = AnyTime(random);
  event.payload =
      PayloadOf(random, index, std::make_index_sequence<std::variant_size_v<Payload>>());
  return event;
}

}  // namespace

std::vector<CaseEvent> OneOfEachEvent() {
  // A fixed seed of a generator that the standard defines to the bit.
  Random random(20'201'031);
  std::vector<CaseEvent> events;
  for (std::size_t index = 1; index < std::variant_size_v<Payload>; ++index) {
    events.push_back(EventWith(random, index));
  }
  return events;
}

CaseEvent RandomEvent(Random& random) {
  CaseEvent event =
      EventWith(random, Between<std::size_t>(random, 1, std::variant_size_v<Payload> - 1));
  event.trace = MaybeTrace(random);
  StepOnManifest(event);
  return event;
}

Dossier RandomDossier(Random& random) {
  Dossier dossier;
  const Parts all{.clock = true, .route = true, .shipment = true, .trace = true};
  CaseEvent first = EventWith(random, Coin(random) ? 1 : 3);
  first.steps.front().version = 1;
  Apply(dossier, first, first.steps.front(), first.at.instant, Tip(random()), all);
  for (Version version = 2; version < Between<Version>(random, 2, 40); ++version) {
    CaseEvent event = RandomEvent(random);
    event.dossier = dossier.code;
    event.SetSteps({version - 1, {}}, {});
    constexpr int kUnknownInSo = 50;
    if (Between(random, 1, kUnknownInSo) == 1) event.payload = UnknownPayload{};
    Apply(dossier, event, event.steps.front(), event.at.instant, Tip(random()), all);
  }
  return dossier;
}

}  // namespace motcua::testing
