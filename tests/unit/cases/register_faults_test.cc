// Goal: what an older register recorded, however wild, never stands in the way of receptions, and a
// register that is read again brings its cases up to date.
// Method: rows and receptions on a dossier life without an engine; the right values are those of
// the fault rows that the tests are named after.
#include <gtest/gtest.h>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

using testing::Life;

ZonedTime At(const std::string& text) { return *ParseZonedTime(text); }

ImportDossier Row(const char* code, const char* opened) {
  ImportDossier import;
  import.unit = testing::kWard;
  if (code != nullptr) import.code = DossierCode(code);
  import.recorded.procedure = ProcedureCode("x");
  import.recorded.source = "book";
  import.recorded.source_id = code != nullptr ? code : "7";
  import.recorded.line = 2;
  import.recorded.opened = At(opened);
  return import;
}

ReceiveDossier Reception() {
  return {testing::kWard, testing::kPlain, Channel::kDirect, ReturnMode::kCounter};
}

class RegisterFaults : public ::testing::Test {
 protected:
  void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }
  void MustReceive(std::uint32_t number, std::uint32_t register_number) {
    Must(life_.Do(Reception()));
    EXPECT_EQ(NumberOf(life_.dossier().code).sequence, number);
    EXPECT_EQ(life_.dossier().register_number, register_number);
  }
  bool Doubtful(Doubt doubt) {
    return (life_.dossier().origin->doubts & static_cast<Doubts>(doubt)) != 0;
  }

  Life life_;  // 2020-10-26T09:32+07:00
};

TEST_F(RegisterFaults, R1_ARecordedNumberThatCannotBeContinuedMovesNoCounter) {
  Must(life_.Do(Row("000.31.10.H49-201026-999999999", "2020-10-26T08:00:00+07:00")));
  EXPECT_TRUE(Doubtful(Doubt::kNumberBeyond));
  MustReceive(1, 1);
  Must(life_.Do(Row("000.31.10.H49-201026-1000000", "2020-10-26T08:00:00+07:00")));
  EXPECT_TRUE(Doubtful(Doubt::kNumberBeyond));
  MustReceive(2, 2);
  // The last that counts: the day goes on after it, past the code that did not count.
  Must(life_.Do(Row("000.31.10.H49-201026-999999", "2020-10-26T08:00:00+07:00")));
  EXPECT_FALSE(Doubtful(Doubt::kNumberBeyond));
  MustReceive(1'000'001, 3);
  MustReceive(1'000'002, 4);
}

TEST_F(RegisterFaults, R1_TheSameOfRegisterNumbers) {
  ImportDossier row = Row(nullptr, "2020-10-26T08:00:00+07:00");
  row.recorded.register_year = 2020;
  row.recorded.register_number = UINT32_MAX;
  Must(life_.Do(row));
  EXPECT_TRUE(Doubtful(Doubt::kNumberBeyond));
  MustReceive(2, 1);
  row.recorded.source_id = "8";
  row.recorded.register_number = kRegisterNumberRecordedMax;
  Must(life_.Do(row));
  EXPECT_FALSE(Doubtful(Doubt::kNumberBeyond));
  MustReceive(4, kRegisterNumberRecordedMax + 1);
}

TEST_F(RegisterFaults, R1_SaysWhenADayOrAYearHasNoMoreNumbers) {
  testing::SimpleView view;
  const CivilDate today = ZonedTime{life_.now(), UtcOffset{420}}.date();
  view.SetLastNumber(testing::kWard, today, kSequenceMax);
  Command command;
  command.action = Reception();
  const auto catalogue = catalogue::BuiltinCatalogue();
  const auto state = [&] {
    const auto decision = Decide(view, *catalogue, life_.now(), command);
    EXPECT_EQ(decision.status().reason(), Reason::kStateForbids);
    return decision.ok() ? "" : decision.status().metadata().back().second;
  };
  EXPECT_EQ(state(), "NUMBERS_EXHAUSTED");
  view.SetLastNumber(testing::kWard, today, 0);
  Book book;
  book.numbers = {{2020, kRegisterNumberMax}};
  view.Put(testing::kWard, book);
  EXPECT_EQ(state(), "NUMBERS_EXHAUSTED");
  book.numbers = {{2020, kRegisterNumberMax - 1}};
  view.Put(testing::kWard, book);
  EXPECT_TRUE(Decide(view, *catalogue, life_.now(), command).ok());
}

