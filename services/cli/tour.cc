#include "services/cli/tour.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "services/cli/cli.h"
#include "services/cli/session.h"
#include "services/platform/runtime/scope_guard.h"
#include "services/standalone/standalone.h"

namespace motcua::cli {
namespace {

using nlohmann::json;

// A Monday morning of the sample city's year.
constexpr const char* kStart = "2020-10-26T08:00:00+07:00";
constexpr const char* kWard = "000.31.10.H49";
constexpr const char* kCentre = "000.23.10.H49";
// What no command of ours answers for (a reaction, an alert) is waited for so long at most.
constexpr int kPollsMax = 500;
constexpr std::chrono::milliseconds kPollPause{20};

class Guide {
 public:
  Guide(const Terminal& terminal, const std::string& server) : terminal_(terminal) {
    options_.server = server;
  }

  bool failed() const { return failed_; }

  void Chapter(const std::string& text) { terminal_.out << "\n== " << text << " ==\n"; }
  void Note(const std::string& text) { terminal_.out << "\n# " << text << '\n'; }

  // Prints the command and what it prints; its answer.
  std::string Do(const std::vector<std::string>& words) {
    terminal_.out << "\n$ motcua";
    for (const std::string& word : words) terminal_.out << ' ' << word;
    terminal_.out << '\n';
    const std::string answer = Run(words);
    terminal_.out << answer << std::flush;
    return answer;
  }

  // Asks unseen, again until `done`: for what the services do by themselves, and for what another
  // service knows a moment later. The last answer.
  template <typename Done>
  json Await(std::vector<std::string> words, const std::string& what, const Done& done) {
    words.insert(words.end(), {"--format", "json"});
    for (int polls = 0; polls < kPollsMax; ++polls) {
      std::ostringstream out;
      std::ostringstream not_yet;
      const Terminal terminal{out, not_yet, terminal_.width, false};
      if (cli::Run(words, terminal, options_) == kExitDone) {
        json answer = json::parse(out.str(), nullptr, /*allow_exceptions=*/false);
        if (!answer.is_discarded() && done(answer)) return answer;
      }
      std::unique_lock lock(mutex_);
      pause_.wait_for(lock, kPollPause);
    }
    failed_ = true;
    terminal_.err << "waited in vain: " << what << '\n';
    return {};
  }

  void AwaitStage(const std::string& dossier, const std::string& stage) {
    Await({"dossier", "show", dossier}, dossier + " is " + stage,
          [&](const json& answer) { return answer["dossier"]["stage"] == stage; });
  }

  std::string Receive(const std::vector<std::string>& more, const std::string& unit,
                      const std::string& procedure, const std::string& channel) {
    std::vector<std::string> words = {"dossier",     "receive", "--unit",    unit,
                                      "--procedure", procedure, "--channel", channel};
    words.insert(words.end(), more.begin(), more.end());
    const std::string answer = Do(words);
    // The code is the first word that begins with the unit.
    const std::size_t begin = answer.find(unit + "-");
    if (begin == std::string::npos) {
      failed_ = true;
      return "";
    }
    return answer.substr(begin, answer.find_first_of(" \n", begin) - begin);
  }

 private:
  std::string Run(std::vector<std::string> words) {
    std::ostringstream out;
    const Terminal terminal{out, terminal_.err, terminal_.width, false};
    const int exit_code = cli::Run(std::move(words), terminal, options_);
    if (exit_code != kExitDone) failed_ = true;
    return out.str();
  }

