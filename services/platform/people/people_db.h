// What the two databases of people have in common: a RocksDB whose writes are durable when they
// say so, and from which what was deleted is really gone.
//
// Free functions; any thread.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"

namespace motcua::people {

struct PeopleDbOptions {
  std::size_t write_buffer_bytes = 0;
  std::size_t file_bytes = 0;
  std::size_t cache_bytes = 0;
};

// Makes the folder where there is none. STORE_IN_USE; PARTIES_DAMAGED; FILE_INVALID where the
// folder is another program's, by `format`.
Result<std::unique_ptr<rocksdb::DB>> OpenPeopleDb(const std::filesystem::path& folder,
                                                  std::string_view format,
                                                  const PeopleDbOptions& options);

// LOG_UNAVAILABLE or PARTIES_DAMAGED.
Status FromDisk(const rocksdb::Status& status, std::string_view doing);

// Rewrites the files that hold any of `keys`, so that rows which were deleted are in none, and
// waits until the files of before, the write-ahead log's too, are removed. A reader who began
// before keeps its files until it ends.
Status Scrub(rocksdb::DB& db, const std::vector<std::string>& keys);
// The same of all rows that were deleted or replaced.
Status ScrubAll(rocksdb::DB& db);

// Of rows whose key begins with `prefix`: the first key after them.
std::string AfterPrefix(std::string_view prefix);

}  // namespace motcua::people
