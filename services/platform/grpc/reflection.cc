#include "services/platform/grpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace motcua::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

void SetNotFound(const std::string& what, Reflection::Response& response) {
  auto& error = *response.mutable_error_response();
  error.set_error_code(grpc::StatusCode::NOT_FOUND);
  error.set_error_message(what + " is not known here");
}

// What a file imports stands before it, so a client can build them in this order.
void AddFiles(const FileDescriptor& file, std::unordered_set<const FileDescriptor*>& added,
              grpc::reflection::v1::FileDescriptorResponse& files) {
  if (!added.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) AddFiles(*file.dependency(i), added, files);
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  files.add_file_descriptor_proto(proto.SerializeAsString());
}

void SetFile(const FileDescriptor* file, const std::string& asked, Reflection::Response& response) {
  if (file == nullptr) return SetNotFound(asked, response);
  std::unordered_set<const FileDescriptor*> added;
  AddFiles(*file, added, *response.mutable_file_descriptor_response());
}

void SetExtension(const grpc::reflection::v1::ExtensionRequest& asked,
                  Reflection::Response& response) {
  const std::string text =
      "extension " + std::to_string(asked.extension_number()) + " of " + asked.containing_type();
  const Descriptor* const type = Pool().FindMessageTypeByName(asked.containing_type());
  const FieldDescriptor* const field =
      type == nullptr ? nullptr : Pool().FindExtensionByNumber(type, asked.extension_number());
  SetFile(field == nullptr ? nullptr : field->file(), text, response);
}

void SetExtensionNumbers(const std::string& name, Reflection::Response& response) {
  const Descriptor* const type = Pool().FindMessageTypeByName(name);
  if (type == nullptr) return SetNotFound(name, response);
  auto& numbers = *response.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(name);
  std::vector<const FieldDescriptor*> fields;
  Pool().FindAllExtensions(type, &fields);
  for (const FieldDescriptor* field : fields) numbers.add_extension_number(field->number());
}

// One client's questions, each answered before the next is read. Deletes itself.
class ReflectionStream final
    : public grpc::ServerBidiReactor<Reflection::Request, Reflection::Response> {
 public:
  explicit ReflectionStream(const Reflection& reflection) : reflection_(reflection) {
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    response_ = reflection_.Answer(request_);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  ~ReflectionStream() override = default;

  const Reflection& reflection_;
  Reflection::Request request_;
  Reflection::Response response_;
};

}  // namespace

Reflection::Reflection(std::vector<std::string> services) : services_(std::move(services)) {
  services_.emplace_back(grpc::reflection::v1::ServerReflection::service_full_name());
  std::erase_if(services_,
                [](const auto& name) { return Pool().FindServiceByName(name) == nullptr; });
  std::sort(services_.begin(), services_.end());
}

grpc::ServerBidiReactor<Reflection::Request, Reflection::Response>*
Reflection::ServerReflectionInfo(grpc::CallbackServerContext* /*context*/) {
  return new ReflectionStream(*this);
}

Reflection::Response Reflection::Answer(const Request& request) const {
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      SetFile(Pool().FindFileByName(request.file_by_filename()), request.file_by_filename(),
              response);
      break;
    case Request::kFileContainingSymbol:
      SetFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()),
              request.file_containing_symbol(), response);
      break;
    case Request::kFileContainingExtension:
      SetExtension(request.file_containing_extension(), response);
      break;
    case Request::kAllExtensionNumbersOfType:
      SetExtensionNumbers(request.all_extension_numbers_of_type(), response);
      break;
    case Request::kListServices:
      for (const std::string& name : services_) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      break;
    case Request::MESSAGE_REQUEST_NOT_SET:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("asks nothing that is known here");
      break;
  }
  return response;
}

}  // namespace motcua::rpc
