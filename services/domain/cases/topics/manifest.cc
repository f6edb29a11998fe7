#include "services/domain/cases/topics/manifest.h"

#include <algorithm>
#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

void SetItem(Manifest& manifest, const DossierCode& dossier, ManifestItemState state) {
  const auto item =
      std::find_if(manifest.items.begin(), manifest.items.end(), [&](const ManifestItem& listed) {
        return listed.dossier == dossier && listed.state == ManifestItemState::kListed;
      });
  if (item != manifest.items.end()) item->state = state;
}

void FoldOf(Manifest& manifest, const ManifestPayload& payload, const ZonedTime& at) {
  std::visit(Overloaded{
                 [&](const ManifestOpened& e) {
                   manifest.carrier = e.carrier;
                   manifest.opened = at;
                 },
                 [&](const ManifestItemAdded& e) {
                   if (manifest.items.size() >= kManifestItemsMax) return;
                   manifest.items.push_back({e.dossier, e.item_number, ManifestItemState::kListed});
                 },
                 [&](const ManifestClosed&) {
                   manifest.state = ManifestState::kClosed;
                   manifest.closed = at;
                 },
                 [&](const ManifestHandedOver&) {
                   manifest.state = ManifestState::kHandedOver;
                   manifest.handed_over = at;
                 },
                 [&](const ManifestItemSkipped& e) {
                   SetItem(manifest, e.dossier, ManifestItemState::kSkipped);
                 },
             },
             payload);
}

}  // namespace

void Apply(Manifest& manifest, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts) {
  NoteStep(manifest, event, step, tip);
  if (!parts.manifests) return;
  if (parts.trace) manifest.trace = TraceAfter(event);
  if (step.id == event.about()) {
    // Written about a manifest, the events of other topics say nothing of it.
    const auto* const payload = std::get_if<ManifestPayload>(&event.payload);
    if (payload != nullptr) FoldOf(manifest, *payload, {effective, event.at.offset});
  } else if (HoldsLeaf<ShipmentHandedOver>(event.payload)) {
    // What is said about something else says nothing of it, but for a hand-over that follows from
    // it.
    SetItem(manifest, event.dossier, ManifestItemState::kFollowed);
  }
}

namespace {

std::string Called(const AggregateId& id) { return "manifest " + std::string(id.name()); }

Status Forbidden(const AggregateId& id, std::string_view state, std::string_view verb) {
  return Status(Reason::kStateForbids,
                Called(id) + " is " + std::string(state) + " and cannot be " + std::string(verb),
                {{"state", std::string(state)}});
}
Status Forbidden(const AggregateId& id, const Manifest& manifest, std::string_view verb) {
  return Forbidden(id, Name(manifest.state), verb);
}

// In the zone of the unit's calendar; the one that it was opened in where that is not known.
ZonedTime NowAt(const catalogue::Catalogue& catalogue, const UnitCode& unit,
                const Manifest& manifest, Instant now) {
  const Result<const calendar::Calendar*> calendar = CalendarOfUnit(catalogue, unit);
  return calendar.ok() ? (*calendar)->zone().ToZoned(now) : ZonedTime{now, manifest.opened.offset};
}

// The dossier of a manifest's item; what a newer program wrote in it decides nothing here.
Result<const Dossier*> ItemDossier(View& view, const DossierCode& code) {
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, view.FindDossier(code));
  if (dossier == nullptr) {
    return Status(Reason::kDossierNotFound, "there is no dossier " + code.value(),
                  {{"dossier", code.value()}});
  }
  if (!dossier->understood) {
    return NotUnderstood(code.value());
  }
  return dossier;
}

Result<Decision> Answer(const Deciding& deciding, const OpenManifest& action) {
  MOTCUA_ASSIGN_OR_RETURN(const calendar::Calendar* calendar,
                          CalendarOfUnit(deciding.catalogue, action.unit));
  MOTCUA_ASSIGN_OR_RETURN(const Book* book, deciding.view.FindPostBook(action.unit));
  Decision decision;
  decision.at = calendar->zone().ToZoned(deciding.now);
  ManifestOpened opened;
  opened.carrier = action.carrier;
  opened.year = Split(decision.at.date()).year;
  MOTCUA_ASSIGN_OR_RETURN(opened.number, NextRegisterNumber(*book, opened.year));
  decision.others = {
      {AggregateKind::kManifest, action.unit, ManifestKey(opened.year, opened.number)},
      AggregateId::PostBook(action.unit)};
  decision.payload = std::move(opened);
  return decision;
}

// A manifest that is there, and now in its zone.
struct PresentManifest {
  View& view;
  AggregateId id;
  Manifest manifest;  // of its own: looking at other aggregates may move the first one
  ZonedTime at;
};
Decision About(const PresentManifest& present, Payload payload) {
  Decision decision;
  decision.at = present.at;
  decision.others = {present.id};
  decision.payload = std::move(payload);
  return decision;
}

Status ListedAlready(const AggregateId& id, std::string_view field, const ManifestItem& item) {
  return Status(Reason::kOnManifestAlready,
                Called(id) + " lists " + item.item_number + " for dossier " + item.dossier.value() +
                    " already",
                {{"field", std::string(field)}, {"manifest", std::string(id.name())}});
}

