// Goal: what the contract can say, this program understands: a constant that somebody forgot to
//       raise in the codec would close a unit's book for everybody (review 4.2).
// Method: by the descriptors: one event of each payload, each enum field wherever it stands, each
//         value that the contract declares for it. It decodes understood, and is written the same.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "motcua/events/v1/case_event.pb.h"
#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Visits each enum field that is set in `message` or in a message within it; `visit` may change it.
void ForEachEnum(Message& message,
                 const std::function<void(Message&, const FieldDescriptor&)>& visit) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->enum_type() != nullptr) visit(message, *field);
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      ForEachEnum(*reflection->MutableMessage(&message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      ForEachEnum(*reflection->MutableRepeatedMessage(&message, field, i), visit);
    }
  }
}

int Get(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->GetRepeatedEnumValue(message, &field, 0)
                             : reflection->GetEnumValue(message, &field);
}
void Set(Message& message, const FieldDescriptor& field, int number) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) {
    reflection->SetRepeatedEnumValue(&message, &field, 0, number);
  } else {
    reflection->SetEnumValue(&message, &field, number);
  }
}

// The contract says so itself: a withdrawal has an event of its own.
bool IsSaidElsewhere(const FieldDescriptor& field, const EnumValueDescriptor& value) {
  return field.full_name() == "motcua.events.v1.ResultRecorded.outcome" &&
         value.name() == "OUTCOME_WITHDRAWN";
}

TEST(EventEnums, Review_4_2_EveryValueOfTheContractIsUnderstoodWhereverItStands) {
  const WireCodec codec;
  std::size_t values = 0;
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    events::v1::CaseEvent wire;
    ASSERT_TRUE(wire.ParseFromString(codec.EncodeEvent(event)));
    wire.set_schema_version(kEventSchema);
    ForEachEnum(wire, [&](Message& message, const FieldDescriptor& field) {
      const int before = Get(message, field);
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        const EnumValueDescriptor& value = *field.enum_type()->value(i);
        if (value.number() == 0 || IsSaidElsewhere(field, value)) continue;  // 0: nothing was said
        Set(message, field, value.number());
        const auto back = codec.DecodeEvent(wire.SerializeAsString());
        ASSERT_TRUE(back.ok()) << value.full_name() << ": " << back.status().ToString();
        EXPECT_FALSE(HoldsLeaf<cases::UnknownPayload>(back->payload))
            << field.full_name() << " = " << value.full_name()
            << ": the codec does not know it; raise its last value in event_decode.cc";
        events::v1::CaseEvent again;
        ASSERT_TRUE(again.ParseFromString(codec.EncodeEvent(*back)));
        again.set_schema_version(kEventSchema);
        EXPECT_EQ(again.SerializeAsString(), wire.SerializeAsString()) << value.full_name();
        ++values;
      }
      Set(message, field, before);
    });
  }
  EXPECT_GT(values, 60U);
}

}  // namespace
}  // namespace motcua::wire
