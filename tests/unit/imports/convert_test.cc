// Goal: what can be read is taken as recorded, and each kind of bad row is refused alone with line,
// column and reason.
// Method: a table of rows against one mapping; the tracking book with its personal columns.
#include "services/platform/imports/convert.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::imports {
namespace {

constexpr const char* kMapping = R"(source = "test"
zone = "America/New_York"
empty_words = ["NULL"]
[id]
column = "id"
[opened]
column = "opened"
[due]
column = "due"
formats = ["iso", "MM/dd/yyyy"]
time_when_absent = "17:00"
[closed]
column = "closed"
[unit]
column = "unit"
[unit.table]
"A" = { code = "000.00.01.X11", name = "Alpha" }
[procedure]
key = ["type"]
[field]
column = "field"
default = "none"
[channel]
column = "channel"
[channel.table]
"Web" = "online"
"Desk" = "direct"
[outcome]
column = "outcome"
default = "granted"
[outcome.table]
"no" = "rejected"
"gone" = "withdrawn"
[register_number]
column = "number"
)";
constexpr const char* kHeader = "id,opened,due,closed,unit,type,field,channel,outcome,number";

wire::CsvRecord RecordOf(const std::string& text, std::size_t skip = 0) {
  wire::CsvReader reader;
  reader.Feed(text);
  reader.Finish();
  wire::CsvRecord record;
  for (std::size_t i = 0; i <= skip; ++i) reader.Next(record);
  return record;
}

Conversion ConvertRow(const std::string& row) {
  Result<Mapping> mapping = ParseMapping("m.toml", kMapping);
  EXPECT_TRUE(mapping.ok()) << mapping.status().message();
  const Result<Converter> converter =
      Converter::Make(std::move(mapping).value(), RecordOf(kHeader));
  EXPECT_TRUE(converter.ok()) << converter.status().message();
  return converter->Convert(RecordOf(std::string(kHeader) + "\n" + row, 1));
}

// "2|opened|FIELD_INVALID|…"
std::string RefusalOf(const std::string& row) {
  const Conversion conversion = ConvertRow(row);
  const auto* const refused = std::get_if<RefusedRow>(&conversion);
  if (refused == nullptr) return "taken";
  return std::to_string(refused->line) + "|" + refused->column + "|" +
         std::string(DescribeReason(refused->reason).word) + "|" + refused->message;
}

TEST(Faults, F7_OneNameInManySpellingsIsOneProcedureAndOneField) {
  for (const char* name : {"C\u1EA5p \u0110\u1EB7t", "Ca\u0302\u0301p \u0110a\u0323\u0306t",
                           "C\u1EA5p  \u0110\u1EB7t", "C\u1EA5p\u00A0\u00D0\u1EB7t"}) {
    const Conversion conversion =
        ConvertRow("1,2015-01-01T00:00:00,,,A," + std::string(name) + "," + name + ",Web,,");
    ASSERT_TRUE(std::holds_alternative<RegisterRow>(conversion)) << name;
    const auto& row = std::get<RegisterRow>(conversion);
    EXPECT_EQ(row.procedure, "Cấp Đặt");
    EXPECT_EQ(row.procedure_name, "Cấp Đặt");
    EXPECT_EQ(row.field, "Cấp Đặt");
  }
}

TEST(Conversion, TakesAGoodRowAsRecorded) {
  const Conversion conversion = ConvertRow(
      "7,2015-01-01T00:20:09,01/05/2015,2015-01-02T09:08:42,A,Street Light,Lights,Web,,12");
  ASSERT_TRUE(std::holds_alternative<RegisterRow>(conversion));
  const auto& row = std::get<RegisterRow>(conversion);
  EXPECT_EQ(row.request_id, RowRequestId(row));
  EXPECT_EQ(row.unit.value(), "000.00.01.X11");
  EXPECT_EQ(row.unit_name, "Alpha");
  EXPECT_EQ(row.procedure, "Street Light");
  EXPECT_EQ(row.procedure_name, "Street Light");
  EXPECT_EQ(row.field, "Lights");
  EXPECT_EQ(row.channel, cases::Channel::kOnline);
  EXPECT_EQ(FormatZonedTime(row.opened), "2015-01-01T00:20:09-05:00");
  EXPECT_EQ(FormatZonedTime(*row.due), "2015-01-05T17:00:00-05:00");
  EXPECT_EQ(FormatZonedTime(*row.closed), "2015-01-02T09:08:42-05:00");
  EXPECT_EQ(row.outcome, Ending::kGranted);
  EXPECT_EQ(row.register_year, 2015);
  EXPECT_EQ(row.register_number, 12U);
  EXPECT_EQ(row.source, "test");
  EXPECT_EQ(row.line, 2U);
  EXPECT_EQ(row.source_id, "7");
  EXPECT_EQ(row.doubts, 0U);
}

