// Goal: every event of the contract becomes a moment with an activity, typed attributes and
// relations, and a dossier's objects carry their values over time.
// Method: one sample of each payload; a dossier with a route and the post told event by event;
// texts that XML and JSON must carry.
#include "services/admin/case_history.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "motcua/common/v1/options.pb.h"
#include "motcua/events/v1/case_event.pb.h"
#include "services/admin/ocel_text.h"
#include "services/admin/xes_text.h"
#include "services/wire/codec.h"
#include "tests/support/sample_events.h"

namespace motcua::admin {
namespace {

const wire::WireCodec kCodec;
const cases::DossierCode kCode("000.23.10.H49-201031-0001");

cases::CaseEvent EventOf(cases::Payload payload, std::string_view at) {
  cases::CaseEvent event;
  event.dossier = kCode;
  event.SetSteps({}, {});
  event.actor = cases::ActorId("officer:1");
  event.at = ParseZonedTime(at).value();
  event.payload = std::move(payload);
  return event;
}

void Tell(CaseHistory& history, const cases::CaseEvent& event) {
  history.Add(event, kCodec.EncodeEvent(event), event.at.instant);
}

const CaseObject* Find(const std::vector<CaseObject>& objects, const std::string& id) {
  const auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const CaseObject& object) { return object.id == id; });
  return found == objects.end() ? nullptr : &*found;
}

cases::DossierReceived WithTwoLegs() {
  cases::DossierReceived received;
  received.procedure = cases::ProcedureCode("1.000893");
  received.field = "Đất đai";
  received.register_year = 2020;
  received.register_number = 7;
  for (const char* const unit : {"000.23.10.H49", "000.24.10.H49"}) {
    routing::Leg leg;
    leg.unit = cases::UnitCode(unit);
    leg.stage = static_cast<std::uint8_t>(received.legs.size() + 1);
    received.legs.push_back(leg);
  }
  return received;
}

TEST(CaseHistoryTest, EveryPayloadHasAnActivityAndDeclaredAttributes) {
  std::set<std::string> activities;
  for (const cases::CaseEvent& event : testing::OneOfEachEvent()) {
    for (const auto language : {ExportLanguage::kEnglish, ExportLanguage::kVietnamese}) {
      CaseHistory history(event.dossier, {.language = language, .recorded_times = false});
      Tell(history, event);
      ASSERT_EQ(history.moments().size(), 1U);
      const Moment& moment = history.moments().front();
      EXPECT_FALSE(moment.activity.empty());
      EXPECT_TRUE(activities.insert(moment.activity).second) << moment.activity;
      ASSERT_GE(moment.relations.size(), 2U);
      EXPECT_EQ(moment.relations[0].object, event.dossier.value());
      if (moment.payload.empty()) continue;
      const auto declared = DeclaredAttributes(
          *events::v1::CaseEvent::descriptor()->FindFieldByName(moment.payload)->message_type());
      for (const Attribute& attribute : moment.attributes) {
        const AttributeDeclaration wanted{attribute.name, TypeOf(attribute.value)};
        EXPECT_NE(std::find(declared.begin(), declared.end(), wanted), declared.end())
            << moment.payload << ' ' << attribute.name;
      }
    }
  }
}

TEST(CaseHistoryTest, NoActivityIsWithoutItsVietnameseName) {
  const auto& payloads = *events::v1::CaseEvent::descriptor()->FindOneofByName("payload");
  std::set<std::string> names;
  for (int i = 0; i < payloads.field_count(); ++i) {
    const auto& options = payloads.field(i)->options();
    EXPECT_NE(options.GetExtension(common::v1::event_vi), "") << payloads.field(i)->name();
    EXPECT_TRUE(names.insert(options.GetExtension(common::v1::event_vi)).second)
        << payloads.field(i)->name();
  }
}

TEST(CaseHistoryTest, RelatesToWhatTheFoldChanged) {
  CaseHistory history(kCode, {});
  Tell(history, EventOf(WithTwoLegs(), "2020-10-31T09:00:00+07:00"));
  Tell(history, EventOf(cases::HandOverSent{2, cases::UnitCode("000.23.10.H49")},
                        "2020-11-02T09:00:00+07:00"));
  Tell(history, EventOf(cases::HandOverAcknowledged{.leg = 2, .clock = {}, .calendar = {}},
                        "2020-11-02T10:00:00+07:00"));
  Tell(history, EventOf(cases::ShipmentRegistered{}, "2020-11-03T10:00:00+07:00"));
  history.Finish();
  const std::string code = kCode.value();
  EXPECT_EQ(history.moments()[0].relations,
            (std::vector<Relation>{{code, "case"},
                                   {"000.23.10.H49", "receiving unit"},
                                   {"000.23.10.H49/book/2020", "entered in"},
                                   {code + "/leg/1", "planned"},
                                   {code + "/leg/2", "planned"},
                                   {"000.24.10.H49", "planned unit"}}));
  EXPECT_EQ(history.moments()[1].unit.value(), "000.23.10.H49");
  EXPECT_EQ(history.moments()[2].relations,
            (std::vector<Relation>{{code, "case"},
                                   {"000.23.10.H49", "receiving unit"},
                                   {code + "/leg/2", "acknowledged"},
                                   {"000.24.10.H49", "handling unit"}}));
  EXPECT_EQ(history.moments()[2].unit.value(), "000.24.10.H49");
  EXPECT_EQ(history.moments()[3].relations.back(), (Relation{code + "/shipment", "registered"}));
  const std::vector<CaseObject> objects = history.objects();
  EXPECT_EQ(objects.size(), 7U);  // dossier, two units, book, two legs, shipment
  const CaseObject* const leg = Find(objects, code + "/leg/2");
  ASSERT_NE(leg, nullptr);
  std::vector<std::string> states;
  for (const TimedAttribute& value : leg->attributes) {
    if (value.attribute.name == "state") {
      states.push_back(std::get<std::string>(value.attribute.value) + " " +
                       FormatZonedTime(value.from));
    }
  }
  EXPECT_EQ(states, (std::vector<std::string>{"waiting 2020-10-31T09:00:00+07:00",
                                              "sent 2020-11-02T09:00:00+07:00",
                                              "acknowledged 2020-11-02T10:00:00+07:00"}));
}

