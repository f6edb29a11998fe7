// What a state store says about itself: which rows it holds, of which service, folded from which
// log. Two stores with the same words hold the same rows once they have read equally far.
//
// "motcua-state-3/events-2/intake/<id of the log>/<partitions>"; where the service's index has a
// format of its own, that comes after the rows': "motcua-state-3/events-2/cells-1.21/reporting/…".
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/engine/ports.h"

namespace motcua::host {

struct StoreFormat {
  std::string rows;  // engine::StateFormatOf, and of the service's index (RowsFormatOf)
  std::string service;
  std::string log_id;
  engine::PartitionId partitions = 0;  // of the log
  friend bool operator==(const StoreFormat&, const StoreFormat&) = default;
};

// Of the rows of a service: of its state, and of its index where that has a format of its own.
std::string RowsFormatOf(const std::string& state, const std::string& index);
// Whether the rows' state has this format, whatever their index has: a service folds its store anew
// when only that differs.
bool HasStateFormat(const StoreFormat& format, const std::string& state);

std::string ToText(const StoreFormat& format);
// None: not a service's store.
std::optional<StoreFormat> ParseStoreFormat(std::string_view text);

}  // namespace motcua::host
