// Goal: an error says what it is in words and numbers that never change, and a Result cannot be
// read
//       where there is nothing to read.
// Method: the reason table row by row; death tests for the misuse that MOTCUA_CHECK stops.
#include "services/base/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace motcua {
namespace {

TEST(StatusTest, EveryReasonHasAWordACodeAndGuidance) {
  std::set<std::string_view> words;
  for (const ReasonRow& row : kReasons) {
    const Reason reason = row.reason;
    EXPECT_EQ(DescribeReason(reason).word, row.word);
    EXPECT_TRUE(words.insert(row.word).second) << row.word << " is there twice";
    EXPECT_EQ(row.word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos);
    EXPECT_EQ(row.guidance.empty(), reason == Reason::kNone) << row.word;
    EXPECT_EQ(row.code == StatusCode::kOk, reason == Reason::kNone) << row.word;
  }
}

TEST(StatusTest, OnlyReasonsThatPassAreRetryable) {
  std::set<Reason> retryable;
  for (const ReasonRow& row : kReasons) {
    if (row.retryable) retryable.insert(row.reason);
  }
  EXPECT_EQ(retryable,
            (std::set<Reason>{Reason::kContention, Reason::kOverloaded, Reason::kLogUnavailable,
                              Reason::kLogRefused, Reason::kOutcomeUnknown, Reason::kNotServing,
                              Reason::kBehind, Reason::kClockDisagrees, Reason::kNewerSchema}));
}

TEST(StatusTest, CodesAreThoseOfGrpc) {
  EXPECT_EQ(static_cast<int>(StatusCode::kInvalidArgument), 3);
  EXPECT_EQ(static_cast<int>(StatusCode::kAborted), 10);
  EXPECT_EQ(static_cast<int>(StatusCode::kDataLoss), 15);
  EXPECT_EQ(StatusCodeName(StatusCode::kOk), "OK");
  EXPECT_EQ(StatusCodeName(StatusCode::kResourceExhausted), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(StatusCodeName(StatusCode::kDataLoss), "DATA_LOSS");
}

TEST(StatusTest, APrefixKeepsCodeReasonAndMetadata) {
  const Status status(Reason::kVersionMismatch, "expected 3", {{"actual", "4"}});
  const Status prefixed = status.Prefixed("close dossier");
  EXPECT_EQ(prefixed.message(), "close dossier: expected 3");
  EXPECT_EQ(prefixed.code(), StatusCode::kAborted);
  EXPECT_EQ(prefixed.reason(), Reason::kVersionMismatch);
  EXPECT_EQ(prefixed.metadata(), status.metadata());
  EXPECT_EQ(prefixed.ToString(), "ABORTED VERSION_MISMATCH: close dossier: expected 3");
}

TEST(StatusTest, OkHasNothingToSay) {
  EXPECT_TRUE(OkStatus().ok());
  EXPECT_EQ(OkStatus().ToString(), "OK");
  EXPECT_EQ(OkStatus().Prefixed("somewhere"), OkStatus());
}

TEST(StatusTest, AFieldErrorNamesTheFieldForPeopleAndPrograms) {
  const Status status = FieldError("rows[3].unit", "is missing");
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "rows[3].unit: is missing");
  EXPECT_EQ(status.metadata(), (Status::Metadata{{"field", "rows[3].unit"}}));
}

TEST(ResultTest, HoldsAValueOrTheReasonThereIsNone) {
  Result<std::string> good(std::string("a"));
  EXPECT_TRUE(good.ok());
  EXPECT_TRUE(good.status().ok());
  EXPECT_EQ(*good, "a");
  good.value() += "b";
  EXPECT_EQ(good->size(), 2U);
  EXPECT_EQ(std::move(good).value(), "ab");

  const Result<std::string> bad(FieldError("a", "is bad"));
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().reason(), Reason::kFieldInvalid);
}

TEST(ResultTest, MisuseStopsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> bad(FieldError("a", "is bad"));
  EXPECT_DEATH(static_cast<void>(bad.value()), "value\\(\\) of a failed Result");
  EXPECT_DEATH(static_cast<void>(*bad), "value\\(\\) of a failed Result");
  EXPECT_DEATH(static_cast<void>(Result<int>(OkStatus())), "made of an ok Status");
}

Result<int> Half(int number) {
  if (number % 2 != 0) return FieldError("number", "is odd");
  return number / 2;
}
Result<int> Quarter(int number) {
  MOTCUA_ASSIGN_OR_RETURN(const int half, Half(number));
  MOTCUA_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}
Status CanBeQuartered(int number) {
  MOTCUA_RETURN_IF_ERROR(Quarter(number).status());
  return OkStatus();
}

TEST(ResultTest, MacrosPassErrorsUpAndValuesOn) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).status().message(), "number: is odd");
  EXPECT_TRUE(CanBeQuartered(8).ok());
  EXPECT_FALSE(CanBeQuartered(7).ok());
}

TEST(CheckTest, AFailedCheckSaysWhatAndWhere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(MOTCUA_CHECK(1 > 2, "one is small"),
               "status_test.cc:[0-9]+: check failed: 1 > 2: one is small");
}

}  // namespace
}  // namespace motcua
