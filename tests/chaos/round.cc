#include "tests/chaos/round.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <random>
#include <sstream>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "services/engine/partition.h"
#include "services/platform/kafka/topics.h"
#include "tests/support/await.h"

namespace motcua::chaos {
namespace {

constexpr std::chrono::seconds kAskDeadline{2};
constexpr std::chrono::seconds kReadMax{60};
constexpr std::chrono::microseconds kQuiet = 2 * engine::kReactionRetryDelay;
constexpr std::size_t kFindingsPrintedMax = 20;
// Proxies of brokers listen so far above them, clear of the ports that the system hands out.
constexpr int kProxyPortOffset = 500;

std::uint64_t NumberOf(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

Result<std::unique_ptr<Round>> Round::Start(RoundOptions options) {
  std::unique_ptr<Round> round(new Round(std::move(options)));
  MOTCUA_RETURN_IF_ERROR(round->Begin());
  return round;
}

Status Round::Begin() {
  seed_ = NumberOf("MOTCUA_CHAOS_SEED", std::random_device{}());
  std::cout << "MOTCUA_CHAOS_SEED=" << seed_ << '\n' << std::flush;
  MOTCUA_RETURN_IF_ERROR(BeginKafka());
  MOTCUA_RETURN_IF_ERROR(BeginServices());
  LoadOptions load = options_.load;
  load.seed = seed_;
  load_ = std::make_unique<Load>(directory_, std::move(load));
  load_->Start();
  return OkStatus();
}

Status Round::BeginKafka() {
  const int offset = options_.proxies ? kProxyPortOffset : 0;
  MOTCUA_ASSIGN_OR_RETURN(
      kafka_, testing::KafkaCluster::Start(options_.brokers, testing::KafkaSecurity::kPlaintext,
                                           offset, options_.broker_environment));
  if (options_.proxies) {
    std::stringstream addresses(kafka_->bootstrap());
    for (std::string address; std::getline(addresses, address, ',');) {
      const int port = std::stoi(address.substr(address.rfind(':') + 1));
      MOTCUA_ASSIGN_OR_RETURN(
          auto proxy, testing::TcpProxy::Start("127.0.0.1:" + std::to_string(port - offset), port));
      broker_proxies_.push_back(std::move(proxy));
    }
  }
  kafka::KafkaConnection connection;
  connection.brokers = kafka_->bootstrap();
  kafka::TopicPlan plan;
  plan.partitions = options_.partitions;
  plan.replicas = options_.brokers;
  plan.in_sync_min = options_.brokers > 1 ? 2 : 1;
  // That Kafka cannot be had is said by Start; from here on everything has to work.
  const auto made = kafka::CreateTopics(connection, plan);
  return made.ok() ? OkStatus() : Status(Reason::kInternal, made.status().ToString());
}

Status Round::BeginServices() {
  cli::LocalClusterOptions services;
  services.data = temp_ / "services";
  services.programs = MOTCUA_BIN_DIR;
  if (!options_.programs.empty()) services.programs = options_.programs;
  services.brokers = kafka_->bootstrap();
  services.partitions = options_.partitions;
  services.instances = options_.instances;
  services.environment = options_.environment;
  if (options_.brokers == 1) services.flags.emplace_back("--kafka-allow-unsafe=true");
  MOTCUA_ASSIGN_OR_RETURN(cluster_, cli::LocalCluster::Start(std::move(services)));
  cluster::ClusterFile addresses = cluster_->addresses();
  for (auto& [service, instances] : addresses.services) {
    for (std::size_t i = 0; options_.proxies && i < instances.size(); ++i) {
      MOTCUA_ASSIGN_OR_RETURN(auto proxy, testing::TcpProxy::Start(instances[i]));
      instances[i] = proxy->address();
      service_proxies_[{service, static_cast<int>(i)}] = std::move(proxy);
    }
  }
  MOTCUA_ASSIGN_OR_RETURN(directory_, cluster::Directory::OfCluster(addresses, {}));
  return OkStatus();
}

Round::~Round() {
  if (!finished_ && load_) static_cast<void>(load_->Stop());
}

void Round::AwaitAnswers(std::size_t more) {
  EXPECT_TRUE(load_->AwaitAnswers(more, options_.patience))
      << "clients were not served within " << options_.patience.count() << " s";
}

void Round::AwaitCopies() const {
  const auto in_sync = [this] {
    return AllCopiesInSync(kafka_->bootstrap(), kafka::TopicNames().case_events);
  };
  EXPECT_TRUE(testing::Await(in_sync, options_.patience)) << "a copy does not catch up";
}

void Round::Endure(std::chrono::milliseconds duration) {
  testing::Await([] { return false; }, duration);
}

void Round::Run(const Fault& fault) {
  SCOPED_TRACE(fault.name);
  load_->books().BeginPhase(fault.name);
  AwaitAnswers();
  fault.strike();
  AwaitAnswers();
  const PhaseFigures figures = Figures();
  std::cout << fault.name << ": " << figures.answered << " answered, " << figures.retries
            << " retries, at most " << figures.tries_max << " tries, unavailable "
            << figures.unavailable.count() << " ms\n"
            << std::flush;
}

void Round::RunAll(std::vector<Fault> faults) {
  const std::size_t wanted =
      std::max<std::size_t>(faults.size(), NumberOf("MOTCUA_CHAOS_ROUNDS", 0));
  std::mt19937_64 random(seed_);
  for (std::size_t done = 0; done < wanted; ++done) {
    if (done % faults.size() == 0) std::shuffle(faults.begin(), faults.end(), random);
    Run(faults[done % faults.size()]);
    if (::testing::Test::HasFailure()) return;
  }
}

bool Round::Ask(const std::string& service, int ordinal,
                admin::v1::GetInstanceResponse& answer) const {
  for (const cluster::Directory::Instance* instance : directory_->instances()) {
    if (instance->service != service || instance->ordinal != ordinal) continue;
    const auto stub = admin::v1::InstanceService::NewStub(instance->channel);
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + kAskDeadline);
    return stub->GetInstance(&context, admin::v1::GetInstanceRequest(), &answer).ok();
  }
  return false;
}

// Where the partitions end, if everything is read by everybody and nothing is under way; else which
// instance is not so far, and why.
Result<Round::Ends> Round::QuietEnds() const {
  Ends ends;
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < options_.instances; ++ordinal) {
      const std::string name = std::string(service) + "-" + std::to_string(ordinal);
      const auto busy = [&name](const std::string& why) {
        return Status(Reason::kBehind, name + " " + why);
      };
      admin::v1::GetInstanceResponse answer;
      if (!Ask(std::string(service), ordinal, answer)) return busy("does not answer");
      if (answer.services_size() != 1) return busy("is not one service");
      const auto& instance = answer.services(0);
      for (const auto& partition : instance.partitions()) {
        if (!partition.failure().empty()) return busy("cannot go on: " + partition.failure());
      }
      if (!instance.serving()) return busy("does not serve: " + instance.failure());
      for (const auto& partition : instance.partitions()) {
        const std::uint64_t end =
            ends.emplace(partition.partition(), partition.end_offset()).first->second;
        if (partition.events_in_flight() != 0) {
          return busy("waits for " + std::to_string(partition.events_in_flight()) +
                      " events of its own");
        }
        if (partition.next_offset() != end || partition.end_offset() != end) {
          return busy("stands at " + std::to_string(partition.next_offset()) + " of " +
                      std::to_string(partition.end_offset()) + ", another's end is " +
                      std::to_string(end));
        }
      }
    }
  }
  return ends;
}

