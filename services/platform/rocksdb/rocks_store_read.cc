// RocksStore's readings, of now and of a moment.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>

#include <algorithm>

#include "services/platform/rocksdb/rocks_store.h"
#include "services/platform/rocksdb/slices.h"
#include "services/platform/rocksdb/store_layout.h"

namespace motcua::rocks {
namespace {

using engine::StoreWrite;
using rocksdb::Slice;

rocksdb::ReadOptions ReadingOf(const rocksdb::Snapshot* moment) {
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  return options;
}

}  // namespace

Result<std::optional<std::string>> RocksStore::GetAt(const rocksdb::Snapshot* moment,
                                                     std::string_view key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      db_->Get(ReadingOf(moment), db_->DefaultColumnFamily(), AsSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return Damage(status, "read the store");
  return std::optional<std::string>(value.ToString());
}

Result<engine::StateStore::Rows> RocksStore::GetManyAt(const rocksdb::Snapshot* moment,
                                                       const std::vector<std::string>& keys) const {
  const std::vector<Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(ReadingOf(moment), db_->DefaultColumnFamily(), keys.size(), slices.data(),
                values.data(), statuses.data(), /*sorted_input=*/true);
  Rows rows(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      rows[i] = values[i].ToString();
    } else if (!statuses[i].IsNotFound()) {
      return Damage(statuses[i], "read the store");
    }
  }
  return rows;
}

Status RocksStore::ScanAt(const rocksdb::Snapshot* moment, std::string_view from,
                          std::string_view to, const Visit& visit) const {
  const Slice upper = AsSlice(std::min(to, kReservedFrom));
  rocksdb::ReadOptions options = ReadingOf(moment);
  options.iterate_upper_bound = &upper;
  if (from >= AsView(upper)) return OkStatus();
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  for (it->Seek(AsSlice(from)); it->Valid(); it->Next()) {
    if (!visit(AsView(it->key()), AsView(it->value()))) return OkStatus();
  }
  return it->status().ok() ? OkStatus() : Damage(it->status(), "scan the store");
}

Status RocksStore::ScanBackwardAt(const rocksdb::Snapshot* moment, std::string_view from,
                                  std::string_view to, const Visit& visit) const {
  const Slice lower = AsSlice(from);
  const Slice upper = AsSlice(std::min(to, kReservedFrom));
  if (from >= AsView(upper)) return OkStatus();
  rocksdb::ReadOptions options = ReadingOf(moment);
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  for (it->SeekToLast(); it->Valid(); it->Prev()) {
    if (!visit(AsView(it->key()), AsView(it->value()))) return OkStatus();
  }
  return it->status().ok() ? OkStatus() : Damage(it->status(), "scan the store");
}

Result<std::optional<std::string>> RocksStore::Get(std::string_view key) const {
  return GetAt(nullptr, key);
}

Result<engine::StateStore::Rows> RocksStore::GetMany(const std::vector<std::string>& keys) const {
  return GetManyAt(nullptr, keys);
}

Status RocksStore::Scan(std::string_view from, std::string_view to, const Visit& visit) const {
  return ScanAt(nullptr, from, to, visit);
}

Status RocksStore::ScanBackward(std::string_view from, std::string_view to,
                                const Visit& visit) const {
  return ScanBackwardAt(nullptr, from, to, visit);
}

// RocksDB's own snapshot: a sequence number, which costs nothing to take.
class RocksStore::Moment final : public engine::StateStore {
 public:
  explicit Moment(const RocksStore& store) : store_(store), snapshot_(store.db_->GetSnapshot()) {}
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() override { store_.db_->ReleaseSnapshot(snapshot_); }

  Status Write(const std::vector<StoreWrite>& /*batch*/) override {
    return Status(Reason::kInternal, "a snapshot of a store takes no rows");
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    return store_.GetAt(snapshot_, key);
  }
  Result<Rows> GetMany(const std::vector<std::string>& keys) const override {
    return store_.GetManyAt(snapshot_, keys);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    return store_.ScanAt(snapshot_, from, to, visit);
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    return store_.ScanBackwardAt(snapshot_, from, to, visit);
  }
  // Another of the same moment would need an owner: nobody asks for one.
  Result<std::unique_ptr<const StateStore>> Snapshot() const override {
    return Status(Reason::kInternal, "a snapshot of a snapshot");
  }

 private:
  const RocksStore& store_;
  const rocksdb::Snapshot* const snapshot_;
};

Result<std::unique_ptr<const engine::StateStore>> RocksStore::Snapshot() const {
  return std::unique_ptr<const engine::StateStore>(std::make_unique<Moment>(*this));
}

}  // namespace motcua::rocks
