#include "tests/support/sample_events.h"

#include "services/base/overloaded.h"
#include "tests/support/make_leaf.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

// An event of a manifest is about that, and about no dossier; some hand-overs follow from one.
void StepOnManifest(CaseEvent& event) {
  const bool of_manifest = std::holds_alternative<ManifestPayload>(event.payload);
  const UnitCode unit = UnitOf(event.dossier);
  if (HoldsLeaf<ShipmentHandedOver>(event.payload) && event.cause % 2 == 1) {
    event.steps.push_back({{AggregateKind::kManifest, unit, "2020-0012"}, 7, Tip(12)});
  }
  if (!of_manifest) return;
  event.dossier = {};
  event.steps.resize(1);
  event.steps.front().id = {AggregateKind::kManifest, unit, "2020-0001"};
  if (!HoldsLeaf<ManifestOpened>(event.payload)) return;
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
  event.payload = testing::MakeLeaf<Payload>(index);
  std::visit(Overloaded{
                 [](UnknownPayload&) {},
                 [&](auto& topic) { Randomise(random, topic); },
             },
             event.payload);
  return event;
}

}  // namespace

std::vector<CaseEvent> OneOfEachEvent() {
  // A fixed seed of a generator that the standard defines to the bit.
  Random random(20'201'031);
  std::vector<CaseEvent> events;
  for (std::size_t index = 1; index < kLeafCount<Payload>; ++index) {
    events.push_back(EventWith(random, index));
  }
  return events;
}

CaseEvent RandomEvent(Random& random) {
  CaseEvent event = EventWith(random, Between<std::size_t>(random, 1, kLeafCount<Payload> - 1));
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
