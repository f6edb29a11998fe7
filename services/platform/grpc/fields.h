// What every service checks in a request, in one place: who asks, under which id, what the content
// hashes to, how long texts may be, and how pages are cut.
//
// Everything is a pure function; errors are FIELD_INVALID with the full path of the proto field.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "motcua/common/v1/common.pb.h"
#include "services/base/status.h"
#include "services/domain/cases/codes.h"

namespace motcua::rpc {

// ---- Field paths -----------------------------------------------------------------------------

// The same error, about the field `path`: parsers of the domain know a value, not where it stood.
Status AtField(const Status& status, std::string_view path);
// The same error, its field being a part of `parent`: "opened" under "rows[3]" is "rows[3].opened".
Status UnderField(const Status& status, std::string_view parent);

// ---- Texts -----------------------------------------------------------------------------------

// An id: 1 to `bytes_max` bytes of printable ASCII. The value is never repeated in the error.
Status CheckId(std::string_view text, std::size_t bytes_max, std::string_view path);
// A text: well-formed UTF-8 without control characters, at most `bytes_max` bytes.
Status CheckText(std::string_view text, std::size_t bytes_max, std::string_view path);

// The metadata key of a call's trace (base/trace.h).
inline constexpr std::string_view kTraceMetadata = "traceparent";

// ---- Who asks, and what ----------------------------------------------------------------------

struct Caller {
  cases::RequestId request_id;
  cases::ActorId actor;
};
// Paths "context.request_id" and "context.actor"; an empty actor is refused.
Result<Caller> ParseContext(const common::v1::RequestContext& context);

// Hash of a changing request without its field 1, the context, so that a retry can be told from a
// reused id. The name of the message is part of it. Stable over processes; never 0.
template <typename Request>
std::uint64_t DigestOf(const Request& request);
// Of any message as it is.
std::uint64_t DigestOfWhole(const google::protobuf::Message& message);

namespace internal {
// `context_bytes` = size of the context message, 0 if there is none.
std::uint64_t DigestAfterContext(const google::protobuf::MessageLite& request, std::uint64_t seed,
                                 bool has_context, std::size_t context_bytes);
std::uint64_t SeedOf(const google::protobuf::Descriptor& descriptor);
}  // namespace internal

template <typename Request>
std::uint64_t DigestOf(const Request& request) {
  static_assert(Request::kContextFieldNumber == 1, "the context must be serialised first");
  static const std::uint64_t kSeed = internal::SeedOf(*Request::descriptor());
  return internal::DigestAfterContext(request, kSeed, request.has_context(),
                                      request.context().ByteSizeLong());
}

// ---- Pages -----------------------------------------------------------------------------------

inline constexpr std::size_t kPageSizeDefault = 50;
inline constexpr std::size_t kPageSizeMax = 1000;
// Rows that one page may look at: a filter that fits little gives a short page and a token.
inline constexpr std::size_t kPageRowsMax = 10'000;

// 0 = the default; more than the most is the most; negative is refused.
Result<std::size_t> ParsePageSize(std::int32_t page_size);

// An opaque token: `position` (where the next page begins) bound to the request's other arguments.
// `arguments` is one text that they make together, with the name of the call.
std::string MakePageToken(std::string_view arguments, std::string_view position);
// The position; empty for an empty token. A token of other arguments is refused.
Result<std::string> ParsePageToken(std::string_view arguments, std::string_view token);

// Base64 for URLs (RFC 4648 §5) without padding.
std::string EncodeBase64(std::string_view bytes);
// Nothing but the canonical form; FIELD_INVALID without a field otherwise.
Result<std::string> DecodeBase64(std::string_view text);

}  // namespace motcua::rpc
