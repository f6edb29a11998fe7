// The registry of methods: every rpc of the public contract by its full name, with what a caller
// that knows nothing of it at compile time needs: how to make its messages, whether it streams,
// whether it changes something, which of its fields names a unit. Read from the descriptors that
// are compiled in; nothing of it is written by hand.
//
//   const rpc::Method* const method = rpc::FindMethod("motcua.intake.v1.IntakeService.GetDossier");
//   const std::unique_ptr<Message> request = method->NewRequest();
//
// Pure: messages only, no gRPC. Immutable after the first call; any thread.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::rpc {

enum class MethodKind { kRead, kCommand };

// How a field says a unit: by its code, by what begins with it.
enum class UnitForm { kUnit, kDossier, kManifest };

// The field that bounds a request to one unit.
struct UnitField {
  // "unit", "dossier", "manifest", "query.unit", "rows.unit" (of the first row); empty: there is
  // none.
  std::string path;
  UnitForm form = UnitForm::kUnit;
};

struct Method {
  std::string_view name;     // "motcua.intake.v1.IntakeService.GetDossier"
  std::string_view service;  // "motcua.intake.v1.IntakeService"
  std::string path;          // "/motcua.intake.v1.IntakeService/GetDossier", as it is on the wire
  const google::protobuf::Message* request = nullptr;  // prototypes
  const google::protobuf::Message* response = nullptr;
  bool streams = false;  // the answer has no end, or is larger than a message
  // A command carries a request id: the same one again does nothing twice.
  MethodKind kind = MethodKind::kRead;
  UnitField unit;

  std::unique_ptr<google::protobuf::Message> NewRequest() const;
  std::unique_ptr<google::protobuf::Message> NewResponse() const;
};

// By name of the proto file, then in the order of the file.
const std::vector<Method>& Methods();
// Null when there is none.
const Method* FindMethod(std::string_view name);
// Each rpc has a request of its own, so a request says which method is meant. A defect if none is.
const Method& MethodOf(const google::protobuf::Message& request);

// The unit that a request is about, as its text says it; empty where it names none.
std::string UnitOf(const google::protobuf::Message& request);

}  // namespace motcua::rpc
