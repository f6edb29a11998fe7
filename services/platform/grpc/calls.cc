#include "services/platform/grpc/calls.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <future>
#include <utility>

namespace motcua::rpc {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageLite;

// Its messages go to the wire and back as they are, without a buffer of ours between.
using Stub = grpc::TemplatedGenericStub<MessageLite, MessageLite>;

}  // namespace

grpc::Status CallOnce(const std::shared_ptr<grpc::Channel>& channel, const Method& method,
                      grpc::ClientContext& context, const Message& request, Message& response) {
  Stub stub(channel);
  std::promise<grpc::Status> ended;
  const MessageLite* const sent = &request;
  MessageLite* const answer = &response;
  stub.UnaryCall(&context, method.path, {}, sent, answer,
                 [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  return ended.get_future().get();
}

Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const Message& request,
                  Message& response, const CallPolicy& policy) {
  const Method& method = MethodOf(request);
  Retrier retrier(policy);
  while (true) {
    grpc::ClientContext context;
    retrier.Prepare(context);
    response.Clear();
    const grpc::Status status = CallOnce(channel, method, context, request, response);
    if (status.ok()) return OkStatus();
    if (!retrier.Again(status)) return FromGrpc(status);
  }
}

// A queue of its own with one thing on its way at a time: each step waits for it.
struct ServerStream::Call {
  grpc::CompletionQueue queue;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<MessageLite, MessageLite>> stream;

  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  }
};

ServerStream::ServerStream(const std::shared_ptr<grpc::Channel>& channel,
                           grpc::ClientContext& context, const Message& request)
    : call_(std::make_unique<Call>()) {
  Stub stub(channel);
  call_->stream = stub.PrepareCall(&context, MethodOf(request).path, &call_->queue);
  call_->stream->StartCall(this);
  // Where it cannot even begin, the first Read says so, and Finish why.
  if (!call_->Await()) return;
  call_->stream->WriteLast(request, grpc::WriteOptions(), this);
  call_->Await();
}

ServerStream::~ServerStream() {
  call_->queue.Shutdown();
  while (call_->Await()) {
  }
}

bool ServerStream::Read(Message& response) {
  call_->stream->Read(&response, this);
  return call_->Await();
}

grpc::Status ServerStream::Finish() {
  grpc::Status status;
  call_->stream->Finish(&status, this);
  call_->Await();
  return status;
}

}  // namespace motcua::rpc
