// A wall clock that a test can step. Preloaded into a process (LD_PRELOAD), it adds to
// CLOCK_REALTIME what stands in the file that CHAOS_CLOCK_FILE names: nanoseconds, one
// std::int64_t. The file is mapped, so a write to it steps the clock of a running process.
// Monotonic clocks are left alone. wall_clock.h is the other side. (A variable that begins with
// MOTCUA_ would be a setting, and refused as an unknown one.)
//
// What waits until an instant of the wall clock must wait as over a real step: set ahead, the wait
// ends; set back, it lasts. The kernel, which does not know of our clock, is asked in short turns,
// each of which ends as a wake without a cause where a call may have one. (libfaketime shifts the
// clock for what reads it, but neither the futex waits of abseil and gRPC nor the cnd_timedwait of
// librdkafka, so that with it both would wait for an hour by mistake.)
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

using Nanos = std::int64_t;
using Shift = std::atomic<Nanos>;
static_assert(Shift::is_always_lock_free && sizeof(Shift) == sizeof(Nanos));

constexpr Nanos kSecond = 1'000'000'000;
constexpr Nanos kMicro = 1'000;
constexpr Nanos kLookInterval = kSecond / 5;
constexpr std::time_t kSecondsMax = INT64_MAX / kSecond - 1;

// Without the file there is nothing to do here, and a test that goes on would prove nothing.
const Shift* Map() {
  const char* const name = std::getenv("CHAOS_CLOCK_FILE");  // NOLINT(concurrency-mt-unsafe)
  const int file = name == nullptr ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) std::abort();
  void* const page = mmap(nullptr, sizeof(Shift), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (page == MAP_FAILED) std::abort();  // NOLINT(*-no-int-to-ptr)
  return static_cast<const Shift*>(page);
}

Nanos ShiftNow() {
  static const Shift* const kShift = Map();
  return kShift->load(std::memory_order_relaxed);
}

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int RealClock(clockid_t clock, timespec* now) {
  static auto* const kReal = Real<int(clockid_t, timespec*)>("clock_gettime");
  return kReal(clock, now);
}

Nanos ToNanos(const timespec& time) {
  if (time.tv_sec > kSecondsMax) return INT64_MAX;
  return time.tv_sec * kSecond + time.tv_nsec;
}

timespec ToTimespec(Nanos nanos) { return {nanos / kSecond, nanos % kSecond}; }

Nanos RealNow() {
  timespec now{};
  RealClock(CLOCK_REALTIME, &now);
  return ToNanos(now);
}

Nanos Now() { return RealNow() + ShiftNow(); }

// By the machine's own clock: when a wait until `deadline` is over, or has to look again.
timespec NextLook(const timespec& deadline) {
  const Nanos left = ToNanos(deadline) - Now();
  return ToTimespec(RealNow() + std::clamp<Nanos>(left, 0, kLookInterval));
}

bool IsPast(const timespec& deadline) { return Now() >= ToNanos(deadline); }

// By which clock a condition's timed waits go: it was chosen when the condition was made (the JVM's
// go by the monotonic one), and glibc keeps it in a bit for which there is no call.
constexpr unsigned kMonotonicBit = 2;
clockid_t ClockOf(const pthread_cond_t& condition) {
  return (condition.__data.__wrefs & kMonotonicBit) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

// Another glibc might keep it elsewhere.
[[gnu::constructor]] void ProveClockOf() {
  for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC}) {
    pthread_condattr_t attributes;
    pthread_cond_t condition;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, clock);
    pthread_cond_init(&condition, &attributes);
    if (ClockOf(condition) != clock) std::abort();
    pthread_cond_destroy(&condition);
    pthread_condattr_destroy(&attributes);
  }
}

bool WaitsByWallClock(long operation) {
  return (operation & FUTEX_CLOCK_REALTIME) != 0 &&
         (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming,cert-dcl50-cpp,readability-inconsistent-declaration-*)
extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int result = RealClock(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    *now = ToTimespec(ToNanos(*now) + ShiftNow());
  }
  return result;
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
  const Nanos nanos = Now();
  *now = {nanos / kSecond, nanos % kSecond / kMicro};
  return 0;
}

std::time_t time(std::time_t* out) noexcept {
  const std::time_t now = Now() / kSecond;
  if (out != nullptr) *out = now;
  return now;
}

