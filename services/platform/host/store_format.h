// What a state store says about itself: which rows it holds, of which service, folded from which
// log. Two stores with the same words hold the same rows once they have read equally far.
//
// "motcua-state-3/events-2/intake/<id of the log>/<partitions>". Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/engine/ports.h"

namespace motcua::host {

struct StoreFormat {
  std::string rows;  // engine::StateFormatOf
  std::string service;
  std::string log_id;
  engine::PartitionId partitions = 0;  // of the log
  friend bool operator==(const StoreFormat&, const StoreFormat&) = default;
};

std::string ToText(const StoreFormat& format);
// None: not a service's store.
std::optional<StoreFormat> ParseStoreFormat(std::string_view text);

}  // namespace motcua::host
