// Decide's part for manifests (bản kê bàn giao bưu gửi).
#include <algorithm>
#include <string>

#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/decide.h"

namespace motcua::cases {
namespace {

using catalogue::Catalogue;

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
ZonedTime NowAt(const Catalogue& catalogue, const UnitCode& unit, const Manifest& manifest,
                Instant now) {
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

Result<Decision> DecideOpen(View& view, const Catalogue& catalogue, Instant now,
                            const OpenManifest& action) {
  MOTCUA_ASSIGN_OR_RETURN(const calendar::Calendar* calendar,
                          CalendarOfUnit(catalogue, action.unit));
  MOTCUA_ASSIGN_OR_RETURN(const Book* book, view.FindPostBook(action.unit));
  Decision decision;
  decision.at = calendar->zone().ToZoned(now);
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

Status CanAdd(View& view, const AggregateId& id, const Manifest& manifest, const ZonedTime& at,
              const AddManifestItem& action) {
  if (manifest.state != ManifestState::kOpen) return Forbidden(id, manifest, "added to");
  if (UnitOf(action.dossier) != id.unit()) {
    return FieldError("dossier", "is not of the unit of " + Called(id));
  }
  for (const ManifestItem& item : manifest.items) {
    if (item.dossier == action.dossier) {
      return FieldError("dossier", "is on " + Called(id) + " already");
    }
    if (item.item_number == action.item_number) {
      return FieldError("item_number",
                        "is on " + Called(id) + " already, for dossier " + item.dossier.value());
    }
  }
  if (manifest.items.size() >= kManifestItemsMax) {
    return Status(Reason::kLimitExceeded,
                  Called(id) + " has " + std::to_string(kManifestItemsMax) +
                      " items, the most there can be; open another one",
                  {{"limit", "kManifestItemsMax"}});
  }
  // First: what it gives is valid until the next look.
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<ItemUse> uses, view.UsesOfItem(action.item_number));
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, ItemDossier(view, action.dossier));
  MOTCUA_RETURN_IF_ERROR(postal::CanHandOver(dossier->shipment));
  return IsItemFree(action.item_number, uses, at);
}

// Hands over the shipment of a handed-over manifest's item, where that is still possible.
Result<Decision> DecideFollow(View& view, const AggregateId& id, const Manifest& manifest,
                              const ZonedTime& at, const FollowManifest& action) {
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

}  // namespace

bool ConcernsManifest(const Action& action) {
  return std::visit([]<typename A>(const A&) { return kConcernsManifest<A>; }, action);
}

Result<Decision> DecideManifest(View& view, const Catalogue& catalogue, Instant now,
                                const Command& command) {
  if (const auto* const open = std::get_if<OpenManifest>(&command.action)) {
    return DecideOpen(view, catalogue, now, *open);
  }
  const AggregateId& id = command.about;
  MOTCUA_ASSIGN_OR_RETURN(const Manifest* found, view.FindManifest(id));
  if (found == nullptr) {
    return Status(Reason::kManifestNotFound, "there is no " + Called(id),
                  {{"manifest", std::string(id.name())}});
  }
  // Of its own: looking at other aggregates may move the first one.
  const Manifest manifest = *found;
  MOTCUA_RETURN_IF_ERROR(CheckVersion(command, Called(id), manifest.head.version));
  const ZonedTime at = NowAt(catalogue, id.unit(), manifest, now);
  if (const auto* const follow = std::get_if<FollowManifest>(&command.action)) {
    return DecideFollow(view, id, manifest, at, *follow);
  }
  Decision decision;
  decision.at = at;
  decision.others = {id};
  if (const auto* const add = std::get_if<AddManifestItem>(&command.action)) {
    MOTCUA_RETURN_IF_ERROR(CanAdd(view, id, manifest, at, *add));
    decision.payload = ManifestItemAdded{add->dossier, add->item_number};
  } else if (std::holds_alternative<CloseManifest>(command.action)) {
    if (manifest.state != ManifestState::kOpen) return Forbidden(id, manifest, "closed");
    if (manifest.items.empty()) return Forbidden(id, "EMPTY", "closed");
    decision.payload = ManifestClosed{};
  } else {
    if (manifest.state != ManifestState::kClosed) return Forbidden(id, manifest, "handed over");
    decision.payload = ManifestHandedOver{};
  }
  return decision;
}

}  // namespace motcua::cases
