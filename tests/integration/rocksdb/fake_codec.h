// FakeCodec: events as the text "<dossier> <version> <filler>", so that these tests need nothing of
// wire/. Rows of dossiers and books are not used here. Any thread; counts what it decodes.
#pragma once

#include <atomic>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/text.h"
#include "services/engine/ports.h"

namespace motcua::testing {

class FakeCodec final : public engine::Codec {
 public:
  std::uint32_t event_schema() const override { return 1; }
  std::string EncodeEvent(const cases::CaseEvent& event) const override {
    return event.dossier.value() + " " + std::to_string(event.version()) + " -";
  }
  Result<cases::CaseEvent> DecodeEvent(std::string_view bytes) const override {
    ++decoded;
    const auto words = SplitText(bytes, ' ');
    cases::CaseEvent event;
    if (words.size() != 3) return Status(Reason::kRecordInvalid, "not three words");
    event.dossier = cases::DossierCode(words[0]);
    const char* const begin = words[1].data();
    const char* const end = begin + words[1].size();
    cases::Version version = 0;
    if (std::from_chars(begin, end, version).ptr != end) {
      return Status(Reason::kRecordInvalid, "not a version");
    }
    event.steps = {{cases::AggregateId(event.dossier), version, {}}};
    return event;
  }
  std::string_view KeyOf(std::string_view bytes) const override {
    return bytes.substr(0, bytes.find(' '));
  }
  std::string EncodeRow(const cases::AggregateState&) const override { return {}; }
  Result<cases::AggregateState> DecodeRow(const cases::AggregateId&,
                                          std::string_view) const override {
    return Status(Reason::kRecordInvalid, "not used");
  }

  mutable std::atomic<std::uint64_t> decoded = 0;
};

// The bytes of version `version` of `dossier`, padded to about `bytes`.
inline std::string FakeRecord(std::string_view dossier, std::uint32_t version,
                              std::size_t bytes = 0) {
  std::string record = std::string(dossier) + " " + std::to_string(version) + " -";
  std::uint64_t noise = version * 0x9e3779b97f4a7c15u + 1;  // does not compress away
  while (record.size() < bytes) {
    noise = noise * 6364136223846793005u + 1442695040888963407u;
    record.push_back(static_cast<char>('a' + (noise >> 60)));
  }
  return record;
}

}  // namespace motcua::testing
