#include "services/platform/config/print.h"

#include <string_view>

#include "services/platform/config/settings.h"

namespace motcua::config {
namespace {

constexpr std::string_view kSampleHead =
    "# Settings of a service process of motcua (motcua-intake, motcua-routing, motcua-deadline,\n"
    "# motcua-postal, motcua-reporting), given by --config FILE or MOTCUA_CONFIG. Every line is\n"
    "# commented out and shows the default. The environment overrides this file, flags override\n"
    "# both; --print-config shows what comes out, and from where. An unknown name stops the "
    "start.\n"
    "#\n"
    "# Written by the test of services/platform/config from its table, do not edit by hand:\n"
    "# MOTCUA_UPDATE_CONFIG=1 build/tests/config_test\n";

// A blank line, and "[section]" where one begins.
std::string HeadOf(std::string_view section) {
  return section.empty() ? "" : "\n[" + std::string(section) + "]\n";
}

}  // namespace

std::string PrintEffective(const std::string& program, const ProcessConfig& config,
                           const std::map<std::string, std::string, std::less<>>& sources) {
  std::string text = "# Settings of " + program + " as they come out, with where each is from.\n";
  std::string_view section;
  for (const Setting& setting : Settings()) {
    if (SectionOf(setting.key) != section) {
      section = SectionOf(setting.key);
      text += HeadOf(section);
    }
    const auto source = sources.find(setting.key);
    const bool missing = setting.required && source == sources.end();
    text.append(missing ? "# " : "").append(NameOf(setting.key)).append(" = ");
    text.append(TomlOf(setting, setting.get(config))).append("  # ");
    text.append(missing                   ? "required, and given nowhere"
                : source == sources.end() ? "default"
                                          : source->second);
    text.push_back('\n');
  }
  return text;
}

std::string PrintSample() {
  std::string text(kSampleHead);
  std::string_view section;
  for (const Setting& setting : Settings()) {
    if (SectionOf(setting.key) != section) {
      section = SectionOf(setting.key);
      text += HeadOf(section);
    }
    text.append("\n# ").append(setting.sentence).append(setting.required ? " Required.\n" : "\n");
    text.append("# ").append(RangeOf(setting)).append("; ").append(EnvironmentOf(setting.key));
    text.append(", ").append(FlagOf(setting.key)).append("\n");
    if (setting.secret) {
      text.append("# Better in a file of its own, whose first line it is: ");
      text.append(NameOf(FileKeyOf(setting.key))).append("\n");
    }
    text.append("# ").append(NameOf(setting.key)).append(" = ");
    text.append(TomlOf(setting, setting.get({}))).append("\n");
  }
  return text;
}

}  // namespace motcua::config
