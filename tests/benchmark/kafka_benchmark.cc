// What KafkaLog adds to librdkafka: the round trip of records, appended with all acknowledgements
// and read back, and the catch-up of a reader that comes late. Beside each the same with bare
// librdkafka, the floor. Against the brokers that MOTCUA_BENCH_KAFKA names ("host:port";
// scripts/bench starts one), with a topic of its own per run; hold the rows of one run against each
// other.
#include <benchmark/benchmark.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "services/platform/kafka/kafka_log.h"
#include "tests/integration/rocksdb/fake_codec.h"

namespace motcua::kafka {
namespace {

constexpr std::size_t kRecordBytes = 400;
constexpr std::uint32_t kCatchUpRecords = 300'000;
constexpr double kWarmUpSeconds = 5;

KafkaConnection Connection() {
  const char* const brokers = std::getenv("MOTCUA_BENCH_KAFKA");
  return {brokers == nullptr ? "127.0.0.1:9092" : brokers, {}, nullptr};
}

std::string Record(std::uint32_t version) {
  return testing::FakeRecord("000.23.10.H49-201031-0001", version, kRecordBytes);
}

// A new log's topic, or the reason why there is none.
Result<std::string> NewTopic() {
  TopicPlan plan;
  plan.names.case_events = "bench-" + std::to_string(std::random_device()());
  plan.names.case_parties = plan.names.case_events + "-parties";
  plan.names.catalogue = plan.names.case_events + "-catalogue";
  plan.partitions = 1;
  plan.replicas = 1;
  plan.in_sync_min = 1;
  MOTCUA_RETURN_IF_ERROR(CreateTopics(Connection(), plan).status());
  return plan.names.case_events;
}

Result<std::unique_ptr<KafkaLog>> OpenLog(const std::string& topic, const engine::Codec& codec) {
  KafkaLogOptions options;
  options.brokers = Connection().brokers;
  options.topic = topic;
  options.allow_unsafe = true;
  return KafkaLog::Open(std::move(options), codec);
}

// One consumer of partition 0 and one idempotent producer, with KafkaLog's settings where they
// decide the latency, and nothing around them.
struct Bare {
  ClientHandle consumer;
  ClientHandle producer;
  TopicHandle topic;
};
Bare MakeBare(const std::string& topic, std::int64_t from) {
  ConfHandle reading = MakeConf(Connection()).value();
  (void)SetConf(*reading, "fetch.wait.max.ms", "100").ok();
  (void)SetConf(*reading, "check.crcs", "true").ok();
  ConfHandle writing = MakeConf(Connection()).value();
  (void)SetConf(*writing, "enable.idempotence", "true").ok();
  (void)SetConf(*writing, "linger.ms", "0").ok();
  rd_kafka_conf_set_events(writing.get(), RD_KAFKA_EVENT_NONE);
  Bare bare;
  bare.consumer = MakeClient(RD_KAFKA_CONSUMER, std::move(reading)).value();
  bare.producer = MakeClient(RD_KAFKA_PRODUCER, std::move(writing)).value();
  bare.topic.reset(rd_kafka_topic_new(bare.consumer.get(), topic.c_str(), nullptr));
  rd_kafka_consume_start(bare.topic.get(), 0, from);
  return bare;
}

// Reads `count` messages of the bare consumer.
void ReadBare(Bare& bare, std::size_t count) {
  while (count > 0) {
    const MessageHandle message(rd_kafka_consume(bare.topic.get(), 0, 1000));
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) --count;
  }
}

void BareRoundTrip(benchmark::State& state) {
  const Result<std::string> topic = NewTopic();
  if (!topic.ok()) return state.SkipWithError(topic.status().ToString().c_str());
  Bare bare = MakeBare(*topic, 1);
  std::uint32_t version = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      std::string record = Record(++version);
      rd_kafka_producev(bare.producer.get(), RD_KAFKA_V_TOPIC(topic->c_str()),
                        RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY("000.23.10.H49", 13),
                        RD_KAFKA_V_VALUE(record.data(), record.size()), RD_KAFKA_V_END);
    }
    ReadBare(bare, static_cast<std::size_t>(state.range(0)));
    rd_kafka_poll(bare.producer.get(), 0);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  rd_kafka_consume_stop(bare.topic.get(), 0);
}
// First of all rows: a broker that has just started runs slower until its compiler is done.
BENCHMARK(BareRoundTrip)
    ->Arg(1)
    ->Arg(64)
    ->Arg(256)
    ->MinWarmUpTime(kWarmUpSeconds)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

