#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kFrom{"--from", "query.from_date",
                         "first day of the period, by each dossier's own clock", Need::kRequired};
constexpr Argument kTo{"--to", "query.to_date", "last day of the period", Need::kRequired};
constexpr Argument kBy{"--by", "query.by", "what the rows are about; the unit when not said"};
constexpr Argument kUnit{"--unit", "query.unit", "only this receiving unit"};
constexpr Argument kAsOf{
    .flag = "--as-of",
    .field = "query.as_of_time",
    .help =
        "what a report made then said: an instant like 2016-01-13T00:00-05:00, without an "
        "offset in --zone, or the evening of a day, like 2020-04-15; the end of the period, "
        "as it is known today, when not said",
    .whole_days = true};
constexpr Argument kVerdict{
    "--verdict", "query.verdict",
    "what counts as late: days are compared (the form's rule), or instants"};

constexpr Argument kWithdrawn{"--withdrawn-on-time", "query.merge_withdrawn",
                              "count withdrawn dossiers as on time, as the form's note has it"};

constexpr CommandRow kRows[] = {
    {.path = "report 06a",
     .method = "motcua.reporting.v1.ReportingService.GetStatusReport",
     .help = "Biểu II.06a/VPCP/KSTT: received, resolved and open dossiers, and the on-time rates",
     .arguments = {kFrom, kTo, kBy, kUnit, kAsOf, kVerdict, kWithdrawn},
     .example =
         "motcua report 06a --from 2015-01-01 --to 2015-06-30 --as-of 2016-01-13T00:00-05:00",
     .run = ShowStatusReport},
    {.path = "report lateness",
     .method = "motcua.reporting.v1.ReportingService.GetLatenessReport",
     .help = "Where the late ones got late: agency, citizen or carrier, by leg and unit",
     .arguments = {kFrom, kTo, kUnit, kAsOf, kVerdict},
     .example = "motcua report lateness --from 2020-01-01 --to 2020-10-31",
     .run = ShowLateness},
    {.path = "report halong",
     .method = "motcua.reporting.v1.ReportingService.GetStatusReport",
     .help = "What Hạ Long's report of 2020 says of dossiers (III.3.1, annex 5), counted anew and "
             "beside each printed figure = or the slip by name; --format html is a page with "
             "charts",
     .example = "motcua report halong --format html > halong-2020.html",
     .run = ShowHalong,
     .writes_html = true},
    {.path = "report verdicts",
     .method = "motcua.reporting.v1.ReportingService.ListStatusDossiers",
     .help = "The register's own verdicts beside ours, row for row; refused (exit status 1) if one "
             "differs",
     .arguments = {Text("FILE", "TEXT", "the register, .csv or .csv.gz", Need::kRequired),
                   Text("--id-column", "TEXT", "column of the case's id", Need::kOptional,
                        "case_id"),
                   Text("--verdict-column", "TEXT", "column of the verdict", Need::kOptional,
                        "official_status"),
                   Text("--group-column", "TEXT", "column of the rows of the table",
                        Need::kOptional, "department"),
                   Text("--on-time-word", "TEXT", "what the verdict says of a case on time",
                        Need::kOptional, "ONTIME"),
                   Text("--late-word", "TEXT", "what it says of a late one", Need::kOptional,
                        "OVERDUE"),
                   kFrom, kTo, kBy, kUnit, kAsOf, kVerdict, kWithdrawn},
     .example = "motcua report verdicts tests/data/boston311-2015h1.csv.gz --from 2015-01-01 --to "
                "2016-01-12 --as-of 2016-01-13T00:00-05:00 --verdict instant",
     .run = CompareVerdicts},
    {.path = "report dossiers",
     .method = "motcua.reporting.v1.ReportingService.ListStatusDossiers",
     .help = "The dossiers behind a number of report 06a, or of report lateness",
     .arguments = {kFrom,
                   kTo,
                   kBy,
                   kUnit,
                   kAsOf,
                   kVerdict,
                   kWithdrawn,
                   {"--key", "key", "the row: unit code, field, procedure or channel"},
                   {"--column", "column", "the number of that row; every dossier when not said"},
                   {"--late-in", "late_in",
                    "only those that got late there, as report lateness counts them"},
                   {"--late-leg", "late_leg", "of --late-in, the number of the leg"},
                   {"--late-unit", "late_unit", "of --late-in, the agency's unit"}},
     .headings = {{"Mã hồ sơ", "dossier"},
                  {"Thủ tục", "procedure"},
                  {"Hẹn trả", "due"},
                  {"Có kết quả", "resolved"},
                  {"Tính là", "state_column"},
                  {"Mã ở nguồn", "source_id"}},
     .example = "motcua report dossiers --from 2015-01-01 --to 2015-06-30 --key "
                "000.00.17.X11 --column resolved_late --limit 20"},
};

}  // namespace

std::span<const CommandRow> ReportCommands() { return kRows; }

}  // namespace motcua::cli
