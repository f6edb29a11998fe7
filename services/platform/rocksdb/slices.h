// Texts as RocksDB takes and gives them. Nothing is copied.
#pragma once

#include <rocksdb/slice.h>

#include <string_view>

namespace motcua::rocks {

inline rocksdb::Slice AsSlice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace motcua::rocks
