// Goal: the parts that a row of the table of commands names are all that its decision reads, so a
// service that keeps them decides as one that keeps everything.
// Method: random lives of dossiers and manifests; before each event, the same command is decided on
// a fold of all parts and on a fold of the row's parts alone. Every action must have been decided
// both ways, and a planted row that names too little must be noticed.

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "services/base/hash.h"
#include "services/domain/cases/dossier.h"
#include "tests/support/make_leaf.h"
#include "tests/unit/cases/life.h"

namespace motcua {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

constexpr Parts kAll{.clock = true,
                     .route = true,
                     .shipment = true,
                     .trace = true,
                     .creations = true,
                     .manifests = true};

// Of a decision: everything that its event would say.
std::string TextOf(const Result<Decision>& decision) {
  if (!decision.ok()) return decision.status().message();
  CaseEvent event;
  event.dossier = decision->dossier;
  event.at = decision->at;
  event.payload = decision->payload;
  std::string text = Print(event) + (decision->already_there ? " already there" : "");
  for (const AggregateId& id : AggregatesOf(*decision)) text += " " + id.path();
  return text;
}

class Twins {
 public:
  explicit Twins(std::uint64_t seed) : random_(seed) {}

  // One command, decided by both. What differs, or nothing.
  std::string Step() {
    now_ = now_ + std::chrono::minutes(Below(3000));
    Command command;
    command.request_id = DeriveRequestId(std::to_string(++requests_));
    command.actor = ActorId("officer:test");
    command.action = AnyAction();
    const CommandRow& row = RowOf(command.action);
    if (!row.creates) Aim(command, row);
    const auto catalogue = catalogue::BuiltinCatalogue();
    const Result<Decision> whole = Decide(All(), *catalogue, now_, command);
    const Result<Decision> narrow = Decide(Fold(PartsRead(row)), *catalogue, now_, command);
    ++tried_[row.name][whole.ok()];
    if (TextOf(whole) != TextOf(narrow)) {
      return std::string(row.name) + "\n  with all parts: " + TextOf(whole) +
             "\n  with the row's: " + TextOf(narrow);
    }
    if (whole.ok() && !whole->already_there) Accept(*whole, command);
    return {};
  }
  // Of each action: how often it was refused, and how often not.
  const std::map<std::string_view, std::map<bool, int>>& tried() const { return tried_; }
  // As if the row of that action named no parts.
  void Plant(std::string_view action) { planted_ = action; }

 private:
  using View = testing::SimpleView;

  std::int64_t Below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }
  Parts PartsRead(const CommandRow& row) const {
    return row.name == planted_ ? Parts{} : row.parts;
  }
  View& All() { return Fold(kAll); }
  // The fold of that many parts. All there will be are made before the first event.
  View& Fold(const Parts& parts) {
    if (views_.empty()) {
      views_.emplace_back(kAll, View());
      ForEachLeaf<Action>([&]<typename A>(std::type_identity<A>) {
        if (FindView(PartsRead(A::kRow)) == nullptr) {
          views_.emplace_back(PartsRead(A::kRow), View());
        }
      });
    }
    return *FindView(parts);
  }
  View* FindView(const Parts& parts) {
    for (auto& [kept, view] : views_) {
      if (kept == parts) return &view;
    }
    return nullptr;
  }

  Action AnyAction() {
    Action action = AnyLeaf();
    // What ends everything, or begins anew, comes less often.
    const bool rare = HoldsLeaf<WithdrawDossier>(action) || HoldsLeaf<OpenManifest>(action);
    if (rare && Below(8) != 0) action = AnyLeaf();
    const auto leg = static_cast<std::uint8_t>(1 + Below(3));
    VisitLeaf(
        [&]<typename A>(A& a) {
          if constexpr (requires { a.unit; }) a.unit = testing::kCentre;
          if constexpr (requires { a.leg; }) a.leg = leg;
          if constexpr (requires { a.carrier; }) a.carrier = "vnpost";
          if constexpr (requires { a.item_number; }) a.item_number = "EX123456785VN";
          if constexpr (requires { a.procedure; }) {
            a.procedure = Below(3) == 0 ? testing::kPlain : testing::kHorizontal;
          }
          if constexpr (requires { a.return_mode; }) {
            a.return_mode = Below(3) == 0 ? ReturnMode::kCounter : ReturnMode::kPostal;
          }
          if constexpr (requires { a.way; }) {
            a.way = Below(2) == 0 ? ReturnMode::kCounter : ReturnMode::kPostal;
          }
          if constexpr (requires { a.state; }) {
            a.state = Below(2) == 0 ? postal::ShipmentState::kReturning
                                    : postal::ShipmentState::kInTransit;
          }
          if constexpr (requires { a.kind; }) {
            a.kind = Below(2) == 0 ? AlertKind::kDueSoon : AlertKind::kOverdue;
            if (Below(2) == 0) a.leg = 0;
          }
        },
        action);
    if (auto* const import = LeafIf<ImportDossier>(action)) Recorded(import->recorded);
    return action;
  }
  Action AnyLeaf() {
    return testing::MakeLeaf<Action>(
        static_cast<std::size_t>(Below(static_cast<std::int64_t>(kLeafCount<Action>))));
  }
  // A row of a register: the same few cases in ever later states.
  void Recorded(DossierImported& row) {
    const ZonedTime day{now_ - std::chrono::days(Below(20)), UtcOffset{7 * 60}};
    row.procedure = ProcedureCode("old words");
    row.opened = {start_, UtcOffset{7 * 60}};
    row.due = day;
    if (Below(2) == 0) {
      row.closed = day;
      row.outcome = Outcome::kGranted;
    }
    row.source = "register";
    row.line = 1 + static_cast<std::uint32_t>(Below(3));
    row.source_id = std::to_string(row.line);
  }

