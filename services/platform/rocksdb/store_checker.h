// StoreChecker: reads the files of a store that was not closed cleanly against their checksums,
// one after the other, while the store serves: a killed process leaves its files whole, so that
// nobody is to wait for the proof of it, and what is read meanwhile is checked by itself.
//
// One thread of its own, which leaves the disk to others half of the time. The destructor waits for
// the file that is being read (some 16 MB).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace rocksdb {
class DB;
class Env;
class Status;
}  // namespace rocksdb

namespace motcua::rocks {

class StoreChecker {
 public:
  // `on_damage` is called at most once, from its thread. All must outlive it.
  StoreChecker(rocksdb::DB& db, rocksdb::Env& env,
               std::function<void(const rocksdb::Status&)> on_damage);
  ~StoreChecker();
  StoreChecker(const StoreChecker&) = delete;
  StoreChecker& operator=(const StoreChecker&) = delete;

  // Whether it has come to its end. Any thread.
  bool done() const { return done_; }
  // The same, waited for as long as that.
  bool AwaitDone(std::chrono::milliseconds patience);

 private:
  void Run();
  rocksdb::Status CheckFile(const std::string& file) const;
  // Compactions take files away meanwhile.
  bool IsLive(const std::string& file) const;
  // False: told to stop.
  bool Rest(std::chrono::nanoseconds duration);

  rocksdb::DB& db_;
  rocksdb::Env& env_;
  const std::function<void(const rocksdb::Status&)> on_damage_;
  std::atomic<bool> done_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace motcua::rocks
