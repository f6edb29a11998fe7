#include "services/platform/config/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>
#include <utility>

namespace motcua::config {
namespace {

using std::chrono::milliseconds;

template <typename T>
Value ToValue(const T& field) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
    return field;
  } else if constexpr (std::is_same_v<T, milliseconds>) {
    return std::int64_t{field.count()};
  } else {
    return static_cast<std::int64_t>(field);
  }
}

template <typename T>
void FromValue(const Value& value, T& field) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
    field = std::get<T>(value);
  } else if constexpr (std::is_same_v<T, milliseconds>) {
    field = milliseconds(std::get<std::int64_t>(value));
  } else {
    field = static_cast<T>(std::get<std::int64_t>(value));
  }
}

// Binds a row to its field: kField takes a config, const or not, and gives the field.
template <auto kField>
constexpr Setting Row(std::string_view key, Kind kind, std::string_view sentence) {
  Setting setting;
  setting.key = key;
  setting.kind = kind;
  setting.get = [](const ProcessConfig& config) { return ToValue(kField(config)); };
  setting.set = [](ProcessConfig& config, const Value& value) { FromValue(value, kField(config)); };
  setting.sentence = sentence;
  return setting;
}

constexpr Setting Required(Setting setting) {
  setting.required = true;
  return setting;
}
constexpr Setting Secret(Setting setting) {
  setting.secret = true;
  return setting;
}
constexpr Setting Ranged(Setting setting, std::int64_t min, std::int64_t max,
                         std::string_view unit = "") {
  setting.min = min;
  setting.max = max;
  setting.unit = unit;
  return setting;
}
constexpr Setting Words(Setting setting, std::span<const std::string_view> words) {
  setting.words = words;
  return setting;
}

constexpr std::array<std::string_view, 4> kProtocols = {"plaintext", "ssl", "sasl_plaintext",
                                                        "sasl_ssl"};
constexpr std::array<std::string_view, 4> kMechanisms = {"", "PLAIN", "SCRAM-SHA-256",
                                                         "SCRAM-SHA-512"};

#define MOTCUA_FIELD(name) [](auto& config) -> auto& { return config.name; }

