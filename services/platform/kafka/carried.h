// When the log took a record: what the broker stamped, or, of a record that was carried over from
// another log, what that one had stamped. It stands in a header that `motcua admin move-log`
// writes, and services that run by a scenario's clock, empty: the history's instants have nothing
// to do with the broker's. Other writers of events never set it. (A program that can write to the
// topic could; it could as well write events.)
//
// Frozen: header "motcua-appended", microseconds since 1970 in decimal digits; empty for a record
// of a log that did not keep it.
#pragma once

#include <librdkafka/rdkafka.h>

#include <optional>
#include <string>
#include <string_view>

#include "services/base/time.h"

namespace motcua::kafka {

inline constexpr std::string_view kCarriedHeader = "motcua-appended";
std::string FormatCarried(std::optional<Instant> appended);

// The same for every reader. None: a carried record that is to be trusted. What says nothing (the
// topic's setting was changed to the writer's time, or a header that is none) was taken in 1970:
// then it counts for nobody.
std::optional<Instant> TakenAt(const rd_kafka_message_t& message);

}  // namespace motcua::kafka
