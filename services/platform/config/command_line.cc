#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <utility>

#include "services/platform/config/layers.h"
#include "services/platform/config/settings.h"

namespace motcua::config {
namespace {

constexpr std::size_t kHelpColumn = 34;

std::string HelpOf(const Setting& setting) {
  std::string text(setting.sentence);
  const Value fallback = setting.get({});
  if (setting.required) {
    text += " Required.";
  } else if (fallback != Value(std::string())) {
    text += " Default " + TomlOf(setting, fallback) + ".";
  }
  if (setting.kind != Kind::kText && setting.kind != Kind::kFlag) {
    text += " It is " + RangeOf(setting) + ".";
  }
  if (setting.secret) text += " Better given as " + FlagOf(FileKeyOf(setting.key)) + " FILE.";
  return text;
}

// The flags of all settings and what came with them.
class Flags {
 public:
  explicit Flags(CLI::App& app) : app_(app) {
    for (const Setting& setting : Settings()) {
      const std::string group =
          setting.key == NameOf(setting.key) ? "Settings" : std::string(SectionOf(setting.key));
      Add(std::string(setting.key), setting.kind, HelpOf(setting), group);
      if (!setting.secret) continue;
      const std::string file_key = FileKeyOf(setting.key);
      Add(file_key, Kind::kText, "File that holds " + std::string(setting.key) + ".", group);
    }
  }

  Layer layer() const {
    Layer layer;
    for (const Flag& flag : flags_) {
      if (flag.option->count() > 0) layer[flag.key] = {flag.text, "flag " + FlagOf(flag.key)};
    }
    return layer;
  }

 private:
  struct Flag {
    std::string key;
    std::string text;
    CLI::Option* option = nullptr;
  };

  void Add(std::string key, Kind kind, const std::string& help, const std::string& group) {
    Flag& flag = flags_.emplace_back();
    const std::string name = FlagOf(key);
    flag.key = std::move(key);
    // A flag alone is `true`; `--flag=false` may override what a file says.
    flag.option = kind == Kind::kFlag ? app_.add_flag(name, flag.text, help)
                                      : app_.add_option(name, flag.text, help);
    flag.option->group(group);
  }

  CLI::App& app_;
  std::deque<Flag> flags_;  // CLI11 keeps references to the texts
};

}  // namespace

Result<CommandLine> ReadCommandLine(const std::string& program, const std::string& summary,
                                    std::vector<std::string> arguments) {
  CommandLine line;
  CLI::App app(summary, program);
  app.get_formatter()->column_width(kHelpColumn);
  app.add_option("--config", line.config_path, "TOML file of settings (also: MOTCUA_CONFIG).");
  app.add_flag("--print-config", line.print_config,
               "Print the settings as they come out, with where each is from, and end.");
  const Flags flags(app);
  app.footer(
      "Defaults are overridden by the file, that by the environment, that by flags. One name\n"
      "everywhere: --kafka-topic is MOTCUA_KAFKA_TOPIC, and topic below [kafka] in the file.");
  app.allow_extras();
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    line.help = app.help();
    return line;
  } catch (const CLI::ParseError& error) {
    return SettingError("flags", "command line", error.what());
  }
  if (const std::vector<std::string> extras = app.remaining(); !extras.empty()) {
    // Without its value, which may be a secret.
    const std::string name = extras.front().substr(0, extras.front().find('='));
    return SettingError(name, "command line", "is no flag; see --help for their names");
  }
  line.layer = flags.layer();
  MOTCUA_RETURN_IF_ERROR(ReadSecretFiles(line.layer));
  return line;
}

}  // namespace motcua::config
