// Helpers over toml++ for catalogue files: every refusal names file and line. Internal.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"

namespace motcua::catalogue {

// In quotes, the head alone when it is long.
std::string Quoted(std::string_view text);

Status FileError(std::string_view file, std::size_t line, std::string_view what);

class TomlReader {
 public:
  static Result<TomlReader> Parse(std::string_view file, std::string_view text);

  const toml::table& root() const { return root_; }
  Status Error(const toml::node& node, std::string_view what) const;
  // An unknown key is most often a misspelt one.
  Status CheckKeys(const toml::table& table, std::initializer_list<std::string_view> known) const;

  // Absent keys are FILE_INVALID at the table's line, except where a default is given.
  Result<std::string> Text(const toml::table& table, std::string_view key) const;
  Result<std::optional<std::string>> MaybeText(const toml::table& table,
                                               std::string_view key) const;
  Result<std::int64_t> Integer(const toml::table& table, std::string_view key,
                               std::int64_t absent) const;
  Result<CivilDate> Date(const toml::table& table, std::string_view key) const;
  Result<std::vector<std::string>> Texts(const toml::table& table, std::string_view key) const;
  // Numbers from 1; empty when absent.
  Result<std::vector<std::uint32_t>> Counts(const toml::table& table, std::string_view key) const;
  // The tables of an array; empty when absent.
  Result<std::vector<const toml::table*>> Tables(const toml::table& table,
                                                 std::string_view key) const;

 private:
  std::string file_;
  toml::table root_;
};

}  // namespace motcua::catalogue
