// The rows of a stopped state store as text, one line each, in order of their keys: two instances
// that have folded the same log equally far give the same text.
//
//   D dossier 000.23.10.H49-201031-0001 version=3 … | case procedure=… | …
//   M partition=0 next_offset=17 effective=2020-10-31T02:00:00Z
//   B 3030302e32332e… 0a04…                     every other row: kind, rest of the key, value
//
// The store's own rows (its format) are left out.
#pragma once

#include <iosfwd>

#include "services/base/status.h"
#include "services/platform/rocksdb/store_view.h"

namespace motcua::admin {

enum class DumpedRows { kAll, kDossiers };

// FILE_INVALID: the rows are of another format than this program's.
Status DumpState(const rocks::StoreView& store, DumpedRows rows, std::ostream& out);

}  // namespace motcua::admin