TEST_F(RegisterFaults, R2_AYearKeepsItsNumbersWhateverAnotherYearRecords) {
  ImportDossier row = Row(nullptr, "2020-10-26T08:00:00+07:00");
  row.recorded.register_year = 2021;
  row.recorded.register_number = 77;
  Must(life_.Do(row));
  EXPECT_FALSE(Doubtful(Doubt::kNumberBeyond)) << "the next year's book may begin early";
  for (std::uint32_t i = 1; i <= 3; ++i) MustReceive(i + 1, i);
  EXPECT_EQ(life_.dossier().register_year, 2020);
  life_.SetNow("2021-01-04T08:00:00+07:00");
  MustReceive(1, 78);
}

TEST_F(RegisterFaults, R2_AYearFarFromTheReceiptMovesNothing) {
  int id = 0;
  for (const std::int32_t year : {1900, 2018, 2022, 2199}) {
    ImportDossier row = Row(nullptr, "2020-10-26T08:00:00+07:00");
    row.recorded.source_id = std::to_string(++id);
    row.recorded.register_year = year;
    row.recorded.register_number = 77;
    Must(life_.Do(row));
    EXPECT_TRUE(Doubtful(Doubt::kNumberBeyond)) << year;
  }
  // Nor does a receipt that lies in another age itself.
  ImportDossier row = Row(nullptr, "2099-10-26T08:00:00+07:00");
  row.recorded.register_year = 2099;
  row.recorded.register_number = 77;
  Must(life_.Do(row));
  EXPECT_TRUE(Doubtful(Doubt::kNumberBeyond));
  EXPECT_TRUE(life_.book(testing::kWard).numbers.empty());
}

// ---- A register that is read again -------------------------------------------------------------

constexpr const char* kCode = "000.31.10.H49-201020-0003";

ImportDossier Open() {
  ImportDossier row = Row(kCode, "2020-10-20T14:40:00+07:00");
  row.recorded.due = At("2020-11-03T17:00:00+07:00");
  return row;
}
ImportDossier Closed() {
  ImportDossier row = Open();
  row.recorded.closed = At("2020-10-26T09:00:00+07:00");
  row.recorded.outcome = Outcome::kGranted;
  return row;
}

TEST_F(RegisterFaults, R3_ALaterStateOfTheRegisterClosesTheDossier) {
  Must(life_.Do(Open()));
  life_.SetNow("2020-11-03T17:00:00+07:00");
  EXPECT_TRUE(NextAlert(life_.dossier(), life_.now()));
  Must(life_.Do(Closed()));
  EXPECT_EQ(PayloadName(life_.last().payload), "RecordUpdated");
  EXPECT_EQ(life_.dossier().head.version, 2U);
  EXPECT_EQ(life_.dossier().stage, Stage::kClosed);
  EXPECT_EQ(life_.dossier().resolved, At("2020-10-26T09:00:00+07:00"));
  EXPECT_FALSE(NextAlert(life_.dossier(), life_.now())) << "what was closed in time rings no bell";
}

TEST_F(RegisterFaults, R3_WhatSaysNothingNewWritesNothing) {
  Must(life_.Do(Open()));
  ImportDossier moved = Open();
  moved.recorded.line = 900;
  moved.recorded.source = "the same book, sent again";
  Must(life_.Do(moved));
  EXPECT_TRUE(life_.already_there());
  Must(life_.Do(Closed()));
  EXPECT_FALSE(life_.already_there());
  Must(life_.Do(Closed()));
  EXPECT_TRUE(life_.already_there());
  // An older copy takes nothing back.
  Must(life_.Do(Open()));
  EXPECT_TRUE(life_.already_there());
  EXPECT_EQ(life_.dossier().stage, Stage::kClosed);
  EXPECT_EQ(life_.dossier().head.version, 2U);
}