TEST(CaseHistoryTest, AfterACorrectionTheStatesAreThoseOfBefore) {
  CaseHistory history(kCode, {});
  cases::Version version = 0;
  const auto tell = [&](cases::Payload payload) {
    cases::CaseEvent event = EventOf(std::move(payload), "2020-11-02T10:00:00+07:00");
    event.SetSteps({version++, {}}, {});
    Tell(history, event);
  };
  tell(WithTwoLegs());
  tell(cases::HandOverSent{1, cases::UnitCode("000.23.10.H49")});
  tell(cases::EventTakenBack{2, cases::CorrectionReason::kWrongDossier, {}});
  tell(cases::ResultRecorded{cases::Outcome::kRejected});
  tell(cases::ShipmentRegistered{});
  tell(cases::EventTakenBack{4, cases::CorrectionReason::kWrongContent, {5}});
  const Moment& correction = history.moments().back();
  EXPECT_EQ(correction.activity, "Event taken back");
  EXPECT_EQ(correction.attributes,
            (std::vector<Attribute>{
                {"version", std::int64_t{4}}, {"reason", "wrong_content"}, {"with", "5"}}));
  const auto last = [&](const std::string& id, std::string_view name) {
    std::string value = "never";
    const auto objects = history.objects();
    for (const TimedAttribute& timed : Find(objects, id)->attributes) {
      if (timed.attribute.name == name) value = std::get<std::string>(timed.attribute.value);
    }
    return value;
  };
  EXPECT_EQ(last(kCode.value(), "outcome"), "");
  EXPECT_EQ(last(kCode.value(), "stage"), "processing");
  EXPECT_EQ(last(kCode.value() + "/leg/1", "state"), "waiting");
  EXPECT_EQ(last(kCode.value() + "/shipment", "state"), "none");
}

TEST(CaseHistoryTest, ARecordedDossierIsToldByItsRegisterOnDemand) {
  cases::DossierImported imported;
  imported.procedure = cases::ProcedureCode("Animal Found");
  imported.opened = ParseZonedTime("2015-01-01T01:45:37-05:00").value();
  imported.source = "register";
  cases::RecordUpdated updated;
  updated.closed = ParseZonedTime("2015-01-02T09:00:00-05:00").value();
  updated.outcome = cases::Outcome::kGranted;
  for (const bool recorded : {false, true}) {
    CaseHistory history(kCode, {.language = ExportLanguage::kEnglish, .recorded_times = recorded});
    Tell(history, EventOf(imported, "2026-11-27T09:00:00+07:00"));
    Tell(history, EventOf(updated, "2026-11-28T09:00:00+07:00"));
    history.Finish();
    ASSERT_EQ(history.moments().size(), 2U);
    EXPECT_EQ(FormatZonedTime(history.moments()[1].time),
              recorded ? "2015-01-02T09:00:00-05:00" : "2026-11-28T09:00:00+07:00");
  }
}

TEST(CaseHistoryTest, TextsSurviveXmlAndJson) {
  EXPECT_EQ(XmlEscaped("a<b & \"c\">\n\x01 Đất"),
            "a&lt;b &amp; &quot;c&quot;&gt;&#10;\xef\xbf\xbd Đất");
  cases::DossierReceived received = WithTwoLegs();
  received.field = "\"Đất\" & \\ <nhà>";
  CaseHistory history(kCode, {});
  Tell(history, EventOf(received, "2020-10-31T09:00:00.5+07:00"));
  history.Finish();
  EXPECT_NE(XesTrace(history).find("value=\"&quot;Đất&quot; &amp; \\ &lt;nhà&gt;\""),
            std::string::npos);
  const auto json = nlohmann::json::parse(OcelEventJson(history.moments().front()));
  EXPECT_EQ(json["time"], "2020-10-31T09:00:00.5+07:00");
  bool found = false;
  for (const auto& attribute : json["attributes"]) {
    found = found || (attribute["name"] == "field" && attribute["value"] == received.field);
  }
  EXPECT_TRUE(found);
  const auto object = nlohmann::json::parse(OcelObjectJson(
      {.id = "a\x01\n\x1f", .type = "unit", .attributes = {}, .relations = {{"\xff!", "of"}}}));
  EXPECT_EQ(object["id"], "a\x01\n\x1f");
  EXPECT_EQ(object["relationships"][0]["objectId"], "\xef\xbf\xbd!");
}

}  // namespace
}  // namespace motcua::admin
