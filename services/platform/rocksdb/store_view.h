// StoreView: a look at the state store of a service that does not run. Changes nothing: neither a
// store of another format nor a damaged one is put aside, as RocksStore would.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto view, StoreView::Open(data / "intake"));
//   view->Scan([](std::string_view key, std::string_view value) { … return true; });
//
// Holds the folder until it is destroyed: no process can begin to use the store meanwhile. Scan and
// Get from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/rocksdb/directory.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace motcua::rocks {

class StoreView {
 public:
  // FILE_UNREADABLE when there is no store, STORE_IN_USE, STORE_DAMAGED. After an unclean end all
  // files are read against their checksums first.
  static Result<std::unique_ptr<StoreView>> Open(const std::filesystem::path& directory);
  ~StoreView();
  StoreView(const StoreView&) = delete;
  StoreView& operator=(const StoreView&) = delete;

  // As RocksStoreOptions::format.
  const std::string& format() const { return format_; }
  // The service's rows in order of keys, until `visit` returns false. STORE_DAMAGED.
  Status Scan(const engine::StateStore::Visit& visit) const;
  Result<std::optional<std::string>> Get(std::string_view key) const;

  // Names of the files that make the store, ascending: copied together they are the store.
  Result<std::vector<std::string>> Files() const;

 private:
  StoreView(std::filesystem::path directory, FolderLock lock);

  const std::filesystem::path directory_;
  const FolderLock lock_;
  std::unique_ptr<rocksdb::DB> db_;
  std::string format_;
};

}  // namespace motcua::rocks