// A reaction that was refused is not under way until it is tried again, and an instance knows of
// the log's end what was told it up to a second ago: the ends must stay for longer than both.
Result<std::vector<Partition>> Round::AwaitQuietTopic() const {
  using Clock = std::chrono::steady_clock;
  std::optional<Ends> ends;
  Clock::time_point since;
  Result<std::vector<Partition>> read = Status(Reason::kBehind, "not asked yet");
  testing::Await(
      [&] {
        Result<Ends> now = QuietEnds();
        if (!now.ok()) {
          ends.reset();
          read = now.status().Prefixed("the instances do not come to the log's end");
          return false;
        }
        if (ends != *now) since = Clock::now();
        ends = *std::move(now);
        if (Clock::now() - since < kQuiet) return false;
        read = ReadTopic(kafka_->bootstrap(), kafka::TopicNames().case_events,
                         static_cast<int>(options_.partitions), kReadMax);
        if (!read.ok()) return true;
        const auto behind = std::find_if(ends->begin(), ends->end(), [&](const auto& end) {
          return (*read)[end.first].size() != end.second;
        });
        if (behind == ends->end()) return true;
        read =
            Status(Reason::kBehind,
                   "the topic has " + std::to_string((*read)[behind->first].size()) +
                       " records where the instances stand at " + std::to_string(behind->second));
        return false;
      },
      options_.patience);
  return read;
}

