// Goal: each dossier stands in the one column that the rules of Biểu II.06a give it, at the
//       edges of days, periods, horizons and standstills.
// Method: tables of one dossier's history, a query and the expected two columns; each row is also
//         asked of the independent slow model and, if it is day-aligned, of the day counters.
#include "services/domain/reporting/classify.h"

#include <gtest/gtest.h>

#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

constexpr const char* kCode = "H49.1-200101-0001";

struct Case {
  const char* name;
  History history;
  StatusQuery query;
  Column received;  // kNone: not in the table
  Column state;
};

StatusQuery Between(std::string_view from, std::string_view to, Verdict verdict = Verdict::kDate) {
  StatusQuery query;
  query.from_date = Date(from);
  query.to_date = Date(to);
  query.verdict = verdict;
  return query;
}

StatusQuery AsOf(StatusQuery query, std::string_view at) {
  query.as_of = At(at).instant;
  return query;
}

History Of(const std::function<void(Story&)>& tell) {
  History history;
  Story story(kCode, history);
  tell(story);
  return history;
}

void Check(const std::vector<Case>& table) {
  for (const Case& c : table) {
    SCOPED_TRACE(c.name);
    const Folded folded(c.history);
    const auto found = Classify(folded.dossiers().begin()->second, c.query);
    EXPECT_EQ(found ? ColumnName(found->received) : "none", ColumnName(c.received));
    EXPECT_EQ(found ? ColumnName(found->state) : "none", ColumnName(c.state));
    const auto scanned = ScanDossiers(folded.reader(), c.query).value();
    EXPECT_EQ(Show(scanned.rows), Show(testing_support::SlowReport(c.history, c.query)));
    if (!c.query.as_of) {
      EXPECT_EQ(Show(SumCells(folded.store(), c.query).value().rows), Show(scanned.rows));
    }
  }
}

TEST(Classify, ReceivedByChannelCarriedOverOrNotInTheTable) {
  const auto of_channel = [](cases::Channel channel) {
    return Of([&](Story& s) { s.Add("2020-03-10T23:30:00+07:00", Received({}, channel)); });
  };
  const History direct = of_channel(cases::Channel::kDirect);
  const History resolved = Of([](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received({}))
        .Add("2020-03-20T00:00:00+07:00", cases::ResultRecorded{});
  });
  const History refused =
      Of([](Story& s) { s.Add("2020-03-10T09:00:00+07:00", cases::DossierRefused{}); });
  Check({
      {"direct", direct, Between("2020-03-10", "2020-03-10"), Column::kReceivedDirect,
       Column::kOpenInTerm},
      {"online", of_channel(cases::Channel::kOnline), Between("2020-03-01", "2020-03-31"),
       Column::kReceivedOnline, Column::kOpenInTerm},
      {"postal", of_channel(cases::Channel::kPostal), Between("2020-03-01", "2020-03-31"),
       Column::kReceivedPostal, Column::kOpenInTerm},
      {"the day after the period", direct, Between("2020-03-01", "2020-03-09"), Column::kNone,
       Column::kNone},
      {"the day before the period", direct, Between("2020-03-11", "2020-03-31"),
       Column::kCarriedOver, Column::kOpenInTerm},
      {"resolved before the period", resolved, Between("2020-03-21", "2020-03-31"), Column::kNone,
       Column::kNone},
      {"resolved on the first day", resolved, Between("2020-03-20", "2020-03-31"),
       Column::kCarriedOver, Column::kResolvedOnTime},
      {"resolved on the last day", resolved, Between("2020-03-01", "2020-03-20"),
       Column::kReceivedDirect, Column::kResolvedOnTime},
      {"resolved after the period", resolved, Between("2020-03-01", "2020-03-19"),
       Column::kReceivedDirect, Column::kOpenInTerm},
      {"refused", refused, Between("2020-03-01", "2020-03-31"), Column::kNone, Column::kNone},
  });
}