Status CanAdd(const PresentManifest& present, const AddManifestItem& action) {
  const auto& [view, id, manifest, at] = present;
  if (manifest.state != ManifestState::kOpen) return Forbidden(id, manifest, "added to");
  if (UnitOf(action.dossier) != id.unit()) {
    return FieldError("dossier", "is not of the unit of " + Called(id));
  }
  for (const ManifestItem& item : manifest.items) {
    if (item.dossier == action.dossier) {
      return ListedAlready(id, "dossier", item);
    }
    if (item.item_number == action.item_number) {
      return ListedAlready(id, "item_number", item);
    }
  }
  if (manifest.items.size() >= kManifestItemsMax) {
    return Status(
        Reason::kManifestFull,
        Called(id) + " has " + std::to_string(kManifestItemsMax) + " items, the most there can be",
        {{"manifest", std::string(id.name())}, {"limit", std::to_string(kManifestItemsMax)}});
  }
  // First: what it gives is valid until the next look.
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<ItemUse> uses, view.UsesOfItem(action.item_number));
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, ItemDossier(view, action.dossier));
  MOTCUA_RETURN_IF_ERROR(postal::CanHandOver(dossier->shipment));
  return IsItemFree(action.item_number, uses, at);
}

Result<Decision> Answer(const PresentManifest& present, const AddManifestItem& action) {
  MOTCUA_RETURN_IF_ERROR(CanAdd(present, action));
  return About(present, ManifestItemAdded{action.dossier, action.item_number});
}

Result<Decision> Answer(const PresentManifest& present, const CloseManifest&) {
  const Manifest& manifest = present.manifest;
  if (manifest.state != ManifestState::kOpen) return Forbidden(present.id, manifest, "closed");
  if (manifest.items.empty()) return Forbidden(present.id, "EMPTY", "closed");
  return About(present, ManifestClosed{});
}

Result<Decision> Answer(const PresentManifest& present, const HandOverManifest&) {
  const Manifest& manifest = present.manifest;
  if (manifest.state != ManifestState::kClosed) {
    return Forbidden(present.id, manifest, "handed over");
  }
  return About(present, ManifestHandedOver{});
}

// Hands over the shipment of a handed-over manifest's item, where that is still possible.
Result<Decision> Answer(const PresentManifest& present, const FollowManifest& action) {
  const auto& [view, id, manifest, at] = present;
  const ManifestItem* const item = manifest.FindItem(action.dossier);
  if (manifest.state != ManifestState::kHandedOver || item == nullptr ||
      item->state != ManifestItemState::kListed) {
    return Forbidden(id, manifest, "followed by that shipment");
  }
  const ShipmentHandedOver handed_over{item->item_number, manifest.carrier};
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<ItemUse> uses,
                          view.UsesOfItem(handed_over.item_number));
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, ItemDossier(view, action.dossier));
  Decision decision;
  decision.others = {id};
  const ZonedTime received_at{at.instant, dossier->received.offset};
  if (postal::CanHandOver(dossier->shipment).ok() &&
      IsItemFree(handed_over.item_number, uses, received_at).ok()) {
    decision.dossier = dossier->code;
    decision.at = received_at;
    decision.payload = handed_over;
  } else {
    decision.at = at;
    decision.payload = ManifestItemSkipped{dossier->code, dossier->shipment.state};
  }
  return decision;
}

Result<PresentManifest> FindPresentManifest(const Deciding& deciding) {
  const Command& command = deciding.command;
  const AggregateId& id = command.about;
  MOTCUA_ASSIGN_OR_RETURN(const Manifest* found, deciding.view.FindManifest(id));
  if (found == nullptr) {
    return Status(Reason::kManifestNotFound, "there is no " + Called(id),
                  {{"manifest", std::string(id.name())}});
  }
  MOTCUA_RETURN_IF_ERROR(CheckVersion(command, Called(id), found->head.version));
  return PresentManifest{deciding.view, id, *found,
                         NowAt(deciding.catalogue, id.unit(), *found, deciding.now)};
}

}  // namespace

Result<Decision> Decide(const Deciding& deciding, const ManifestAction& action) {
  return std::visit(
      [&]<typename A>(const A& a) -> Result<Decision> {
        if constexpr (A::kRow.creates.has_value()) {
          return Answer(deciding, a);
        } else {
          MOTCUA_ASSIGN_OR_RETURN(const PresentManifest present, FindPresentManifest(deciding));
          return Answer(present, a);
        }
      },
      action);
}

std::string Text(const ManifestPayload& payload) {
  return std::visit(Overloaded{
                        [](const ManifestOpened& e) {
                          return " carrier=" + e.carrier + " number=" + std::to_string(e.year) +
                                 "/" + std::to_string(e.number);
                        },
                        [](const ManifestItemAdded& e) {
                          return " item=" + e.item_number + " of=" + e.dossier.value();
                        },
                        [](const ManifestClosed&) { return std::string(); },
                        [](const ManifestHandedOver&) { return std::string(); },
                        [](const ManifestItemSkipped& e) {
                          return " of=" + e.dossier.value() + " state=" + NumberText(e.state);
                        },
                    },
                    payload);
}

}  // namespace motcua::cases
