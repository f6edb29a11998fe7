#include "services/platform/grpc/methods.h"

#include <map>

#include "motcua/service_files.h"
#include "services/base/check.h"
#include "services/domain/cases/codes.h"
#include "services/platform/grpc/convert.h"

namespace motcua::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

bool IsText(const FieldDescriptor* field) {
  return field != nullptr && !field->is_repeated() &&
         field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

// Of the request itself what it is about, or a unit; else the unit of a message in it.
UnitField UnitFieldOf(const Descriptor& request) {
  if (IsText(request.FindFieldByName("manifest"))) return {"manifest", UnitForm::kManifest};
  if (IsText(request.FindFieldByName("dossier"))) return {"dossier", UnitForm::kDossier};
  if (IsText(request.FindFieldByName("unit"))) return {"unit"};
  for (int i = 0; i < request.field_count(); ++i) {
    const Descriptor* const inner = request.field(i)->message_type();
    if (inner == nullptr || !IsText(inner->FindFieldByName("unit"))) continue;
    return {request.field(i)->name() + ".unit"};
  }
  return {};
}

bool HasRequestId(const Descriptor& request) {
  return request.FindFieldByName("context") != nullptr ||
         request.FindFieldByName("request_id") != nullptr;
}

const Message* PrototypeOf(const Descriptor& type) {
  const Message* const prototype = MessageFactory::generated_factory()->GetPrototype(&type);
  MOTCUA_CHECK(prototype != nullptr, "a message of the contract is not compiled in");
  return prototype;
}

Method Describe(const MethodDescriptor& method) {
  const ServiceDescriptor& service = *method.service();
  const Descriptor& request = *method.input_type();
  Method row;
  row.name = method.full_name();
  row.service = service.full_name();
  row.path = "/" + service.full_name() + "/" + method.name();
  row.request = PrototypeOf(request);
  row.response = PrototypeOf(*method.output_type());
  row.streams = method.server_streaming();
  row.kind = HasRequestId(request) ? MethodKind::kCommand : MethodKind::kRead;
  row.unit = UnitFieldOf(request);
  return row;
}

std::vector<Method> DescribeAll() {
  std::vector<Method> methods;
  for (const FileDescriptor* const file : proto::ServiceFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(Describe(*file->service(s)->method(m)));
      }
    }
  }
  return methods;
}

// The text at a path of plain and repeated messages; of those the first. Empty where there is none.
std::string TextAt(const Message& message, std::string_view path) {
  const std::size_t dot = path.find('.');
  const auto* const field =
      message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  const auto& reflection = *message.GetReflection();
  if (dot == std::string_view::npos) return reflection.GetString(message, field);
  const std::string_view rest = path.substr(dot + 1);
  if (!field->is_repeated()) return TextAt(reflection.GetMessage(message, field), rest);
  if (reflection.FieldSize(message, field) == 0) return {};
  return TextAt(reflection.GetRepeatedMessage(message, field, 0), rest);
}

}  // namespace

std::unique_ptr<Message> Method::NewRequest() const {
  return std::unique_ptr<Message>(request->New());
}

std::unique_ptr<Message> Method::NewResponse() const {
  return std::unique_ptr<Message>(response->New());
}

const std::vector<Method>& Methods() {
  static const std::vector<Method> kMethods = DescribeAll();
  return kMethods;
}

const Method* FindMethod(std::string_view name) {
  for (const Method& method : Methods()) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

const Method& MethodOf(const Message& request) {
  static const std::map<const Descriptor*, const Method*> kByRequest = [] {
    std::map<const Descriptor*, const Method*> map;
    for (const Method& method : Methods()) map[method.request->GetDescriptor()] = &method;
    return map;
  }();
  const auto found = kByRequest.find(request.GetDescriptor());
  MOTCUA_CHECK(found != kByRequest.end(), "a message is the request of no rpc");
  return *found->second;
}

std::string UnitOf(const Message& request) {
  const UnitField& unit = MethodOf(request).unit;
  if (unit.path.empty()) return {};
  const std::string text = TextAt(request, unit.path);
  switch (unit.form) {
    case UnitForm::kUnit:
      return text;
    case UnitForm::kDossier: {
      const Result<cases::DossierCode> code = ParseDossier(text, unit.path);
      return code.ok() ? cases::UnitOf(*code).value() : std::string();
    }
    case UnitForm::kManifest: {
      const Result<cases::AggregateId> id = ParseManifest(text, unit.path);
      return id.ok() ? id->unit().value() : std::string();
    }
  }
  return {};
}

}  // namespace motcua::rpc
