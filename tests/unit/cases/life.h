// A dossier that lives by commands, without an engine: Decide, then Apply, version by version.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/base/hash.h"
#include "services/domain/cases/decide.h"
#include "services/domain/cases/register.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "tests/support/simple_view.h"

namespace motcua::testing {

inline const cases::UnitCode kCentre("000.23.10.H49");
inline const cases::UnitCode kWard("000.31.10.H49");
inline const cases::ProcedureCode kPlain("1.000893");
inline const cases::ProcedureCode kHorizontal("2.000986");

class Life final : public SimpleView {
 public:
  explicit Life(Instant now = ParseZonedTime("2020-10-26T09:32:00+07:00")->instant) : now_(now) {}

  // Decides and applies; the status of the decision.
  Status Do(cases::Action action, cases::Version expected = 0, cases::Version cause = 0) {
    cases::Command command;
    command.request_id = cases::DeriveRequestId(std::to_string(++requests_));
    command.dossier = code_;
    command.expected_version = expected;
    command.cause = cause;
    command.actor = cases::ActorId("officer:test");
    command.action = std::move(action);
    Result<cases::Decision> decision = cases::Decide(*this, *catalogue_, now_, command);
    if (!decision.ok()) return decision.status();
    already_there_ = decision->already_there;
    if (already_there_) {
      code_ = decision->dossier;
      return OkStatus();
    }
    cases::CaseEvent event;
    event.dossier = decision->dossier;
    for (const cases::AggregateId& id : cases::AggregatesOf(*decision)) {
      const cases::Head head = HeadAt(id);
      event.steps.push_back({id, head.version + 1, head.tip});
    }
    event.request_id = command.request_id;
    event.at = decision->at;
    event.cause = command.cause;
    event.payload = decision->payload;
    const cases::Tip tip(HashBytes(std::to_string(requests_)));
    const bool is_there = states_.contains(cases::AggregateId(event.dossier));
    const cases::Dossier before = is_there ? Of(event.dossier) : cases::Dossier();
    Take(event, now_, tip, {.clock = true, .route = true, .shipment = true, .creations = true});
    if (decision->takes_number) code_ = decision->dossier;
    if (const auto* e = LeafIf<cases::ShipmentHandedOver>(event.payload)) {
      items_[event.dossier] = e->item_number;
    }
    last_ = event;
    if (on_event) on_event(is_there ? &before : nullptr, Of(event.dossier), event);
    return OkStatus();
  }
  // Is told of each event, with the dossier before it (null: there was none) and after it.
  std::function<void(const cases::Dossier*, const cases::Dossier&, const cases::CaseEvent&)>
      on_event;
  void Pass(std::chrono::minutes time) { now_ = now_ + time; }
  // A catalogue of a later day.
  void SetCatalogue(std::shared_ptr<const catalogue::Catalogue> catalogue) {
    catalogue_ = std::move(catalogue);
  }
  void SetNow(const std::string& zoned) { now_ = ParseZonedTime(zoned)->instant; }

  const cases::Dossier& dossier() const { return Of(code_); }
  const cases::Book& book(const cases::UnitCode& unit = kCentre) const {
    static const cases::Book kNone;
    const auto found = states_.find(cases::AggregateId::Book(unit));
    return found == states_.end() ? kNone : std::get<cases::Book>(found->second);
  }
  const cases::CaseEvent& last() const { return last_; }
  // Whether the latest decision was that there is nothing to write.
  bool already_there() const { return already_there_; }
  // From now on actions are about this dossier.
  void Turn(const cases::DossierCode& code) { code_ = code; }
  Instant now() const { return now_; }

  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view item_number) override {
    std::vector<cases::ItemUse> uses;
    for (const auto& [code, item] : items_) {
      const postal::Shipment& shipment = Of(code).shipment;
      if (item == item_number && shipment.handed_over) {
        uses.push_back({code, shipment.handed_over->instant, shipment.open()});
      }
    }
    return uses;
  }

 private:
  const cases::Dossier& Of(const cases::DossierCode& code) const {
    return std::get<cases::Dossier>(states_.at(cases::AggregateId(code)));
  }

  std::shared_ptr<const catalogue::Catalogue> catalogue_ = catalogue::BuiltinCatalogue();
  Instant now_;
  int requests_ = 0;
  cases::DossierCode code_;
  std::map<cases::DossierCode, cases::Dossier> dossiers_;
  std::map<CivilDate, std::uint32_t> numbers_;
  std::map<cases::RequestId, cases::DossierCode> records_;
  std::map<cases::DossierCode, std::string> items_;
  bool already_there_ = false;
  cases::Book book_;
  cases::CaseEvent last_;
};

}  // namespace motcua::testing
