#include "services/replay/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "services/cli/cli.h"
#include "services/cli/progress.h"
#include "services/cli/session.h"
#include "services/cli/text_width.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/runtime/scope_guard.h"
#include "services/platform/runtime/signals.h"
#include "services/platform/telemetry/log.h"
#include "services/replay/driver.h"
#include "services/replay/list.h"
#include "services/replay/online.h"
#include "services/standalone/standalone.h"

namespace motcua::replay {
namespace {

using nlohmann::ordered_json;

struct Flags {
  std::string history;
  std::uint64_t seed = PlanOptions{}.seed;
  double scale = 1;
  std::string data;
  std::string list;
  bool dry_run = false;
  bool served = false;  // by services that run already
};

Result<OnlineProcedures> SampleOnline() {
  for (const catalogue::CatalogueFile& file : catalogue::BuiltinCatalogueFiles()) {
    if (file.path == "procedures.csv") return ReadOnline(file.text);
  }
  return Status(Reason::kInternal, "the sample catalogue has no procedures.csv");
}

Status WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file.good()) return OkStatus();
  return Status(Reason::kFileUnreadable, "cannot write " + path.string(),
                {{"file", path.string()}});
}

// A store goes on with the replay that it was begun with, and no other.
Status KeepToStore(const std::filesystem::path& data, const PlanOptions& options) {
  const std::filesystem::path path = data / "replay.json";
  const ordered_json mine = {
      {"history", "halong-2020"}, {"seed", options.seed}, {"scale", options.scale}};
  std::ifstream file(path);
  if (!file.is_open()) {
    std::error_code failed;
    std::filesystem::create_directories(data, failed);
    if (failed) return FieldError("--data", data.string() + ": " + failed.message());
    // Whole or not at all: half of it would be another replay's for good.
    const std::filesystem::path partial = data / "replay.json.partial";
    std::filesystem::remove(partial, failed);
    if (!std::filesystem::is_empty(data, failed) || failed) {
      return FieldError("--data", data.string() + " holds something else than a replay");
    }
    MOTCUA_RETURN_IF_ERROR(WriteText(partial, mine.dump() + "\n"));
    std::filesystem::rename(partial, path, failed);
    if (!failed) return OkStatus();
    return Status(Reason::kFileUnreadable, "cannot write " + path.string(),
                  {{"file", path.string()}});
  }
  std::stringstream text;
  text << file.rdbuf();
  if (ordered_json::parse(text.str(), nullptr, /*allow_exceptions=*/false) == mine) {
    return OkStatus();
  }
  return FieldError("--data", "holds another replay: " + text.str());
}

// The services, with the folder that they leave nothing of where none was named.
class OwnServices {
 public:
  static Result<std::unique_ptr<OwnServices>> Start(const std::string& data, const Plan& plan) {
    std::unique_ptr<OwnServices> own(new OwnServices);
    own->keeps_ = !data.empty();
    own->data_ = data;
    if (data.empty()) {
      std::string folder =
          (std::filesystem::temp_directory_path() / "motcua-replay-XXXXXX").string();
      if (mkdtemp(folder.data()) == nullptr) {
        return Status(Reason::kFileUnreadable, "cannot make a folder like " + folder);
      }
      own->data_ = folder;
    }
    MOTCUA_RETURN_IF_ERROR(KeepToStore(own->data_, plan.options));
    telemetry::ConfigureLog({.level = telemetry::LogLevel::kWarning});  // beside the progress
    standalone::StandaloneOptions options;
    options.data = own->data_;
    options.scenario_start = plan.timetable.start();
    MOTCUA_ASSIGN_OR_RETURN(own->services_, standalone::Standalone::Start(std::move(options)));
    return own;
  }
  ~OwnServices() {
    services_.reset();
    std::error_code ignored;
    if (!keeps_) std::filesystem::remove_all(data_, ignored);
  }
  OwnServices(const OwnServices&) = delete;
  OwnServices& operator=(const OwnServices&) = delete;

  std::string address() const { return services_->address(); }

 private:
  OwnServices() = default;

  bool keeps_ = false;
  std::filesystem::path data_;
  std::unique_ptr<standalone::Standalone> services_;
};

void Print(cli::Context& context, const Tally& tally, double seconds) {
  std::ostream& out = context.terminal.out;
  if (context.options.format == cli::Format::kJson) {
    out << ordered_json({{"received", tally.received},
                         {"commands", tally.commands},
                         {"alerts", tally.alerts},
                         {"seconds", seconds},
                         {"refused", tally.refused}})
               .dump()
        << '\n';
    return;
  }
  const auto line = [&](const char* heading, std::uint64_t count) {
    out << cli::PadRight(heading, 20) << "  "
        << cli::PadLeft(cli::FormatCount(static_cast<long long>(count)), 11) << '\n';
  };
  line("Hồ sơ đã tiếp nhận", tally.received);
  line("Lệnh", tally.commands);
  line("Cảnh báo", tally.alerts);
  line("Không như dự kiến", tally.refused);
  line("Giây", static_cast<std::uint64_t>(std::llround(seconds)));
}

