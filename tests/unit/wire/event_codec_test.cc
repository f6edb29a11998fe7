// Goal: every event that was ever written can always be read, whatever program wrote it.
// Method: random round trips; events of a newer program (unknown payload, a field in any message of
//         any payload, enum value, schema_version); truncated and flipped bytes. What was written
//         by earlier programs: frozen_events_test.cc.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "motcua/events/v1/case_event.pb.h"
#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

const WireCodec kCodec;

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
    ASSERT_EQ(kCodec.KeyOf(bytes), event.about().unit().value());
    // Cut anywhere it gives the key or nothing, and never reads past the end.
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::string cut = bytes.substr(0, size);
      const std::string_view key = kCodec.KeyOf(cut);
      ASSERT_TRUE(key.empty() || key == event.about().unit().value());
    }
  }
  EXPECT_EQ(kCodec.KeyOf("rubbish"), "");
  EXPECT_EQ(kCodec.KeyOf(""), "");
}

// What is folded by its own step must be an aggregate that there can be.
TEST(EventCodec, AStepOnWhatCanBeNoAggregateIsNoEvent) {
  using cases::AggregateKind;
  const cases::UnitCode unit("000.23.10.H49");
  const auto read = [](const std::string& dossier, std::vector<cases::AggregateId> ids) {
    cases::CaseEvent event = testing::OneOfEachEvent().front();
    event.dossier = cases::DossierCode(dossier);
    event.steps.clear();
    for (cases::AggregateId& id : ids) event.steps.push_back({std::move(id), 2, cases::Tip(7)});
    return kCodec.DecodeEvent(kCodec.EncodeEvent(event)).ok();
  };
  const std::string code = "000.23.10.H49-201031-0001";
  const cases::AggregateId own((cases::DossierCode(code)));
  EXPECT_TRUE(read(code, {own, {AggregateKind::kDossier, unit, "201031-0002"}}));
  EXPECT_TRUE(read(code, {own, {AggregateKind::kManifest, unit, "2020-0001"}}));
  EXPECT_TRUE(read("", {{AggregateKind::kManifest, unit, "2020-0001"}}));
  EXPECT_TRUE(read("", {{AggregateKind(77), unit, ""}})) << "a newer program knows it";
  EXPECT_FALSE(read(code, {own, {AggregateKind::kDossier, unit, "0002"}}));
  EXPECT_FALSE(read(code, {own, {AggregateKind::kDossier, unit, ""}}));
  EXPECT_FALSE(read(code, {own, {AggregateKind::kManifest, unit, ""}}));
  EXPECT_FALSE(read(code, {own, {AggregateKind::kPostBook, unit, "2020"}}));
  EXPECT_FALSE(read("", {{AggregateKind::kBook, unit, "2020"}}));
  EXPECT_FALSE(read("", {own})) << "what is about a dossier names it";
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
  EXPECT_EQ(back->steps, event.steps);
  EXPECT_TRUE(HoldsLeaf<cases::UnknownPayload>(back->payload));
}

// All that acceptance and the fold's instants rest on.
void ExpectSameEnvelope(const cases::CaseEvent& back, const cases::CaseEvent& event) {
  cases::CaseEvent expected = event;
  expected.payload = cases::UnknownPayload{};
  expected.trace = back.trace;
  EXPECT_EQ(cases::Print(back), cases::Print(expected));
}

void AddUnknownField(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(1999, 7);
}

// Calls `change` on a copy of `root` for each message in it, the root last.
void ForEachMessage(const events::v1::CaseEvent& root,
                    const std::function<void(google::protobuf::Message& root,
                                             google::protobuf::Message& part)>& change,
                    std::vector<int> path = {}) {
  events::v1::CaseEvent copy = root;
  google::protobuf::Message* part = &copy;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  for (const int step : path) {
    fields.clear();
    part->GetReflection()->ListFields(*part, &fields);
    const auto* field = fields.at(static_cast<std::size_t>(step));
    part = field->is_repeated() ? part->GetReflection()->MutableRepeatedMessage(part, field, 0)
                                : part->GetReflection()->MutableMessage(part, field);
  }
  fields.clear();
  part->GetReflection()->ListFields(*part, &fields);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i]->message_type() == nullptr) continue;
    path.push_back(static_cast<int>(i));
    ForEachMessage(root, change, path);
    path.pop_back();
  }
  change(copy, *part);
}

TEST(EventCodec, DoesNotUnderstandAnEventWithANewerFieldWhereverItStands) {
  std::size_t places = 0;
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    ForEachMessage(Parsed(event),
                   [&](google::protobuf::Message& root, google::protobuf::Message& part) {
                     AddUnknownField(part);
                     const auto back = kCodec.DecodeEvent(root.SerializeAsString());
                     ASSERT_TRUE(back.ok()) << root.DebugString();
                     ExpectSameEnvelope(*back, event);
                     ++places;
                   });
  }
  // Envelope, step, instant and payload of each, and what stands in the payloads.
  EXPECT_GT(places, 4 * testing::OneOfEachEvent().size());
}

TEST(EventCodec, DoesNotUnderstandALaterSchema) {
  const cases::CaseEvent event = testing::OneOfEachEvent().front();
  events::v1::CaseEvent wire = Parsed(event);
  wire.set_schema_version(kEventSchema + 1);
  const Result<cases::CaseEvent> back = kCodec.DecodeEvent(wire.SerializeAsString());
  ASSERT_TRUE(back.ok());
  ExpectSameEnvelope(*back, event);
}

TEST(EventCodec, DoesNotUnderstandATraceOfAnotherForm) {
  const cases::CaseEvent event = testing::OneOfEachEvent().front();
  for (const std::string& trace :
       {std::string("x"), std::string(26, 'x'), std::string(25, '\0'), std::string(25, '\x02')}) {
    events::v1::CaseEvent wire = Parsed(event);
    wire.set_trace_context(trace);
    const Result<cases::CaseEvent> back = kCodec.DecodeEvent(wire.SerializeAsString());
    ASSERT_TRUE(back.ok());
    ExpectSameEnvelope(*back, event);
  }
}

TEST(EventCodec, PaysForATraceOnlyWhereThereIsOne) {
  cases::CaseEvent event = testing::OneOfEachEvent().front();
  const std::size_t plain = kCodec.EncodeEvent(event).size();
  event.trace = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(kCodec.EncodeEvent(event).size(), plain + 2 + 25);  // tag, length, content
}

// A number that no enum has stands for each enum field of each payload in turn.
TEST(EventCodec, DoesNotUnderstandANewerEnumValueWhereverItStands) {
  std::size_t places = 0;
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    ForEachMessage(Parsed(event),
                   [&](google::protobuf::Message& root, google::protobuf::Message& part) {
                     const google::protobuf::Descriptor& type = *part.GetDescriptor();
                     for (int i = 0; i < type.field_count(); ++i) {
                       const auto* field = type.field(i);
                       if (field->enum_type() == nullptr) continue;
                       const int before = part.GetReflection()->GetEnumValue(part, field);
                       part.GetReflection()->SetEnumValue(&part, field, 77);
                       const auto back = kCodec.DecodeEvent(root.SerializeAsString());
                       part.GetReflection()->SetEnumValue(&part, field, before);
                       ASSERT_TRUE(back.ok()) << root.DebugString();
                       ExpectSameEnvelope(*back, event);
                       ++places;
                     }
                   });
  }
  EXPECT_GE(places, 20U);
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
