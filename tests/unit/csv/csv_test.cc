// Goal: what a spreadsheet or an old register writes is read exactly, whatever the chunks, and a
//       broken record never hides or shifts its neighbours.
// Method: table of edge cases; round trip and chunking as properties over generated records.
#include "services/wire/csv/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "services/wire/csv/csv_writer.h"

namespace motcua::wire {
namespace {

using Fields = std::vector<std::string>;

std::vector<CsvRecord> ReadAll(std::string_view text, std::size_t chunk = std::string::npos,
                               char separator = ',') {
  CsvReader reader(separator);
  std::vector<CsvRecord> records;
  CsvRecord record;
  for (std::size_t at = 0; at < text.size(); at += std::min(chunk, text.size() - at)) {
    reader.Feed(text.substr(at, chunk));
    while (reader.Next(record)) records.push_back(record);
  }
  reader.Finish();
  while (reader.Next(record)) records.push_back(record);
  return records;
}

struct Seen {
  std::size_t line;
  Fields fields;
  bool problem = false;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> See(const std::vector<CsvRecord>& records) {
  std::vector<Seen> seen;
  seen.reserve(records.size());
  for (const CsvRecord& r : records) seen.push_back({r.line, r.fields, r.problem.has_value()});
  return seen;
}

struct Case {
  const char* name;
  std::string text;
  std::vector<Seen> expected;
};

std::vector<Case> Cases() {
  const Fields none;
  return {
      {"empty file", "", {}},
      {"one field without line end", "a", {{1, {"a"}}}},
      {"line end at the end adds no record", "a,b\n", {{1, {"a", "b"}}}},
      {"CRLF and LF in one file", "a,b\r\nc,d\n", {{1, {"a", "b"}}, {2, {"c", "d"}}}},
      {"byte order mark", "\xEF\xBB\xBFmã,tên\n", {{1, {"mã", "tên"}}}},
      {"byte order mark alone", "\xEF\xBB\xBF", {}},
      {"empty fields", ",\n,,\n", {{1, {"", ""}}, {2, {"", "", ""}}}},
      {"blank lines are records", "a\n\nb\n", {{1, {"a"}}, {2, {""}}, {3, {"b"}}}},
      {"quotes", "\"a,b\",\"c \"\"d\"\"\",\"\"\r\n", {{1, {"a,b", "c \"d\"", ""}}}},
      {"line end in quotes moves the line count",
       "\"a\nb\r\nc\",d\ne\n",
       {{1, {"a\nb\r\nc", "d"}}, {4, {"e"}}}},
      {"quoted last field at the end of the file", "a,\"b\"", {{1, {"a", "b"}}}},
      {"quoted field, then an empty one", "\"a\",", {{1, {"a", ""}}}},
      {"return at the end of the file", "\"a\"\r", {{1, {"a"}}}},
      {"a lone return is text", "a\rb\n", {{1, {"a\rb"}}}},
      {"quote never closed, records after it are kept",
       "a,\"b\nc,d\ne,f\n",
       {{1, none, true}, {2, {"c", "d"}}, {3, {"e", "f"}}}},
      {"quote closed by a later record's opening quote",
       "a,\"b\nc,\"d\"\ne\n",
       {{1, none, true}, {2, {"c", "d"}}, {3, {"e"}}}},
      {"text after a closing quote", "\"a\"b,c\nd\n", {{1, none, true}, {2, {"d"}}}},
      {"text after a return", "\"a\"\rb\nd\n", {{1, none, true}, {2, {"d"}}}},
      {"quote inside a plain field", "a\"b,c\nd\n", {{1, none, true}, {2, {"d"}}}},
      {"never closed on the last line", "a\n\"b", {{1, {"a"}}, {2, none, true}}},
      {"not UTF-8", "a\n\xC3\x28,b\nc\n", {{1, {"a"}}, {2, none, true}, {3, {"c"}}}},
      {"overlong UTF-8 in quotes", "\"\xC0\xAF\"\nc\n", {{1, none, true}, {2, {"c"}}}},
  };
}

TEST(Csv, EdgeCasesInOnePieceAndByteByByte) {
  for (const Case& c : Cases()) {
    EXPECT_EQ(See(ReadAll(c.text)), c.expected) << c.name;
    for (const std::size_t chunk : {1U, 2U, 3U, 7U}) {
      EXPECT_EQ(See(ReadAll(c.text, chunk)), c.expected) << c.name << ", chunks of " << chunk;
    }
  }
}

TEST(Csv, OtherSeparator) {
  EXPECT_EQ(See(ReadAll("a;b,c;\"d;e\"\n", 4, ';')), (std::vector<Seen>{{1, {"a", "b,c", "d;e"}}}));
}

TEST(Csv, ProblemsNameLineAndReason) {
  const auto records = ReadAll("a\n\"b\"c\n");
  ASSERT_EQ(records.size(), 2U);
  ASSERT_TRUE(records[1].problem.has_value());
  EXPECT_EQ(records[1].problem->reason(), Reason::kFileInvalid);
  EXPECT_THAT(records[1].problem->metadata(), testing::ElementsAre(testing::Pair("line", "2")));
  EXPECT_EQ(records[1].problem->message(), "line 2: there is text after a closing quote");
}

TEST(Csv, LimitsConcernOneRecord) {
  const std::string long_field = std::string(kCsvFieldBytesMax + 1, 'x') + ",a\nb\n";
  const std::string long_quoted = "\"" + std::string(kCsvFieldBytesMax + 1, 'x') + "\",a\nb\n";
  const std::string long_line = std::string(kCsvRecordBytesMax + 1, ',') + "\nb\n";
  const std::string open_quote = "\"\n" + std::string(2 * kCsvRecordBytesMax, 'x') + "\nb\n";
  for (const std::string* text : {&long_field, &long_quoted, &long_line}) {
    for (const std::size_t chunk : {std::string::npos, std::size_t{4096}}) {
      const auto records = ReadAll(*text, chunk);
      ASSERT_EQ(records.size(), 2U);
      ASSERT_TRUE(records[0].problem.has_value());
      EXPECT_EQ(records[0].problem->reason(), Reason::kLimitExceeded);
      EXPECT_EQ(records[1].fields, Fields{"b"});
      EXPECT_EQ(records[1].line, 2U);
    }
  }
  const auto records = ReadAll(open_quote, 4096);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].problem->reason(), Reason::kFileInvalid);
  EXPECT_EQ(records[1].problem->reason(), Reason::kLimitExceeded);
  EXPECT_EQ(records[2].fields, Fields{"b"});
}

TEST(Csv, TooManyFields) {
  const auto records = ReadAll(std::string(kCsvFieldsMax, ',') + "\nb\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].problem->reason(), Reason::kLimitExceeded);
  EXPECT_EQ(ReadAll(std::string(kCsvFieldsMax - 1, ',')).at(0).fields.size(), kCsvFieldsMax);
}

rc::Gen<Fields> AnyFields() {
  return rc::gen::nonEmpty(rc::gen::container<Fields>(
      rc::gen::container<std::string>(rc::gen::element('a', 'b', '"', ',', '\n', '\r', ' ', ';'))));
}

TEST(Csv, WhatIsWrittenIsReadBackInAnyChunks) {
  EXPECT_TRUE(rc::check("round trip", [] {
    const auto records = *rc::gen::container<std::vector<Fields>>(AnyFields());
    const auto chunk = *rc::gen::inRange<std::size_t>(1, 20);
    std::string text;
    for (const Fields& fields : records) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) text.push_back(',');
        AppendCsvField(text, fields[i]);
      }
      text += "\r\n";
    }
    const auto read = ReadAll(text, chunk);
    RC_ASSERT(read.size() == records.size());
    for (std::size_t i = 0; i < read.size(); ++i) RC_ASSERT(read[i].fields == records[i]);
  }));
}