int timespec_get(timespec* now, int base) noexcept {
  if (base != TIME_UTC) return 0;
  *now = ToTimespec(Now());
  return base;
}

// The clock is the wait's, not the condition's.
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* deadline) {
  static auto* const real =
      Real<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>(
          "pthread_cond_clockwait");
  if (clock != CLOCK_REALTIME) return real(condition, mutex, clock, deadline);
  const timespec look = NextLook(*deadline);
  const int result = real(condition, mutex, clock, &look);
  return result == ETIMEDOUT && !IsPast(*deadline) ? 0 : result;
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* deadline) {
  return pthread_cond_clockwait(condition, mutex, ClockOf(*condition), deadline);
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* deadline) {
  static auto* const real = Real<int(cnd_t*, mtx_t*, const timespec*)>("cnd_timedwait");
  const timespec look = NextLook(*deadline);
  const int result = real(condition, mutex, &look);
  return result == thrd_timedout && !IsPast(*deadline) ? thrd_success : result;
}

// From here on calls that have no wake without a cause.
int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  static auto* const real = Real<int(sem_t*, clockid_t, const timespec*)>("sem_clockwait");
  if (clock != CLOCK_REALTIME) return real(semaphore, clock, deadline);
  for (;;) {
    const timespec look = NextLook(*deadline);
    const int result = real(semaphore, clock, &look);
    if (result == 0 || errno != ETIMEDOUT || IsPast(*deadline)) return result;
  }
}

int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  return sem_clockwait(semaphore, CLOCK_REALTIME, deadline);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                            const timespec* deadline) noexcept {
  static auto* const real =
      Real<int(pthread_mutex_t*, clockid_t, const timespec*)>("pthread_mutex_clocklock");
  if (clock != CLOCK_REALTIME) return real(mutex, clock, deadline);
  for (;;) {
    const timespec look = NextLook(*deadline);
    const int result = real(mutex, clock, &look);
    if (result != ETIMEDOUT || IsPast(*deadline)) return result;
  }
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, deadline);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* until, timespec* left) {
  static auto* const real =
      Real<int(clockid_t, int, const timespec*, timespec*)>("clock_nanosleep");
  if (clock != CLOCK_REALTIME || (flags & TIMER_ABSTIME) == 0) {
    return real(clock, flags, until, left);
  }
  for (;;) {
    const timespec look = NextLook(*until);
    const int result = real(clock, flags, &look, left);
    if (result != 0 || IsPast(*until)) return result;
  }
}

// A timer rings in the kernel, where nobody can look again: none of the programs sets one to an
// instant, and one that begins to shall be noticed.
int timer_settime(timer_t timer, int flags, const itimerspec* value, itimerspec* old) noexcept {
  static auto* const real =
      Real<int(timer_t, int, const itimerspec*, itimerspec*)>("timer_settime");
  if ((flags & TIMER_ABSTIME) != 0) std::abort();
  return real(timer, flags, value, old);
}

int timerfd_settime(int file, int flags, const itimerspec* value, itimerspec* old) noexcept {
  static auto* const real = Real<int(int, int, const itimerspec*, itimerspec*)>("timerfd_settime");
  if ((flags & TFD_TIMER_ABSTIME) != 0) std::abort();
  return real(file, flags, value, old);
}

long syscall(long number, ...) noexcept {
  static auto* const real = Real<long(long, ...)>("syscall");
  std::array<long, 6> words{};  // as many as any call takes
  std::va_list list;
  va_start(list, number);
  for (long& word : words) word = va_arg(list, long);
  va_end(list);
  const auto call = [&] {
    return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
  };
  constexpr std::size_t kOperation = 1;
  constexpr std::size_t kDeadline = 3;
  if (number != SYS_futex || !WaitsByWallClock(words[kOperation]) || words[kDeadline] == 0) {
    return call();
  }
  const timespec deadline =
      *reinterpret_cast<const timespec*>(words[kDeadline]);  // NOLINT(performance-no-int-to-ptr)
  const timespec look = NextLook(deadline);
  words[kDeadline] = reinterpret_cast<long>(&look);
  const long result = call();
  return result == -1 && errno == ETIMEDOUT && !IsPast(deadline) ? 0 : result;
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming,cert-dcl50-cpp,readability-inconsistent-declaration-*)