TEST(Classify, ResolvedByBothVerdicts) {
  const ZonedTime due = At("2020-03-16T17:00:00+07:00");
  const auto resolved = [&](std::string_view at, cases::Payload payload) {
    return Of([&](Story& s) {
      s.Add("2020-03-10T09:00:00+07:00", Received(due)).Add(at, std::move(payload));
    });
  };
  const StatusQuery date = Between("2020-03-01", "2020-03-31");
  const StatusQuery instant = Between("2020-03-01", "2020-03-31", Verdict::kInstant);
  const History early = resolved("2020-03-15T23:59:59+07:00", cases::ResultRecorded{});
  const History on_the_day = resolved("2020-03-16T17:00:00+07:00", cases::ResultRecorded{});
  const History after_hours = resolved("2020-03-16T17:00:01+07:00", cases::ResultRecorded{});
  const History late = resolved("2020-03-17T00:00:00+07:00", cases::ResultRecorded{});
  const History withdrawn = resolved("2020-03-30T00:00:00+07:00", cases::DossierWithdrawn{});
  const Column received = Column::kReceivedDirect;
  Check({
      {"early, date", early, date, received, Column::kResolvedEarly},
      {"early, instant", early, instant, received, Column::kResolvedEarly},
      {"at the due instant, date", on_the_day, date, received, Column::kResolvedOnTime},
      {"at the due instant, instant", on_the_day, instant, received, Column::kResolvedOnTime},
      {"after hours, date", after_hours, date, received, Column::kResolvedOnTime},
      {"after hours, instant", after_hours, instant, received, Column::kResolvedLate},
      {"late, date", late, date, received, Column::kResolvedLate},
      {"late, instant", late, instant, received, Column::kResolvedLate},
      {"withdrawn, late", withdrawn, date, received, Column::kResolvedWithdrawn},
      {"withdrawn, instant", withdrawn, instant, received, Column::kResolvedWithdrawn},
      {"resolution not seen", late, AsOf(date, "2020-03-17T00:00:00+07:00"), received,
       Column::kOpenInTerm},
      {"resolution seen after the period", late,
       AsOf(Between("2020-03-01", "2020-03-10"), "2020-03-17T00:00:01+07:00"), received,
       Column::kResolvedLate},
  });
}

TEST(Classify, OffsetsDecideDays) {
  // Early by date and yet late by instant, and the other way round.
  const History early_but_late = Of([](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(At("2020-03-16T01:00:00+07:00")))
        .Add("2020-03-15T20:00:00-05:00", cases::ResultRecorded{});
  });
  const History late_but_in_time = Of([](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(At("2020-03-15T20:00:00-05:00")))
        .Add("2020-03-16T01:00:00+07:00", cases::ResultRecorded{});
  });
  const StatusQuery date = Between("2020-03-01", "2020-03-31");
  const StatusQuery instant = Between("2020-03-01", "2020-03-31", Verdict::kInstant);
  const Column received = Column::kReceivedDirect;
  Check({
      {"early by date", early_but_late, date, received, Column::kResolvedEarly},
      {"late by instant", early_but_late, instant, received, Column::kResolvedLate},
      {"late by date", late_but_in_time, date, received, Column::kResolvedLate},
      {"in time by instant", late_but_in_time, instant, received, Column::kResolvedOnTime},
  });
}