// Runs to the end, or until the user interrupts.
// `stays`: what the services have, when this program ends.
Status Live(cli::Context& context, const Plan& plan, const catalogue::Catalogue& catalogue,
            bool stays) {
  MOTCUA_ASSIGN_OR_RETURN(const cli::Session session, cli::Session::Open(context));
  const auto start = std::chrono::steady_clock::now();
  cli::ProgressBar bar(context.terminal.err, context.terminal.err_is_terminal, start, "lệnh");
  DriverOptions options;
  double fraction = 0;
  options.on_step = [&](CivilDate day, std::size_t begun, std::size_t done, std::size_t of) {
    bar.GoOnFrom(static_cast<double>(begun) / static_cast<double>(of));
    fraction = static_cast<double>(done) / static_cast<double>(of);
    bar.Update(fraction, done - begun, std::chrono::steady_clock::now(), FormatDate(day));
  };
  options.on_refusal = [&](const std::string& line) {
    context.terminal.err << "note: " + line + "\n";
  };
  Driver driver(session.directory(), catalogue, plan, std::move(options));
  runtime::SignalWaiter interrupt;
  std::thread waiter([&] {
    if (interrupt.Wait() != 0) driver.Stop();
  });
  const Status ran = driver.Run();
  interrupt.Wake();
  waiter.join();
  const auto end = std::chrono::steady_clock::now();
  const Tally tally = driver.tally();
  bar.Finish(fraction, tally.commands, end);
  MOTCUA_RETURN_IF_ERROR(ran);
  if (tally.stopped) {
    context.terminal.err << (stays ? "stopped; the same command goes on from here\n"
                                   : "stopped; nothing is kept without --data\n");
    context.exit_code = cli::kExitRefused;
  }
  if (tally.refused != 0) context.exit_code = cli::kExitRefused;
  Print(context, tally, std::chrono::duration<double>(end - start).count());
  return OkStatus();
}

Status Replay(cli::Context& context, const Flags& flags) {
  MOTCUA_ASSIGN_OR_RETURN(const OnlineProcedures online, SampleOnline());
  const auto catalogue = catalogue::BuiltinCatalogue();
  const PlanOptions options{.seed = flags.seed,
                            .scale = std::llround(flags.scale * static_cast<double>(kScaleWhole))};
  MOTCUA_ASSIGN_OR_RETURN(const Plan plan, MakePlan(*catalogue, online, options));
  if (!flags.list.empty()) {
    MOTCUA_RETURN_IF_ERROR(WriteText(flags.list, ListCsv(plan, *catalogue)));
  }
  if (flags.dry_run) return OkStatus();
  // Before the first thread, so that the interrupt is waited for and nothing breaks off.
  runtime::BlockSignals();
  std::unique_ptr<OwnServices> own;
  if (!flags.served) {
    MOTCUA_ASSIGN_OR_RETURN(own, OwnServices::Start(flags.data, plan));
    context.options.server = own->address();
    context.options.cluster.clear();
  }
  return Live(context, plan, *catalogue, flags.served || !flags.data.empty());
}

}  // namespace

void AddReplayCommand(CLI::App& app, cli::Context& context) {
  CLI::App& command = cli::AddCommand(
      app, context, "replay",
      "Live through a history from its printed report, dossier by dossier, under the clock of its "
      "time. Figures are the report's, everything else is invented; no people. Starts services of "
      "its own unless --server or --cluster names some that run with --scenario. Interrupted, the "
      "same command with --data goes on where it stopped.",
      "motcua replay halong-2020 --data /tmp/halong\n  motcua replay halong-2020 --scale 0.01 "
      "--format json");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option("history", flags->history, "halong-2020: Hạ Long city, January to October 2020")
      ->required()
      ->check(CLI::IsMember({"halong-2020"}));
  command.add_option("--seed", flags->seed, "of what is invented")->capture_default_str();
  command.add_option("--scale", flags->scale, "of the report's totals, 0.001 to 1")
      ->capture_default_str()
      ->check(CLI::Range(static_cast<double>(kScaleLeast) / static_cast<double>(kScaleWhole), 1.0));
  command.add_option("--data", flags->data,
                     "folder of the services' log and state stores, which stays (default: a "
                     "temporary one)");
  command.add_option("--list", flags->list, "write one CSV row for each dossier of the plan");
  command.add_flag("--dry-run", flags->dry_run, "only make the plan, and its list");
  command.callback([&app, &command, &context, flags] {
    for (const char* option : {"--server", "--cluster"}) {
      for (const CLI::App* at : {&app, &command}) {
        flags->served = flags->served || at->get_option(option)->count() > 0;
      }
    }
    if (flags->served && !flags->data.empty()) {
      return cli::ReportError(
          context,
          FieldError("--data", "is for services of its own, not with --server or --cluster"));
    }
    const Status replayed = Replay(context, *flags);
    if (!replayed.ok()) cli::ReportError(context, replayed);
  });
}

}  // namespace motcua::replay