  // At something that is there, mostly.
  void Aim(Command& command, const CommandRow& row) {
    if (row.about == AggregateKind::kManifest) {
      command.about = manifests_.empty() || Below(20) == 0
                          ? AggregateId(AggregateKind::kManifest, testing::kCentre, "2020-9999")
                          : manifests_[static_cast<std::size_t>(Below(std::ssize(manifests_)))];
    } else if (!dossiers_.empty()) {
      command.dossier = AnyDossier();
    }
    VisitLeaf(
        [&]<typename A>(A& a) {
          if constexpr (requires { a.dossier; }) {
            if (!dossiers_.empty()) a.dossier = AnyDossier();
          }
          if constexpr (requires { a.version; }) {
            const auto* const dossier = *All().FindDossier(command.dossier);
            if (dossier != nullptr && !dossier->undo.empty()) {
              a.version =
                  dossier->undo[static_cast<std::size_t>(Below(std::ssize(dossier->undo)))].version;
            }
          }
          if constexpr (requires { a.alert; }) {
            const auto* const dossier = *All().FindDossier(command.dossier);
            if (dossier == nullptr) return;
            if (const auto next = NextAlert(*dossier, now_)) a.alert = next->key;
          }
        },
        command.action);
  }
  DossierCode AnyDossier() {
    return dossiers_[static_cast<std::size_t>(Below(std::ssize(dossiers_)))];
  }

  void Accept(const Decision& decision, const Command& command) {
    CaseEvent event;
    event.dossier = decision.dossier;
    for (const AggregateId& id : AggregatesOf(decision)) {
      const Head head = All().HeadAt(id);
      event.steps.push_back({id, head.version + 1, head.tip});
    }
    event.request_id = command.request_id;
    event.at = decision.at;
    event.payload = decision.payload;
    const Tip tip(HashBytes(std::to_string(requests_)));
    for (auto& [parts, view] : views_) view.Take(event, now_, tip, parts);
    // Few, so that they live long.
    constexpr std::size_t kDossiersMax = 6;
    if (decision.takes_number && dossiers_.size() < kDossiersMax) {
      dossiers_.push_back(decision.dossier);
    }
    if (HoldsLeaf<ManifestOpened>(event.payload)) manifests_ = {event.about()};
  }

  std::mt19937_64 random_;
  const Instant start_ = ParseZonedTime("2020-10-26T09:32:00+07:00")->instant;
  Instant now_ = start_;
  int requests_ = 0;
  std::string_view planted_;
  std::vector<std::pair<Parts, View>> views_;
  std::vector<DossierCode> dossiers_;
  std::vector<AggregateId> manifests_;
  std::map<std::string_view, std::map<bool, int>> tried_;
};

constexpr int kSeeds = 40;
constexpr int kSteps = 2000;

TEST(CommandRows, ADecisionReadsNothingButThePartsOfItsRow) {
  std::map<std::string_view, int> decided;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    Twins twins(static_cast<std::uint64_t>(seed));
    for (int step = 0; step < kSteps; ++step) {
      ASSERT_EQ(twins.Step(), "") << "seed " << seed << " step " << step;
    }
    for (const auto& [action, outcomes] : twins.tried()) {
      const auto done = outcomes.find(true);
      if (done != outcomes.end()) decided[action] += done->second;
    }
  }
  ForEachLeaf<Action>([&]<typename A>(std::type_identity<A>) {
    EXPECT_GT(decided[A::kRow.name], 0) << A::kRow.name << " was never decided on";
  });
}

TEST(CommandRows, ARowThatNamesTooLittleIsNoticed) {
  for (const std::string_view action :
       {"RecordResult", "ReceiveSupplement", "AcknowledgeHandOver", "AcknowledgeAlert",
        "RaiseAlert", "DeliverShipment", "ReturnResult", "AddManifestItem"}) {
    std::string noticed;
    for (int seed = 1; seed <= kSeeds && noticed.empty(); ++seed) {
      Twins twins(static_cast<std::uint64_t>(seed));
      twins.Plant(action);
      for (int step = 0; step < kSteps && noticed.empty(); ++step) noticed = twins.Step();
    }
    EXPECT_TRUE(noticed.starts_with(action)) << action << ": " << noticed;
  }
}

}  // namespace
}  // namespace motcua
