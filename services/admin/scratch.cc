#include "services/admin/scratch.h"

#include <system_error>
#include <utility>

namespace motcua::admin {
namespace {

constexpr std::size_t kBatchBytes = 1024 * 1024;
// Large files at once, as nothing is read before all is written.
constexpr std::size_t kWriteBufferBytes = 32 * 1024 * 1024;
// Each waits for the files that are being written; the store itself says LOG_UNAVAILABLE when it
// takes nothing for half a minute.
constexpr int kRetriesMax = 1000;

}  // namespace

Scratch::Scratch(std::filesystem::path folder, std::unique_ptr<rocks::RocksStore> store)
    : folder_(std::move(folder)), store_(std::move(store)) {}

Result<std::unique_ptr<Scratch>> Scratch::Make(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  MOTCUA_ASSIGN_OR_RETURN(auto store,
                          rocks::RocksStore::Open(folder, {.format = "scratch-1",
                                                           .cache = nullptr,
                                                           .write_buffer_bytes = kWriteBufferBytes,
                                                           .env = nullptr}));
  return std::unique_ptr<Scratch>(new Scratch(folder, std::move(store)));
}

Scratch::~Scratch() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Status Scratch::Put(std::string key, std::string value) {
  waiting_bytes_ += key.size() + value.size();
  waiting_.push_back({std::move(key), std::move(value)});
  return waiting_bytes_ < kBatchBytes ? OkStatus() : Flush();
}

Status Scratch::Flush() {
  MOTCUA_RETURN_IF_ERROR(Write(waiting_));
  waiting_.clear();
  waiting_bytes_ = 0;
  return OkStatus();
}

Status Scratch::Write(const std::vector<engine::StoreWrite>& batch) {
  Status written = store_->Write(batch);
  for (int i = 0; i < kRetriesMax && written.reason() == Reason::kOverloaded; ++i) {
    MOTCUA_RETURN_IF_ERROR(store_->Flush());
    written = store_->Write(batch);
  }
  return written;
}

Result<std::optional<std::string>> Scratch::Get(std::string_view key) const {
  return store_->Get(key);
}
Status Scratch::Scan(std::string_view from, std::string_view to, const Visit& visit) const {
  return store_->Scan(from, to, visit);
}
Status Scratch::ScanBackward(std::string_view from, std::string_view to, const Visit& visit) const {
  return store_->ScanBackward(from, to, visit);
}
Result<std::unique_ptr<const engine::StateStore>> Scratch::Snapshot() const {
  return store_->Snapshot();
}

}  // namespace motcua::admin
