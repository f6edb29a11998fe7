#include "services/platform/grpc/fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <array>

#include "services/base/hash.h"
#include "services/base/text.h"

namespace motcua::rpc {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kTokenHashBytes = 8;
// We issue page tokens; longer ones are forged.
constexpr std::size_t kTokenBytesMax = 4096;

std::string_view FieldOf(const Status& status) {
  for (const auto& [key, value] : status.metadata()) {
    if (key == "field") return value;
  }
  return {};
}

// The message without the "field: " that FieldError put before it.
std::string_view WhatOf(const Status& status, std::string_view field) {
  std::string_view what = status.message();
  if (!field.empty() && what.substr(0, field.size()) == field &&
      what.substr(field.size(), 2) == ": ") {
    what.remove_prefix(field.size() + 2);
  }
  return what;
}

std::string HashedArguments(std::string_view arguments) {
  std::uint64_t hash = HashBytes(arguments);
  std::string bytes;
  for (std::size_t i = 0; i < kTokenHashBytes; ++i, hash >>= 8U) {
    bytes.push_back(static_cast<char>(hash & 0xFFU));
  }
  return bytes;
}

}  // namespace

Status AtField(const Status& status, std::string_view path) {
  if (status.ok() || status.reason() != Reason::kFieldInvalid) return status;
  return FieldError(path, WhatOf(status, FieldOf(status)));
}

Status UnderField(const Status& status, std::string_view parent) {
  if (status.ok() || status.reason() != Reason::kFieldInvalid) return status;
  const std::string_view field = FieldOf(status);
  std::string path(parent);
  if (!field.empty()) path.append(".").append(field);
  return FieldError(path, WhatOf(status, field));
}

Status CheckId(std::string_view text, std::size_t bytes_max, std::string_view path) {
  if (text.empty()) return FieldError(path, "is missing");
  if (text.size() > bytes_max) {
    return FieldError(path, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
  if (!printable) return FieldError(path, "must be an id of printable ASCII characters");
  return OkStatus();
}

Status CheckText(std::string_view text, std::size_t bytes_max, std::string_view path) {
  if (text.size() > bytes_max) {
    return FieldError(path, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  if (!IsUtf8(text)) return FieldError(path, "is not well-formed UTF-8");
  if (!IsPrintable(text)) return FieldError(path, "holds control characters");
  return OkStatus();
}

Result<Caller> ParseContext(const common::v1::RequestContext& context) {
  const Result<cases::RequestId> id = cases::ParseRequestId(context.request_id());
  if (!id.ok()) return AtField(id.status(), "context.request_id");
  MOTCUA_RETURN_IF_ERROR(CheckId(context.actor(), cases::kActorIdBytesMax, "context.actor"));
  return Caller{*id, cases::ActorId(context.actor())};
}

std::uint64_t DigestOfWhole(const google::protobuf::Message& message) {
  return internal::DigestAfterContext(message, internal::SeedOf(*message.GetDescriptor()), false,
                                      0);
}

namespace internal {

std::uint64_t SeedOf(const google::protobuf::Descriptor& descriptor) {
  return HashBytes(descriptor.full_name());
}

std::uint64_t DigestAfterContext(const google::protobuf::MessageLite& request, std::uint64_t seed,
                                 bool has_context, std::size_t context_bytes) {
  // One buffer per thread: this runs for every changing call. There are no maps in our messages and
  // fields are written in the order of their numbers, so equal messages have equal bytes.
  thread_local std::string bytes;
  bytes.clear();
  request.AppendPartialToString(&bytes);
  std::size_t skip = 0;
  if (has_context) {
    constexpr std::size_t kTagBytes = 1;
    skip = kTagBytes + context_bytes +
           google::protobuf::io::CodedOutputStream::VarintSize64(context_bytes);
  }
  MOTCUA_CHECK(skip <= bytes.size(), "the context is not the first field of a request");
  const std::uint64_t digest = HashBytes(std::string_view(bytes).substr(skip), seed);
  return digest == 0 ? 1 : digest;
}

}  // namespace internal

Result<std::size_t> ParsePageSize(std::int32_t page_size) {
  if (page_size < 0) return FieldError("page_size", "must not be negative");
  if (page_size == 0) return kPageSizeDefault;
  return std::min(static_cast<std::size_t>(page_size), kPageSizeMax);
}

std::string MakePageToken(std::string_view arguments, std::string_view position) {
  return EncodeBase64(HashedArguments(arguments).append(position));
}

Result<std::string> ParsePageToken(std::string_view arguments, std::string_view token) {
  if (token.empty()) return std::string();
  Result<std::string> bytes = DecodeBase64(token);
  if (!bytes.ok() || bytes->size() <= kTokenHashBytes) {
    return FieldError("page_token", "is not a token that this service gave");
  }
  if (bytes->substr(0, kTokenHashBytes) != HashedArguments(arguments)) {
    return FieldError("page_token",
                      "belongs to another request; the other fields must stay the same");
  }
  return bytes->substr(kTokenHashBytes);
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<std::uint8_t>(c);
    for (count += 8; count >= 6; count -= 6) {
      text.push_back(kBase64[bits >> (count - 6) & 0x3FU]);
    }
    bits &= 0x3FU;
  }
  if (count > 0) text.push_back(kBase64[bits << (6 - count) & 0x3FU]);
  return text;
}

Result<std::string> DecodeBase64(std::string_view text) {
  const Status malformed(Reason::kFieldInvalid, "is not base64 for URLs");
  if (text.size() > kTokenBytesMax || text.size() % 4 == 1) return malformed;
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) return malformed;
    bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0x3FFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> count & 0xFFU));
    }
  }
  // Left-over bits must be 0, or two tokens would mean the same.
  if ((bits & ((1U << count) - 1U)) != 0) return malformed;
  return bytes;
}

}  // namespace motcua::rpc