TEST(Csv, AnyBytesGiveTheSameRecordsInAnyChunks) {
  EXPECT_TRUE(rc::check("chunks", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::element('a', '"', ',', '\n', '\r', '\xC3', '\xA1'));
    const auto chunk = *rc::gen::inRange<std::size_t>(1, 9);
    RC_ASSERT(See(ReadAll(text, chunk)) == See(ReadAll(text)));
  }));
}

TEST(CsvHeader, FindsColumnsAndNamesWhatIsMissing) {
  const auto records = ReadAll("code, name\n1.001193\n");
  const auto header = CsvHeader::Make(records[0], {"code"});
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->Find("name"), 1U);
  EXPECT_EQ(header->Get(records[1], "code"), "1.001193");
  EXPECT_EQ(header->Get(records[1], "name"), "");
  EXPECT_EQ(CsvHeader::Make(records[0], {"term"}).status().message(),
            "line 1: the column \"term\" is missing");
}

TEST(Faults, F3_NamelessColumnsAreNone) {
  const auto header = CsvHeader::Make(ReadAll("code,name, ,,\n")[0], {"code"});
  ASSERT_TRUE(header.ok());
  EXPECT_FALSE(header->Find("").has_value());
}

TEST(Faults, F5_AHeaderErrorRepeatsNothingOfTheFile) {
  EXPECT_EQ(CsvHeader::Make(ReadAll("x,Nguyễn Văn A,y,Nguyễn Văn A\n")[0], {}).status().message(),
            "line 1: columns 2 and 4 have the same name");
}