// Each column of a row makes it another request, its line does not.
TEST(Faults, R3_ARowsRequestIsAllThatItSays) {
  RegisterRow row;
  row.request_id = {};
  std::set<cases::RequestId> ids = {RowRequestId(row)};
  const auto changed = [&] { return ids.insert(RowRequestId(row)).second; };
  row.line = 7;
  row.doubts = 1;
  EXPECT_FALSE(changed());
  const ZonedTime time{Instant{1}, UtcOffset{420}};
  const std::vector<std::function<void()>> changes = {
      [&] { row.source = "s"; },
      [&] { row.source_id = "i"; },
      [&] { row.unit = cases::UnitCode("H49.23"); },
      [&] { row.unit_name = "u"; },
      [&] { row.dossier = cases::DossierCode("d"); },
      [&] { row.procedure = "p"; },
      [&] { row.procedure_name = "n"; },
      [&] { row.field = "f"; },
      [&] { row.channel = cases::Channel::kOnline; },
      [&] { row.register_year = 2026; },
      [&] { row.register_number = 1; },
      [&] { row.opened = time; },
      [&] { row.opened.offset = UtcOffset{0}; },
      [&] { row.due = time; },
      [&] { std::swap(row.due, row.closed); },
      [&] { row.outcome = Ending::kGranted; },
      // The same letters, cut elsewhere.
      [&] { std::swap(row.source, row.source_id); },
      [&] {
        row.source = "si";
        row.source_id.clear();
      },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i]();
    EXPECT_TRUE(changed()) << "change " << i;
  }
}

TEST(Conversion, WhatIsAbsentIsAbsent) {
  const Conversion conversion = ConvertRow("7,2015-01-01T00:20:09,NULL,,A,x,,,no,");
  ASSERT_TRUE(std::holds_alternative<RegisterRow>(conversion));
  const auto& row = std::get<RegisterRow>(conversion);
  EXPECT_FALSE(row.due);
  EXPECT_FALSE(row.closed);
  EXPECT_EQ(row.outcome, Ending::kNone);  // a word alone does not end a case
  EXPECT_EQ(row.channel, cases::Channel::kDirect);
  EXPECT_EQ(row.field, "none");
  EXPECT_EQ(row.register_number, 0U);
}

TEST(Conversion, AnImplausibleRowIsTakenAndMarked) {
  const Conversion conversion =
      ConvertRow("7,2015-01-05T00:00,2015-01-04T00:00,2015-01-03T00:00,A,x,,,gone,");
  ASSERT_TRUE(std::holds_alternative<RegisterRow>(conversion));
  const auto& row = std::get<RegisterRow>(conversion);
  EXPECT_EQ(row.doubts, kDoubtClosedBeforeOpened | kDoubtDueBeforeOpened);
  EXPECT_EQ(row.outcome, Ending::kWithdrawn);
}

TEST(Conversion, RefusesEachKindOfBadRowAlone) {
  const std::string good = "2015-01-01T00:20:09,,,A,x,,,,";
  EXPECT_EQ(RefusalOf("7," + good), "taken");
  EXPECT_EQ(RefusalOf("," + good), "2|id|FIELD_INVALID|is empty");
  EXPECT_EQ(RefusalOf(std::string(65, '7') + "," + good),
            "2|id|LIMIT_EXCEEDED|has 65 bytes, the limit is 64");
  EXPECT_EQ(RefusalOf("7,,,,A,x,,,,"), "2|opened|FIELD_INVALID|is empty");
  EXPECT_EQ(RefusalOf("7,2015-02-30T00:00,,,A,x,,,,"),
            "2|opened|FIELD_INVALID|\"2015-02-30T00:00\" is not a date of the form iso");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,soon,,A,x,,,,"),
            "2|due|FIELD_INVALID|\"soon\" is not a date of the form iso or MM/dd/yyyy");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,1/2/15,A,x,,,,"),
            "2|closed|FIELD_INVALID|\"1/2/15\" is not a date of the form iso");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,B,x,,,,"),
            "2|unit|FIELD_INVALID|\"B\" is a unit that the mapping does not name");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,,,,,"), "2|type|FIELD_INVALID|is empty");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A," + std::string(2001, 'x') + ",,,,"),
            "2|type|LIMIT_EXCEEDED|has 2001 bytes, the limit is 2000");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,x," + std::string(257, 'x') + ",,,"),
            "2|field|LIMIT_EXCEEDED|has 257 bytes, the limit is 256");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,x,,Fax,,"),
            "2|channel|FIELD_INVALID|\"Fax\" is a word that the mapping does not know");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,x,,,,0"),
            "2|number|FIELD_INVALID|\"0\" is not a number from 1");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A"), "2|type|FIELD_INVALID|is empty");
  EXPECT_EQ(RefusalOf("7," + good + ",more"), "2||FIELD_INVALID|the row has 11 of 10 columns");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,\xC3\x28,,,,"),
            "2||FILE_INVALID|the bytes are not UTF-8");
  EXPECT_EQ(RefusalOf("7,2015-01-01T00:00,,,A,\"x,,,,"), "2||FILE_INVALID|a quote is never closed");
  EXPECT_EQ(
      RefusalOf("7,2015-01-01T00:00,,,A," + std::string(wire::kCsvFieldBytesMax + 1, 'x') + ",,,,"),
      "2||LIMIT_EXCEEDED|more than 65536 (kCsvFieldBytesMax)");
}

