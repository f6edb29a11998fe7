#include "services/platform/cluster/directory.h"

#include <algorithm>

#include "services/domain/cases/codes.h"
#include "services/engine/partition.h"
#include "services/platform/grpc/calls.h"

namespace motcua::cluster {
namespace {

using google::protobuf::Message;

std::int64_t SteadyNow() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

// "intake" of "motcua.intake.v1.IntakeService": which process serves it. People are at the counter.
std::string_view ShortName(std::string_view service_name) {
  const std::size_t begin = service_name.find('.') + 1;
  const std::string_view name = service_name.substr(begin, service_name.find('.', begin) - begin);
  return name == "parties" ? "intake" : name;
}

bool IsOfEveryProcess(std::string_view service) {
  return std::find(kServices.begin(), kServices.end(), service) == kServices.end();
}

}  // namespace

Status Directory::Add(const std::string& service, int ordinal, const rpc::ChannelOptions& options) {
  MOTCUA_ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::OpenChannel(options));
  auto entry = std::make_unique<Entry>();
  entry->instance = {service, ordinal, options.address, std::move(channel)};
  entries_.push_back(std::move(entry));
  return OkStatus();
}

Result<std::shared_ptr<const Directory>> Directory::OfServer(const rpc::ChannelOptions& server) {
  std::shared_ptr<Directory> directory(new Directory());
  MOTCUA_RETURN_IF_ERROR(directory->Add("", 0, server));
  return std::shared_ptr<const Directory>(std::move(directory));
}

Result<std::shared_ptr<const Directory>> Directory::OfCluster(const ClusterFile& file,
                                                              const rpc::ChannelOptions& options) {
  std::shared_ptr<Directory> directory(new Directory());
  directory->partitions_ = file.partitions;
  for (const auto& [service, addresses] : file.services) {
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      rpc::ChannelOptions instance = options;
      instance.address = addresses[i];
      MOTCUA_RETURN_IF_ERROR(directory->Add(service, static_cast<int>(i), instance));
    }
  }
  return std::shared_ptr<const Directory>(std::move(directory));
}

std::vector<const Directory::Instance*> Directory::Find(std::string_view service_name,
                                                        std::string_view unit) const {
  const std::string_view service = ShortName(service_name);
  const bool every = IsOfEveryProcess(service);
  std::vector<const Entry*> found;
  for (const auto& entry : entries_) {
    const std::string& of = entry->instance.service;
    if (of.empty() || of == service || every) found.push_back(entry.get());
  }
  if (found.empty()) return {};
  const std::size_t first = unit.empty() ? turn_.fetch_add(1, std::memory_order_relaxed)
                                         : engine::PartitionOf(cases::UnitCode(unit), partitions_);
  std::rotate(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(first % found.size()),
              found.end());
  const std::int64_t now = SteadyNow();
  std::stable_partition(found.begin(), found.end(), [now](const Entry* entry) {
    return entry->avoid_until.load(std::memory_order_relaxed) <= now;
  });
  std::vector<const Instance*> instances;
  instances.reserve(found.size());
  for (const Entry* entry : found) instances.push_back(&entry->instance);
  return instances;
}

std::vector<const Directory::Instance*> Directory::instances() const {
  std::vector<const Instance*> instances;
  instances.reserve(entries_.size());
  for (const auto& entry : entries_) instances.push_back(&entry->instance);
  return instances;
}

bool Directory::AwaitConnection(std::string_view service_name,
                                std::chrono::milliseconds patience) const {
  constexpr std::chrono::milliseconds kTurn{100};
  const auto end = std::chrono::steady_clock::now() + patience;
  do {
    for (const Instance* instance : Find(service_name, "")) {
      const auto turn_end = std::chrono::system_clock::now() + kTurn;
      if (instance->channel->WaitForConnected(turn_end)) return true;
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

void Directory::PauseOn(const std::vector<const Instance*>& instances,
                        std::chrono::milliseconds pause, const std::stop_token& stop) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  channels.reserve(instances.size());
  for (const Instance* instance : instances) channels.push_back(instance->channel);
  rpc::PauseOn(channels, pause, stop);
}

void Directory::Avoid(const Instance& instance) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&instance](const auto& at) {
    return &at->instance == &instance;
  });
  if (entry == entries_.end()) return;
  (*entry)->avoid_until.store(SteadyNow() + kAvoidFor / std::chrono::nanoseconds(1),
                              std::memory_order_relaxed);
}

Status Directory::Unknown(std::string_view service_name) {
  return Status(Reason::kNotServing,
                "the cluster file names no instance of " + std::string(ShortName(service_name)));
}

Status Directory::Call(const Message& request, Message& response,
                       const rpc::CallPolicy& policy) const {
  const rpc::Method& method = rpc::MethodOf(request);
  const auto try_once = [&](const Instance& instance, grpc::ClientContext& context) {
    response.Clear();
    return rpc::CallOnce(instance.channel, method, context, request, response);
  };
  if (method.kind == rpc::MethodKind::kCommand && IsOfEveryProcess(ShortName(method.service))) {
    for (const Instance* instance : instances()) {
      MOTCUA_RETURN_IF_ERROR(CallInTurn({instance}, policy, try_once).Prefixed(instance->address));
    }
    return OkStatus();
  }
  return CallEach(method.service, rpc::UnitOf(request), policy, try_once);
}

Status Directory::CallEach(std::string_view service_name, std::string_view unit,
                           rpc::CallPolicy policy, const Try& try_once) const {
  const std::vector<const Instance*> found = Find(service_name, unit);
  if (found.empty()) return Unknown(service_name);
  return CallInTurn(found, std::move(policy), try_once);
}

Status Directory::CallInTurn(const std::vector<const Instance*>& found, rpc::CallPolicy policy,
                             const Try& try_once) const {
  if (found.size() > 1) {
    policy.instances = static_cast<int>(found.size());
    policy.try_deadline = std::min(policy.try_deadline, kNextInstanceAfter);
  }
  if (!policy.pause) {
    policy.pause = [&found, stop = policy.stop](std::chrono::milliseconds pause) {
      PauseOn(found, pause, stop);
    };
  }
  rpc::Retrier retrier(policy);
  for (std::size_t next = 0;; ++next) {
    const Instance& instance = *found[next % found.size()];
    grpc::ClientContext context;
    retrier.Prepare(context);
    const grpc::Status status = try_once(instance, context);
    if (status.ok()) return OkStatus();
    if (rpc::Retrier::IsOfInstance(status)) Avoid(instance);
    if (!retrier.Again(status)) return rpc::FromGrpc(status);
  }
}

}  // namespace motcua::cluster
