// Goal: what Prometheus scrapes is well-formed, complete and true: every metric of metrics.h and no
// other, each series once, counters that only grow, histograms that add up.
// Method: an exporter over counters set by hand, scraped over HTTP by a plain socket; every line of
// the answer taken apart by a parser of its own.
#include "services/platform/telemetry/exporter.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "services/base/check.h"
#include "services/platform/telemetry/metrics.h"

namespace motcua::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The whole answer to a request, head and body.
std::string Http(int port, const std::string& method, const std::string& path) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  MOTCUA_CHECK(socket_fd >= 0, "no socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    EXPECT_EQ(send(socket_fd, request.data(), request.size(), 0),
              static_cast<ssize_t>(request.size()));
    char buffer[4096];
    ssize_t got = 0;
    while ((got = recv(socket_fd, buffer, sizeof buffer, 0)) > 0) {
      answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  close(socket_fd);
  return answer;
}

// A text of Prometheus, taken apart; anything that is not in its grammar fails the test.
struct Scraped {
  std::map<std::string, std::string> types;  // by family
  std::map<std::string, std::string> helps;
  std::map<std::string, double> samples;  // by series: name{labels}
};

void ReadSample(const std::string& line, Scraped& scraped) {
  static const std::regex kSample(
      R"(([a-z_]+)(\{([a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*)\})? (\S+))");
  std::smatch match;
  ASSERT_TRUE(std::regex_match(line, match, kSample)) << line;
  const std::string name = match[1];
  std::string family = name;
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    const std::string stem = name.substr(0, name.size() - std::string(suffix).size());
    if (name.ends_with(suffix) && scraped.types.contains(stem)) family = stem;
  }
  ASSERT_TRUE(scraped.types.contains(family)) << line << " has no TYPE before it";
  ASSERT_EQ(scraped.types[family] == "histogram", family != name) << line;
  char* end = nullptr;
  const std::string number = match[5];
  const double value = std::strtod(number.c_str(), &end);
  ASSERT_EQ(*end, '\0') << line;
  ASSERT_TRUE(scraped.samples.emplace(name + match[2].str(), value).second) << line << ", twice";
}

Scraped Parse(const std::string& body) {
  Scraped scraped;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string kind;
    std::string name;
    if (!line.starts_with("#")) {
      ReadSample(line, scraped);
      continue;
    }
    std::string rest;
    words >> hash >> kind >> name;
    std::getline(words >> std::ws, rest);
    EXPECT_TRUE(kind == "HELP" || kind == "TYPE") << line;
    auto& kept = kind == "HELP" ? scraped.helps : scraped.types;
    EXPECT_TRUE(kept.emplace(name, rest).second) << line << ", twice";
  }
  return scraped;
}

class ExporterTest : public ::testing::Test {
 protected:
  ExporterTest() {
    Result<std::unique_ptr<Exporter>> exporter = Exporter::Start("127.0.0.1:0");
    EXPECT_TRUE(exporter.ok()) << exporter.status().ToString();
    exporter_ = std::move(*exporter);
    for (const char* name : {"intake", "deadline"}) {
      exporter_->AddService({name, metrics_, commands_, [this] { return partitions_; },
                             [] { return std::uint64_t{4096}; }});
    }
    calls_.AddMethod("/motcua.intake.v1.IntakeService/ReceiveDossier");
    exporter_->AddCalls(calls_);
    exporter_->AddCalendars(
        [] { return std::vector<CalendarReading>{{"vn-state", 400}, {"post", 0}}; });
  }

  Scraped Scrape() const {
    const std::string answer = Http(exporter_->port(), "GET", "/metrics");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
    return Parse(answer.substr(answer.find("\r\n\r\n") + 4));
  }

