#include "tests/simulation/older.h"

#include <algorithm>
#include <functional>
#include <map>

#include "motcua/common/v1/options.pb.h"
#include "motcua/events/v1/case_event.pb.h"
#include "services/base/check.h"
#include "services/domain/cases/decide.h"
#include "services/wire/contract_payloads.h"
#include "tests/simulation/master_data.h"
#include "tests/simulation/process.h"
#include "tests/simulation/rules.h"

namespace motcua::simulation {
namespace {

constexpr int kTraceField = 11;

// The field of an event that holds such a payload.
int NumberOf(std::string_view payload_name) {
  static const auto kNumbers = [] {
    std::map<std::string, int, std::less<>> numbers;
    const auto& payloads = *events::v1::CaseEvent::descriptor()->FindOneofByName("payload");
    for (int i = 0; i < payloads.field_count(); ++i) {
      numbers[std::string(payloads.field(i)->message_type()->name())] = payloads.field(i)->number();
    }
    return numbers;
  }();
  const auto found = kNumbers.find(payload_name);
  return found == kNumbers.end() ? 0 : found->second;
}

wire::KnownEvents KnownWithout(const std::vector<int>& newer_payloads) {
  wire::KnownEvents known{wire::kEventSchema - 1, newer_payloads};
  known.unknown_fields.push_back(kTraceField);
  return known;
}

// Fields that came with schema 3: before it no due date named its calendar, none was provisional,
// and no attempt was told from another. And those of the schema that it does not know: its
// catalogue had no levels.
constexpr std::uint32_t kSchemaNotWritten = 3;
bool IsWritten(std::uint32_t since) {
  return since != kSchemaNotWritten && since < wire::kEventSchema;
}

void ForgetFields(google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (!IsWritten(field->options().GetExtension(common::v1::since))) {
      reflection.ClearField(&message, field);
    } else if (field->message_type() == nullptr) {
      continue;
    } else if (!field->is_repeated()) {
      ForgetFields(*reflection.MutableMessage(&message, field));
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        ForgetFields(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

}  // namespace

std::string OlderCodec::EncodeEvent(const cases::CaseEvent& event) const {
  std::string bytes = WireCodec::EncodeEvent(event);
  events::v1::CaseEvent older;
  MOTCUA_CHECK(older.ParseFromString(bytes), "what was written cannot be read");
  const auto* const payload = events::v1::CaseEvent::descriptor()->FindFieldByNumber(
      NumberOf(cases::PayloadName(event.payload)));
  if (payload == nullptr) return bytes;
  ForgetFields(*older.GetReflection()->MutableMessage(&older, payload));
  older.set_schema_version(wire::SinceOf(older));
  return older.SerializeAsString();
}

Older::Older(const std::vector<int>& newer_payloads)
    : newer_(newer_payloads.begin(), newer_payloads.end()), codec_(KnownWithout(newer_payloads)) {}

// Rows of registers may be updates, and doubtful in ways that an older program has no words for.
bool Older::Takes(const cases::Action& action) const {
  // Terms in hours by the clock are of schema 3.
  const auto* receive = LeafIf<cases::ReceiveDossier>(action);
  if (receive != nullptr && IsByTheClock(receive->procedure)) return false;
  const bool of_manifest = cases::RowOf(action).about == cases::AggregateKind::kManifest;
  const std::string_view payload =
      std::visit([](const auto& of_topic) { return LeadsTo(of_topic); }, action);
  return !of_manifest && !newer_.contains(NumberOf(payload)) &&
         !HoldsLeaf<cases::CorrectEvent>(action) && !HoldsLeaf<cases::ImportDossier>(action);
}

namespace {

bool TakesNumber(const cases::CaseEvent& event) {
  return event.StepOn(cases::AggregateKind::kBook) != nullptr;
}

}  // namespace

bool Older::Understands(const cases::CaseEvent& event) const {
  return event.trace.empty() && wire::SchemaOf(event) < wire::kEventSchema &&
         !newer_.contains(NumberOf(cases::PayloadName(event.payload))) &&
         !HoldsLeaf<cases::UnknownPayload>(event.payload);
}

bool Older::Note(const cases::CaseEvent& event) {
  const std::string unit = UnitPart(event.dossier.value());
  const bool before =
      !beyond_.contains(event.dossier.value()) && !(TakesNumber(event) && beyond_.contains(unit));
  if (!Understands(event)) {
    beyond_.insert(event.dossier.value());
    if (TakesNumber(event)) beyond_.insert(unit);
  }
  return before;
}

std::string Older::Judge(const Process& process, const History& history) const {
  const auto& rows = process.store().rows();
  for (auto row = rows.lower_bound("D"); row != rows.end() && row->first.starts_with("D"); ++row) {
    const cases::DossierCode code(row->first.substr(1));
    const auto dossier = codec_.DecodeDossier(code, row->second);
    const auto line = history.lines().find(code.value());
    const std::string who = process.name() + ", an older program, ";
    if (!dossier.ok() || line == history.lines().end()) return who + "made up " + code.value();
    const auto& events = line->second.events;
    const cases::Version version = dossier->head.version;
    if (version > events.size() || events[version - 1]->tip != dossier->head.tip.value()) {
      return who + "has accepted another history of " + code.value();
    }
    const bool understood =
        std::all_of(events.begin(), events.begin() + version,
                    [&](const Accepted* accepted) { return Understands(accepted->event); });
    const bool owes = rows.contains("O" + code.value());
    if (dossier->understood != understood || (owes && !understood)) {
      return who + "takes itself to understand " + code.value();
    }
  }
  return {};
}

}  // namespace motcua::simulation