constexpr std::array kSettings = {
    Required(Row<MOTCUA_FIELD(data)>("data", Kind::kText,
                                     "Folder of the state store; made if it is missing.")),
    Row<MOTCUA_FIELD(listen)>("listen", Kind::kText,
                              "HOST:PORT of the gRPC server; port 0 is any free one."),
    Row<MOTCUA_FIELD(catalogue)>(
        "catalogue", Kind::kText,
        "Folder of the catalogue, or quang-ninh-2026; empty is halong-2020."),
    Row<MOTCUA_FIELD(insecure_public)>("insecure_public", Kind::kFlag,
                                       "Listen without TLS on an address that others can reach."),
    Row<MOTCUA_FIELD(scenario)>(
        "scenario", Kind::kText,
        "Run by a clock that callers set, from this instant on; empty is the machine's clock."),
    Ranged(Row<MOTCUA_FIELD(instance.ordinal)>(
               "instance.ordinal", Kind::kInstanceNumber,
               "Which instance of the service this is; auto reads it from the host's name."),
           0, kReplicasMax - 1),
    Ranged(Row<MOTCUA_FIELD(instance.replicas)>("instance.replicas", Kind::kInteger,
                                                "How many instances of the service there are."),
           1, kReplicasMax),
    Ranged(Row<MOTCUA_FIELD(instance.grace)>(
               "instance.grace_ms", Kind::kInteger,
               "How long a standby leaves reactions and alerts to the first in line."),
           0, kGraceMax.count(), "milliseconds"),
    Row<MOTCUA_FIELD(tls.certificate)>("tls.certificate", Kind::kText,
                                       "PEM file of the server's certificate; empty is no TLS."),
    Row<MOTCUA_FIELD(tls.key)>("tls.key", Kind::kText, "PEM file of the certificate's key."),
    Row<MOTCUA_FIELD(tls.client_authority)>(
        "tls.client_authority", Kind::kText,
        "PEM file; if given, callers need a certificate of this authority."),
    Required(Row<MOTCUA_FIELD(kafka.brokers)>(
        "kafka.brokers", Kind::kText, "HOST:PORT of some brokers of the cluster, with commas.")),
    Row<MOTCUA_FIELD(kafka.topic)>("kafka.topic", Kind::kText, "Topic of the case events."),
    Words(Row<MOTCUA_FIELD(kafka.security_protocol)>("kafka.security_protocol", Kind::kWord,
                                                     "How the brokers are spoken to."),
          kProtocols),
    Row<MOTCUA_FIELD(kafka.ca_file)>(
        "kafka.ca_file", Kind::kText,
        "PEM file of the brokers' authority; empty is the machine's own authorities."),
    Row<MOTCUA_FIELD(kafka.certificate_file)>("kafka.certificate_file", Kind::kText,
                                              "PEM file of a certificate to show to brokers."),
    Row<MOTCUA_FIELD(kafka.key_file)>("kafka.key_file", Kind::kText,
                                      "PEM file of that certificate's key."),
    Secret(Row<MOTCUA_FIELD(kafka.key_password)>("kafka.key_password", Kind::kText,
                                                 "Password of that key, if it has one.")),
    Words(Row<MOTCUA_FIELD(kafka.sasl_mechanism)>("kafka.sasl_mechanism", Kind::kWord,
                                                  "How the user is proved to brokers."),
          kMechanisms),
    Row<MOTCUA_FIELD(kafka.sasl_username)>("kafka.sasl_username", Kind::kText,
                                           "User of the brokers."),
    Secret(Row<MOTCUA_FIELD(kafka.sasl_password)>("kafka.sasl_password", Kind::kText,
                                                  "Password of that user.")),
    Row<MOTCUA_FIELD(kafka.allow_unsafe)>(
        "kafka.allow_unsafe", Kind::kFlag,
        "Start also on a cluster whose settings could lose events."),
    Row<MOTCUA_FIELD(people.folder)>(
        "people.folder", Kind::kText,
        "Folder in which intake keeps people; empty: it keeps none. For one instance alone."),
    Row<MOTCUA_FIELD(people.master_key)>(
        "people.master_key", Kind::kText,
        "File of the key that all records of people rest on, mode 600; empty: in that folder."),
    Row<MOTCUA_FIELD(metrics.listen)>(
        "metrics.listen", Kind::kText,
        "HOST:PORT of /metrics for Prometheus and /healthz; empty is off."),
    Words(Row<MOTCUA_FIELD(log.level)>("log.level", Kind::kWord, "The least that is logged."),
          telemetry::kLogLevelNames),
    Words(Row<MOTCUA_FIELD(log.format)>("log.format", Kind::kWord,
                                        "Lines for people, or one JSON object per line."),
          telemetry::kLogFormatNames),
};

#undef MOTCUA_FIELD

Result<Value> ParseInteger(const Setting& setting, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || number < setting.min || number > setting.max) {
    return Status(Reason::kFieldInvalid, "must be " + RangeOf(setting));
  }
  return Value(number);
}

// "motcua-intake-3.motcua" → "3"; empty if the name of the host itself ends in no such number.
std::string_view NumberOfHost(std::string_view host_name) {
  host_name = host_name.substr(0, host_name.find('.'));
  const std::size_t dash = host_name.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view number = host_name.substr(dash + 1);
  return number.find_first_not_of("0123456789") == std::string_view::npos ? number
                                                                          : std::string_view();
}

