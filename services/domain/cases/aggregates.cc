#include "services/domain/cases/aggregates.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/base/overloaded.h"

namespace motcua::cases {
namespace {

template <typename State>
AggregateState Make() {
  return State{};
}

constexpr std::array<KindRow, 4> kKinds = {{
    {AggregateKind::kDossier, kDossierLetter, kDossierSeparator, true, "dossier", true,
     Make<Dossier>},
    {AggregateKind::kBook, 'B', kPathSeparator, false, "book", false, Make<Book>},
    {AggregateKind::kManifest, 'P', kPathSeparator, true, "manifest", false, Make<Manifest>},
    {AggregateKind::kPostBook, 'S', kPathSeparator, false, "post_book", false, Make<Book>},
}};

template <typename Fits>
const KindRow* FindRow(Fits fits) {
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(), fits);
  return found == kKinds.end() ? nullptr : found;
}

}  // namespace

const KindRow* FindKind(AggregateKind kind) {
  return FindRow([kind](const KindRow& row) { return row.kind == kind; });
}

const KindRow* FindKind(char letter) {
  return FindRow([letter](const KindRow& row) { return row.letter == letter; });
}

Status CheckId(const AggregateId& id) {
  const KindRow* const row = FindKind(id.kind());
  if (row == nullptr) return OkStatus();
  if (row->keyed == id.key().empty()) {
    return FieldError("steps", row->keyed ? "an aggregate of this kind has a key"
                                          : "an aggregate of this kind has no key");
  }
  if (row->kind != AggregateKind::kDossier) return OkStatus();
  return ParseDossierCode(id.name()).status();
}

Status NotUnderstood(std::string_view what) {
  return Status(Reason::kNewerSchema, "events of a newer program stand in the history of " +
                                          std::string(what) +
                                          ", and this program does not understand them");
}

AggregateState MakeAggregate(AggregateKind kind) {
  const KindRow* const row = FindKind(kind);
  if (row != nullptr) return row->make();
  Unread unread;
  unread.understood = false;
  return unread;
}

const AggregateCore* CoreOf(const AggregateState& state) {
  return std::visit(Overloaded{
                        [](const std::monostate&) -> const AggregateCore* { return nullptr; },
                        [](const AggregateCore& core) { return &core; },
                    },
                    state);
}

Head HeadOf(const AggregateState& state) {
  const AggregateCore* const core = CoreOf(state);
  return core == nullptr ? Head{} : core->head;
}

bool Understood(const AggregateState& state) {
  const AggregateCore* const core = CoreOf(state);
  return core == nullptr || core->understood;
}

bool TipCoversInstant(AggregateKind kind) {
  const KindRow* const row = FindKind(kind);
  return row == nullptr || row->tip_with_instant;
}

bool WellFormed(const CaseEvent& event) {
  if (event.steps.empty() || event.steps.size() > kStepsMax) return false;
  for (std::size_t i = 1; i < event.steps.size(); ++i) {
    if (event.steps[i].id.unit() != event.about().unit()) return false;
    for (std::size_t k = 0; k < i; ++k) {
      if (event.steps[k].id == event.steps[i].id) return false;
    }
  }
  const bool first = event.steps.front().version == 1;
  if (event.dossier.empty()) {
    return event.about().kind() != AggregateKind::kManifest ||
           first == (event.StepOn(AggregateKind::kPostBook) != nullptr);
  }
  return first == (event.StepOn(AggregateKind::kBook) != nullptr);
}

void Fold(AggregateState& state, const CaseEvent& event, const Step& step, Instant effective,
          Tip tip, const Parts& parts) {
  if (std::holds_alternative<std::monostate>(state)) state = MakeAggregate(step.id.kind());
  std::visit(Overloaded{
                 [](std::monostate&) {},
                 [&](Unread& unread) { NoteStep(unread, event, step, tip); },
                 [&](Dossier& dossier) { Apply(dossier, event, step, effective, tip, parts); },
                 [&](Book& book) { Apply(book, event, step, tip); },
                 [&](Manifest& manifest) { Apply(manifest, event, step, effective, tip, parts); },
             },
             state);
}

void CopyShown(AggregateState& from, AggregateState& to) {
  auto* const dossier = std::get_if<Dossier>(&from);
  if (dossier == nullptr) {
    to = from;
    return;
  }
  std::vector<Undo> undo = std::exchange(dossier->undo, {});
  std::vector<Superseded> past = std::exchange(dossier->superseded, {});
  to = from;
  dossier->undo = std::move(undo);
  dossier->superseded = std::move(past);
}

Facts FactsOf(const AggregateState& state) {
  Facts facts;
  const Dossier* const dossier = std::get_if<Dossier>(&state);
  if (dossier == nullptr) return facts;
  facts.dossier = dossier->code;
  facts.register_year = dossier->register_year;
  facts.register_number = dossier->register_number;
  facts.received = dossier->received;
  facts.first_due = dossier->clock.first_due;
  facts.first_provisional = dossier->clock.first_provisional;
  if (dossier->origin) facts.doubts = dossier->origin->doubts;
  return facts;
}

Result<const Dossier*> View::FindDossier(const DossierCode& code) {
  MOTCUA_ASSIGN_OR_RETURN(const AggregateState* state, Find(AggregateId(code)));
  return state == nullptr ? nullptr : std::get_if<Dossier>(state);
}

Result<const Book*> View::FindBookAt(const AggregateId& id) {
  static const Book kEmpty;
  MOTCUA_ASSIGN_OR_RETURN(const AggregateState* state, Find(id));
  const auto* const book = state == nullptr ? nullptr : std::get_if<Book>(state);
  return book == nullptr ? &kEmpty : book;
}

Result<const Book*> View::FindBook(const UnitCode& unit) {
  return FindBookAt(AggregateId::Book(unit));
}

Result<const Manifest*> View::FindManifest(const AggregateId& id) {
  MOTCUA_ASSIGN_OR_RETURN(const AggregateState* state, Find(id));
  return state == nullptr ? nullptr : std::get_if<Manifest>(state);
}

Result<const Book*> View::FindPostBook(const UnitCode& unit) {
  return FindBookAt(AggregateId::PostBook(unit));
}

std::string Print(const AggregateState& state) {
  return std::visit(Overloaded{
                        [](const std::monostate&) { return std::string(); },
                        [](const Unread& unread) {
                          return "unread version=" + std::to_string(unread.head.version) + "\n";
                        },
                        [](const Dossier& dossier) { return Print(dossier); },
                        [](const Book& book) { return Print(book); },
                        [](const Manifest& manifest) { return Print(manifest); },
                    },
                    state);
}

}  // namespace motcua::cases
