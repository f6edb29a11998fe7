// The kinds of aggregate: one row each. What the engine asks of an aggregate, of whatever kind, it
// asks here. A new kind is its state (a struct on AggregateCore with an Apply), a row below, and
// its bytes in wire/ (README.md).
//
// Pure and total, as Apply is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/domain/cases/aggregate.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/manifest.h"
#include "services/domain/cases/view.h"

namespace motcua::cases {

// Between unit and key in the path of an id. A dossier's path is its code.
inline constexpr char kPathSeparator = '/';
inline constexpr char kDossierSeparator = '-';
inline constexpr char kDossierLetter = 'D';

struct KindRow {
  AggregateKind kind;
  char letter;            // of its paths; no other kind of row in a state store has it (keys.h)
  char separator;         // between unit and key
  bool keyed;             // whether it has a key; else a unit has one
  std::string_view name;  // for metrics and messages
  // Whether its tip covers the instant at which its last event counted. So it must be where
  // decisions look at the instants that the fold gave to its events.
  bool tip_with_instant;
  AggregateState (*make)();  // as it is before its first event
};

// Null: a kind of a newer program.
const KindRow* FindKind(AggregateKind kind);
const KindRow* FindKind(char letter);
// The rows are in aggregates.cc: a new kind is one more there.

// Whether an aggregate of a known kind can have that id: a key where its kind has one, and for a
// dossier a code. FIELD_INVALID.
Status CheckId(const AggregateId& id);
// NEWER_SCHEMA: it is not decided here, nor shown.
Status NotUnderstood(std::string_view what);

// Before its first event: version 0. Of an unknown kind, an Unread.
AggregateState MakeAggregate(AggregateKind kind);

// Null of what is no aggregate.
const AggregateCore* CoreOf(const AggregateState& state);
Head HeadOf(const AggregateState& state);
bool Understood(const AggregateState& state);
// Of each kind that has one: what is decided on it looks at the instants of its fold.
bool TipCoversInstant(AggregateKind kind);

// Whether the steps of an event belong together: at least one and at most kStepsMax, on different
// aggregates of one unit; the first event of a dossier, and no other of it, takes a number from its
// unit's book, and the first of a manifest from its unit's book of manifests.
bool WellFormed(const CaseEvent& event);

// Folds the share of `event` that concerns `step` (of its steps), with the instant that counts.
// `tip`: of the aggregate after it.
void Fold(AggregateState& state, const CaseEvent& event, const Step& step, Instant effective,
          Tip tip, const Parts& parts);
// The notes that the event writes. `notes` gives those that are there.
Result<std::vector<Note>> NotesOf(NoteView& notes, const CaseEvent& event, const Parts& parts);
// Whether it is certain, without reading its row, that there is no such aggregate.
Result<bool> NeverThere(NoteView& notes, const AggregateId& id);

// Facts of an answer: they stay as they are, so that a retry gets the same ones.
struct Facts {
  DossierCode dossier;
  std::int32_t register_year = 0;
  std::uint32_t register_number = 0;
  ZonedTime received;
  std::optional<ZonedTime> first_due;
  bool first_provisional = false;  // it rests on days that no decision covers yet
  Doubts doubts = 0;
};
Facts FactsOf(const AggregateState& state);

// Copies what an aggregate shows and is told apart by: all of it but a dossier's notes for
// corrections and of the past, which are most of its memory. `from` is as before when it returns.
void CopyShown(AggregateState& from, AggregateState& to);

// One line per part, as Print(Dossier).
std::string Print(const AggregateState& state);

}  // namespace motcua::cases
