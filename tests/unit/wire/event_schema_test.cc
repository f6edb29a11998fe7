// Goal: an event says the schema that it takes to understand it, whatever it says that is new.
// Method: by the descriptors: each field that an event can have, wherever it stands, is set alone
//         (each value of an enum, each bit of a number of bits); the schema must be the greatest
//         `since` on the way to it. Random events against the same walk.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "motcua/common/v1/options.pb.h"
#include "services/wire/codec.h"
#include "services/wire/contract_payloads.h"
#include "tests/support/sample_events.h"

namespace motcua::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::uint32_t Since(const FieldDescriptor& field) {
  return std::max(1U, field.options().GetExtension(common::since));
}
std::uint32_t Since(const EnumDescriptor& type, int number) {
  const auto* const value = type.FindValueByNumber(number);
  return value == nullptr ? 1U : std::max(1U, value->options().GetExtension(common::value_since));
}
const EnumDescriptor* BitsOf(const FieldDescriptor& field) {
  const std::string& name = field.options().GetExtension(common::bits_of);
  return name.empty() ? nullptr : field.file()->pool()->FindEnumTypeByName(name);
}

// Calls `visit` with each single thing that a message of `type` can say below `since`.
struct Walk {
  pb::CaseEvent event;
  std::set<const FieldDescriptor*> seen;
  std::size_t things = 0;

  void Expect(const FieldDescriptor& field, std::uint32_t since) {
    ++things;
    EXPECT_EQ(SinceOf(event), since) << field.full_name() << "\n" << event.ShortDebugString();
  }

  void Each(Message& message, std::uint32_t since) {
    const Descriptor& type = *message.GetDescriptor();
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.name() == "schema_version") continue;
      const std::uint32_t with = std::max(since, Since(field));
      seen.insert(&field);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Message& part = field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                            : *reflection.MutableMessage(&message, &field);
        Expect(field, with);
        Each(part, with);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        for (int v = 0; v < field.enum_type()->value_count(); ++v) {
          const int number = field.enum_type()->value(v)->number();
          if (number == 0) continue;
          reflection.SetEnumValue(&message, &field, number);
          Expect(field, std::max(with, Since(*field.enum_type(), number)));
        }
      } else if (const EnumDescriptor* const bits = BitsOf(field)) {
        for (int v = 0; v < bits->value_count(); ++v) {
          const int number = bits->value(v)->number();
          if (number == 0) continue;
          reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(number));
          Expect(field, std::max(with, Since(*bits, number)));
        }
      } else {
        SetScalar(message, field);
        Expect(field, with);
      }
      reflection.ClearField(&message, &field);
    }
  }

  static void SetScalar(Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(&message, &field, "x");
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, &field, true);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, &field, 1);
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, 1);
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection.SetUInt64(&message, &field, 1);
      case FieldDescriptor::CPPTYPE_UINT32:
        return field.is_repeated() ? reflection.AddUInt32(&message, &field, 1)
                                   : reflection.SetUInt32(&message, &field, 1);
      default:
        FAIL() << field.full_name() << ": a kind of field that no event had";
    }
  }
};

TEST(EventSchema, IsTheGreatestSinceOfWhatIsSetWhereverItStands) {
  Walk walk;
  walk.Each(walk.event, 1);
  EXPECT_GT(walk.things, 100U);
  // kEventSchema is the newest of all; and each payload was walked.
  std::uint32_t newest = 1;
  for (const FieldDescriptor* field : walk.seen) {
    newest = std::max(newest, Since(*field));
    const EnumDescriptor* const values =
        field->enum_type() != nullptr ? field->enum_type() : BitsOf(*field);
    for (int v = 0; values != nullptr && v < values->value_count(); ++v) {
      newest = std::max(newest, Since(*values, values->value(v)->number()));
    }
  }
  EXPECT_EQ(newest, kEventSchema);
  const auto& oneof = *pb::CaseEvent::descriptor()->FindOneofByName("payload");
  EXPECT_EQ(static_cast<std::size_t>(oneof.field_count()), testing::OneOfEachEvent().size());
  for (int i = 0; i < oneof.field_count(); ++i) EXPECT_TRUE(walk.seen.contains(oneof.field(i)));
}

TEST(EventSchema, IsWhatTheCodecWrites) {
  const WireCodec codec;
  testing::Random random(3);
  std::set<std::uint32_t> met;
  for (int i = 0; i < 2000; ++i) {
    const cases::CaseEvent event = testing::RandomEvent(random);
    pb::CaseEvent wire;
    ASSERT_TRUE(wire.ParseFromString(codec.EncodeEvent(event)));
    ASSERT_EQ(wire.schema_version(), SchemaOf(event)) << cases::PayloadName(event.payload);
    ASSERT_EQ(wire.schema_version(), SinceOf(wire));
    met.insert(wire.schema_version());
  }
  EXPECT_EQ(met.size(), kEventSchema);
}

}  // namespace
}  // namespace motcua::wire