void Round::StopServices() {
  // All together, or each would take its time alone.
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < options_.instances; ++ordinal) {
      cluster_->Signal(std::string(service), ordinal, SIGTERM);
    }
  }
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < options_.instances; ++ordinal) {
      cluster_->Stop(std::string(service), ordinal);
    }
  }
}

Verdict Round::Account() {
  finished_ = true;
  Verdict verdict;
  if (!load_->Stop()) verdict.findings.emplace_back("commands are left without an answer");
  const auto partitions = AwaitQuietTopic();
  if (!partitions.ok()) {
    verdict.findings.push_back(partitions.status().ToString());
    return verdict;
  }
  LogModel log;
  for (const Partition& partition : *partitions) log.Fold(partition);
  CheckBooks(load_->books(), log, verdict);
  CheckReports(*directory_, load_->books(), log, verdict);
  StopServices();
  CheckFolds(*cluster_, options_.instances, *partitions, log, verdict);
  PrintTable(verdict);
  std::cout << load_->books().commands().size() << " commands, " << log.accepted_count()
            << " events accepted, " << log.ignored_count() << " ignored, " << log.dossier_count()
            << " dossiers, " << verdict.late_copies << " late copies of refused commands\n"
            << std::flush;
  return verdict;
}

void Round::Finish() {
  const Verdict verdict = Account();
  for (std::size_t i = 0; i < verdict.findings.size() && i < kFindingsPrintedMax; ++i) {
    ADD_FAILURE() << verdict.findings[i];
  }
  EXPECT_EQ(verdict.findings.size(), 0U);
}

void Round::PrintTable(const Verdict& verdict) const {
  constexpr int kNameWidth = 44;
  constexpr int kWidth = 12;
  std::cout << std::left << std::setw(kNameWidth) << "fault" << std::right << std::setw(kWidth)
            << "commands" << std::setw(kWidth) << "retries" << std::setw(kWidth) << "away ms"
            << std::setw(kWidth) << "lost" << std::setw(kWidth) << "doubled" << '\n';
  const std::vector<PhaseFigures> figures = load_->books().Figures();
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const auto found = verdict.by_phase.find(i);
    const Losses losses = found == verdict.by_phase.end() ? Losses{} : found->second;
    std::cout << std::left << std::setw(kNameWidth) << figures[i].name << std::right
              << std::setw(kWidth) << figures[i].commands << std::setw(kWidth) << figures[i].retries
              << std::setw(kWidth) << figures[i].unavailable.count() << std::setw(kWidth)
              << losses.lost << std::setw(kWidth) << losses.doubled << '\n';
  }
  std::cout << std::flush;
}

}  // namespace motcua::chaos
