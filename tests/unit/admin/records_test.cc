// Goal: a service that has not read all of a log is told by how much, and so is one that has read
//       more than what was looked at.
// Method: an embedded log's and a topic's extent, which begins at 1, against positions.
#include "services/admin/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace motcua::admin {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(CheckReadAll, TellsByHowMuchAServiceIsBehind) {
  const LogExtent log{"id", 0, {{0, 10}, {1, 5}, {2, 0}}};
  EXPECT_TRUE(CheckReadAll(log, {{0, 10}, {1, 5}}).ok());
  const Status behind = CheckReadAll(log, {{0, 7}, {1, 5}});
  EXPECT_EQ(behind.reason(), Reason::kBehind);
  EXPECT_THAT(behind.message(), HasSubstr("lacks 3 of the log's 15 records"));
  EXPECT_THAT(behind.metadata(), Contains(Pair("missing", "3")));
  EXPECT_THAT(CheckReadAll(log, {}).message(), HasSubstr("lacks 15 of the log's 15"));
}

TEST(CheckReadAll, TellsThatALogHasGoneOn) {
  const LogExtent log{"id", 0, {{0, 10}, {1, 5}}};
  const Status ahead = CheckReadAll(log, {{0, 12}, {1, 5}});
  EXPECT_EQ(ahead.reason(), Reason::kBehind);
  EXPECT_THAT(ahead.message(), HasSubstr("has gone on by 2 records"));
  // What is missing comes first: those are records that were looked at.
  EXPECT_THAT(CheckReadAll(log, {{0, 12}, {1, 4}}).message(), HasSubstr("lacks 1 of"));
}

TEST(CheckReadAll, ATopicsPartitionBeginsAfterItsGenesis) {
  const LogExtent log{"id", 1, {{0, 1}, {1, 4}}};
  EXPECT_TRUE(CheckReadAll(log, {{1, 4}}).ok());
  EXPECT_THAT(CheckReadAll(log, {{0, 1}, {1, 2}}).message(), HasSubstr("lacks 2 of the log's 3"));
}

}  // namespace
}  // namespace motcua::admin