// Wakes the thread that waits for the log, as a service's inbox does.
class Bell {
 public:
  void Ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    heard_.notify_one();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    heard_.wait(lock, [this] { return std::exchange(rung_, false); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable heard_;
  bool rung_ = false;
};

// Reads `count` entries from `from` on; where it came to.
engine::Offset ReadLog(KafkaLog& log, Bell& bell, engine::Offset from, std::size_t count) {
  while (count > 0) {
    const auto chunk = log.Read(0, from).value();
    from = chunk->next;
    count -= std::min(count, chunk->entries.size());
    if (chunk->entries.empty()) bell.Wait();
  }
  return from;
}

void LogRoundTrip(benchmark::State& state) {
  const testing::FakeCodec codec;
  const Result<std::string> topic = NewTopic();
  if (!topic.ok()) return state.SkipWithError(topic.status().ToString().c_str());
  const auto log = OpenLog(*topic, codec).value();
  Bell bell;
  const auto token = log->Watch([&bell] { bell.Ring(); });
  engine::Offset from = 0;
  std::uint32_t version = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      log->Append(0, {Record(++version)}, [](engine::AppendOutcome, const Status&) {});
    }
    from = ReadLog(*log, bell, from, static_cast<std::size_t>(state.range(0)));
  }
  log->Unwatch(token);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(LogRoundTrip)->Arg(1)->Arg(64)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

void AskEnd(benchmark::State& state) {
  const testing::FakeCodec codec;
  const Result<std::string> topic = NewTopic();
  if (!topic.ok()) return state.SkipWithError(topic.status().ToString().c_str());
  const auto log = OpenLog(*topic, codec).value();
  for ([[maybe_unused]] auto _ : state) {
    std::promise<Result<engine::Offset>> end;
    log->AskEnd(0, [&end](const Result<engine::Offset>& told) { end.set_value(told); });
    benchmark::DoNotOptimize(end.get_future().get());
  }
}
BENCHMARK(AskEnd)->UseRealTime()->Unit(benchmark::kMicrosecond);

// A topic with kCatchUpRecords, made once.
const std::string& LongTopic() {
  static const std::string kName = [] {
    const testing::FakeCodec codec;
    const std::string topic = NewTopic().value();
    const auto log = OpenLog(topic, codec).value();
    std::atomic<std::uint32_t> left = kCatchUpRecords / 1000;
    std::promise<void> all;
    std::uint32_t version = 0;
    for (std::uint32_t i = 0; i < kCatchUpRecords / 1000; ++i) {
      std::vector<std::string> records;
      records.reserve(1000);
      for (int r = 0; r < 1000; ++r) records.push_back(Record(++version));
      std::promise<void> done;
      log->Append(0, std::move(records), [&](engine::AppendOutcome, const Status&) {
        done.set_value();
        if (--left == 0) all.set_value();
      });
      done.get_future().wait();
    }
    all.get_future().wait();
    return topic;
  }();
  return kName;
}

void BareCatchUp(benchmark::State& state) {
  const std::string& topic = LongTopic();
  for ([[maybe_unused]] auto _ : state) {
    Bare bare = MakeBare(topic, 1);
    ReadBare(bare, kCatchUpRecords);
    rd_kafka_consume_stop(bare.topic.get(), 0);
  }
  state.SetItemsProcessed(state.iterations() * kCatchUpRecords);
}
BENCHMARK(BareCatchUp)->UseRealTime()->Unit(benchmark::kMillisecond);

void LogCatchUp(benchmark::State& state) {
  const testing::FakeCodec codec;
  const std::string& topic = LongTopic();
  const auto log = OpenLog(topic, codec).value();
  Bell bell;
  const auto token = log->Watch([&bell] { bell.Ring(); });
  for ([[maybe_unused]] auto _ : state) ReadLog(*log, bell, 0, kCatchUpRecords);
  log->Unwatch(token);
  state.SetItemsProcessed(state.iterations() * kCatchUpRecords);
}
BENCHMARK(LogCatchUp)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace motcua::kafka

BENCHMARK_MAIN();
