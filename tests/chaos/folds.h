// Folds: all rows of a state store as canonical text, read by RocksDB alone, to hold the folds of
// two instances against each other. One thread; nobody else may have the store open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "services/base/status.h"

namespace motcua::chaos {

struct FoldText {
  std::map<std::string, std::string> rows;  // key and value, printable
  std::size_t dossiers = 0;
  std::map<int, std::uint64_t> next_offsets;  // by partition
};

// STORE_DAMAGED where RocksDB cannot read it.
Result<FoldText> ReadFold(const std::filesystem::path& store);

// The first rows that differ, a sentence each; empty: the same.
std::vector<std::string> Differences(const FoldText& a, const FoldText& b);

}  // namespace motcua::chaos
