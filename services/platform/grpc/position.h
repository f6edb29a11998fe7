// Positions: how far the log was folded, as an opaque text between programs and services. A token
// names offsets of the log's partitions, so it is good at every instance. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "motcua/common/v1/common.pb.h"
#include "services/base/status.h"
#include "services/engine/fold_progress.h"

namespace motcua::rpc {

// Empty for no partitions.
std::string EncodePosition(const engine::Offsets& offsets);
// Nothing but what EncodePosition makes, none for an empty text; FIELD_INVALID without a field.
Result<engine::Offsets> DecodePosition(std::string_view token);

// `into` comes to name everything that either names.
void MergeOffsets(const engine::Offsets& more, engine::Offsets& into);

// What an answer that was read at `readings` is true for.
void FillPosition(const engine::Readings& readings, common::v1::Position& position);

}  // namespace motcua::rpc
