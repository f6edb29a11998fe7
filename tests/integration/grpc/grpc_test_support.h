// The world of a gRPC shell in a test: a sink that the test answers for, a state store that may be
// read from several threads, a clock that stands still, and a server around one service.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "motcua/common/v1/common.pb.h"
#include "motcua/common/v1/error_info.pb.h"
#include "services/engine/keys.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/read.h"
#include "services/platform/grpc/server.h"
#include "services/platform/grpc/status.h"
#include "services/platform/runtime/worker_pool.h"
#include "services/wire/codec.h"
#include "tests/support/memory_store.h"

namespace motcua::testing_support {

inline constexpr char kRequestId[] = "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f";
inline constexpr char kUnit[] = "000.23.10.H49";
inline constexpr char kDossier[] = "000.23.10.H49-201031-0001";

// Long enough for a busy machine; only a failing test waits for it.
inline constexpr std::chrono::seconds kPatience{30};

class FixedClock final : public engine::Clock {
 public:
  Instant Now() const override { return now; }
  Micros Passed() const override { return Micros(now.micros); }
  Instant now{1'600'000'000'000'000};
};

// Keeps what is submitted, and answers by `answer` at once, or later through Reply().
class FakeSink final : public engine::CommandSink {
 public:
  using Answerer = std::function<Result<engine::Answer>(const cases::Command&)>;

  void Submit(cases::Command command, Micros deadline, engine::Reply reply) override {
    Answerer answerer;
    engine::Reply at_once;
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(command);
      deadlines_.push_back(deadline);
      answerer = answer_;
      if (answerer) {
        at_once = std::move(reply);
      } else {
        pending_.push_back(std::move(reply));
      }
    }
    changed_.notify_all();
    if (answerer) at_once(answerer(command));
  }

  void AnswerBy(Answerer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  // Waits until `count` commands have come in all.
  bool WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return commands_.size() >= count; });
  }
  // Hands out the oldest unanswered reply.
  engine::Reply TakePending() {
    const std::lock_guard lock(mutex_);
    engine::Reply reply = std::move(pending_.front());
    pending_.pop_front();
    return reply;
  }
  cases::Command last() const {
    const std::lock_guard lock(mutex_);
    return commands_.back();
  }
  Micros last_deadline() const {
    const std::lock_guard lock(mutex_);
    return deadlines_.back();
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return commands_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<cases::Command> commands_;
  std::vector<Micros> deadlines_;
  std::deque<engine::Reply> pending_;
  Answerer answer_;
};

inline Result<engine::Answer> AnswerOk(const cases::Command& command) {
  engine::Answer answer;
  answer.dossier = command.dossier.empty() ? cases::DossierCode(kDossier) : command.dossier;
  answer.version = command.expected_version + 1;
  answer.register_year = 2020;
  answer.register_number = 31;
  answer.received = *ParseZonedTime("2020-10-31T09:00:00+07:00");
  answer.first_due = ParseZonedTime("2020-11-05T17:00:00+07:00").value();
  return answer;
}

// A MemoryStore behind a lock.
class LockedStore final : public engine::StateStore {
 public:
  Status Write(const std::vector<engine::StoreWrite>& batch) override {
    const std::lock_guard lock(mutex_);
    return store_.Write(batch);
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    return store_.Get(key);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    const std::lock_guard lock(mutex_);
    return store_.Scan(from, to, visit);
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    const std::lock_guard lock(mutex_);
    return store_.ScanBackward(from, to, visit);
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override {
    const std::lock_guard lock(mutex_);
    return store_.Snapshot();
  }
  void Put(std::string key, std::string value) {
    ASSERT_TRUE(Write({{std::move(key), std::move(value)}}).ok());
  }

 private:
  mutable std::mutex mutex_;
  MemoryStore store_;
};

// Everything that a shell is built on.
struct World {
  FakeSink sink;
  LockedStore store;
  wire::WireCodec codec;
  engine::StateReader reader{store, codec};
  FixedClock clock;
  runtime::WorkerPool workers{rpc::kReadWorkers, rpc::kReadsQueuedMax};

  void Put(const cases::Dossier& dossier) {
    store.Put(cases::AggregateId(dossier.code).path(), codec.EncodeDossier(dossier));
  }
};

inline cases::Dossier ProcessingDossier(const char* code = kDossier) {
  cases::Dossier dossier;
  dossier.code = cases::DossierCode(code);
  dossier.head.version = 3;
  dossier.stage = cases::Stage::kProcessing;
  dossier.procedure = cases::ProcedureCode("1.001193");
  dossier.field = "Hộ tịch";
  dossier.received = *ParseZonedTime("2020-10-31T09:00:00+07:00");
  return dossier;
}

inline void FillContext(common::v1::RequestContext& context) {
  context.set_request_id(kRequestId);
  context.set_actor("officer:0142");
}

// The one ErrorInfo that every error must carry.
inline common::v1::ErrorInfo InfoOf(const grpc::Status& status) {
  common::v1::RpcStatus envelope;
  EXPECT_TRUE(envelope.ParseFromString(status.error_details())) << status.error_message();
  EXPECT_EQ(envelope.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(envelope.message(), status.error_message());
  EXPECT_EQ(envelope.details_size(), 1) << status.error_message();
  common::v1::ErrorInfo info;
  if (envelope.details_size() != 1) return info;
  EXPECT_EQ(envelope.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_TRUE(info.ParseFromString(envelope.details(0).value()));
  EXPECT_EQ(info.domain(), "motcua");
  return info;
}
// "FIELD_INVALID field=leg": reason and metadata.
inline std::string ErrorText(const grpc::Status& status) {
  if (status.ok()) return "OK";
  const common::v1::ErrorInfo info = InfoOf(status);
  std::string text = info.reason();
  for (const common::v1::ErrorMetadata& entry : info.metadata()) {
    text += " " + entry.key() + "=" + entry.value();
  }
  return text;
}

inline void SetDeadline(grpc::ClientContext& context, std::chrono::milliseconds deadline) {
  context.set_deadline(std::chrono::system_clock::now() + deadline);
}

// One blocking call in this process.
template <typename Response, typename Stub, typename Request>
grpc::Status CallOnce(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response* response = nullptr) {
  grpc::ClientContext context;
  SetDeadline(context, kPatience);
  Response ignored;
  return (stub.*method)(&context, request, response == nullptr ? &ignored : response);
}

inline std::unique_ptr<rpc::Server> StartServer(grpc::Service& service, const char* name,
                                                rpc::ServerOptions options = {}) {
  Result<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(std::move(options), {{&service, name}});
  EXPECT_TRUE(server.ok()) << server.status().ToString();
  return server.ok() ? std::move(*server) : nullptr;
}

}  // namespace motcua::testing_support