TEST(Classify, OpenLateFromTheDayAfterByDateFromTheInstantByInstant) {
  const History open = Of([](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(At("2020-03-16T17:00:00+07:00")));
  });
  const StatusQuery to_16 = Between("2020-03-01", "2020-03-16");
  const StatusQuery to_16_instant = Between("2020-03-01", "2020-03-16", Verdict::kInstant);
  const Column received = Column::kReceivedDirect;
  Check({
      {"end of the day before, instant", open,
       Between("2020-03-01", "2020-03-15", Verdict::kInstant), received, Column::kOpenInTerm},
      {"end of the due day, date", open, to_16, received, Column::kOpenInTerm},
      {"end of the due day, instant", open, to_16_instant, received, Column::kOpenLate},
      {"end of the next day, date", open, Between("2020-03-01", "2020-03-17"), received,
       Column::kOpenLate},
      {"as of the due instant", open, AsOf(to_16_instant, "2020-03-16T17:00:00+07:00"), received,
       Column::kOpenInTerm},
      {"as of one second after", open, AsOf(to_16_instant, "2020-03-16T17:00:01+07:00"), received,
       Column::kOpenLate},
      {"midnight has not begun the next day, date", open, AsOf(to_16, "2020-03-17T00:00:00+07:00"),
       received, Column::kOpenInTerm},
      {"one second into the next day, date", open, AsOf(to_16, "2020-03-17T00:00:01+07:00"),
       received, Column::kOpenLate},
      {"as of before it came", open, AsOf(to_16, "2020-03-10T09:00:00+07:00"), Column::kNone,
       Column::kNone},
      {"as of the instant after", open, AsOf(to_16, "2020-03-10T09:00:01+07:00"), received,
       Column::kOpenInTerm},
      {"as of before the period", open,
       AsOf(Between("2020-04-01", "2020-04-30"), "2020-03-12T00:00:00+07:00"), Column::kCarriedOver,
       Column::kOpenInTerm},
  });
}

TEST(Classify, StandstillsAndTheDueDateInForce) {
  const ZonedTime due = At("2020-03-12T17:00:00+07:00");
  const ZonedTime moved = At("2020-03-25T17:00:00+07:00");
  const ZonedTime resumed = At("2020-03-20T10:00:00+07:00");
  const History paused_late = Of([&](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(due))
        .Add("2020-03-15T09:00:00+07:00", cases::SupplementRequested{})
        .Add(resumed, Resumed(resumed, moved))
        .Add("2020-03-24T09:00:00+07:00", cases::ResultRecorded{});
  });
  const History paused_in_time = Of([&](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(due))
        .Add("2020-03-12T09:00:00+07:00", cases::SupplementRequested{})
        .Add(resumed, Resumed(resumed, moved))
        .Add("2020-03-24T09:00:00+07:00", cases::ResultRecorded{});
  });
  const History within_one_day = Of([&](Story& s) {
    const ZonedTime noon = At("2020-03-12T12:00:00+07:00");
    s.Add("2020-03-10T09:00:00+07:00", Received(due))
        .Add("2020-03-12T09:00:00+07:00", cases::ClockPaused{})
        .Add(noon, Resumed(noon, moved));
  });
  const History withdrawn_while_paused = Of([&](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(due))
        .Add("2020-03-15T09:00:00+07:00", cases::ClockPaused{})
        .Add("2020-03-18T09:00:00+07:00", cases::DossierWithdrawn{});
  });
  const Column received = Column::kReceivedDirect;
  const auto to = [](std::string_view day) { return Between("2020-03-01", day); };
  Check({
      {"late before the standstill", paused_late, to("2020-03-14"), received, Column::kOpenLate},
      {"from its first day", paused_late, to("2020-03-15"), received, Column::kOpenLate},
      {"to the day before its end", paused_late, to("2020-03-19"), received, Column::kOpenLate},
      {"also with the new due date", paused_late, to("2020-03-20"), received, Column::kOpenLate},
      {"resolved before the new due date", paused_late, to("2020-03-24"), received,
       Column::kResolvedLate},
      {"as of its begin", paused_late, AsOf(to("2020-03-15"), "2020-03-15T09:00:00+07:00"),
       received, Column::kOpenLate},
      {"as of just after its begin", paused_late,
       AsOf(to("2020-03-15"), "2020-03-15T09:00:00.000001+07:00"), received, Column::kOpenLate},
      {"as of its end", paused_late, AsOf(to("2020-03-31"), "2020-03-20T10:00:00+07:00"), received,
       Column::kOpenLate},
      {"as of just after its end", paused_late,
       AsOf(to("2020-03-31"), "2020-03-20T10:00:00.000001+07:00"), received, Column::kOpenLate},
      {"in time, from its first day", paused_in_time, to("2020-03-12"), received,
       Column::kOpenPaused},
      {"in time, to the day before its end", paused_in_time, to("2020-03-19"), received,
       Column::kOpenPaused},
      {"in time, then the new due date", paused_in_time, to("2020-03-20"), received,
       Column::kOpenInTerm},
      {"in time, as of just after its begin", paused_in_time,
       AsOf(to("2020-03-15"), "2020-03-12T09:00:00.000001+07:00"), received, Column::kOpenPaused},
      {"in time, as of its end", paused_in_time,
       AsOf(to("2020-03-31"), "2020-03-20T10:00:00+07:00"), received, Column::kOpenPaused},
      {"in time, as of just after its end", paused_in_time,
       AsOf(to("2020-03-31"), "2020-03-20T10:00:00.000001+07:00"), received, Column::kOpenInTerm},
      {"in time, resolved before the new due date", paused_in_time, to("2020-03-24"), received,
       Column::kResolvedEarly},
      {"begun and ended on one day", within_one_day, to("2020-03-12"), received,
       Column::kOpenInTerm},
      {"before that day the old due date", within_one_day,
       Between("2020-03-01", "2020-03-11", Verdict::kInstant), received, Column::kOpenInTerm},
      {"late by the moved due date", within_one_day, to("2020-03-26"), received, Column::kOpenLate},
      {"withdrawn while it stood", withdrawn_while_paused, to("2020-03-18"), received,
       Column::kResolvedWithdrawn},
      {"the day before", withdrawn_while_paused, to("2020-03-17"), received, Column::kOpenLate},
  });
}

