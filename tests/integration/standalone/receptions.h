// What the tests of a killed process, of its comeback and of a full disk share: callers' books of
// received dossiers, and the log held against them by a reader of the test's own.
//
//   Books books;
//   const grpc::Status told = Ask(*stub, id, books);
//   …                              // the process has ended
//   CheckLog(data, books.answered);
//
// Books are for several threads, each function for one.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/child.h"
#include "services/wire/codec.h"

namespace motcua::testing {

using intake::v1::IntakeService;

inline constexpr const char* kUnit = "000.23.10.H49";
inline constexpr std::chrono::seconds kAskDeadline{10};

// What the callers were told: request id → dossier code.
struct Books {
  std::mutex mutex;
  std::map<std::string, std::string> answered;
  std::set<std::string> open;  // asked, not answered: to be asked again with the same id
};

inline intake::v1::ReceiveDossierRequest RequestFor(const std::string& id) {
  intake::v1::ReceiveDossierRequest request;
  request.mutable_context()->set_request_id(id);
  request.mutable_context()->set_actor("officer:test");
  request.set_unit(kUnit);
  request.set_procedure("1.000893");
  request.set_channel(common::v1::CHANNEL_DIRECT);
  return request;
}

// Asks once; the answer goes into the books.
inline grpc::Status Ask(IntakeService::Stub& stub, const std::string& id, Books& books,
                        std::chrono::milliseconds deadline = kAskDeadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  intake::v1::ReceiveDossierResponse response;
  const grpc::Status status = stub.ReceiveDossier(&context, RequestFor(id), &response);
  const std::scoped_lock lock(books.mutex);
  if (!status.ok()) {
    books.open.insert(id);
    return status;
  }
  const auto [told, first] = books.answered.emplace(id, response.dossier());
  EXPECT_EQ(told->second, response.dossier()) << "another answer for " << id;
  books.open.erase(id);
  return status;
}

// The address of `motcua standalone` on `data`; empty if it did not start.
inline std::string Start(std::unique_ptr<runtime::Child>& process,
                         const std::filesystem::path& data, const std::string& log,
                         const std::string& listen = "127.0.0.1:0") {
  process = std::make_unique<runtime::Child>(
      std::vector<std::string>{std::string(MOTCUA_BIN_DIR) + "/motcua", "standalone", "--data",
                               data.string(), "--listen", listen},
      log);
  const std::string line = process->ReadLine();
  return line.rfind("ready ", 0) == 0 ? line.substr(6) : "";
}

inline const cases::Step* BookStepOf(const engine::LogEntry& entry) {
  return entry.event->StepOn(cases::AggregateKind::kBook);
}

// Reads the log as the test's own reader: which answered requests it holds, and how often.
inline void CheckLog(const std::filesystem::path& data,
                     const std::map<std::string, std::string>& answered) {
  const wire::WireCodec codec;
  auto log = rocks::LocalLog::Open(data / "log", 0, codec, {});
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  std::map<std::string, std::string> found;
  cases::Version book = 0;
  cases::Tip tip;
  engine::Offset at = 0;
  while (true) {
    const auto chunk = (*log)->Read(0, at);
    ASSERT_TRUE(chunk.ok()) << chunk.status().ToString();
    if ((*chunk)->entries.empty()) break;
    for (const engine::LogEntry& entry : (*chunk)->entries) {
      if (entry.offset < at || !entry.event || !BookStepOf(entry)) continue;
      const cases::Step& step = *BookStepOf(entry);
      if (step.version != book + 1 || step.follows != tip) continue;
      book = step.version;
      tip = entry.tip;
      const std::string id = cases::FormatRequestId(entry.event->request_id);
      EXPECT_TRUE(found.emplace(id, entry.event->dossier.value()).second) << "doubled: " << id;
    }
    at = (*chunk)->next;
  }
  for (const auto& [id, code] : answered) {
    const auto in_log = found.find(id);
    ASSERT_NE(in_log, found.end()) << "lost: " << id << " " << code;
    EXPECT_EQ(in_log->second, code);
  }
}

}  // namespace motcua::testing
