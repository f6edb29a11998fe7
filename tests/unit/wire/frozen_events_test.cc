// Goal: every event that any program has written can always be read, and says the same.
// Method: tests/vectors/events_vN.txt holds the bytes of one event of each payload as programs of
//         schema N write them, events_vN_text.txt what they say. events.txt closes both by their
//         hash: a line that is changed or removed is noticed. A new schema gets files of its own:
//         MOTCUA_UPDATE_EVENTS=1 wire_test writes and closes those of the newest, unless it is
//         closed already.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "services/base/hash.h"
#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

const WireCodec kCodec;

struct Frozen {
  std::uint32_t schema;
  std::size_t lines;
  std::uint64_t bytes_hash;
  std::uint64_t text_hash;
};

constexpr const char* kClosed = MOTCUA_SOURCE_DIR "/tests/vectors/events.txt";

std::string PathOf(std::uint32_t schema, const std::string& kind) {
  std::string path = MOTCUA_SOURCE_DIR "/tests/vectors/events_v";
  return path.append(std::to_string(schema)).append(kind).append(".txt");
}

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<std::uint8_t>(c) >> 4U]);
    hex.push_back(kDigits[static_cast<std::uint8_t>(c) & 0xFU]);
  }
  return hex;
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// Events that take `schema`, the newest, to be understood: one of each payload that can.
std::vector<cases::CaseEvent> SamplesOf(std::uint32_t schema) {
  constexpr int kTries = 10'000;
  testing::Random random(schema);
  std::map<std::string_view, cases::CaseEvent> found;
  for (int i = 0; i < kTries; ++i) {
    cases::CaseEvent event = testing::RandomEvent(random);
    if (SchemaOf(event) == schema) found.emplace(PayloadName(event.payload), std::move(event));
  }
  std::vector<cases::CaseEvent> events;
  for (auto& [name, event] : found) events.push_back(std::move(event));
  return events;
}

// A line of kClosed: schema, number of events, hash of their bytes, hash of what they say.
std::vector<Frozen> ReadClosed() {
  std::vector<Frozen> closed;
  std::ifstream file(kClosed);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    Frozen& frozen = closed.emplace_back();
    std::istringstream(line) >> frozen.schema >> frozen.lines >> frozen.bytes_hash >>
        frozen.text_hash;
  }
  return closed;
}

Frozen WriteFiles(std::uint32_t schema) {
  const std::vector<cases::CaseEvent> events = SamplesOf(schema);
  {
    std::ofstream bytes(PathOf(schema, ""));
    std::ofstream text(PathOf(schema, "_text"));
    for (const cases::CaseEvent& event : events) {
      bytes << cases::PayloadName(event.payload) << " " << ToHex(kCodec.EncodeEvent(event)) << "\n";
      text << cases::Print(event) << "\n";
    }
  }
  return {schema, events.size(), HashBytes(ReadWhole(PathOf(schema, ""))),
          HashBytes(ReadWhole(PathOf(schema, "_text")))};
}

// What is closed is never written again: such events lie in logs.
std::vector<Frozen> AllFrozen() {
  std::vector<Frozen> all = ReadClosed();
  if (std::getenv("MOTCUA_UPDATE_EVENTS") != nullptr && all.size() < kEventSchema) {
    const Frozen& made = all.emplace_back(WriteFiles(kEventSchema));
    std::ofstream(kClosed, std::ios::app) << made.schema << " " << made.lines << " "
                                          << made.bytes_hash << " " << made.text_hash << "\n";
  }
  return all;
}

class FrozenEvents : public ::testing::TestWithParam<Frozen> {};

TEST_P(FrozenEvents, AreNeitherChangedNorRemoved) {
  EXPECT_EQ(HashBytes(ReadWhole(PathOf(GetParam().schema, ""))), GetParam().bytes_hash);
  EXPECT_EQ(HashBytes(ReadWhole(PathOf(GetParam().schema, "_text"))), GetParam().text_hash);
}

TEST_P(FrozenEvents, AreReadAndSayTheSameForEver) {
  std::ifstream bytes(PathOf(GetParam().schema, ""));
  std::ifstream texts(PathOf(GetParam().schema, "_text"));
  std::size_t lines = 0;
  std::string name;
  std::string hex;
  std::string text;
  while (bytes >> name >> hex && std::getline(texts, text)) {
    ++lines;
    const std::string record = FromHex(hex);
    const Result<cases::CaseEvent> event = kCodec.DecodeEvent(record);
    ASSERT_TRUE(event.ok()) << name << ": " << event.status().ToString();
    EXPECT_EQ(cases::PayloadName(event->payload), name);
    EXPECT_EQ(cases::Print(*event), text);
    EXPECT_EQ(ToHex(kCodec.EncodeEvent(*event)), hex) << name;
  }
  EXPECT_EQ(lines, GetParam().lines);
}

TEST_P(FrozenEvents, AreUnderstoodByTheirOwnProgramsAndLaterOnesOnly) {
  std::ifstream bytes(PathOf(GetParam().schema, ""));
  std::string name;
  std::string hex;
  while (bytes >> name >> hex) {
    for (std::uint32_t reader = 1; reader <= kEventSchema; ++reader) {
      const WireCodec codec({.schema = reader, .unknown_fields = {}});
      const Result<cases::CaseEvent> event = codec.DecodeEvent(FromHex(hex));
      ASSERT_TRUE(event.ok());
      EXPECT_EQ(HoldsLeaf<cases::UnknownPayload>(event->payload), reader < GetParam().schema)
          << name << " read by a program of schema " << reader;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Schemas, FrozenEvents, ::testing::ValuesIn(AllFrozen()),
                         [](const auto& test) { return "v" + std::to_string(test.param.schema); });

TEST(FrozenEvents, HoldEachPayloadAndEachSchema) {
  std::set<std::string> names;
  const std::vector<Frozen> closed = ReadClosed();
  for (const Frozen& frozen : closed) {
    std::istringstream lines(ReadWhole(PathOf(frozen.schema, "")));
    for (std::string name, hex; lines >> name >> hex;) names.insert(name);
  }
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    EXPECT_TRUE(names.contains(std::string(cases::PayloadName(event.payload))))
        << cases::PayloadName(event.payload);
  }
  EXPECT_EQ(closed.size(), std::size_t{kEventSchema});
}

}  // namespace
}  // namespace motcua::wire
