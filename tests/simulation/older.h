// Older: the program before today's, as a rolling upgrade finds it. It is today's code with a codec
// that really meets what is new as bytes that it cannot read (wire::KnownEvents), without the
// requests that lead to it, and without traces.
//
// What it must not decide on is told apart from its codec, by what today's program reads. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "services/domain/cases/actions.h"
#include "services/wire/codec.h"
#include "tests/simulation/history.h"

namespace motcua::simulation {

class Process;

// Payloads of commands, by their number in the event: any of them may be what is new.
inline constexpr int kNewerCandidates[] = {17, 18, 20, 25, 30, 32, 35, 36};

// Writes what that program would have decided.
class OlderCodec final : public wire::WireCodec {
 public:
  using WireCodec::WireCodec;
  std::string EncodeEvent(const cases::CaseEvent& event) const override;
};

class Older {
 public:
  // Numbers out of kNewerCandidates; the trace is new with them.
  explicit Older(const std::vector<int>& newer_payloads);

  const engine::Codec& codec() const { return codec_; }
  // Whether it has the request for that.
  bool Takes(const cases::Action& action) const;

  bool Understands(const cases::CaseEvent& event) const;
  // Notes an event that counts. Whether all that it names was understandable to it before.
  bool Note(const cases::CaseEvent& event);
  // What is wrong with an instance's rows as it has folded them so far; empty when nothing is.
  std::string Judge(const Process& process, const History& history) const;

 private:
  const std::set<int> newer_;
  const OlderCodec codec_;
  std::set<std::string> beyond_;  // codes and units of which it does not understand something
};

}  // namespace motcua::simulation
