#include "services/platform/rocksdb/store_checker.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace motcua::rocks {
namespace {

std::vector<std::string> LiveFiles(rocksdb::DB& db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const rocksdb::LiveFileMetaData& file : files) names.push_back(file.db_path + file.name);
  return names;
}

}  // namespace

StoreChecker::StoreChecker(rocksdb::DB& db, rocksdb::Env& env,
                           std::function<void(const rocksdb::Status&)> on_damage)
    : db_(db), env_(env), on_damage_(std::move(on_damage)), thread_([this] { Run(); }) {}

StoreChecker::~StoreChecker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// What is written from now on is not looked at: it was not there when the process was killed.
void StoreChecker::Run() {
  for (const std::string& file : LiveFiles(db_)) {
    const auto began = std::chrono::steady_clock::now();
    const rocksdb::Status status = CheckFile(file);
    if (!status.ok() && IsLive(file)) {
      on_damage_(status);
      break;
    }
    if (!Rest(std::chrono::steady_clock::now() - began)) break;
  }
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
}

bool StoreChecker::AwaitDone(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [this] { return done_.load(); });
}

rocksdb::Status StoreChecker::CheckFile(const std::string& file) const {
  rocksdb::Options options;
  options.env = &env_;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;  // the store's own is for those whom it serves
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocksdb::SstFileReader reader(options);
  const rocksdb::Status opened = reader.Open(file);
  if (!opened.ok()) return opened;
  rocksdb::ReadOptions all;
  all.readahead_size = 1024 * 1024;
  return reader.VerifyChecksum(all);
}

bool StoreChecker::IsLive(const std::string& file) const {
  const std::vector<std::string> live = LiveFiles(db_);
  return std::find(live.begin(), live.end(), file) != live.end();
}

bool StoreChecker::Rest(std::chrono::nanoseconds duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [this] { return stopping_; });
  return !stopping_;
}

}  // namespace motcua::rocks