TEST(Classify, ImportClosedBeforeItWasOpened) {
  cases::DossierImported imported;
  imported.opened = At("2015-03-10T09:00:00-05:00");
  imported.due = At("2015-03-08T09:00:00-05:00");
  imported.closed = At("2015-03-01T09:00:00-05:00");
  imported.outcome = cases::Outcome::kGranted;
  const History absurd = Of([&](Story& s) { s.Add("2020-01-01T00:00:00+07:00", imported); });
  Check({
      {"not before it was opened", absurd, Between("2015-03-01", "2015-03-09"), Column::kNone,
       Column::kNone},
      {"resolved when it was opened, by the recorded instants", absurd,
       Between("2015-03-10", "2015-03-10"), Column::kReceivedDirect, Column::kResolvedEarly},
      {"settled afterwards", absurd, Between("2015-03-11", "2015-03-31"), Column::kNone,
       Column::kNone},
      {"as of an instant", absurd,
       AsOf(Between("2015-03-10", "2015-03-10"), "2015-03-10T09:00:00.000001-05:00"),
       Column::kReceivedDirect, Column::kResolvedEarly},
  });
}

TEST(Classify, DueIsTheOneInForce) {
  const ZonedTime resumed = At("2020-03-20T10:00:00+07:00");
  const ZonedTime due = At("2020-03-12T17:00:00+07:00");
  const ZonedTime moved = At("2020-03-25T17:00:00+07:00");
  const Folded folded(Of([&](Story& s) {
    s.Add("2020-03-10T09:00:00+07:00", Received(due))
        .Add("2020-03-15T09:00:00+07:00", cases::SupplementRequested{})
        .Add(resumed, Resumed(resumed, moved));
  }));
  const cases::Dossier& dossier = folded.dossiers().begin()->second;
  EXPECT_EQ(Classify(dossier, Between("2020-03-01", "2020-03-19"))->due, due);
  EXPECT_EQ(Classify(dossier, Between("2020-03-01", "2020-03-20"))->due, moved);
}

TEST(Classify, UnitsThatBeginAlikeAreNotMixed) {
  const Folded folded(Of([](Story& s) { s.Add("2020-03-10T09:00:00+07:00", Received({})); }));
  StatusQuery query = Between("2020-03-01", "2020-03-31");
  query.unit = cases::UnitCode("H49.1");
  EXPECT_TRUE(Classify(folded.dossiers().begin()->second, query).has_value());
  for (const char* other : {"H49", "H49.10", "H49.", "H49.1-200101"}) {
    query.unit = cases::UnitCode(other);
    EXPECT_FALSE(Classify(folded.dossiers().begin()->second, query).has_value()) << other;
  }
}

}  // namespace
}  // namespace motcua::reporting
