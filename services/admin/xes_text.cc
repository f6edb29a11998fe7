#include "services/admin/xes_text.h"

#include <array>
#include <utility>

#include "services/base/time.h"

namespace motcua::admin {
namespace {

constexpr std::string_view kUnfitCharacter = "\xef\xbf\xbd";  // U+FFFD

// The schema wants a decimal number: "1849-2023" would be none.
constexpr std::string_view kXesVersion = "1849.2023";

struct Extension {
  std::string_view name;
  std::string_view prefix;
};
constexpr std::array kExtensions = {Extension{"Concept", "concept"}, Extension{"Time", "time"},
                                    Extension{"Lifecycle", "lifecycle"},
                                    Extension{"Organizational", "org"}};

void AddElement(std::string_view indent, std::string_view type, std::string_view key,
                std::string_view value, std::string& out) {
  out.append(indent).append("<").append(type).append(" key=\"").append(key);
  out.append("\" value=\"").append(XmlEscaped(value)).append("\"/>\n");
}

void AddAttribute(std::string_view indent, const Attribute& attribute, std::string& out) {
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    AddElement(indent, "string", attribute.name, *text, out);
  } else if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    AddElement(indent, "int", attribute.name, std::to_string(*number), out);
  } else if (const auto* truth = std::get_if<bool>(&attribute.value)) {
    AddElement(indent, "boolean", attribute.name, *truth ? "true" : "false", out);
  } else {
    AddElement(indent, "date", attribute.name,
               FormatZonedTime(std::get<ZonedTime>(attribute.value)), out);
  }
}

void AddEvent(const Moment& moment, std::string& out) {
  constexpr std::string_view kIndent = "      ";
  out += "    <event>\n";
  AddElement(kIndent, "string", "concept:name", moment.activity, out);
  AddElement(kIndent, "string", "concept:instance", std::to_string(moment.version), out);
  AddElement(kIndent, "date", "time:timestamp", FormatZonedTime(moment.time), out);
  // Each event is a moment: nothing of it lasts.
  AddElement(kIndent, "string", "lifecycle:transition", "complete", out);
  AddElement(kIndent, "string", "org:resource", moment.actor.value(), out);
  AddElement(kIndent, "string", "org:group", moment.unit.value(), out);
  for (const Attribute& attribute : moment.attributes) AddAttribute(kIndent, attribute, out);
  out += "    </event>\n";
}

}  // namespace

std::string XmlEscaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (c == '\n' || c == '\r' || c == '\t') {
      // As they are, a reader would make blanks of them.
      escaped += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      escaped += kUnfitCharacter;
    } else if (text.substr(i, 3) == "\xef\xbf\xbe" || text.substr(i, 3) == "\xef\xbf\xbf") {
      escaped += kUnfitCharacter;  // U+FFFE, U+FFFF
      i += 2;
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string XesBegin(std::string_view log_id, ExportLanguage language) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"";
  out.append(kXesVersion).append("\" xes.features=\"\">\n");
  for (const Extension& extension : kExtensions) {
    out.append("  <extension name=\"").append(extension.name).append("\" prefix=\"");
    out.append(extension.prefix).append("\" uri=\"http://www.xes-standard.org/");
    out.append(extension.prefix).append(".xesext\"/>\n");
  }
  constexpr std::string_view kIndent = "    ";
  out += "  <global scope=\"trace\">\n";
  AddElement(kIndent, "string", "concept:name", "", out);
  out += "  </global>\n  <global scope=\"event\">\n";
  AddElement(kIndent, "string", "concept:name", UnknownActivityName(language), out);
  AddElement(kIndent, "date", "time:timestamp", "1970-01-01T00:00:00+00:00", out);
  AddElement(kIndent, "string", "lifecycle:transition", "complete", out);
  AddElement(kIndent, "string", "org:resource", "", out);
  AddElement(kIndent, "string", "org:group", "", out);
  out += "  </global>\n";
  // Names without blanks: they are NCNames in the schema. Their keys are global above.
  out += "  <classifier name=\"Activity\" scope=\"event\" keys=\"concept:name\"/>\n";
  out += "  <classifier name=\"Resource\" scope=\"event\" keys=\"org:resource\"/>\n";
  AddElement("  ", "string", "concept:name", "motcua log " + std::string(log_id), out);
  return out;
}

std::string XesTrace(const CaseHistory& history) {
  constexpr std::string_view kIndent = "    ";
  const cases::Dossier& dossier = history.dossier();
  std::string out = "  <trace>\n";
  AddElement(kIndent, "string", "concept:name", dossier.code.value(), out);
  AddElement(kIndent, "string", "unit", cases::UnitOf(dossier.code).value(), out);
  // The values that stand at the end of the history.
  for (const CaseObject& object : history.objects()) {
    if (object.id != dossier.code.value()) continue;
    for (auto value = object.attributes.begin(); value != object.attributes.end(); ++value) {
      bool later = false;
      for (auto next = value + 1; next != object.attributes.end(); ++next) {
        later = later || next->attribute.name == value->attribute.name;
      }
      if (!later) AddAttribute(kIndent, value->attribute, out);
    }
  }
  for (const Moment& moment : history.moments()) AddEvent(moment, out);
  return out + "  </trace>\n";
}

std::string XesEnd() { return "</log>\n"; }

}  // namespace motcua::admin