TEST(Conversion, KeysThatAreTooLongAreShortenedTheSameEachTime) {
  const std::string name = "Cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở lần đầu";
  const std::string key = ShortenKey(name);
  EXPECT_LE(key.size(), cases::kProcedureCodeBytesMax);
  EXPECT_EQ(key, ShortenKey(name));
  EXPECT_NE(key, ShortenKey(name + " (bản sao)"));
  EXPECT_EQ(key.rfind("Cấp Giấy chứng nhận", 0), 0U) << key;
  EXPECT_EQ(ShortenKey("1.001193"), "1.001193");
}

TEST(Conversion, ALongNameOfAProcedureIsCutNotRefused) {
  const Conversion conversion = ConvertRow("7,2015-01-01T00:00,,,A,a" + [] {
    std::string name;
    for (int i = 0; i < 200; ++i) name += "ế";
    return name;
  }() + ",,,,");
  ASSERT_TRUE(std::holds_alternative<RegisterRow>(conversion));
  const auto& row = std::get<RegisterRow>(conversion);
  EXPECT_LE(row.procedure_name.size(), kNameBytesMax);
  EXPECT_TRUE(row.procedure_name.ends_with("ế…"));
}

TEST(Conversion, AHeaderWithoutANeededColumnIsAnError) {
  Result<Mapping> mapping = ParseMapping("m.toml", kMapping);
  const Result<Converter> converter =
      Converter::Make(std::move(mapping).value(), RecordOf("id,opened"));
  ASSERT_FALSE(converter.ok());
  EXPECT_EQ(converter.status().message(), "line 1: the column \"due\" is missing");
}

TEST(TrackingBook, IsReadWithoutItsPersonalColumns) {
  const Result<Mapping> mapping = LoadMapping("mau06");
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  const std::string header =
      "TT,Mã hồ sơ,Tên TTHC,Số lượng hồ sơ,\"Tên cá nhân, tổ chức\",\"Địa chỉ, số điện thoại\","
      "Cơ quan chủ trì giải quyết,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả,Phương thức nhận hồ sơ,"
      "Ký nhận\n";
  const Result<Converter> converter = Converter::Make(*mapping, RecordOf(header));
  ASSERT_TRUE(converter.ok()) << converter.status().message();
  const Conversion taken = converter->Convert(
      RecordOf(header + "1,000.23.10.H49-201031-0001,Đăng ký khai sinh,1,Nguyễn Văn A,0912345678,"
                        "UBND,31/10/2020 09:32,2/11/2020,,Bưu chính,A\n",
               1));
  ASSERT_TRUE(std::holds_alternative<RegisterRow>(taken)) << std::get<RefusedRow>(taken).message;
  const auto& row = std::get<RegisterRow>(taken);
  EXPECT_EQ(row.dossier->value(), "000.23.10.H49-201031-0001");
  EXPECT_EQ(row.unit.value(), "000.23.10.H49");
  EXPECT_EQ(row.channel, cases::Channel::kPostal);
  EXPECT_EQ(FormatZonedTime(row.opened), "2020-10-31T09:32:00+07:00");
  EXPECT_EQ(FormatZonedTime(*row.due), "2020-11-02T17:00:00+07:00");
  EXPECT_FALSE(row.closed);

  // A name that slipped into the column of a date is not repeated.
  const Conversion refused = converter->Convert(
      RecordOf(header + "2,000.23.10.H49-201031-0002,x,1,,,,Nguyễn Văn B,,,,\n", 1));
  ASSERT_TRUE(std::holds_alternative<RefusedRow>(refused));
  EXPECT_EQ(std::get<RefusedRow>(refused).column, "Nhận hồ sơ");
  EXPECT_EQ(std::get<RefusedRow>(refused).message.find("Nguyễn"), std::string::npos);

  const Conversion no_code =
      converter->Convert(RecordOf(header + "3,khong-ma,x,1,,,,31/10/2020,,,,\n", 1));
  ASSERT_TRUE(std::holds_alternative<RefusedRow>(no_code));
  EXPECT_EQ(std::get<RefusedRow>(no_code).column, "Mã hồ sơ");
}

}  // namespace
}  // namespace motcua::imports
