// Goal: a trace goes on through us as W3C Trace Context level 1 says, and nothing malformed does.
// Method: the recommendation's own examples and rules, one row each; what is handed on.
#include "services/base/trace.h"

#include <gtest/gtest.h>

namespace motcua {
namespace {

constexpr std::string_view kValid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Trace, ReadsAndWritesTheExampleOfTheRecommendation) {
  const auto trace = ParseTraceparent(kValid);
  ASSERT_TRUE(trace.has_value());
  EXPECT_TRUE(trace->sampled);
  EXPECT_FALSE(trace->empty());
  EXPECT_EQ(FormatTraceparent(*trace), kValid);
  EXPECT_EQ(FormatTraceId(*trace), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(Trace, KeepsOfTheFlagsWhatLevelOneDefines) {
  const auto trace = ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(FormatTraceparent(*trace), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
}

TEST(Trace, ReadsALaterVersionByItsFirstFields) {
  EXPECT_TRUE(ParseTraceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_TRUE(ParseTraceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what"));
  EXPECT_FALSE(ParseTraceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what"));
}

TEST(Trace, RefusesWhatIsMalformed) {
  for (const std::string_view text : {
           "",
           "00",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
       }) {
    EXPECT_FALSE(ParseTraceparent(text)) << text;
  }
}

TEST(Trace, IsHandedOnUnderAnotherSpan) {
  const TraceContext trace = *ParseTraceparent(kValid);
  const TraceContext next = HandedOn(trace, "a request");
  EXPECT_EQ(next.trace_id, trace.trace_id);
  EXPECT_EQ(next.sampled, trace.sampled);
  EXPECT_NE(next.parent_id, trace.parent_id);
  EXPECT_EQ(HandedOn(trace, "a request"), next);
  EXPECT_NE(HandedOn(trace, "another"), next);
  EXPECT_NE(HandedOn(next, "a request"), next);
}

TEST(Trace, ThatIsNoneStaysNone) {
  EXPECT_TRUE(HandedOn({}, "a request").empty());
  EXPECT_EQ(FormatTraceparent({}), "");
  EXPECT_EQ(FormatTraceId({}), "");
}

}  // namespace
}  // namespace motcua
