// What a decision or a fold may look at: aggregates, and the notes beside them. Implemented by the
// engine over accepted or speculative state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/base/status.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/manifest.h"

namespace motcua::cases {

// An aggregate of a kind that a newer program knows: its versions go on, nothing else is known.
struct Unread : AggregateCore {
  friend bool operator==(const Unread&, const Unread&) = default;
};

// The state of an aggregate of any kind; monostate: there is none.
using AggregateState = std::variant<std::monostate, Dossier, Book, Unread, Manifest>;

// A note: a small row that an aggregate's fold keeps beside it, by a key of its own. For what is
// many and seldom needed: the last number of each day, which request created what.
struct Note {
  std::string key;  // begins with a letter of its own (notes.h)
  std::string value;
  // Read by nearly every command: kept in memory after it was written.
  bool hot = false;
};

class NoteView {
 public:
  virtual ~NoteView() = default;
  virtual Result<std::optional<std::string>> FindNote(const std::string& key) = 0;
};

// Where an item number of the post is or was in use.
struct ItemUse {
  DossierCode dossier;
  Instant handed_over;
  bool open = false;  // the shipment has not ended
  friend bool operator==(const ItemUse&, const ItemUse&) = default;
};

class View : public NoteView {
 public:
  // Null when there is none. Valid until the next call.
  virtual Result<const AggregateState*> Find(const AggregateId& id) = 0;
  // Known to the service that hands over to the post. It sees what it has folded, of all
  // partitions, and what this partition has in flight; not what another one decides meanwhile.
  virtual Result<std::vector<ItemUse>> UsesOfItem(std::string_view item_number) = 0;

  // Null when there is none.
  Result<const Dossier*> FindDossier(const DossierCode& code);
  // Empty, of version 0, when nothing was written in it.
  Result<const Book*> FindBook(const UnitCode& unit);
  // Null when there is none.
  Result<const Manifest*> FindManifest(const AggregateId& id);
  // The numbers of the unit's manifests; empty, of version 0, when it has none.
  Result<const Book*> FindPostBook(const UnitCode& unit);

 private:
  Result<const Book*> FindBookAt(const AggregateId& id);
};

}  // namespace motcua::cases
