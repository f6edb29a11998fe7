// Goal: registers as offices have them are read, or refused in a sentence that helps; what a file
// does to its own dates, words and names is told and never passed over.
// Method: one test a kind of file, each with the least file that shows it, read by the mapping of
// the tracking book.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/platform/imports/day_first.h"
#include "services/platform/imports/register_file.h"
#include "services/platform/imports/words.h"
#include "tests/unit/imports/temp_file.h"

namespace motcua::imports {
namespace {

const std::string kHeader = "Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n";

struct Book {
  std::vector<Conversion> rows;
  RegisterNotes notes;
  std::string error;  // without the path

  const RegisterRow& Row(std::size_t index) const { return std::get<RegisterRow>(rows.at(index)); }
  const RefusedRow& Refused(std::size_t index) const {
    return std::get<RefusedRow>(rows.at(index));
  }
  // "2020-01-20T09:32 2020-02-03T17:00 -" of a row; the refusal otherwise.
  std::string Times(std::size_t index) const {
    if (const auto* const refused = std::get_if<RefusedRow>(&rows.at(index))) {
      return refused->column + ": " + refused->message;
    }
    const auto text = [](const ZonedTime& time) { return FormatZonedTime(time).substr(0, 19); };
    const RegisterRow& row = Row(index);
    return text(row.opened) + " " + (row.due ? text(*row.due) : "-") + " " +
           (row.closed ? text(*row.closed) : "-");
  }
};

Book ReadWith(const Result<Mapping>& mapping, const std::string& bytes) {
  EXPECT_TRUE(mapping.ok()) << mapping.status().message();
  const TempFile temp(bytes);
  Book book;
  Result<RegisterFile> file = RegisterFile::Open(temp.path(), *mapping);
  if (!file.ok()) {
    book.error = file.status().message().substr(temp.path().size());
    return book;
  }
  while (true) {
    Result<std::optional<Conversion>> next = file->Next();
    EXPECT_TRUE(next.ok()) << next.status().message();
    if (!next.ok() || !next->has_value()) break;
    book.rows.push_back(**std::move(next));
  }
  book.notes = file->notes();
  return book;
}

Book ReadBook(const std::string& bytes) { return ReadWith(LoadMapping("mau06"), bytes); }

Book ReadEncoded(const std::string& encoding, const std::string& bytes) {
  std::string text;
  for (const BuiltInMapping& built_in : BuiltInMappings()) {
    if (built_in.name == "mau06") text = built_in.text;
  }
  return ReadWith(ParseMapping("m.toml", "encoding = \"" + encoding + "\"\n" + text), bytes);
}

// ---- F1: dates ---------------------------------------------------------------------------------

TEST(Faults, F1_OneMorningInTheWaysThatPeopleWriteIt) {
  for (const char* cell : {
           "20/01/2020 09:32",
           "20/01/2020 9:32",
           "20/1/2020 9:32:00",
           "20-01-2020 09:32",
           "20.01.2020 09:32",
           "9h32 ngày 20/01/2020",
           "\"09 giờ 32 phút, ngày 20 tháng 01 năm 2020\"",
           "20/01/2020 9:32 SA",
           "9:32 SA 20/01/2020",
           "9:32:00 SA ngày 20/01/2020",
           "20/01/2020  09:32",
           "43850.397",
           "\"43850,397222222\"",
           "2020-01-20T09:32",
           "2020-01-20 09:32:00.000",
           "20/01/2020 09:32 AM",
           "20/01/2020 9h32",
           "20/01/2020 9g32",
           "\"Thứ hai, 20/01/2020 9h32\"",
           "09:32 - 20/01/2020",
           "09H32 NGÀY 20/01/2020",
           "20/01/2020\xC2\xA0"
           "09:32",
           "\xE2\x80\x8E"
           "20/01/2020 09:32",
           "lúc 9 giờ 32 ngày 20/01/2020",
           "20 / 01 / 2020 9:32",
           "9 gio 32 phut ngay 20 thang 1 nam 2020",
       }) {
    const Book book = ReadBook(kHeader + "000.23.10.H49-200120-0003,x," + cell + ",,\n");
    ASSERT_EQ(book.error, "") << cell;
    EXPECT_EQ(book.Times(0), "2020-01-20T09:32:00 - -") << cell;
    EXPECT_EQ(book.Row(0).doubts, 0U) << cell;
  }
}

TEST(Faults, F1_HalvesOfTheDayAndDaysAlone) {
  const auto times = [](const std::string& cell) {
    return ReadBook(kHeader + "000.23.10.H49-200120-0003,x," + cell + ",,\n").Times(0);
  };
  EXPECT_EQ(times("20/01/2020 2:05 CH"), "2020-01-20T14:05:00 - -");
  EXPECT_EQ(times("20/01/2020 12:05 SA"), "2020-01-20T00:05:00 - -");
  EXPECT_EQ(times("20/01/2020 12:05 CH"), "2020-01-20T12:05:00 - -");
  EXPECT_EQ(times("20/01/2020 14:05 CH"), "2020-01-20T14:05:00 - -");
  EXPECT_EQ(times("2h chiều ngày 20/1/2020"), "2020-01-20T14:00:00 - -");
  EXPECT_EQ(times("14h 20/01/2020"), "2020-01-20T14:00:00 - -");
  EXPECT_EQ(times("9 giờ 32 phút 20/01/2020"), "2020-01-20T09:32:00 - -");
  EXPECT_EQ(times("9 giờ 32 phút 15 giây 20/01/2020"), "2020-01-20T09:32:15 - -");
  EXPECT_EQ(times("20.01.2020"), "2020-01-20T07:30:00 - -");  // working hours begin
  EXPECT_EQ(times("ngày 20 tháng 1 năm 2020"), "2020-01-20T07:30:00 - -");
  EXPECT_EQ(times("43850"), "2020-01-20T07:30:00 - -");
  EXPECT_EQ(times("43850.9999999"), "2020-01-21T00:00:00 - -");
}

TEST(Faults, F1_WhatStaysUnreadIsShownUnlessItCouldBePersonal) {
  const auto refusal = [](const std::string& cell) {
    const Book book = ReadBook(kHeader + "000.23.10.H49-200120-0003,x," + cell + ",,\n");
    EXPECT_TRUE(std::holds_alternative<RefusedRow>(book.rows.at(0))) << cell;
    EXPECT_EQ(book.Refused(0).column, "Nhận hồ sơ");
    const std::string& message = book.Refused(0).message;
    return message.substr(0, message.find(" is not a date"));
  };
  EXPECT_EQ(refusal("01/20/2020 9:32"), "\"01/20/2020 9:32\"");
  EXPECT_EQ(refusal("31/02/2020"), "\"31/02/2020\"");
  EXPECT_EQ(refusal("20/01/20"), "\"20/01/20\"");
  EXPECT_EQ(refusal("20/01/2020 25:00"), "\"20/01/2020 25:00\"");
  EXPECT_EQ(refusal("20/01/2020 14:05 SA"), "\"99/99/9999 99:99 a\"");
  EXPECT_EQ(refusal("\"Jan 20, 2020\""), "\"a 99, 9999\"");
  EXPECT_EQ(refusal("Nguyễn Văn Bê"), "\"a a a\"");
  EXPECT_EQ(refusal("0912345678"), "\"9999999999\"");
  EXPECT_EQ(refusal("0912.345.678"), "\"9999.999.999\"");
  EXPECT_EQ(refusal("038012345678"), "\"999999999999\"");
}

// ---- F2: the order of day and month ------------------------------------------------------------

TEST(Faults, F2_ARowWhoseCodeSaysAnotherOrderDoubtsTheColumn) {
  const Book book = ReadBook(
      kHeader + "000.23.10.H49-200203-0001,x,02/03/2020 10:15,02/10/2020 17:00,02/07/2020 08:20\n");
  EXPECT_EQ(book.Row(0).doubts & kDoubtDatesMixed, kDoubtDatesMixed);
  ASSERT_EQ(book.notes.mixed_dates.size(), 1U);
  EXPECT_EQ(book.notes.mixed_dates[0],
            (MixedDates{DateColumn::kOpened, "Nhận hồ sơ", 0, 1, DateOrder::kDayFirst}));
}

TEST(Faults, F2_AFileInWhichBothOrdersOccurIsNamedAsSuch) {
  const Book book = ReadBook(kHeader +
                             "000.23.10.H49-200120-0001,x,20/01/2020 09:32,28/01/2020,\n"
                             "000.23.10.H49-200203-0002,x,3/2/2020 10:15,02/14/2020,\n"
                             "000.23.10.H49-200302-0003,x,02/03/2020 10:15,,\n"
                             "000.23.10.H49-200304-0004,x,04/03/2020 10:15,2/4/2020,\n");
  ASSERT_EQ(book.rows.size(), 4U);
  ASSERT_EQ(book.notes.mixed_dates.size(), 1U);
  EXPECT_EQ(book.notes.mixed_dates[0],
            (MixedDates{DateColumn::kDue, "Hẹn trả kết quả", 1, 1, DateOrder::kDayFirst}));
  EXPECT_EQ(book.Row(0).doubts, kDoubtDatesMixed);  // also where its own date has one reading
  EXPECT_EQ(book.Refused(1).message.substr(0, 12), "\"02/14/2020\"");
  EXPECT_EQ(book.Row(2).doubts, 0U);  // no date in that column
  EXPECT_EQ(book.Row(3).doubts, kDoubtDatesMixed);
}

TEST(Faults, F2_OneOrderIsNoDoubt) {
  const Book book = ReadBook(kHeader +
                             "000.23.10.H49-200120-0001,x,20/01/2020 09:32,28/01/2020,\n"
                             "000.23.10.H49-200302-0003,x,02/03/2020 10:15,3/4/2020,1/2/2020\n"
                             "000.23.10.H49-200305-0003,x,02/04/2020 10:15,,\n"
                             "000.23.10.H49-200303-0003,x,03/03/2020 10:15,,\n");
  EXPECT_TRUE(book.notes.mixed_dates.empty());
  EXPECT_EQ(book.Row(0).doubts, 0U);
  EXPECT_EQ(book.Row(2).doubts, 0U) << "another day in the code is no other order";
}

// ---- F3: cells that are not there --------------------------------------------------------------

TEST(Faults, F3_NamelessColumnsAndMissingCellsAtTheEnd) {
  const Book book = ReadBook(
      "Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả,,,\n"
      "000.23.10.H49-200120-0001,x,20/01/2020 09:32,03/02/2020 17:00,,,,\n"
      "000.23.10.H49-200120-0002,x,20/01/2020 09:33,03/02/2020 17:00\n"
      "000.23.10.H49-200120-0003,x,20/01/2020 09:34\n"
      "000.23.10.H49-200120-0004,x,20/01/2020 09:35,,,,,,,,\n"
      "000.23.10.H49-200120-0005,x,20/01/2020 09:36,,,a note beside,\n"
      "000.23.10.H49-200120-0006,x\n"
      "000.23.10.H49-200120-0007,x,20/01/2020 09:36,,,,,,,shifted\n");
  ASSERT_EQ(book.error, "");
  EXPECT_EQ(book.Times(0), "2020-01-20T09:32:00 2020-02-03T17:00:00 -");
  EXPECT_EQ(book.Times(1), "2020-01-20T09:33:00 2020-02-03T17:00:00 -");
  EXPECT_EQ(book.Times(2), "2020-01-20T09:34:00 - -");
  EXPECT_EQ(book.Times(3), "2020-01-20T09:35:00 - -");
  EXPECT_EQ(book.Times(4), "2020-01-20T09:36:00 - -");
  EXPECT_EQ(book.Times(5), "Nhận hồ sơ: is empty");
  EXPECT_EQ(book.Times(6), ": the row has 10 of 8 columns");
}

// ---- F4: delimiters, encodings, headings -------------------------------------------------------

const std::string kRow = "000.23.10.H49-200120-0001,Đăng ký khai sinh,20/01/2020 09:32,,\n";

std::string WithDelimiter(std::string text, char delimiter) {
  for (char& c : text) {
    if (c == ',') c = delimiter;
  }
  return text;
}

std::string Utf16(const std::string& ucs2_safe_utf8, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  const std::string& text = ucs2_safe_utf8;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
    unsigned unit = length == 1 ? lead : length == 2 ? lead & 0x1FU : lead & 0x0FU;
    for (std::size_t k = 1; k < length; ++k) {
      unit = unit << 6U | (static_cast<unsigned char>(text[at + k]) & 0x3FU);
    }
    const char low = static_cast<char>(unit & 0xFFU);
    const char high = static_cast<char>(unit >> 8U);
    out += little ? std::string{low, high} : std::string{high, low};
    at += length;
  }
  return out;
}

TEST(Faults, F4_EachDelimiterAndEncodingOfASpreadsheet) {
  const std::string text = kHeader + kRow;
  for (const std::string& bytes :
       {text, WithDelimiter(text, ';'), WithDelimiter(text, '\t'), WithDelimiter(text, '|'),
        "\xEF\xBB\xBF" + WithDelimiter(text, ';'), "sep=;\r\n" + WithDelimiter(text, ';'),
        Utf16(WithDelimiter(text, '\t'), true), Utf16(WithDelimiter(text, '\t'), false),
        Utf16(text, true)}) {
    const Book book = ReadBook(bytes);
    ASSERT_EQ(book.error, "");
    ASSERT_EQ(book.rows.size(), 1U);
    EXPECT_EQ(book.Row(0).procedure, "Đăng ký khai sinh");
    EXPECT_EQ(book.Times(0), "2020-01-20T09:32:00 - -");
    EXPECT_FALSE(book.notes.old_letters);
  }
}

TEST(Faults, F4_HeadingsInOtherClothes) {
  const std::string nfd_id = "Ma\xCC\x83 ho\xCC\x82\xCC\x80 so\xCC\x9B";  // Mã hồ sơ
  for (const std::string& heading : {
           nfd_id + ",Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n",
           std::string("MÃ HỒ SƠ,TÊN TTHC,NHẬN HỒ SƠ,HẸN TRẢ KẾT QUẢ,TRẢ KẾT QUẢ\n"),
           std::string("\"Mã\nhồ sơ\",Tên TTHC,\"Nhận\r\nhồ sơ\",Hẹn trả kết quả,Trả kết quả\n"),
           std::string("Mã\xC2\xA0hồ sơ ,Tên TTHC,  Nhận  hồ sơ,Hẹn trả kết quả,Trả kết quả\n"),
           std::string("SỔ THEO DÕI\n\nMã hồ sơ,Tên TTHC,\"Ngày, tháng, năm\",,\n"
                       ",,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n(1),(2),(3),(4),(5)\n"),
           std::string("Mã hồ sơ,Tên TTHC,\"Ngày, tháng, năm\",,\n"
                       ",,nhận hồ sơ,hẹn trả kết quả,trả kết quả\n"),
       }) {
    const Book book = ReadBook(heading + kRow);
    ASSERT_EQ(book.error, "") << heading;
    ASSERT_EQ(book.rows.size(), 1U) << heading;
    EXPECT_EQ(book.Times(0), "2020-01-20T09:32:00 - -") << heading;
  }
}

TEST(Faults, F4_WhatIsNoCsvSaysWhatItIs) {
  for (const auto& [bytes, words] :
       {std::pair{std::string("PK\x03\x04\x14\x00", 6), "is a workbook (.xlsx, .xlsm, .ods)"},
        std::pair{std::string("\xD0\xCF\x11\xE0\xA1\xB1"), "is an old workbook (.xls)"},
        std::pair{std::string("%PDF-1.7\n"), "is a PDF"},
        std::pair{std::string("<html><table>"), "is a web page or XML"},
        std::pair{std::string("M\0a\0", 4), "has bytes 0"}}) {
    const Book book = ReadBook(bytes);
    EXPECT_NE(book.error.find(words), std::string::npos) << book.error;
    EXPECT_NE(book.error.find("CSV UTF-8"), std::string::npos) << book.error;
  }
}

// ---- F5: personal data in errors ---------------------------------------------------------------

TEST(Faults, F5_AnErrorNamesOnlyHeadingsOfTheMapping) {
  EXPECT_EQ(ReadBook("000.23.10.H49-200120-0001,x,Nguyễn Văn A,Nguyễn Văn A,20/01/2020\n").error,
            ": line 1: the column \"Mã hồ sơ\" is missing");
  EXPECT_EQ(ReadBook("Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n").error,
            ": line 1: the column \"Nhận hồ sơ\" stands twice");
  // Two columns of one name that nobody needs do no harm.
  const Book book = ReadBook(
      "Ghi chú,Ghi chú,Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n"
      "a,b,000.23.10.H49-200120-0001,x,20/01/2020,,\n");
  EXPECT_EQ(book.error, "");
  EXPECT_EQ(book.rows.size(), 1U);
}

// ---- F6: words ---------------------------------------------------------------------------------

TEST(Faults, F6_WordsForTheChannel) {
  const auto read = [](const std::string& word) {
    return ReadBook(
        "Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả,Phương thức nhận\n"
        "000.23.10.H49-200120-0001,x,20/01/2020,,," +
        word + "\n");
  };
  for (const char* word : {"Trực tuyến toàn trình", "TRỰC TUYẾN", "Dịch vụ công trực tuyến",
                           "Tru\xCC\x9B\xCC\xA3"
                           "c tuye\xCC\x82\xCC\x81n",
                           " trực  tuyến "}) {
    const Book book = read(word);
    EXPECT_EQ(book.Row(0).channel, cases::Channel::kOnline) << word;
    EXPECT_EQ(book.Row(0).doubts, 0U) << word;
  }
  const Book unknown = read("Qua fax");
  EXPECT_EQ(unknown.Row(0).channel, cases::Channel::kDirect);
  EXPECT_EQ(unknown.Row(0).doubts, kDoubtChannelUnknown);
  ASSERT_EQ(unknown.notes.unknown_words.size(), 1U);
  EXPECT_EQ(unknown.notes.unknown_words.begin()->first,
            (UnknownWord{"Phương thức nhận", "Qua fax"}));
  EXPECT_EQ(unknown.notes.unknown_words.begin()->second, 1U);
  EXPECT_EQ(read("").Row(0).doubts, 0U) << "nothing said is nothing unknown";
}

TEST(Faults, F6_UnknownWordsOfOutcomeAndUnitAreListedToo) {
  const Book book = ReadWith(ParseMapping("m.toml", R"(source = "t"
zone = "Asia/Ho_Chi_Minh"
[id]
column = "id"
[opened]
column = "opened"
[unit]
column = "unit"
default = { code = "000.00.01.X11", name = "One" }
[unit.table]
"Two" = { code = "000.00.02.X11", name = "Two" }
[procedure]
key = ["type"]
[outcome]
column = "outcome"
default = "granted"
[outcome.table]
"no" = "rejected"
)"),
                             "id,opened,unit,type,outcome\n1,2020-01-20,TWO,t,NO\n"
                             "2,2020-01-20,Three,t,perhaps\n3,2020-01-20,Three,t,\n");
  EXPECT_EQ(book.Row(0).unit.value(), "000.00.02.X11");
  EXPECT_TRUE(book.Row(0).unknown.empty());
  const std::map<UnknownWord, std::uint64_t> expected = {{{"unit", "Three"}, 2},
                                                         {{"outcome", "perhaps"}, 1}};
  EXPECT_EQ(book.notes.unknown_words, expected);
}

// ---- Names -------------------------------------------------------------------------------------

TEST(Faults, F7_ANameIsOneNameHoweverItWasTyped) {
  const auto name = [](const std::string& cell) {
    return ReadBook(kHeader + "000.23.10.H49-200120-0001," + cell + ",20/01/2020,,\n")
        .Row(0)
        .procedure;
  };
  EXPECT_EQ(name("Đăng  ký"), "Đăng ký");
  EXPECT_EQ(name("\xC3\x90\xC4\x83ng ký"), "Đăng ký");
  EXPECT_EQ(name("Đa\xCC\x86ng ky\xCC\x81"), "Đăng ký");
}

TEST(Faults, ANameThatLostLettersIsDoubtful) {
  const auto doubts = [](const std::string& cell) {
    return ReadBook(kHeader + "000.23.10.H49-200120-0001," + cell + ",20/01/2020,,\n")
        .Row(0)
        .doubts;
  };
  EXPECT_EQ(doubts("C?p gi?y ch?ng nh?n"), kDoubtNameDamaged);
  EXPECT_EQ(doubts("?ăng ký"), kDoubtNameDamaged);
  EXPECT_EQ(doubts("\xEF\xBF\xBD"
                   "ăng ký"),
            kDoubtNameDamaged);
  EXPECT_EQ(doubts("Đăng ký khai sinh?"), 0U);
  EXPECT_EQ(doubts("Đăng ký? (bản sao)"), 0U);
}

// ---- F9: old letters ---------------------------------------------------------------------------

// In Latin-1, as UTF-8: what a spreadsheet makes of the old bytes when it saves them as Unicode.
std::string ToBytes(const std::string& latin1_in_utf8) {
  std::string bytes;
  for (std::size_t at = 0; at < latin1_in_utf8.size(); ++at) {
    const auto lead = static_cast<unsigned char>(latin1_in_utf8[at]);
    if (lead < 0x80) {
      bytes.push_back(latin1_in_utf8[at]);
    } else {
      const auto next = static_cast<unsigned char>(latin1_in_utf8[++at]);
      bytes.push_back(static_cast<char>((lead & 0x03U) << 6U | (next & 0x3FU)));
    }
  }
  return bytes;
}

TEST(Faults, F9_ARegisterInTcvn3) {
  const std::string text =
      "M· hå s¬,Tªn TTHC,NhËn hå s¬,HÑn tr¶ kÕt qu¶,Tr¶ kÕt qu¶\n"
      "000.23.10.H49-200120-0001,§¨ng ký khai sinh vµ nhËn cha mÑ con,20/01/2020 09:32,,\n";
  for (const std::string& bytes : {ToBytes(text), text, "\xEF\xBB\xBF" + text, Utf16(text, true)}) {
    const Book book = ReadEncoded("tcvn3", bytes);
    ASSERT_EQ(book.error, "");
    EXPECT_EQ(book.Row(0).procedure_name, "Đăng ký khai sinh và nhận cha mẹ con");
    EXPECT_EQ(book.notes.old_letters, Encoding::kTcvn3);
  }
}

TEST(Faults, F9_OldLettersThatTheMappingDoesNotNameAreNamed) {
  const std::string text =
      "M· hå s¬,Tªn TTHC,NhËn hå s¬,HÑn tr¶ kÕt qu¶,Tr¶ kÕt qu¶\n"
      "000.23.10.H49-200120-0001,x,20/01/2020 09:32,,\n";
  for (const std::string& bytes : {ToBytes(text), text}) {
    EXPECT_EQ(ReadBook(bytes).error,
              ": line 1: the heading fits when its letters are read as tcvn3; write encoding = "
              "\"tcvn3\" into a copy of the mapping");
  }
}

TEST(Faults, F9_ARegisterInVniAndWindows1258) {
  const std::string vni =
      "Maõ hoà sô,Teân TTHC,Nhaän hoà sô,Heïn traû keát quaû,Traû keát quaû\n"
      "000.23.10.H49-200120-0001,Ñaêng kyù khai sinh,20/01/2020 09:32,,\n";
  for (const std::string& bytes : {ToBytes(vni), vni}) {
    const Book book = ReadEncoded("vni", bytes);
    ASSERT_EQ(book.error, "");
    EXPECT_EQ(book.Row(0).procedure_name, "Đăng ký khai sinh");
  }
  const Book windows = ReadEncoded(
      "windows-1258",
      "Ma\xDE h\xF4\xCC s\xF5,T\xEAn TTHC,Nh\xE2\xF2n h\xF4\xCC s\xF5,He\xF2n tra\xD2 k\xEA\xECt "
      "qua\xD2,Tra\xD2 k\xEA\xECt qua\xD2\n000.23.10.H49-200120-0001,\xD0\xE3ng ky\xEC khai "
      "sinh,20/01/2020 09:32,,\n");
  ASSERT_EQ(windows.error, "");
  EXPECT_EQ(windows.Row(0).procedure_name, "Đăng ký khai sinh");
}

TEST(Faults, F9_AFileInUnicodeAfterAllIsReadAsSuch) {
  for (const char* encoding : {"tcvn3", "vni", "windows-1258"}) {
    const Book book = ReadEncoded(encoding, kHeader + kRow);
    ASSERT_EQ(book.error, "") << encoding;
    EXPECT_EQ(book.Row(0).procedure, "Đăng ký khai sinh") << encoding;
    EXPECT_FALSE(book.notes.old_letters) << encoding;
  }
}

}  // namespace
}  // namespace motcua::imports