Result<Value> ParseText(std::string_view text) {
  if (text.size() > kTextBytesMax) {
    return Status(Reason::kFieldInvalid,
                  "must have at most " + std::to_string(kTextBytesMax) + " bytes");
  }
  constexpr char kLastControl = 0x1f;
  constexpr char kDelete = 0x7f;
  const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 0 && c <= kLastControl) || c == kDelete;
  });
  if (controls) return Status(Reason::kFieldInvalid, "must not hold control characters");
  return Value(std::string(text));
}

Result<Value> ParseWord(const Setting& setting, std::string_view text) {
  const auto word = std::find(setting.words.begin(), setting.words.end(), text);
  if (word == setting.words.end()) {
    return Status(Reason::kFieldInvalid, "must be " + RangeOf(setting));
  }
  // A field of text keeps the word, an enumeration its number: the field's own default tells which.
  if (std::holds_alternative<std::string>(setting.get({}))) return Value(std::string(text));
  return Value(std::int64_t{word - setting.words.begin()});
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

}  // namespace

std::span<const Setting> Settings() { return kSettings; }

const Setting* FindSetting(std::string_view key) {
  const auto* const found = std::find_if(kSettings.begin(), kSettings.end(),
                                         [key](const Setting& row) { return row.key == key; });
  return found == kSettings.end() ? nullptr : found;
}

std::string_view SectionOf(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view NameOf(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

std::string FlagOf(std::string_view key) {
  std::string flag = "--" + std::string(key);
  std::replace_if(flag.begin(), flag.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return flag;
}

std::string EnvironmentOf(std::string_view key) {
  std::string name = "MOTCUA_";
  for (const char c : key) {
    const bool lower = c >= 'a' && c <= 'z';
    name.push_back(c == '.' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

std::string FileKeyOf(std::string_view key) { return std::string(key) + "_file"; }

Status SettingError(std::string_view key, std::string_view source, std::string_view what) {
  std::string message(key);
  message.append(" (").append(source).append("): ").append(what);
  return Status(Reason::kFieldInvalid, std::move(message),
                {{"field", std::string(key)}, {"source", std::string(source)}});
}

Result<Value> ParseValue(const Setting& setting, std::string_view text,
                         std::string_view host_name) {
  switch (setting.kind) {
    case Kind::kText:
      return ParseText(text);
    case Kind::kFlag:
      if (text == "true" || text == "false") return Value(text == "true");
      return Status(Reason::kFieldInvalid, "must be " + RangeOf(setting));
    case Kind::kInteger:
      return ParseInteger(setting, text);
    case Kind::kInstanceNumber: {
      if (text != "auto") return ParseInteger(setting, text);
      const std::string_view number = NumberOfHost(host_name);
      return number.empty() ? Value(std::int64_t{0}) : ParseInteger(setting, number);
    }
    case Kind::kWord:
      return ParseWord(setting, text);
  }
  return Status(Reason::kInternal, "a kind of setting without a parser");
}

std::string TomlOf(const Setting& setting, const Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) {
    return setting.secret && !text->empty() ? "\"*****\"" : Quoted(*text);
  }
  const std::int64_t number = std::get<std::int64_t>(value);
  if (setting.kind != Kind::kWord) return std::to_string(number);
  return Quoted(setting.words[static_cast<std::size_t>(number)]);
}

std::string RangeOf(const Setting& setting) {
  const auto whole_number = [&setting] {
    return "a whole number from " + std::to_string(setting.min) + " to " +
           std::to_string(setting.max) +
           (setting.unit.empty() ? "" : " (" + std::string(setting.unit) + ")");
  };
  switch (setting.kind) {
    case Kind::kText:
      return "a text";
    case Kind::kFlag:
      return "true or false";
    case Kind::kInteger:
      return whole_number();
    case Kind::kInstanceNumber:
      return whole_number() + ", or auto";
    case Kind::kWord:
      break;
  }
  std::string range = "one of";
  for (const std::string_view word : setting.words) {
    range += (range == "one of" ? " " : ", ") + (word.empty() ? "\"\"" : std::string(word));
  }
  return range;
}

}  // namespace motcua::config
