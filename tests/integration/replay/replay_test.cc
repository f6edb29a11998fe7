// Goal: the ten months of Hạ Long pass through the running services, and what they report is the
//       generator's own list, cell by cell: in one go; stopped and gone on with; with the server
//       killed on the way.
// Method: the real program at a smaller scale; its list counted here, and by a script that knows
//         nothing of us; Biểu II.06a by unit, field, procedure and channel.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "services/base/bytes.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "services/platform/rocksdb/store_view.h"
#include "tests/integration/replay/report.h"

namespace motcua::testing {
namespace {

json LastLine(const Ran& ran) { return json::parse(ran.out, nullptr, false); }

// Of the program's own plan, without the services.
std::string ListOf(const TempDir& temp, const std::string& scale) {
  const std::string file = (temp.path() / "list.csv").string();
  EXPECT_EQ(Motcua("", Replay(scale, {"--dry-run", "--list", file})).exit_code, 0);
  return ReadText(file);
}

TEST(Replay, TheListAloneHasEveryPrintedFigure) {
  const TempDir temp;
  for (const std::string scale : {"1", "0.1", "0.02"}) {
    const std::string file = (temp.path() / "list.csv").string();
    ASSERT_EQ(Motcua("", Replay(scale, {"--dry-run", "--list", file})).exit_code, 0);
    runtime::Child recount({"/usr/bin/env", "python3", kRecount, file, "--scale", scale},
                           "/dev/null");
    const std::string said = recount.ReadAll();
    EXPECT_EQ(recount.Wait(), 0) << scale << "\n" << said;
  }
}

TEST(Replay, TheServicesReportTheListCellByCell) {
  const TempDir temp;
  const std::string data = (temp.path() / "data").string();
  const std::string list = (temp.path() / "list.csv").string();
  const Ran ran = Motcua("", Replay("0.1", {"--data", data, "--list", list}), data + ".log");
  ASSERT_EQ(ran.exit_code, 0) << ran.out << ReadText(data + ".log");
  const json last = LastLine(ran);
  EXPECT_EQ(last["received"], 28'880 + 27);
  EXPECT_GT(last["commands"], 100'000);
  EXPECT_GT(last["alerts"], 1'000);
  EXPECT_EQ(last["refused"], 0);

  Services services(data, {"--scenario", kStart});
  ASSERT_FALSE(services.address().empty()) << services.log();
  ExpectReports({"--server", services.address()}, ReadText(list));
  // The same again changes nothing.
  EXPECT_NE(Motcua("", Replay("0.1", {"--data", data, "--seed", "7"})).exit_code, 0);
}

// How many dossiers the services have received.
int Received(const std::string& server) {
  const Ran ran = Motcua(
      server, {"report", "06a", "--from", "2019-12-01", "--to", "2020-10-31", "--format", "json"});
  const json answer = Json(ran);
  return answer.contains("total") ? answer["total"]["received"]["total"].get<int>() : 0;
}

// Until `count` are received, or the replay has ended.
void AwaitReceived(const std::string& server, runtime::Child& replay, int count) {
  while (replay.running() && Received(server) < count) std::this_thread::yield();
}

std::vector<std::string> Program(std::vector<std::string> words) {
  words.insert(words.begin(), kMotcua);
  return words;
}

TEST(Replay, EndsTheSameWhenItWasStoppedAndTheServerKilled) {
  const TempDir temp;
  const std::string data = (temp.path() / "data").string();
  const std::string list = ListOf(temp, "0.02");
  constexpr int kAll = 5'781;
  auto services = std::make_unique<Services>(data, std::vector<std::string>{"--scenario", kStart});
  ASSERT_FALSE(services->address().empty()) << services->log();
  const std::string server = services->address();
  const std::vector<std::string> replay = Program(Replay("0.02", {"--server", server}));

  runtime::Child first(replay, data + ".first");
  AwaitReceived(server, first, kAll / 4);
  first.Signal(SIGINT);
  EXPECT_EQ(first.Wait(), 1) << ReadText(data + ".first");
  EXPECT_LT(Received(server), kAll);

  runtime::Child second(replay, data + ".second");
  AwaitReceived(server, second, kAll / 2);
  services->process().Kill();
  services->process().Wait();
  runtime::Child again(
      {kMotcua, "standalone", "--data", data, "--listen", server, "--scenario", kStart},
      data + ".log");
  ASSERT_EQ(again.ReadLine(), "ready " + server) << ReadText(data + ".log");
  const std::string said = second.ReadAll();
  EXPECT_EQ(second.Wait(), 0) << said << ReadText(data + ".second");
  EXPECT_EQ(json::parse(said)["refused"], 0);
  ExpectReports({"--server", server}, list);
  // Once more, with the clock at the end and the log's last event before it.
  const Ran repeated = Motcua(server, Replay("0.02", {}));
  EXPECT_EQ(repeated.exit_code, 0) << repeated.out;
  EXPECT_EQ(LastLine(repeated)["refused"], 0);
  ExpectReports({"--server", server}, list);
}

TEST(Replay, StopsWhenToldWhileTheServerIsAway) {
  const TempDir temp;
  const std::string data = (temp.path() / "data").string();
  Services services(data, {"--scenario", kStart});
  ASSERT_FALSE(services.address().empty()) << services.log();
  runtime::Child replay(Program(Replay("0.02", {"--server", services.address()})), data + ".told");
  AwaitReceived(services.address(), replay, 100);
  services.process().Kill();
  services.process().Wait();
  replay.Signal(SIGINT);
  EXPECT_EQ(replay.Wait(), 1);
  EXPECT_NE(ReadText(data + ".told").find("stopped; "), std::string::npos)
      << ReadText(data + ".told");
}

// With what the services' counters say of the log there.
Ran Verify(const std::string& data, const std::string& errors = "") {
  return Motcua("",
                {"report", "verify", "--data", data, "--from", "2019-12-01", "--to", "2020-12-31"},
                errors);
}

// Makes each counter of stopped reporting one more than it should be.
void SpoilCounters(const std::filesystem::path& folder) {
  std::string format;
  {
    const auto view = rocks::StoreView::Open(folder);
    ASSERT_TRUE(view.ok()) << view.status().ToString();
    format = (*view)->format();
  }
  auto store = rocks::RocksStore::Open(folder, {.format = format});
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  std::vector<engine::StoreWrite> spoiled;
  ASSERT_TRUE((*store)
                  ->Scan("XC", "XD",
                         [&](std::string_view key, std::string_view value) {
                           std::string more;
                           AppendLittleEndian(more, ReadLittleEndian(value) + 1);
                           spoiled.push_back({std::string(key), more});
                           return true;
                         })
                  .ok());
  ASSERT_FALSE(spoiled.empty());
  ASSERT_TRUE((*store)->Write(spoiled).ok());
  ASSERT_TRUE((*store)->Close().ok());
}

TEST(Replay, ItsLogIsRecountedAndCountersThatAreWrongOrBehindAreTold) {
  const TempDir temp;
  const std::string data = (temp.path() / "data").string();
  const std::string errors = (temp.path() / "errors").string();
  ASSERT_EQ(Motcua("", Replay("0.001", {"--data", data})).exit_code, 0);
  const Ran right = Verify(data, errors);
  EXPECT_EQ(right.exit_code, 0) << right.out << ReadText(errors);
  EXPECT_NE(right.out.find("of 290 dossiers are what the log says"), std::string::npos)
      << right.out;
  EXPECT_NE(right.out.find("13 months balance"), std::string::npos) << right.out;
  EXPECT_NE(right.out.find("adds up to the whole exactly"), std::string::npos) << right.out;

  const std::filesystem::path counters = data + "/reporting";
  const auto copy = std::filesystem::copy_options::recursive;
  std::filesystem::copy(counters, temp.path() / "before", copy);
  std::filesystem::copy(counters, temp.path() / "spoiled", copy);
  SpoilCounters(temp.path() / "spoiled");
  std::filesystem::remove_all(counters);
  std::filesystem::rename(temp.path() / "spoiled", counters);
  const Ran wrong = Verify(data, errors);
  EXPECT_EQ(wrong.exit_code, 1) << wrong.out;
  EXPECT_NE(wrong.out.find("by date / channel / (all) / received.total: log 290, service "),
            std::string::npos)
      << wrong.out;
  EXPECT_NE(ReadText(errors).find("INTERNAL"), std::string::npos) << ReadText(errors);
  EXPECT_NE(ReadText(errors).find("the log is right"), std::string::npos) << ReadText(errors);

  // Folded anew they are right, also with one dossier more.
  std::filesystem::remove_all(counters);
  {
    Services services(data, {"--scenario", kStart});
    ASSERT_FALSE(services.address().empty()) << services.log();
    EXPECT_EQ(Motcua(services.address(), {"dossier", "receive", "--unit", "000.23.10.H49",
                                          "--procedure", "1.000893", "--channel", "online"})
                  .exit_code,
              0);
    services.process().Signal(SIGTERM);
    services.process().Wait();
  }
  EXPECT_EQ(Verify(data).exit_code, 0);
  std::filesystem::remove_all(counters);
  std::filesystem::rename(temp.path() / "before", counters);
  const Ran behind = Verify(data, errors);
  EXPECT_EQ(behind.exit_code, 3) << behind.out;
  EXPECT_NE(ReadText(errors).find("reporting lacks 1 of the log's"), std::string::npos)
      << ReadText(errors);
}

TEST(Replay, RefusesAFolderOfSomethingElse) {
  const TempDir temp;
  const std::string errors = (temp.path() / "errors").string();
  const std::string data = (temp.path() / "data").string();
  std::filesystem::create_directories(data + "/log");
  EXPECT_NE(Motcua("", Replay("0.001", {"--data", data}), errors).exit_code, 0);
  EXPECT_NE(ReadText(errors).find("something else than a replay"), std::string::npos)
      << ReadText(errors);
  EXPECT_NE(Motcua("127.0.0.1:1", Replay("0.001", {"--data", data}), errors).exit_code, 0);
  EXPECT_NE(ReadText(errors).find("--data"), std::string::npos) << ReadText(errors);
}

TEST(Replay, RefusesServicesOfAnotherClock) {
  const TempDir temp;
  Services services(temp.path() / "data");
  ASSERT_FALSE(services.address().empty()) << services.log();
  const std::string errors = (temp.path() / "errors").string();
  EXPECT_EQ(Motcua(services.address(), Replay("0.001", {}), errors).exit_code, 1);
  EXPECT_NE(ReadText(errors).find("SCENARIO_ONLY"), std::string::npos) << ReadText(errors);

  Services late(temp.path() / "late", {"--scenario", "2020-05-01T08:00:00+07:00"});
  ASSERT_FALSE(late.address().empty()) << late.log();
  EXPECT_EQ(Motcua(late.address(), Replay("0.001", {}), errors).exit_code, 1);
}

}  // namespace
}  // namespace motcua::testing