  engine::Metrics metrics_;
  CommandMeter commands_;
  CallMeter calls_;
  std::vector<engine::PartitionReading> partitions_ = {{0, 7, 10}, {1, 3, 3}};
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(ExporterTest, ExportsEveryMetricOfTheHeaderAndNoOther) {
  const std::map<MetricKind, std::string> kinds = {{MetricKind::kCounter, "counter"},
                                                   {MetricKind::kGauge, "gauge"},
                                                   {MetricKind::kHistogram, "histogram"}};
  const Scraped scraped = Scrape();
  std::set<std::string> expected;
  for (const MetricRow& row : kMetrics) {
    const std::string name(row.name);
    EXPECT_TRUE(expected.insert(name).second) << name << ", twice";
    EXPECT_THAT(name, StartsWith("motcua_"));
    ASSERT_TRUE(scraped.types.contains(name)) << name;
    EXPECT_EQ(scraped.types.at(name), kinds.at(row.kind)) << name;
    EXPECT_EQ(scraped.helps.at(name), row.help) << name;
    EXPECT_EQ(name.ends_with("_total"), row.kind == MetricKind::kCounter) << name;
    EXPECT_FALSE(row.unit.empty()) << name;
  }
  EXPECT_EQ(scraped.types.size(), expected.size());
}

// One of each counter, and one more for every label that there can be.
TEST_F(ExporterTest, EverySeriesHasTheLabelsOfItsRow) {
  for (auto& refused : metrics_.refused) ++refused;
  calls_.Find("/motcua.intake.v1.IntakeService/ReceiveDossier")->Add(0, std::chrono::seconds(1));
  const Scraped scraped = Scrape();
  std::set<std::string> seen;
  for (const auto& [series, value] : scraped.samples) {
    const std::string name = series.substr(0, series.find('{'));
    for (const MetricRow& row : kMetrics) {
      const std::string stem(row.name);
      const bool histogram = row.kind == MetricKind::kHistogram;
      if (name != stem && !(histogram && name.starts_with(stem + "_"))) continue;
      seen.insert(stem);
      std::string labels;
      const std::regex label_name("([a-z_]+)=\"");
      for (std::sregex_iterator at(series.begin(), series.end(), label_name), end; at != end;
           ++at) {
        if ((*at)[1] != "le") labels += (labels.empty() ? "" : ",") + (*at)[1].str();
      }
      EXPECT_EQ(labels, row.labels) << series;
    }
  }
  EXPECT_EQ(seen.size(), kMetrics.size()) << "a metric without any series";
}

TEST_F(ExporterTest, SaysWhatTheSourcesSay) {
  metrics_.commands = 12;
  metrics_.refused[static_cast<std::size_t>(Reason::kOverloaded)] = 5;
  metrics_.events[static_cast<std::size_t>(engine::Acceptance::kStale)] = 2;
  metrics_.alerts_raised = 4;
  std::map<std::string, double> samples = Scrape().samples;
  EXPECT_EQ(samples.at("motcua_commands_total{service=\"intake\"}"), 12);
  EXPECT_EQ(samples.at("motcua_commands_refused_total{service=\"intake\",reason=\"OVERLOADED\"}"),
            5);
  EXPECT_EQ(samples.at("motcua_alerts_raised_total{service=\"deadline\"}"), 4);
  EXPECT_EQ(samples.at("motcua_partition_lag_records{service=\"intake\",partition=\"0\"}"), 3);
  EXPECT_EQ(samples.at("motcua_partition_lag_records{service=\"intake\",partition=\"1\"}"), 0);
  EXPECT_EQ(samples.at("motcua_partition_end_offset{service=\"intake\",partition=\"0\"}"), 10);
  EXPECT_EQ(samples.at("motcua_store_bytes{service=\"intake\"}"), 4096);
  EXPECT_EQ(samples.at("motcua_calendar_decided_days{calendar=\"vn-state\"}"), 400);
  EXPECT_EQ(samples.at("motcua_calendar_decided_days{calendar=\"post\"}"), 0);
  const std::string stale(engine::AcceptanceName(engine::Acceptance::kStale));
  EXPECT_EQ(samples.at("motcua_events_read_total{service=\"intake\",acceptance=\"" + stale + "\"}"),
            2);
}

TEST_F(ExporterTest, HistogramsAddUp) {
  MethodMeter& method = *calls_.Find("/motcua.intake.v1.IntakeService/ReceiveDossier");
  EXPECT_EQ(calls_.Find("/motcua.intake.v1.IntakeService/Made"), nullptr);
  method.Add(0, std::chrono::microseconds(200));  // on a bound: within it
  method.Add(0, std::chrono::microseconds(201));
  method.Add(0, std::chrono::seconds(100));
  method.Add(0, std::chrono::seconds(-1));  // counts as nothing
  method.Add(4711, std::chrono::seconds(1));
  const std::string labels = R"({method="motcua.intake.v1.IntakeService/ReceiveDossier",code=")";
  std::map<std::string, double> samples = Scrape().samples;
  const auto bucket = [&](const std::string& bound) {
    return samples.at("motcua_rpc_duration_seconds_bucket" + labels + "OK\",le=\"" + bound + "\"}");
  };
  EXPECT_EQ(bucket("0.0002"), 2);
  EXPECT_EQ(bucket("0.0005"), 3);
  EXPECT_EQ(bucket("10"), 3);
  EXPECT_EQ(bucket("+Inf"), 4);
  EXPECT_EQ(samples.at("motcua_rpc_duration_seconds_count" + labels + "OK\"}"), 4);
  EXPECT_NEAR(samples.at("motcua_rpc_duration_seconds_sum" + labels + "OK\"}"), 100.000401, 1e-9);
  EXPECT_EQ(samples.at("motcua_rpc_duration_seconds_count" + labels + "UNKNOWN\"}"), 1);
}

