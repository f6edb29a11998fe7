// Goal: messages as JSON, CSV and text are stable, and options set exactly the field they name.
// Method: golden texts over real messages of the contract; every enum value has a Vietnamese name.
#include "services/cli/fields.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "motcua/deadline/v1/deadline.pb.h"
#include "motcua/intake/v1/intake.pb.h"
#include "motcua/reporting/v1/reporting.pb.h"
#include "motcua/routing/v1/routing.pb.h"

namespace motcua::cli {
namespace {

imports::TimeZone Vietnam() {
  return std::move(imports::TimeZone::Find(imports::kVietnamZone)).value();
}

TEST(Json, NamesAreTheContractsAndValuesAreReadable) {
  routing::v1::LegTask task;
  task.set_dossier("D");
  task.mutable_leg()->set_leg(2);
  task.mutable_leg()->set_state(common::v1::LEG_STATE_SENT);
  task.mutable_leg()->mutable_sent()->set_unix_micros(1'580'720'400'000'000);
  task.mutable_leg()->mutable_sent()->set_utc_offset_minutes(420);
  EXPECT_EQ(ToJson(task).dump(),
            R"({"dossier":"D","leg":{"leg":2,"unit":"","stage":0,"lead":false,"term":"",)"
            R"("state":"sent","sent":"2020-02-03T16:00:00+07:00","acknowledged":null,"due":null,)"
            R"("completed":null,"outcome":null,"returns":0,"due_provisional":false,)"
            R"("calendar":""}})");
}

TEST(Csv, SubMessagesAreColumnsOfTheirOwn) {
  routing::v1::LegTask task;
  task.mutable_leg()->set_unit("a,b");
  const auto columns = CsvColumns(*routing::v1::LegTask::descriptor());
  ASSERT_EQ(columns.size(), 15U);
  EXPECT_EQ(columns[0], "dossier");
  EXPECT_EQ(columns[2], "leg.unit");
  EXPECT_EQ(CsvCells(task).size(), columns.size());
  EXPECT_EQ(CsvCells(task)[2], "a,b");
}

TEST(Text, IsVietnamese) {
  deadline::v1::Alert alert;
  alert.set_kind(common::v1::ALERT_KIND_OVERDUE);
  alert.mutable_due_time()->set_seconds(1'580'720'400);
  EXPECT_EQ(FieldText(alert, "kind", Vietnam()), "Quá hạn");
  EXPECT_EQ(FieldText(alert, "due_time", Vietnam()), "03/02/2020 16:00");
  EXPECT_EQ(FieldText(alert, "raise_time", Vietnam()), "");
}

TEST(Text, EveryEnumValueHasAVietnameseName) {
  for (const auto* file : {common::v1::ZonedTime::descriptor()->file(),
                           reporting::v1::StatusRow::descriptor()->file()}) {
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const auto& type = *file->enum_type(i);
      if (type.name() == "Dimension" || type.name() == "Verdict") continue;  // never shown
      for (int v = 1; v < type.value_count(); ++v) {
        EXPECT_NE(Label(*type.value(v)), ShortName(*type.value(v))) << type.value(v)->name();
      }
    }
  }
}

TEST(Options, SetTheFieldTheyName) {
  reporting::v1::GetStatusReportRequest request;
  const auto set = [&](const char* path, const char* text) {
    const Status status = SetField(request, path, text, Vietnam());
    return status.ok() ? "" : status.message();
  };
  EXPECT_EQ(set("query.from_date", "2015-01-01"), "");
  EXPECT_EQ(set("query.by", "field"), "");
  EXPECT_EQ(set("query.as_of_time", "2016-01-13T00:00-05:00"), "");
  EXPECT_EQ(request.query().from_date().year(), 2015);
  EXPECT_EQ(request.query().by(), reporting::v1::DIMENSION_FIELD);
  EXPECT_EQ(request.query().as_of_time().seconds(), 1'452'661'200);
  EXPECT_EQ(set("query.by", "colour"),
            "by: \"colour\" is not one of "
            "unit|field|procedure|channel|level|interconnection");
  EXPECT_NE(set("query.from_date", "01/01/2015"), "");

  intake::v1::RequestSupplementRequest supplement;
  EXPECT_TRUE(SetField(supplement, "papers", "2, 5", Vietnam()).ok());
  EXPECT_EQ(supplement.papers_size(), 2);
  EXPECT_FALSE(SetField(supplement, "papers", "2,x", Vietnam()).ok());
  EXPECT_FALSE(SetField(supplement, "expected_version", "-1", Vietnam()).ok());
}

TEST(Options, ShortNamesDropThePrefixOfTheType) {
  EXPECT_EQ(Choices(*common::v1::ShipmentState_descriptor()),
            "registered|handed_over|in_transit|out_for_delivery|delivery_failed|delivered|"
            "returning|returned");
}

}  // namespace
}  // namespace motcua::cli