  const Terminal& terminal_;
  Options options_;
  bool failed_ = false;
  std::mutex mutex_;
  std::condition_variable pause_;
};

// Every leg of the route by two acts, stage by stage; what runs in parallel is sent together.
void WalkRoute(Guide& guide, const std::string& dossier) {
  const json route = guide.Await({"route", "show", dossier}, "the route of " + dossier,
                                 [](const json& answer) { return !answer["legs"].empty(); });
  if (!route.contains("legs")) return;
  int last_stage = 0;
  for (const json& leg : route["legs"]) last_stage = std::max(last_stage, leg["stage"].get<int>());
  for (int stage = 1; stage <= last_stage; ++stage) {
    std::vector<std::string> numbers;
    for (const json& leg : route["legs"]) {
      if (leg["stage"] == stage) numbers.push_back(std::to_string(leg["leg"].get<int>()));
    }
    for (const char* verb : {"send", "acknowledge", "accept", "complete"}) {
      for (const std::string& number : numbers) {
        guide.Do({"route", verb, dossier, "--leg", number});
      }
    }
  }
  guide.Note("Chặng cuối xong: kết quả tự về bộ phận một cửa.");
  guide.AwaitStage(dossier, "result_ready");
  guide.Do({"route", "show", dossier});
  guide.Do({"dossier", "return", dossier, "--way", "counter"});
  guide.Do({"dossier", "show", dossier});
}

void TourPlain(Guide& guide) {
  guide.Chapter("Hồ sơ giải quyết ngay tại nơi tiếp nhận (plain)");
  const std::string dossier = guide.Receive({}, kWard, "1.000689", "direct");
  guide.Await({"deadline", "show", dossier}, "the clock of " + dossier,
              [](const json&) { return true; });
  guide.Do({"deadline", "show", dossier});
  guide.Note("Thiếu giấy tờ: đồng hồ dừng cho đến khi bổ sung.");
  guide.Do({"dossier", "supplement", "request", dossier, "--papers", "1"});
  guide.Do({"scenario", "set", "2020-10-27T09:00"});
  guide.Do({"dossier", "supplement", "receive", dossier});
  guide.Do({"dossier", "result", dossier});
  guide.Do({"dossier", "return", dossier, "--way", "counter"});
  guide.Do({"dossier", "show", dossier});
}

void TourRoutes(Guide& guide) {
  guide.Chapter("Liên thông dọc hai cấp: phường – thành phố (vertical, two levels)");
  WalkRoute(guide, guide.Receive({}, kWard, "1.001731", "online"));
  guide.Chapter("Liên thông dọc ba cấp: phường – thành phố – sở (vertical, three levels)");
  WalkRoute(guide, guide.Receive({}, kWard, "1.010801", "direct"));
  guide.Chapter("Liên thông ngang: khai sinh, cư trú, thẻ BHYT; hai chặng song song (horizontal)");
  WalkRoute(guide, guide.Receive({}, kWard, "2.000986", "direct"));
}

void TourPost(Guide& guide) {
  guide.Chapter("Trả kết quả qua bưu chính (by post)");
  const std::string dossier = guide.Receive({"--return", "postal"}, kWard, "1.000689", "postal");
  guide.Do({"dossier", "result", dossier});
  guide.Note("Kết quả trả qua bưu chính: bưu gửi tự được đăng ký.");
  guide.Await({"shipment", "show", dossier}, "a shipment of " + dossier, [](const json& answer) {
    return answer.contains("shipment") && answer["shipment"]["state"] == "registered";
  });
  guide.Do({"shipment", "hand-over", dossier, "--item", "EX123456785VN", "--carrier", "vnpost"});
  guide.Do({"shipment", "track", dossier, "--state", "out_for_delivery"});
  guide.Do({"shipment", "deliver", dossier, "--proof", "signature", "--reference", "BBGN-0001"});
  guide.Note("Phát thành công: hồ sơ tự đóng.");
  guide.AwaitStage(dossier, "closed");
  guide.Do({"dossier", "show", dossier});
}

void TourOverdue(Guide& guide) {
  guide.Chapter("Hồ sơ quá hạn (overdue)");
  const std::string dossier = guide.Receive({}, kCentre, "1.000893", "direct");
  guide.Do({"scenario", "set", "2020-11-30T08:00"});
  guide.Await(
      {"alerts", "list", "--unit", kCentre}, "an alert about " + dossier,
      [](const json& answer) { return answer.contains("alerts") && !answer["alerts"].empty(); });
  guide.Do({"alerts", "list", "--unit", kCentre});
  guide.Do({"alerts", "acknowledge", dossier, "--kind", "overdue"});
  guide.Do({"dossier", "result", dossier});
  guide.Do({"dossier", "return", dossier});
}

Status RunTour(const Terminal& terminal) {
  const std::filesystem::path data =
      std::filesystem::temp_directory_path() / ("motcua-tour-" + std::to_string(getpid()));
  const runtime::ScopeGuard clean([&] {
    std::error_code ignored;
    std::filesystem::remove_all(data, ignored);
  });
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime start, ParseZonedTime(kStart));
  standalone::StandaloneOptions options;
  options.data = data;
  options.scenario_start = start.instant;
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<standalone::Standalone> services,
                          standalone::Standalone::Start(std::move(options)));
  terminal.out << "# Dữ liệu mẫu, không có người thật. To repeat by hand:\n"
               << "#   motcua standalone --data /tmp/motcua-tour --scenario " << kStart << '\n'
               << "#   export MOTCUA_SERVER=127.0.0.1:7070\n";
  Guide guide(terminal, services->address());
  guide.Do({"scenario", "show"});
  TourPlain(guide);
  TourRoutes(guide);
  TourPost(guide);
  TourOverdue(guide);
  guide.Chapter("Báo cáo (Biểu II.06a)");
  guide.Do({"report", "06a", "--from", "2020-10-01", "--to", "2020-11-30", "--by", "procedure"});
  if (guide.failed()) return Status(Reason::kInternal, "a step of the tour failed; see above");
  return OkStatus();
}

}  // namespace

void AddTourCommand(CLI::App& app, Context& context) {
  const auto run = [&context] {
    const Status toured = RunTour(context.terminal);
    if (toured.ok()) return;
    context.terminal.err << ErrorLine(toured) << '\n';
    context.exit_code = kExitRefused;
  };
  AddPlainCommand(app, "tour",
                  "Watch one dossier of each kind live its whole life through services of its own; "
                  "every step with its command",
                  run);
}

}  // namespace motcua::cli