TEST_F(RegisterFaults, R3_ANewDueDateIsTaken) {
  Must(life_.Do(Open()));
  ImportDossier later = Open();
  later.recorded.due = At("2020-11-10T17:00:00+07:00");
  Must(life_.Do(later));
  EXPECT_EQ(life_.dossier().clock.now.due, later.recorded.due);
  EXPECT_EQ(life_.dossier().clock.first_due, Open().recorded.due);
  EXPECT_EQ(life_.dossier().stage, Stage::kProcessing);
}

TEST_F(RegisterFaults, R3_WhatWasTakenUpHereIsNoLongerItsRegisters) {
  Must(life_.Do(Open()));
  Must(life_.Do(PauseClock{PauseReason::kOtherAgency}));
  const Status status = life_.Do(Closed());
  EXPECT_EQ(status.reason(), Reason::kStateForbids);
  EXPECT_NE(status.message().find("worked on here"), std::string::npos) << status.message();
  Must(life_.Do(Open()));
  EXPECT_TRUE(life_.already_there()) << "what it said at first is known";
}

TEST_F(RegisterFaults, R3_WorkThatIsTakenBackLeavesTheCaseToItsRegister) {
  Must(life_.Do(Open()));
  Must(life_.Do(PauseClock{PauseReason::kOtherAgency}));
  Must(life_.Do(CorrectEvent{2, CorrectionReason::kWrongDossier}));
  EXPECT_FALSE(life_.dossier().origin->taken_up);
  Must(life_.Do(Closed()));
  EXPECT_EQ(life_.dossier().stage, Stage::kClosed);
}

TEST_F(RegisterFaults, R3_AnAlertIsNoWorkOnTheCase) {
  Must(life_.Do(Open()));
  life_.SetNow("2020-11-04T17:00:00+07:00");
  Must(life_.Do(RaiseAlert{NextAlert(life_.dossier(), life_.now())->key}));
  Must(life_.Do(AcknowledgeAlert{AlertKind::kOverdue, 0}));
  Must(life_.Do(Closed()));
  EXPECT_EQ(life_.dossier().stage, Stage::kClosed);
}

TEST_F(RegisterFaults, R3_AnotherCaseUnderTheSameCodeIsRefusedByName) {
  Must(life_.Do(Open()));
  ImportDossier other = Closed();
  other.recorded.opened = At("2020-10-20T14:41:00+07:00");
  Status status = life_.Do(other);
  EXPECT_EQ(status.reason(), Reason::kFieldInvalid);
  EXPECT_EQ(status.metadata().front().second, "opened");
  other = Closed();
  other.recorded.procedure = ProcedureCode("y");
  status = life_.Do(other);
  EXPECT_EQ(status.metadata().front().second, "procedure");

  Must(life_.Do(Reception()));
  ImportDossier received_here = Closed();
  received_here.code = life_.dossier().code;
  EXPECT_EQ(life_.Do(received_here).reason(), Reason::kStateForbids);
}

TEST_F(RegisterFaults, R4_ARowWithoutACodeIsFoundByItsRegistersId) {
  ImportDossier row = Open();
  row.code.reset();
  row.recorded.source_id = "101001240734";
  Must(life_.Do(row));
  const DossierCode code = life_.dossier().code;
  row.recorded.closed = At("2020-10-26T09:00:00+07:00");
  row.recorded.outcome = Outcome::kRejected;
  Must(life_.Do(row));
  EXPECT_EQ(life_.dossier().code, code);
  EXPECT_EQ(life_.dossier().outcome, Outcome::kRejected);
  row.recorded.source_id = "101001240735";
  Must(life_.Do(row));
  EXPECT_NE(life_.dossier().code, code);
}

}  // namespace
}  // namespace motcua::cases
