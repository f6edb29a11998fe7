// The table of settings: each row is one setting of a service process, with everything that is said
// about it anywhere: file, environment, flags, --help, --print-config and the sample file.
//
// One rule for names: key `kafka.sasl_password` is `[kafka] sasl_password` in the file,
// `MOTCUA_KAFKA_SASL_PASSWORD` in the environment and `--kafka-sasl-password` as a flag. A secret
// has a second name with `_file` after it: the path of a file whose first line is the value.
//
// Pure and stateless; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "services/base/status.h"
#include "services/platform/config/process_config.h"

namespace motcua::config {

inline constexpr std::size_t kTextBytesMax = 4096;
inline constexpr int kReplicasMax = 256;
// The engine leaves nothing to another instance for longer (engine/partition_decide.cc).
inline constexpr std::chrono::milliseconds kGraceMax{10'000};

enum class Kind : std::uint8_t {
  kText,
  kFlag,            // true or false
  kInteger,         // from min to max
  kInstanceNumber,  // the same, or `auto`: the number at the end of the host's name
  kWord,            // one of `words`
};

// As the field of ProcessConfig holds it; a word of an enumeration is its number.
using Value = std::variant<std::string, bool, std::int64_t>;

struct Setting {
  std::string_view key;
  Kind kind = Kind::kText;
  Value (*get)(const ProcessConfig& config) = nullptr;
  void (*set)(ProcessConfig& config, const Value& value) = nullptr;
  std::string_view sentence;
  std::string_view unit;  // of integers; empty: a bare number
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::span<const std::string_view> words;  // of kWord
  bool secret = false;
  bool required = false;
};

// In the order of the sample file: first those without a section, then section by section.
std::span<const Setting> Settings();
// Null if no setting has this key.
const Setting* FindSetting(std::string_view key);

// "kafka" of "kafka.topic", "" of "data"; "topic", "data".
std::string_view SectionOf(std::string_view key);
std::string_view NameOf(std::string_view key);
std::string FlagOf(std::string_view key);
std::string EnvironmentOf(std::string_view key);
// Of a secret: the key of the file that holds it.
std::string FileKeyOf(std::string_view key);

// The error of a setting: FIELD_INVALID with metadata field and source.
Status SettingError(std::string_view key, std::string_view source, std::string_view what);

// A text from any source. The refusal is the reason alone; a secret is never repeated in it.
Result<Value> ParseValue(const Setting& setting, std::string_view text, std::string_view host_name);
// As TOML writes it. A secret that is set is `"*****"`.
std::string TomlOf(const Setting& setting, const Value& value);
// "a whole number from 1 to 256", "one of text, json".
std::string RangeOf(const Setting& setting);

}  // namespace motcua::config
