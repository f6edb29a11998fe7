// motcua admin export
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "services/admin/commands.h"
#include "services/admin/export_log.h"
#include "services/admin/open_log.h"
#include "services/admin/output_file.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardOutput = "-";
constexpr std::string_view kScratchSuffix = ".scratch";

struct ExportFlags {
  LogFlags log;
  ExportFormat format = ExportFormat::kXes;
  ExportLanguage language = ExportLanguage::kEnglish;
  std::string to;
  std::string scratch;
  std::vector<std::string> units;
  std::string from_day;
  std::string to_day;
  bool recorded_times = false;
};

Result<ExportOptions> OptionsOf(const ExportFlags& flags) {
  ExportOptions options;
  options.format = flags.format;
  options.history = {flags.language, flags.recorded_times};
  for (const std::string& text : flags.units) {
    MOTCUA_ASSIGN_OR_RETURN(options.units.emplace_back(), cases::ParseUnitCode(text));
  }
  if (!flags.from_day.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(options.from, ParseDate(flags.from_day));
  }
  if (!flags.to_day.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(options.to, ParseDate(flags.to_day));
  }
  // Beside the file: where the export has room, its rows have, too.
  options.scratch =
      !flags.scratch.empty()
          ? fs::path(flags.scratch) / ("motcua-export-" + std::to_string(::getpid()))
      : flags.to == kStandardOutput
          ? fs::temp_directory_path() / ("motcua-export-" + std::to_string(::getpid()))
          : fs::path(flags.to + std::string(kScratchSuffix));
  return options;
}

class ExportBars {
 public:
  explicit ExportBars(const cli::Terminal& terminal) : terminal_(terminal) {}

  void Update(ExportStep step, std::uint64_t done, std::uint64_t total) {
    const auto now = cli::ProgressBar::Clock::now();
    if (step_ != step) {
      step_ = step;
      terminal_.err << (step == ExportStep::kRead ? "reading the log" : "writing the dossiers")
                    << '\n';
      bar_.emplace(terminal_.err, terminal_.err_is_terminal, now);
    }
    const double fraction = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
    if (done == total) {
      bar_->Finish(fraction, done, now);
    } else {
      bar_->Update(fraction, done, now);
    }
  }

 private:
  const cli::Terminal& terminal_;
  std::optional<ExportStep> step_;
  std::optional<cli::ProgressBar> bar_;
};

void Say(const ExportCounts& counts, const ExportFlags& flags, const RecordSource& log,
         std::ostream& out) {
  out << "exported " << counts.dossiers << " dossiers, " << counts.events << " events";
  if (flags.format == ExportFormat::kOcel) {
    out << ", " << counts.objects << " objects, " << counts.relations << " relations of events, "
        << counts.object_relations << " of objects";
  }
  out << "; " << counts.accepted << " of " << counts.records << " records of log " << log.log_id()
      << " accepted\n";
}

Status Run(const ExportFlags& flags, cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const ExportOptions options, OptionsOf(flags));
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordSource> log, OpenLog(flags.log));
  std::unique_ptr<TextOutput> out;
  if (flags.to == kStandardOutput) {
    out = std::make_unique<StreamOutput>(context.terminal.out);
  } else {
    MOTCUA_ASSIGN_OR_RETURN(out, FileOutput::Open(flags.to));
  }
  ExportBars bars(context.terminal);
  const Result<ExportCounts> counts =
      ExportLog(*log, options, *out, [&](ExportStep step, std::uint64_t done, std::uint64_t total) {
        bars.Update(step, done, total);
      });
  std::error_code ignored;
  fs::remove_all(options.scratch, ignored);
  MOTCUA_RETURN_IF_ERROR(counts.status());
  MOTCUA_RETURN_IF_ERROR(out->Finish());
  Say(*counts, flags, *log,
      flags.to == kStandardOutput ? context.terminal.err : context.terminal.out);
  return OkStatus();
}

}  // namespace

void AddExportCommand(CLI::App& admin, cli::Context& context) {
  static const std::map<std::string, ExportFormat> kFormats = {{"xes", ExportFormat::kXes},
                                                               {"ocel", ExportFormat::kOcel}};
  static const std::map<std::string, ExportLanguage> kLanguages = {
      {"en", ExportLanguage::kEnglish}, {"vi", ExportLanguage::kVietnamese}};
  CLI::App& command = *admin.add_subcommand(
      "export", "The accepted events of a log for process mining: XES or OCEL 2.0");
  const auto flags = std::make_shared<ExportFlags>();
  command.add_option("--format", flags->format, "xes (IEEE 1849-2023) or ocel (OCEL 2.0, JSON)")
      ->transform(CLI::CheckedTransformer(kFormats).description(""))
      ->type_name("xes|ocel")
      ->required();
  command.add_option("--to", flags->to, "file, gzipped if it ends in .gz; - is standard output")
      ->required();
  AddLogFlags(command, flags->log);
  command.add_option("--unit", flags->units, "dossiers that this unit received; may be repeated");
  command.add_option("--from", flags->from_day, "dossiers received on this day or later");
  command.add_option("--until", flags->to_day, "dossiers received on this day or earlier");
  command
      .add_option("--lang", flags->language, "activities and code lists in English or Vietnamese")
      ->transform(CLI::CheckedTransformer(kLanguages).description(""))
      ->type_name("en|vi")
      ->default_str("en");
  command.add_flag("--recorded-times", flags->recorded_times,
                   "imported dossiers by the moments that their register recorded, instead of the "
                   "moment of the import");
  command.add_option("--scratch", flags->scratch,
                     "folder for rows that are sorted on the disk; else beside the file");
  command.footer(
      "Reads as far as the log went when it began. Histories are whole: --from and --until choose "
      "dossiers,\nnot events. The file appears when it is complete.\n"
      "Example: motcua admin export --data /var/lib/motcua --format xes --to case-log.xes.gz");
  SetRun(command, context, [flags, &context] { return Run(*flags, context); });
}

}  // namespace motcua::admin
