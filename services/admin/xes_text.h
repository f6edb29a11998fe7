// A case log as XES (IEEE 1849-2023): a trace for each dossier, its moments in order of time. What
// stands before the traces, a trace, and what stands after them; the order of elements is the
// schema's. Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/admin/case_history.h"

namespace motcua::admin {

// `log_id` names the log that it was made of.
std::string XesBegin(std::string_view log_id, ExportLanguage language);
std::string XesTrace(const CaseHistory& history);
std::string XesEnd();

// A text as the value of an attribute. Characters that XML 1.0 does not have become U+FFFD.
std::string XmlEscaped(std::string_view text);

}  // namespace motcua::admin