TEST(Faults, F8_WhatASpreadsheetWouldRunIsMadeAText) {
  for (const char* cell : {"=HYPERLINK(\"http://x.invalid\";\"bấm\")", "=1+1", "+SUM(A1)", "-2+3",
                           "@A1", "\t=1", "\r=1", "\n=1", " =1", "-", "+a", "-1-1",
                           "\xEF\xBC\x9D"
                           "1+1",
                           "\xE2\x88\x92"
                           "2+3",
                           "-1,234.5", "+84 912"}) {
    EXPECT_EQ(NeutralisedCell(cell), "'" + std::string(cell)) << cell;
  }
  for (const char* cell : {"", "-5", "+5", "-3,5", "97.27%", "-0.5", "12", "x=1", "a-b", "'=1",
                           "1.001193", "000.23.10.H49-200120-0001", " x", " "}) {
    EXPECT_EQ(NeutralisedCell(cell), cell);
  }
}

TEST(Faults, F8_ARowOfEachDialect) {
  const Fields cells = {"=1+1", "a;b", "-5", "x,y"};
  const auto row = [&](const CsvDialect& dialect) {
    std::string out(CsvPreamble(dialect));
    AppendCsvRow(out, cells, dialect);
    return out;
  };
  EXPECT_EQ(row(kCsvForPrograms), "=1+1,a;b,-5,\"x,y\"\r\n");
  EXPECT_EQ(row(kCsvForPeople), "'=1+1,a;b,-5,\"x,y\"\r\n");
  EXPECT_EQ(row(kCsvForSpreadsheets), "\xEF\xBB\xBF'=1+1;\"a;b\";-5;x,y\r\n");
}

// What is read back is what was written but for the apostrophe, and begins no formula.
TEST(Csv, NoWrittenCellBeginsAFormula) {
  EXPECT_TRUE(rc::check("formulas", [] {
    const auto cells = *rc::gen::nonEmpty(
        rc::gen::container<Fields>(rc::gen::container<std::string>(rc::gen::element(
            '=', '+', '-', '@', '\t', '\r', '\n', ' ', '"', ';', '1', '.', 'a', '\''))));
    std::string text;
    AppendCsvRow(text, cells, kCsvForSpreadsheets);
    const auto read = ReadAll(text, 3, ';');
    RC_ASSERT(read.size() == 1U);
    RC_ASSERT(read[0].fields.size() == cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& field = read[0].fields[i];
      RC_ASSERT(field == cells[i] || field == "'" + cells[i]);
      RC_ASSERT(NeutralisedCell(field) == field);
    }
  }));
}

}  // namespace
}  // namespace motcua::wire
