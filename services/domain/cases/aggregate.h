// Aggregates: what has a history of its own in a partition, so that an event can say on which state
// of it that event was decided (architecture.md §1.2). A dossier is one, a unit's register book
// another. Each kind is one row of a table (aggregates.h); the engine knows no kind by name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/strong.h"
#include "services/base/trace.h"
#include "services/domain/cases/codes.h"

namespace motcua::cases {

// Values are stored in the log: do not change; add at the end. A kind that is not listed belongs to
// a newer program: it is followed, so that its versions go on, and not understood.
enum class AggregateKind : std::uint8_t {
  kDossier = 1,   // hồ sơ
  kBook = 2,      // sổ tiếp nhận: the register of a unit
  kManifest = 3,  // bản kê bàn giao bưu gửi; its key: "2020-0001"
  kPostBook = 4,  // sổ giao nhận bưu chính: the numbers of a unit's manifests
};

inline constexpr std::size_t kAggregateKeyBytesMax = 64;

// Which aggregate: its kind, the unit in whose partition it lies, and its key there. Ordered and
// hashed as its path.
class AggregateId {
 public:
  AggregateId() = default;
  // `key` is empty for a kind of which a unit has one.
  AggregateId(AggregateKind kind, const UnitCode& unit, std::string_view key);
  explicit AggregateId(const DossierCode& dossier);
  static AggregateId Book(const UnitCode& unit) { return {AggregateKind::kBook, unit, {}}; }
  static AggregateId PostBook(const UnitCode& unit) { return {AggregateKind::kPostBook, unit, {}}; }
  // Of a path; for bytes that are none, an id of no known kind.
  static AggregateId FromPath(std::string_view path);

  AggregateKind kind() const;
  UnitCode unit() const;
  std::string_view key() const;
  // The kind's letter and what follows it: "D000.23.10.H49-201031-0001", "B000.23.10.H49". It is
  // the key of the aggregate's row in a state store.
  const std::string& path() const { return path_; }
  // What people call it: the dossier's code, the book's unit, "000.23.10.H49/2020-0001".
  std::string_view name() const;
  bool empty() const { return path_.empty(); }

  friend bool operator==(const AggregateId&, const AggregateId&) = default;
  friend auto operator<=>(const AggregateId&, const AggregateId&) = default;

 private:
  std::string path_;
};

// The hash of an event's bytes as they stand in the log.
using Tip = Strong<std::uint64_t, struct TipTag>;
// Of an aggregate: how many events it has accepted. 0 = there is none.
using Version = std::uint32_t;

// What an aggregate's history ends in.
struct Head {
  Version version = 0;
  Tip tip;
  friend bool operator==(const Head&, const Head&) = default;
};

// The step that an event makes on one aggregate.
struct Step {
  AggregateId id;
  Version version = 0;  // the version it makes: the present one + 1
  Tip follows;          // the tip it was decided on
  friend bool operator==(const Step&, const Step&) = default;
};
// How many steps an event may make. What concerns more is an event of a list and then reactions.
inline constexpr std::size_t kStepsMax = 8;

// How many request ids of one aggregate are remembered: those of its latest events. The rule reads
// the log alone, so every reader forgets the same. (Intake remembers permanently which request
// created which dossier, to give the same answer again; that is its own affair and not what Accept
// asks.)
inline constexpr std::size_t kRequestsRememberedMax = 16;

struct RememberedRequest {
  RequestId id;
  std::uint64_t digest = 0;
  Version version = 0;  // the version that the request made
  friend bool operator==(const RememberedRequest&, const RememberedRequest&) = default;
};

// What every aggregate has, of whatever kind.
struct AggregateCore {
  Head head;
  std::vector<RememberedRequest> requests;  // ascending by version
  // False: its history holds what a newer program wrote and this one does not understand. Then all
  // else of it may be wrong, and nobody may decide on it, nor show it.
  bool understood = true;
  TraceContext trace;  // what its last event hands on to what follows from it; may be empty

  const RememberedRequest* FindRequest(const RequestId& id) const;
  friend bool operator==(const AggregateCore&, const AggregateCore&) = default;
};

}  // namespace motcua::cases

template <>
struct std::hash<motcua::cases::AggregateId> {
  // Not noexcept, as Strong's.
  std::size_t operator()(const motcua::cases::AggregateId& id) const {
    return std::hash<std::string>{}(id.path());
  }
};
