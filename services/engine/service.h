// What a service is to the engine: which commands it decides, which parts of a dossier it keeps,
// what it owes by itself, and which rows of its own it keeps beside the dossiers.
//
// Rules are pure and stateless: the same object serves every partition and thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/actions.h"
#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/decide.h"
#include "services/engine/fold_progress.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// Rows that a service keeps beside the dossiers; committed with them in one batch.
class IndexSink {
 public:
  virtual ~IndexSink() = default;
  virtual void Put(std::string key, std::string value) = 0;
  virtual void Delete(std::string key) = 0;
  // Adds to a counter row (8 bytes, little endian, signed); a counter that comes to 0 is deleted.
  virtual void Add(std::string_view key, std::int64_t delta) = 0;
};

// Where an accepted event stands.
struct Position {
  PartitionId partition = 0;
  Offset offset = 0;
  Instant effective;  // the instant that counts (architecture.md §5)
};

class ServiceRules {
 public:
  virtual ~ServiceRules() = default;

  // "intake"; stable: it is part of derived request ids.
  virtual std::string_view name() const = 0;
  virtual cases::Parts parts() const = 0;
  // Whether this service decides the action; others are refused as a defect of the caller.
  virtual bool Decides(const cases::Action& action) const = 0;
  // Whether it publishes events, for which others wait: answers, reactions, alerts.
  virtual bool publishes() const { return true; }

  // The reaction that is owed as long as the aggregate is in this state.
  virtual std::optional<cases::Action> Owed(const cases::AggregateState& /*state*/) const {
    return std::nullopt;
  }
  // When time alone will next make this service owe something, and what then. What time has
  // overtaken by `now` (a warning of what has happened since) is owed no more and left out.
  struct Timer {
    Instant at;
    cases::Action action;
  };
  virtual std::optional<Timer> NextTimer(const cases::AggregateState& /*state*/,
                                         Instant /*now*/) const {
    return std::nullopt;
  }

  // Whether it keeps index rows of aggregates of that kind.
  virtual bool keeps_index(cases::AggregateKind /*kind*/) const { return false; }
  // Of the service's index rows, without '/'; part of its store's format, so that a store of
  // another one is rebuilt from the log. Empty: they change with kStateFormat alone.
  virtual std::string index_format() const { return {}; }
  // Called for each step of each accepted event on an aggregate of such a kind; `before` is
  // monostate for the first one. Keys must begin with kIndexPrefix (keys.h).
  virtual void Index(const Position& /*position*/, const cases::AggregateState& /*before*/,
                     const cases::AggregateState& /*after*/, const cases::CaseEvent& /*event*/,
                     IndexSink& /*sink*/) const {}
  // Where an item number of the post is or was in use, by the service's own index.
  virtual Result<std::vector<cases::ItemUse>> UsesOfItem(const StateStore& /*store*/,
                                                         std::string_view /*item_number*/) const {
    return std::vector<cases::ItemUse>();
  }
};

// Answer to a command: only facts that stay as they are, so that a retry gets the same one.
struct Answer : cases::Facts {
  cases::AggregateId about;    // what the command changed or created
  cases::Version version = 0;  // that the command made of it
  bool repeated = false;       // the request had been taken before
  // How far its partition was read then: its event is among what came before. Of this answer alone;
  // a retry gets a later one.
  PartitionReading read;
};

// Called exactly once, from the loop's thread, or from the caller's when refused at the door.
using Reply = std::function<void(Result<Answer>)>;

// The door of a service's loop.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  // Any thread; never blocks. `deadline` is by the port's clock: no answer by then is UNAVAILABLE,
  // OUTCOME_UNKNOWN. Beyond the inbox's limit: RESOURCE_EXHAUSTED at once.
  virtual void Submit(cases::Command command, Micros deadline, Reply reply) = 0;
};

}  // namespace motcua::engine
