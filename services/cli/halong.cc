// `motcua report halong`: services/halong over a session.
#include <ostream>

#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/halong/figures.h"

namespace motcua::cli {

Status ShowHalong(const Invocation& invocation, const Session& session) {
  const halong::Printed& printed = halong::PrintedReport();
  const auto call = [&](const Message& request, Message& response) {
    return session.Call(request, response);
  };
  MOTCUA_ASSIGN_OR_RETURN(const halong::Answers answers, halong::Ask(call, printed));
  const std::vector<halong::Figure> figures = halong::Compare(printed, answers);
  Context& context = invocation.context();
  std::ostream& out = context.terminal.out;
  switch (context.options.format) {
    case Format::kJson:
      out << halong::RenderJson(figures);
      break;
    case Format::kCsv:
      PrintCsvRow(context, {"id", "label", "printed", "computed", "denominator", "equal", "slip"});
      for (const halong::Figure& figure : figures) {
        PrintCsvRow(context,
                    {figure.id, figure.label, figure.printed.dump(), figure.computed().dump(),
                     figure.whole ? std::to_string(*figure.whole) : std::string(),
                     figure.equal ? "true" : "false", figure.slip});
      }
      break;
    case Format::kTable:
      out << halong::RenderText(printed, answers, figures, context.terminal.width);
      break;
    case Format::kHtml:
      out << halong::RenderHtml(printed, answers, figures);
      break;
  }
  return OkStatus();
}

}  // namespace motcua::cli
