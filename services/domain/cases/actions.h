// Actions: what may be asked of a dossier, or of another aggregate. A command is an action with who
// asks and under which request id. The actions of a topic are in topics/, beside its events, each
// with its row of the table of commands (command_row.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "services/domain/cases/events.h"

namespace motcua::cases {

// By topic, and nested, as Payload.
using Action =
    std::variant<IntakeAction, RoutingAction, DeadlineAction, PostalAction, ManifestAction>;

const CommandRow& RowOf(const Action& action);
// All parts that the decisions of a service read.
Parts PartsOf(Owner owner);
// "intake": the service's name.
std::string_view NameOf(Owner owner);

struct Command {
  RequestId request_id;
  std::uint64_t digest = 0;      // of the request's content
  DossierCode dossier;           // empty for actions that create one
  Version expected_version = 0;  // 0 = whatever is current
  ActorId actor;
  RequestId correlation_id;  // empty = the request itself
  Version cause = 0;         // of a reaction
  TraceContext trace;        // of the call, or of the event that a reaction answers; may be empty
  Action action;
  AggregateId about;  // of actions on what is no dossier; `dossier` is empty then
};

// The unit at which an action creates something; null for the others.
const UnitCode* CreatingUnit(const Command& command);
// The aggregate whose number a command that creates takes, and which remembers its request; none
// for the others.
std::optional<AggregateId> Parent(const Command& command);
// The aggregate that a command names; for one that creates, nothing that is there.
AggregateId Subject(const Command& command);
void SetSubject(Command& command, const AggregateId& id);
// What it is decided on beside its subject and its parent; none for most.
std::optional<AggregateId> AlsoLookedAt(const Command& command);
// The unit in whose partition it is decided.
UnitCode UnitOfCommand(const Command& command);
// Whether it is one of very many that come together: rows of a register. They wait as long as they
// must, and take no place from what people wait for.
inline bool IsBulk(const Command& command) { return RowOf(command.action).bulk; }
// The item number that a command or an event puts to use; empty for the others.
std::string_view ItemOf(const Command& command);
std::string_view ItemOf(const CaseEvent& event);

}  // namespace motcua::cases
