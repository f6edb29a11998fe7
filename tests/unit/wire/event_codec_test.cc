// Goal: every event that was ever written can be read for ever, whatever program wrote it.
// Method: random round trips; frozen bytes of each payload; events of a newer program (unknown
// payload, field, enum value); truncated and flipped bytes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "motcua/events/v1/case_event.pb.h"
#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

const WireCodec kCodec;

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

const std::string kVectorFile = std::string(MOTCUA_SOURCE_DIR) + "/tests/vectors/events_v1.txt";

std::map<std::string, std::string> ReadVectors() {
  std::map<std::string, std::string> vectors;
  std::ifstream file(kVectorFile);
  std::string name;
  std::string hex;
  while (file >> name >> hex) vectors[name] = FromHex(hex);
  return vectors;
}

TEST(EventCodec, CarriesEveryEventUnchanged) {
  testing::Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const cases::CaseEvent event = testing::RandomEvent(random);
    const Result<cases::CaseEvent> back = kCodec.DecodeEvent(kCodec.EncodeEvent(event));
    ASSERT_TRUE(back.ok()) << back.status().ToString();
    ASSERT_EQ(*back, event) << cases::PayloadName(event.payload);
  }
}

TEST(EventCodec, TheKeyIsTheReceivingUnit) {
  testing::Random random(2);
  for (int i = 0; i < 1000; ++i) {
    const cases::CaseEvent event = testing::RandomEvent(random);
    const std::string bytes = kCodec.EncodeEvent(event);
    ASSERT_EQ(kCodec.KeyOf(bytes), cases::UnitOf(event.dossier).value());
    // Cut anywhere it gives the key or nothing, and never reads past the end.
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::string cut = bytes.substr(0, size);
      const std::string_view key = kCodec.KeyOf(cut);
      ASSERT_TRUE(key.empty() || key == cases::UnitOf(event.dossier).value());
    }
  }
  EXPECT_EQ(kCodec.KeyOf("rubbish"), "");
  EXPECT_EQ(kCodec.KeyOf(""), "");
}

TEST(EventCodec, ReadsTheFrozenBytesOfEachPayload) {
  const std::vector<cases::CaseEvent> events = testing::OneOfEachEvent();
  if (std::getenv("MOTCUA_UPDATE_EVENTS") != nullptr) {
    // Only for payloads that are new: the bytes of the others must stay as they are.
    std::ofstream file(kVectorFile);
    for (const cases::CaseEvent& event : events) {
      file << cases::PayloadName(event.payload) << " " << ToHex(kCodec.EncodeEvent(event)) << "\n";
    }
  }
  const std::map<std::string, std::string> vectors = ReadVectors();
  for (const cases::CaseEvent& event : events) {
    const std::string name(cases::PayloadName(event.payload));
    const auto vector = vectors.find(name);
    ASSERT_NE(vector, vectors.end()) << name << " has no frozen bytes: MOTCUA_UPDATE_EVENTS=1";
    const Result<cases::CaseEvent> back = kCodec.DecodeEvent(vector->second);
    ASSERT_TRUE(back.ok()) << name << ": " << back.status().ToString();
    EXPECT_EQ(*back, event) << name;
    EXPECT_EQ(ToHex(kCodec.EncodeEvent(event)), ToHex(vector->second)) << name;
  }
}

events::v1::CaseEvent Parsed(const cases::CaseEvent& event) {
  events::v1::CaseEvent wire;
  EXPECT_TRUE(wire.ParseFromString(kCodec.EncodeEvent(event)));
  return wire;
}

TEST(EventCodec, KeepsAnEventWhosePayloadIsNewer) {
  const cases::CaseEvent event = testing::OneOfEachEvent().front();
  events::v1::CaseEvent wire = Parsed(event);
  wire.clear_payload();
  // Field 200, length-delimited: what a later version might add to the oneof.
  wire.GetReflection()->MutableUnknownFields(&wire)->AddLengthDelimited(200, "later");
  const Result<cases::CaseEvent> back = kCodec.DecodeEvent(wire.SerializeAsString());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->step, event.step);
  EXPECT_TRUE(std::holds_alternative<cases::UnknownPayload>(back->payload));
}

TEST(EventCodec, KeepsAnEventWithANewerFieldAsItIs) {
  const cases::CaseEvent event = testing::OneOfEachEvent().front();
  events::v1::CaseEvent wire = Parsed(event);
  wire.GetReflection()->MutableUnknownFields(&wire)->AddVarint(201, 7);
  auto* received = wire.mutable_dossier_received();
  received->GetReflection()->MutableUnknownFields(received)->AddVarint(99, 7);
  const Result<cases::CaseEvent> back = kCodec.DecodeEvent(wire.SerializeAsString());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, event);
}

TEST(EventCodec, TreatsANewerEnumValueAsAnUnknownPayload) {
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    if (!std::holds_alternative<cases::ResultRecorded>(event.payload)) continue;
    events::v1::CaseEvent wire = Parsed(event);
    wire.mutable_result_recorded()->set_outcome(static_cast<common::v1::Outcome>(77));
    const Result<cases::CaseEvent> back = kCodec.DecodeEvent(wire.SerializeAsString());
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(std::holds_alternative<cases::UnknownPayload>(back->payload));
  }
}

TEST(EventCodec, RefusesBytesThatAreNoEvent) {
  const cases::CaseEvent event = testing::OneOfEachEvent().front();
  events::v1::CaseEvent wire = Parsed(event);
  const auto refused = [](const events::v1::CaseEvent& bad) {
    return kCodec.DecodeEvent(bad.SerializeAsString()).status().reason() == Reason::kRecordInvalid;
  };
  EXPECT_FALSE(kCodec.DecodeEvent("").ok());
  EXPECT_FALSE(kCodec.DecodeEvent("not an event").ok());
  auto bad = wire;
  bad.set_dossier("000.23.10.H49-201331-0001");  // there is no 13th month
  EXPECT_TRUE(refused(bad));
  bad = wire;
  bad.set_request_id("short");
  EXPECT_TRUE(refused(bad));
  bad = wire;
  bad.mutable_step()->set_version(0);
  EXPECT_TRUE(refused(bad));
  bad = wire;
  bad.mutable_at()->set_utc_offset_minutes(20'000);
  EXPECT_TRUE(refused(bad));
}

TEST(EventCodec, NeverFailsOnDamagedBytes) {
  testing::Random random(2);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = kCodec.EncodeEvent(testing::RandomEvent(random));
    if (i % 2 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      for (int flips = 0; flips < 3; ++flips) {
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
      }
    }
    const Result<cases::CaseEvent> back = kCodec.DecodeEvent(bytes);
    // What is read may be wrong, but it must be whole: it can be written again.
    if (back.ok()) {
      EXPECT_TRUE(kCodec.DecodeEvent(kCodec.EncodeEvent(*back)).ok());
    }
  }
}

}  // namespace
}  // namespace motcua::wire
