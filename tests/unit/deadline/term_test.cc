// Goal: terms are read as the procedure sheets write them, and nothing else is.
// Method: tables; every milli value comes back from its own text.
#include "services/domain/deadline/term.h"

#include <gtest/gtest.h>

namespace motcua::deadline {
namespace {

TEST(Term, Parses) {
  EXPECT_EQ(ParseTerm("5wd").value(), (Term{5000, TermUnit::kWorkingDays}));
  EXPECT_EQ(ParseTerm("0.5wd").value(), (Term{500, TermUnit::kWorkingDays}));
  EXPECT_EQ(ParseTerm("0.25wd").value(), (Term{250, TermUnit::kWorkingDays}));
  EXPECT_EQ(ParseTerm("7.125h").value(), (Term{7125, TermUnit::kWorkingHours}));
  EXPECT_EQ(ParseTerm("15d").value(), (Term{15000, TermUnit::kCalendarDays}));
  EXPECT_EQ(ParseTerm("1mo").value(), (Term{1000, TermUnit::kMonths}));
  EXPECT_EQ(ParseTerm("0wd").value(), (Term{0, TermUnit::kWorkingDays}));
  EXPECT_EQ(ParseTerm("4000d").value().milli, kTermMilliMax);
  EXPECT_EQ(ParseTerm("3.0d").value(), (Term{3000, TermUnit::kCalendarDays}));
}

TEST(Term, RefusesWithTheReason) {
  for (const char* text : {"",       "wd",         "5",        "5 wd", "-5wd", "+5wd",  "5WD",
                           "5x",     "5wdd",       ".5wd",     "5.wd", "5.5d", "0.5mo", "1.2345h",
                           "4001wd", "99999999wd", "4000.5wd", "5wd ", " 5wd", "5,5wd", "1e3d"}) {
    const auto term = ParseTerm(text);
    ASSERT_FALSE(term.ok()) << text;
    EXPECT_EQ(term.status().reason(), Reason::kFieldInvalid);
    EXPECT_NE(term.status().message().find("\"" + std::string(text) + "\""), std::string::npos);
  }
}

TEST(Term, FormatsWhatParsesBack) {
  EXPECT_EQ(FormatTerm({500, TermUnit::kWorkingDays}), "0.5wd");
  EXPECT_EQ(FormatTerm({5, TermUnit::kWorkingHours}), "0.005h");
  EXPECT_EQ(FormatTerm({10000, TermUnit::kMonths}), "10mo");
  for (std::int32_t milli = 0; milli <= 12'000; ++milli) {
    const Term term{milli, TermUnit::kWorkingDays};
    ASSERT_EQ(ParseTerm(FormatTerm(term)).value(), term);
  }
}

}  // namespace
}  // namespace motcua::deadline
