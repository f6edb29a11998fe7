#include "tests/chaos/folds.h"

#include <rocksdb/db.h>

#include <memory>
#include <string_view>

namespace motcua::chaos {
namespace {

constexpr std::size_t kDifferencesMax = 5;

std::string Printable(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    if (c > ' ' && c <= '~' && c != '\\') {
      text.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += "\\";
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0xfU]);
  }
  return text;
}

// 'M' partition (2 BE): next offset (8 LE) …, as engine/keys.h says.
void NoteOffset(std::string_view key, std::string_view value, FoldText& fold) {
  constexpr std::size_t kKeyBytes = 3;
  constexpr std::size_t kOffsetBytes = 8;
  if (key.size() != kKeyBytes || value.size() < kOffsetBytes) return;
  const int partition =
      static_cast<unsigned char>(key[1]) * 256 + static_cast<unsigned char>(key[2]);
  std::uint64_t offset = 0;
  for (std::size_t i = kOffsetBytes; i > 0; --i) {
    offset = offset << 8U | static_cast<unsigned char>(value[i - 1]);
  }
  fold.next_offsets[partition] = offset;
}

}  // namespace

Result<FoldText> ReadFold(const std::filesystem::path& store) {
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::OpenForReadOnly(rocksdb::Options(), store.string(), &raw);
  if (!opened.ok()) return Status(Reason::kStoreDamaged, store.string() + ": " + opened.ToString());
  const std::unique_ptr<rocksdb::DB> db(raw);
  const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(rocksdb::ReadOptions()));
  FoldText fold;
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const std::string_view key(row->key().data(), row->key().size());
    const std::string_view value(row->value().data(), row->value().size());
    fold.rows.emplace(Printable(key), Printable(value));
    if (key.starts_with('D')) ++fold.dossiers;
    if (key.starts_with('M')) NoteOffset(key, value, fold);
  }
  if (row->status().ok()) return fold;
  return Status(Reason::kStoreDamaged, store.string() + ": " + row->status().ToString());
}

std::vector<std::string> Differences(const FoldText& a, const FoldText& b) {
  std::vector<std::string> differences;
  auto left = a.rows.begin();
  auto right = b.rows.begin();
  const auto note = [&differences](const std::string& text) {
    if (differences.size() < kDifferencesMax) differences.push_back(text);
  };
  while (left != a.rows.end() || right != b.rows.end()) {
    if (right == b.rows.end() || (left != a.rows.end() && left->first < right->first)) {
      note("only the first has " + left->first + " = " + left->second);
      ++left;
    } else if (left == a.rows.end() || right->first < left->first) {
      note("only the second has " + right->first + " = " + right->second);
      ++right;
    } else {
      if (left->second != right->second) {
        note(left->first + ": " + left->second + " and " + right->second);
      }
      ++left;
      ++right;
    }
  }
  return differences;
}

}  // namespace motcua::chaos
