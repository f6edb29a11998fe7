#include "services/replay/driver.h"

#include <algorithm>
#include <latch>
#include <utility>

#include "services/domain/cases/codes.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/status.h"
#include "services/replay/volumes.h"

namespace motcua::replay {
namespace {

using scenario::v1::ScenarioService;

constexpr std::size_t kNobody = SIZE_MAX;
// Of one act that a service cannot take yet.
constexpr std::chrono::milliseconds kAgainAfter{5};
constexpr std::chrono::milliseconds kTick{100};
constexpr std::uint64_t kRefusalsTold = 10;
// No more alerts ring when none has rung for so long.
constexpr std::chrono::milliseconds kQuiet{300};
constexpr std::chrono::milliseconds kQuietMax{5'000};

// The service is away: nobody knows whether the command was taken.
bool IsAway(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED ||
         code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

// It may be taken when the service has read on, or has room again.
bool IsEarly(grpc::StatusCode code) {
  return code == grpc::StatusCode::NOT_FOUND || code == grpc::StatusCode::FAILED_PRECONDITION ||
         code == grpc::StatusCode::ABORTED || code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

}  // namespace

Driver::Driver(const cluster::Directory& directory, const catalogue::Catalogue& catalogue,
               const Plan& plan, DriverOptions options)
    : directory_(directory), plan_(plan), options_(std::move(options)) {
  auto caller = Caller::Make(directory, catalogue, plan);
  if (caller.ok()) caller_ = std::move(caller).value();
  if (!caller.ok()) fatal_ = caller.status();
  for (const cluster::Directory::Instance* instance : directory.instances()) {
    clocks_.push_back(ScenarioService::NewStub(instance->channel));
  }
  codes_.resize(plan.dossiers.size());
  given_up_.resize(plan.dossiers.size());
}

Driver::~Driver() = default;

Tally Driver::tally() const {
  const std::lock_guard lock(mutex_);
  return tally_;
}

// ---- The clock ---------------------------------------------------------------------------------

// Every process has a clock of its own: all are set at once, or an instant of a cluster would take
// as many round trips as it has processes.
Status Driver::SetClock(Instant at) const {
  scenario::v1::SetTimeRequest request;
  request.set_request_id(cases::FormatRequestId(
      cases::DeriveRequestId("replay halong-2020/clock/" + std::to_string(at.micros))));
  rpc::ToProto(at, *request.mutable_set_time());
  struct Call {
    grpc::ClientContext context;
    scenario::v1::SetTimeResponse response;
    grpc::Status status;
  };
  std::vector<Call> calls(clocks_.size());
  // Shared: the last call counts down after this has gone on.
  const auto answered = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(calls.size()));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    Call& call = calls[i];
    call.context.set_deadline(gpr_time_from_seconds(kCallSeconds, GPR_TIMESPAN));
    clocks_[i]->async()->SetTime(&call.context, &request, &call.response,
                                 [&call, answered](grpc::Status status) {
                                   call.status = std::move(status);
                                   answered->count_down();
                                 });
  }
  answered->wait();
  for (const Call& call : calls) MOTCUA_RETURN_IF_ERROR(rpc::FromGrpc(call.status));
  return OkStatus();
}

// From where on acts are to be sent: all before it were answered. The instant of the log's last
// event, for the services' clock may have been started anew. It may also have been set to the next
// instant, of which the log has nothing yet; then acts of the last one are asked for again under
// that clock, and have the same answers.
Result<Instant> Driver::FindInstant() {
  Instant now{0};
  for (const auto& stub : clocks_) {
    MOTCUA_ASSIGN_OR_RETURN(
        const scenario::v1::GetTimeResponse time,
        rpc::Call<scenario::v1::GetTimeResponse>(*stub, &ScenarioService::Stub::GetTime, {}));
    if (!time.scenario()) {
      return Status(Reason::kScenarioOnly,
                    "these services run by the machine's clock; start them with --scenario "
                    "2019-12-02T00:00:00+07:00 (motcua standalone, motcua cluster up)");
    }
    MOTCUA_ASSIGN_OR_RETURN(const Instant at,
                            rpc::ParseTimestamp(time.current_time(), "current_time"));
    now = std::max(now, at);
  }
  intake::v1::ListDossiersRequest request;
  request.set_unit(kCentre);
  request.set_page_size(1);
  request.mutable_read()->set_consistency(common::v1::CONSISTENCY_CURRENT);
  MOTCUA_ASSIGN_OR_RETURN(const intake::v1::ListDossiersResponse listed,
                          directory_.Call<intake::v1::IntakeService>(
                              &intake::v1::IntakeService::Stub::ListDossiers, request));
  MOTCUA_ASSIGN_OR_RETURN(const Instant last,
                          rpc::ParseTimestamp(listed.position().as_of_time(), "as_of_time"));
  const Instant begin = plan_.timetable.start();
  const Instant reached = listed.dossiers().empty() ? begin : std::max(begin, last);
  const auto& acts = plan_.acts;
  const auto next = std::upper_bound(
      acts.begin(), acts.end(), reached,
      [&](Instant when, const Act& act) { return when < plan_.timetable[act.step].at; });
  const bool is_next = next == acts.end() || plan_.timetable[next->step].at >= now;
  if (is_next) clock_ = now;
  // Acts that lie between would be done too late.
  if (now > begin && !is_next) {
    return FieldError("server", "its clock says " + FormatInstant(now) +
                                    ", but its log ends earlier; start it again with --scenario " +
                                    FormatInstant(reached));
  }
  return reached;
}

// Waits until they answer, and tells them the time again: a service that was started anew has the
// clock that it was started with.
Status Driver::AwaitServices(Instant at, bool* was_away) {
  const SteadyTime give_up = std::chrono::steady_clock::now() + options_.patience;
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (const auto* instance : directory_.instances()) channels.push_back(instance->channel);
  while (true) {
    const Status set = SetClock(std::max(at, clock_));
    if (set.ok()) return OkStatus();
    if (was_away != nullptr) *was_away = true;
    if (!DescribeReason(set.reason()).retryable && set.reason() != Reason::kOutcomeUnknown) {
      return set;
    }
    if (stopping_ || std::chrono::steady_clock::now() > give_up) return set;
    rpc::PauseOn(channels, kTick, {});
  }
}

// ---- The acts ----------------------------------------------------------------------------------

Status Driver::Run() {
  MOTCUA_RETURN_IF_ERROR(fatal_);
  MOTCUA_ASSIGN_OR_RETURN(const Instant begin, FindInstant());
  watch_ = std::make_unique<AlertWatch>(*caller_, begin);
  const auto& acts = plan_.acts;
  std::size_t at =
      static_cast<std::size_t>(std::lower_bound(acts.begin(), acts.end(), begin,
                                                [&](const Act& act, Instant when) {
                                                  return plan_.timetable[act.step].at < when;
                                                }) -
                               acts.begin());
  const std::size_t begun = at;
  while (at < acts.size() && !stopping_) {
    const Step step = acts[at].step;
    std::size_t end = at;
    while (end < acts.size() && acts[end].step == step) ++end;
    Status lived = AwaitServices(plan_.timetable[step].at);
    if (lived.ok()) lived = RunInstant(std::span(acts).subspan(at, end - at));
    if (!lived.ok() && stopping_) break;  // told to stop while they were away
    MOTCUA_RETURN_IF_ERROR(lived);
    at = end;
    watch_->Look();
    if (options_.on_step) options_.on_step(plan_.timetable[step].date, begun, at, acts.size());
  }
  if (at == acts.size()) {
    MOTCUA_RETURN_IF_ERROR(AwaitServices(plan_.timetable.finish()));
    AwaitAlerts();
  }
  const std::lock_guard lock(mutex_);
  tally_.stopped = at < acts.size();
  tally_.alerts = watch_->count();
  tally_.received = static_cast<std::uint64_t>(std::count_if(
      acts.begin(), acts.begin() + static_cast<std::ptrdiff_t>(at), [&](const Act& act) {
        return act.kind == ActKind::kReceive &&
               plan_.dossiers[act.dossier].fate != Fate::kWithdrawn;
      }));
  return OkStatus();
}

void Driver::AwaitAlerts() {
  const SteadyTime give_up = std::chrono::steady_clock::now() + kQuietMax;
  std::uint64_t before = 0;
  std::unique_lock lock(mutex_);
  do {
    before = watch_->count();
    changed_.wait_for(lock, kQuiet, [] { return false; });
    watch_->Look();
  } while (watch_->count() != before && std::chrono::steady_clock::now() < give_up);
}

void Driver::Split(std::span<const Act> acts) {
  errands_.clear();
  next_ = 0;
  for (std::size_t i = 0; i < acts.size();) {
    std::size_t end = i;
    while (end < acts.size() && acts[end].dossier == acts[i].dossier) ++end;
    if (given_up_[acts[i].dossier]) {
      tally_.refused += end - i;
    } else {
      errands_.push_back({&acts[i], acts.data() + end, nullptr, {}});
    }
    i = end;
  }
  for (const Note& note : notes_) errands_.push_back({nullptr, nullptr, &note, {}});
}

Status Driver::RunInstant(std::span<const Act> acts) {
  notes_ = watch_->Take();
  std::vector<std::size_t> begin;
  {
    const std::lock_guard lock(mutex_);
    Split(acts);
    answered_ = std::chrono::steady_clock::now();
    while (begin.size() < options_.in_flight && next_ < errands_.size()) begin.push_back(next_++);
    open_ = begin.size();
  }
  for (const std::size_t errand : begin) SendNext(errand);
  std::unique_lock lock(mutex_);
  while (open_ > 0 || !again_.empty()) {
    changed_.wait_for(lock, kAgainAfter, [this] { return open_ == 0 && again_.empty(); });
    if (again_.empty() || (away_ && open_ > 0)) continue;
    if (away_) {
      lock.unlock();
      bool came_back = false;
      Status back = AwaitServices(plan_.timetable[acts.front().step].at, &came_back);
      lock.lock();
      ++turn_;
      away_ = false;
      const SteadyTime now = std::chrono::steady_clock::now();
      if (came_back) answered_ = now;
      // The clock can be set also while the log or a store takes nothing.
      if (back.ok() && (stopping_ || now - answered_ > options_.patience)) back = away_why_;
      if (!back.ok()) {
        again_.clear();
        return back;
      }
      changed_.wait_for(lock, kTick, [] { return false; });
    }
    begin = std::exchange(again_, {});
    if (!fatal_.ok()) continue;
    open_ += begin.size();
    // Those that were not begun with while a service was away.
    while (open_ < options_.in_flight && next_ < errands_.size()) {
      begin.push_back(next_++);
      ++open_;
    }
    lock.unlock();
    for (const std::size_t errand : begin) SendNext(errand);
    lock.lock();
  }
  return fatal_;
}

void Driver::SendNext(std::size_t errand) {
  std::unique_lock lock(mutex_);
  const Errand& present = errands_[errand];
  const std::size_t turn = turn_;
  if (present.note != nullptr) {
    lock.unlock();
    return caller_->Send(*present.note, turn, [this, errand](const Answer& answer) {
      OnAnswered(errand, false, answer);
    });
  }
  const Act& act = *present.next;
  const bool creates = act.kind == ActKind::kReceive || act.kind == ActKind::kRefuse;
  const std::string code = creates ? std::string() : codes_[act.dossier];
  lock.unlock();
  // Received by an earlier run: the same request again gives the same receipt.
  if (!creates && code.empty()) {
    return caller_->Recall(act.dossier, turn, [this, errand](const Answer& answer) {
      OnAnswered(errand, true, answer);
    });
  }
  caller_->Send(act, code, turn,
                [this, errand](const Answer& answer) { OnAnswered(errand, false, answer); });
}

// Whether the services gave the receipt that was planned.
bool Driver::TakeReceipt(const Act& act, bool recalled, const Answer& answer) {
  const Dossier& dossier = plan_.dossiers[act.dossier];
  codes_[act.dossier] = answer.dossier;
  const bool on_time = answer.received == plan_.timetable[dossier.received].at;
  if (recalled && !on_time) {
    fatal_ = FieldError("server", "knows nothing of this replay (seed, scale or store differ)");
    return false;
  }
  return on_time && answer.due == dossier.first_due;
}

void Driver::Refuse(const Errand& errand, const std::string& why) {
  ++tally_.refused;
  if (tally_.refused > kRefusalsTold || !options_.on_refusal) return;
  const std::string what = errand.next == nullptr
                               ? "note of an alert of " + errand.note->dossier
                               : "act " + std::to_string(static_cast<int>(errand.next->kind)) +
                                     " of dossier " + std::to_string(errand.next->dossier + 1) +
                                     " " + codes_[errand.next->dossier];
  options_.on_refusal(what + ": " + why);
}

std::size_t Driver::NextErrand() {
  const bool may_begin = !away_ && fatal_.ok() && next_ < errands_.size();
  return may_begin ? next_++ : kNobody;
}

std::size_t Driver::Advance(std::size_t errand) {
  Errand& present = errands_[errand];
  present.early_since.reset();
  if (present.next != nullptr && ++present.next != present.end) return errand;
  return NextErrand();
}

bool Driver::IsToWait(Errand& errand) const {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!errand.early_since) errand.early_since = now;
  return now - *errand.early_since < options_.patience;
}

void Driver::OnAnswered(std::size_t errand, bool recalled, const Answer& answer) {
  std::size_t next = kNobody;
  {
    const std::lock_guard lock(mutex_);
    Errand& present = errands_[errand];
    const bool is_note = present.next == nullptr;
    const grpc::StatusCode code = answer.status.error_code();
    const bool waits = !is_note && !recalled && present.next->kind == ActKind::kAwaitResult;
    const bool early = (answer.status.ok() && waits && !answer.ready) ||
                       (!is_note && IsEarly(code)) || code == grpc::StatusCode::ABORTED ||
                       code == grpc::StatusCode::RESOURCE_EXHAUSTED;
    if (!IsAway(code)) answered_ = std::chrono::steady_clock::now();
    if (IsAway(code)) {
      away_ = true;
      away_why_ = rpc::FromGrpc(answer.status);
      again_.push_back(errand);
    } else if (early && IsToWait(present)) {
      again_.push_back(errand);
    } else if (answer.status.ok() && !early) {
      const bool receipt = !is_note && (recalled || present.next->kind == ActKind::kReceive);
      const bool as_planned = !receipt || TakeReceipt(*present.next, recalled, answer);
      if (!as_planned && fatal_.ok()) Refuse(present, "not received or due when it was planned");
      if (!waits && !recalled) ++tally_.commands;
      next = recalled && fatal_.ok() ? errand : Advance(errand);
    } else {
      // The dossier may have ended before somebody took note of its alert.
      if (!is_note) {
        Refuse(present,
               answer.status.ok() ? "its result did not come" : answer.status.error_message());
        given_up_[present.next->dossier] = true;
        present.next = present.end - 1;
      }
      next = Advance(errand);
    }
    if (next == kNobody) --open_;
    if (open_ == 0) changed_.notify_all();
  }
  if (next != kNobody) SendNext(next);
}

}  // namespace motcua::replay