TEST_F(ExporterTest, CountersOnlyGrowWhileTheyAreWritten) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) {
      ++metrics_.commands;
      ++metrics_.events[0];
      commands_.answered.Add(std::chrono::milliseconds(3));
    }
  });
  Scraped before = Scrape();
  constexpr int kScrapes = 20;
  for (int i = 0; i < kScrapes; ++i) {
    const Scraped after = Scrape();
    for (const auto& [series, value] : before.samples) {
      const std::string name = series.substr(0, series.find('{'));
      if (before.types.contains(name) && before.types.at(name) == "gauge") continue;
      EXPECT_GE(after.samples.at(series), value) << series;
    }
    before = after;
  }
  stop = true;
  writer.join();
}

TEST_F(ExporterTest, AnswersProbesAndNothingElse) {
  const std::string health = Http(exporter_->port(), "GET", "/healthz");
  EXPECT_THAT(health, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(health.ends_with("\r\n\r\nok\n")) << health;
  EXPECT_THAT(Http(exporter_->port(), "POST", "/metrics"), StartsWith("HTTP/1.1 405"));
  for (const char* path : {"/", "/etc/passwd", "/../../etc/passwd", "/metrics/more"}) {
    EXPECT_THAT(Http(exporter_->port(), "GET", path), ::testing::Not(StartsWith("HTTP/1.1 200")))
        << path;
  }
}

TEST(Exporter, RefusesWhatItCannotListenOn) {
  const Result<std::unique_ptr<Exporter>> first = Exporter::Start("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  const std::string taken = "127.0.0.1:" + std::to_string((*first)->port());
  for (const std::string& listen :
       {taken, std::string("9464"), std::string(":9464"), std::string("127.0.0.1:9464s"),
        std::string("127.0.0.1:99999"), std::string("127.0.0.1:0,127.0.0.1:0"),
        std::string("no.such.host.invalid:0")}) {
    const Status status = Exporter::Start(listen).status();
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid) << listen;
    EXPECT_THAT(status.message(), StartsWith("metrics.listen: ")) << listen;
  }
}

}  // namespace
}  // namespace motcua::telemetry
