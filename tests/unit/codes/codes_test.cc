// Goal: every code of the field is read as its circular writes it, nothing else is, and a dossier's
//       code says unit, day and number also when the day's count outgrows its digits.
// Method: tables of right and wrong forms; round trips as properties; the check digit of S10
// against
//         its definition in words, written the long way.
#include "services/domain/cases/codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <unordered_set>

namespace motcua::cases {
namespace {

using testing::HasSubstr;

template <typename Parse>
void ExpectRefused(Parse parse, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto result = parse(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.status().code(), StatusCode::kInvalidArgument) << text;
    ASSERT_EQ(result.status().metadata().size(), 1U) << text;
    EXPECT_EQ(result.status().metadata()[0].first, "field") << text;
    EXPECT_LT(result.status().message().size(), 200U) << text;  // never echoes a flood
  }
}

TEST(UnitCodeTest, ReadsBothForms) {
  for (const char* const text : {"000.23.10.H49", "000.00.00.G09", "H49", "H49.23", "H49.23.10",
                                 "G09.20", "A01.1.22.333.4"}) {
    ASSERT_TRUE(ParseUnitCode(text).ok()) << text;
    EXPECT_EQ(ParseUnitCode(text)->value(), text);
  }
}

TEST(UnitCodeTest, RefusesWhatIsNeither) {
  ExpectRefused(ParseUnitCode, {"",
                                ".",
                                "H4",
                                "h49",
                                "Z49",
                                "H4x",
                                "H490",
                                "49H",
                                "000.23.10.h49",
                                "00.23.10.H49",
                                "000.23.10",
                                "000.23.10.H49.1",
                                "000.23.10.H49 ",
                                " 000.23.10.H49",
                                "000-23-10-H49",
                                "000.2a.10.H49",
                                "H49.",
                                "H49..1",
                                "H49.1234",
                                "H49.1.2.3.4.5",
                                "H49.a",
                                std::string(1'000, 'H')});
}

TEST(ProcedureCodeTest, ReadsNationalCodesAndLocalCopies) {
  for (const char* const text : {"1.001193", "2.000488", "1.001193.000.00.00.H49"}) {
    ASSERT_TRUE(ParseProcedureCode(text).ok()) << text;
    EXPECT_EQ(ParseProcedureCode(text)->value(), text);
  }
}

TEST(ProcedureCodeTest, RefusesEverythingElse) {
  ExpectRefused(ParseProcedureCode,
                {"", "1", "1.", "1.00119", "1.0011934", "1001193", "a.001193", "1,001193",
                 "1.00119x", "1.001193.", "1.001193.H49", "1.001193.000.00.00", "1.001193 ",
                 "Pothole Repair", std::string(1'000, '1')});
}

TEST(DossierCodeTest, SaysUnitDayAndNumber) {
  const Result<DossierCode> old_form = ParseDossierCode("000.23.10.H49-201031-0001");
  ASSERT_TRUE(old_form.ok());
  EXPECT_EQ(UnitOf(*old_form), UnitCode("000.23.10.H49"));
  EXPECT_EQ(NumberOf(*old_form).day, MakeDate(2020, 10, 31));
  EXPECT_EQ(NumberOf(*old_form).sequence, 1U);

  const Result<DossierCode> new_form = ParseDossierCode("G09.20-20260609-0092637");
  ASSERT_TRUE(new_form.ok());
  EXPECT_EQ(UnitOf(*new_form), UnitCode("G09.20"));
  EXPECT_EQ(NumberOf(*new_form).day, MakeDate(2026, 6, 9));
  EXPECT_EQ(NumberOf(*new_form).sequence, 92'637U);
}

TEST(DossierCodeTest, RefusesEverythingElse) {
  ExpectRefused(ParseDossierCode, {"",
                                   "-",
                                   "--",
                                   "000.23.10.H49",
                                   "000.23.10.H49-201031",
                                   "000.23.10.H49-201031-",
                                   "000.23.10.H49-201031-001",
                                   "000.23.10.H49-201031-0000",
                                   "000.23.10.H49-201032-0001",
                                   "000.23.10.H49-210229-0001",
                                   "000.23.10.H49-20201031-0001",
                                   "000.23.10.H49-201031-000a",
                                   "000.23.10.H49-201031-1234567890",
                                   "000.23.10.H49-201031-0001-",
                                   "-201031-0001",
                                   "000.23.10.H49_201031_0001",
                                   "000.23.10.h49-201031-0001",
                                   "000.23.10.H49 -201031-0001",
                                   "G09.20-20260609-092637",
                                   "G09.20-260609-0092637",
                                   "G09.20-20260631-0092637",
                                   "G09.20-22000101-0000001",
                                   "G09.20-20260609-0000000",
                                   std::string(1'000, '-')});
}

TEST(DossierCodeTest, TheCountMayOutgrowItsDigits) {
  const CivilDate day = MakeDate(2020, 10, 31);
  const UnitCode old_unit("000.23.10.H49");
  EXPECT_EQ(MakeDossierCode(old_unit, day, 1).value(), "000.23.10.H49-201031-0001");
  EXPECT_EQ(MakeDossierCode(old_unit, day, 9'999).value(), "000.23.10.H49-201031-9999");
  EXPECT_EQ(MakeDossierCode(old_unit, day, 10'000).value(), "000.23.10.H49-201031-10000");
  const UnitCode new_unit("H49.23");
  EXPECT_EQ(MakeDossierCode(new_unit, day, 9'999'999).value(), "H49.23-20201031-9999999");
  EXPECT_EQ(MakeDossierCode(new_unit, day, 10'000'000).value(), "H49.23-20201031-10000000");
}

TEST(DossierCodeTest, WhatIsMadeIsReadBack) {
  rc::check("numbers come back", [] {
    const UnitCode unit(*rc::gen::element("000.23.10.H49", "H49", "H49.23.10"));
    const int first = MakeDate(2019, 1, 1).days;
    const CivilDate day{*rc::gen::inRange(first, first + 50 * 365)};
    const auto sequence = *rc::gen::inRange<std::uint32_t>(1, 999'999'999);
    const Result<DossierCode> parsed =
        ParseDossierCode(MakeDossierCode(unit, day, sequence).value());
    RC_ASSERT(parsed.ok());
    RC_ASSERT(UnitOf(*parsed) == unit);
    RC_ASSERT(NumberOf(*parsed).day == day);
    RC_ASSERT(NumberOf(*parsed).sequence == sequence);
  });
}

TEST(DossierCodeTest, TheLongestCodeFitsItsLimit) {
  const DossierCode longest =
      MakeDossierCode(UnitCode("A01.111.222.333.444"), MakeDate(2199, 12, 31), 999'999'999);
  EXPECT_TRUE(ParseDossierCode(longest.value()).ok());
  EXPECT_LE(longest.value().size(), kDossierCodeBytesMax);
}

TEST(RequestIdTest, ReadsBothCasesAndWritesTheLower) {
  const std::string text = "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f";
  std::string upper = text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  ASSERT_TRUE(ParseRequestId(text).ok());
  ASSERT_TRUE(ParseRequestId(upper).ok());
  EXPECT_EQ(*ParseRequestId(text), *ParseRequestId(upper));
  EXPECT_EQ(FormatRequestId(*ParseRequestId(upper)), text);
}

TEST(RequestIdTest, RefusesEverythingElse) {
  ExpectRefused(ParseRequestId,
                {"3f2b8c1e5d0a4c7b9e110a1b2c3d4e5f", "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5",
                 "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f0", "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5g",
                 "{3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f}", "3f2b8c1e-5d0a-4c7b-9e110-a1b2c3d4e5f",
                 "00000000-0000-0000-0000-000000000000"});
  EXPECT_THAT(ParseRequestId("").status().message(), HasSubstr("missing"));
}

// Written into logs by reactions, timers and imports: the same name is the same id permanently.
TEST(RequestIdTest, DerivedIdsAreGolden) {
  EXPECT_EQ(FormatRequestId(DeriveRequestId("boston311-2015h1/101001240734")),
            "64ed390a-da56-8bde-8d7e-7cef9cea007b");
}

TEST(RequestIdTest, DerivedIdsAreValidAndDiffer) {
  std::unordered_set<RequestId> ids;
  for (int i = 0; i < 10'000; ++i) {
    const RequestId id = DeriveRequestId("timer/" + std::to_string(i));
    EXPECT_EQ(id.bytes[6] >> 4U, 8);  // version 8
    EXPECT_EQ(id.bytes[8] >> 6U, 2);  // variant of RFC 9562
    const Result<RequestId> parsed = ParseRequestId(FormatRequestId(id));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, id);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 10'000U);
}

// "Multiply the digits by 8 6 4 2 3 5 9 7, add, divide by 11, take the remainder from 11; 10
// becomes 0 and 11 becomes 5."
char SlowCheckDigit(const std::string& digits) {
  const std::string weights = "86423597";
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += (weights[i] - '0') * (digits[i] - '0');
  while (sum >= 11) sum -= 11;
  if (sum == 1) return '0';
  if (sum == 0) return '5';
  return static_cast<char>('0' + (11 - sum));
}

TEST(ItemNumberTest, ReadsRealNumbers) {
  for (const char* const text : {"EX123456785VN", "RR473124829GB"}) {
    ASSERT_TRUE(ParseItemNumber(text).ok()) << text;
    EXPECT_EQ(*ParseItemNumber(text), text);
  }
}

TEST(ItemNumberTest, ExactlyOneCheckDigitPasses) {
  std::unordered_set<char> seen;
  for (int number = 0; number < 100'000'000; number += 99'991) {
    std::string digits = std::to_string(number);
    digits.insert(0, 8 - digits.size(), '0');
    const char right = SlowCheckDigit(digits);
    seen.insert(right);
    for (char check = '0'; check <= '9'; ++check) {
      EXPECT_EQ(ParseItemNumber("EX" + digits + check + "VN").ok(), check == right)
          << digits << check;
    }
  }
  EXPECT_EQ(seen.size(), 10U);  // the two exceptions as well
}

TEST(ItemNumberTest, RefusesEverythingElse) {
  ExpectRefused(ParseItemNumber,
                {"", "EX123456785V", "EX123456785VNN", "EX12345678 VN", "EX1234567A5VN",
                 "1X123456785VN", "EX123456785V1", "EX123456785_VN", "EX123456785VN.",
                 std::string(kItemNumberTextBytesMax, ' ') + "EX123456785VN", "ÉX123456785VN"});
  EXPECT_THAT(ParseItemNumber("EX123456784VN").status().message(), HasSubstr("its number gives 5"));
}

TEST(Faults, P5_OnlyCountriesWithAnIssuerPass) {
  for (const char* const country : {"XX", "ZZ", "AA", "EU", "UK", "XK", "QM", "OO"}) {
    const Status status = ParseItemNumber(std::string("RB123456785") + country).status();
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid) << country;
    EXPECT_THAT(status.message(), HasSubstr(country));
  }
  int issuers = 0;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      issuers += ParseItemNumber(std::string("RB123456785") + first + second).ok() ? 1 : 0;
    }
  }
  // 191 member countries, and the territories and Taiwan that issue numbers of their own.
  EXPECT_EQ(issuers, 222);
  for (const char* const country : {"VN", "LA", "KH", "CN", "US", "GB", "TW", "HK", "MO"}) {
    EXPECT_TRUE(ParseItemNumber(std::string("RB123456785") + country).ok()) << country;
  }
}

TEST(Faults, P6_ItemNumbersAreTakenAsTheyAreWritten) {
  for (const char* const text :
       {"EX 123 456 785 VN", "ex123456785vn", " EX123456785VN ", "EX-123-456-785-VN",
        "Ex\xC2\xA0"
        "123\xC2\xA0"
        "456785\tVN"}) {
    ASSERT_TRUE(ParseItemNumber(text).ok()) << text;
    EXPECT_EQ(*ParseItemNumber(text), "EX123456785VN");
  }
}

}  // namespace
}  // namespace motcua::cases
