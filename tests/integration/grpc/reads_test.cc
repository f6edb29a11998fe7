// Goal: what is stored is read as it is, page by page, also through a filter; a token fits its own
// request only; a due date is explained.
// Method: rows put into the store by hand; lists read in pages of every size, with tokens of other
// requests and sizes that are none.

#include "services/base/bytes.h"
#include "services/domain/routing/route.h"
#include "services/postal/rules.h"
#include "services/routing/rules.h"
#include "tests/integration/grpc/running_service.h"

namespace motcua {
namespace {

using testing_support::CallOnce;
using testing_support::Deadline;
using testing_support::ErrorText;
using testing_support::Intake;
using testing_support::kDossier;
using testing_support::kUnit;
using testing_support::Postal;
using testing_support::ProcessingDossier;
using testing_support::Routing;
using testing_support::World;

class ReadsTest : public ::testing::Test {
 protected:
  // The call is refused, and nothing was submitted.
  template <typename Response, typename Stub, typename Request>
  std::string Refused(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request) {
    const std::size_t before = world_.sink.count();
    const grpc::Status status = CallOnce(stub, method, request);
    EXPECT_EQ(world_.sink.count(), before) << request.ShortDebugString();
    return ErrorText(status);
  }

  World world_;
};

TEST_F(ReadsTest, ADossierIsReadAsItIsStored) {
  Intake intake(world_);
  using Stub = intake::v1::IntakeService::Stub;
  intake::v1::GetDossierRequest request;
  EXPECT_EQ(Refused(*intake.stub, &Stub::GetDossier, request), "FIELD_INVALID field=dossier");
  request.set_dossier(kDossier);
  EXPECT_EQ(Refused(*intake.stub, &Stub::GetDossier, request),
            "DOSSIER_NOT_FOUND dossier=000.23.10.H49-201031-0001");
  cases::Dossier dossier = ProcessingDossier();
  dossier.origin = cases::Origin{"halong-2020", 12, "hs-7", 4};
  dossier.clock.now.due = ParseZonedTime("2020-11-05T17:00:00+07:00").value();
  routing::Leg leg;
  leg.unit = cases::UnitCode("H49.7");
  leg.state = routing::LegState::kCompleted;
  dossier.route.legs = {leg, leg};
  dossier.route.legs[1].state = routing::LegState::kSent;
  const auto noted = [&](cases::Version version, std::uint8_t event) -> cases::Undo& {
    cases::Undo& undo = dossier.undo.emplace_back();
    undo.version = version;
    undo.event = event;
    undo.at = dossier.received;
    return undo;
  };
  noted(2, cases::kPayloadNumber<cases::LegCompleted>);
  noted(3, cases::kPayloadNumber<cases::ResultRecorded>).cause = 2;
  noted(4, cases::kPayloadNumber<cases::ShipmentHandedOver>).manifest = "2020-0001";
  world_.Put(dossier);
  intake::v1::GetDossierResponse response;
  ASSERT_TRUE(CallOnce(*intake.stub, &Stub::GetDossier, request, &response).ok());
  // What went with a manifest is not offered.
  ASSERT_EQ(response.corrigible_size(), 2);
  EXPECT_EQ(response.corrigible(0).ShortDebugString(),
            "version: 2 event: \"LegCompleted\" at { unix_micros: 1604109600000000 "
            "utc_offset_minutes: 420 } label: \"X\\341\\273\\255 l\\303\\275 xong\"");
  EXPECT_EQ(response.corrigible(1).cause(), 2U);
  EXPECT_EQ(
      response.dossier().ShortDebugString(),
      "dossier: \"000.23.10.H49-201031-0001\" version: 3 stage: STAGE_PROCESSING unit: "
      "\"000.23.10.H49\" procedure: \"1.001193\" field: \"H\\341\\273\\231 t\\341\\273\\213ch\" "
      "channel: CHANNEL_DIRECT return_mode: RETURN_MODE_COUNTER received { unix_micros: "
      "1604109600000000 utc_offset_minutes: 420 } due { unix_micros: 1604570400000000 "
      "utc_offset_minutes: 420 } legs_completed: 1 legs_total: 2 origin: "
      "\"halong-2020:12:hs-7\" doubts: 4");
}

TEST_F(ReadsTest, DossiersAreListedByUnitInPages) {
  Intake intake(world_);
  using Stub = intake::v1::IntakeService::Stub;
  std::vector<std::string> expected;
  for (int i = 1; i <= 9; ++i) {
    cases::Dossier dossier =
        ProcessingDossier(cases::MakeDossierCode(cases::UnitCode(kUnit), MakeDate(2020, 10, 31),
                                                 static_cast<std::uint32_t>(i))
                              .value()
                              .c_str());
    if (i % 3 == 0) dossier.stage = cases::Stage::kClosed;
    if (i % 3 != 0) expected.push_back(dossier.code.value());
    world_.Put(dossier);
  }
  world_.Put(ProcessingDossier("000.23.11.H49-201031-0001"));
  for (const int page_size : {0, 1, 2, 5, 9, 5000}) {
    intake::v1::ListDossiersRequest request;
    request.set_unit(kUnit);
    request.set_stage(common::v1::STAGE_PROCESSING);
    request.set_page_size(page_size);
    std::vector<std::string> codes;
    do {
      intake::v1::ListDossiersResponse response;
      ASSERT_TRUE(CallOnce(*intake.stub, &Stub::ListDossiers, request, &response).ok());
      for (const auto& dossier : response.dossiers()) codes.push_back(dossier.dossier());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(codes, expected) << page_size;
  }
  intake::v1::ListDossiersRequest request;
  request.set_unit(kUnit);
  request.set_page_size(2);
  intake::v1::ListDossiersResponse response;
  ASSERT_TRUE(CallOnce(*intake.stub, &Stub::ListDossiers, request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_page_size(3);
  EXPECT_TRUE(CallOnce(*intake.stub, &Stub::ListDossiers, request).ok()) << "another size is fine";
  request.set_stage(common::v1::STAGE_CLOSED);
  EXPECT_EQ(Refused(*intake.stub, &Stub::ListDossiers, request), "FIELD_INVALID field=page_token");
  request.set_page_size(-1);
  EXPECT_EQ(Refused(*intake.stub, &Stub::ListDossiers, request), "FIELD_INVALID field=page_size");
}

TEST_F(ReadsTest, AWorkListHoldsTheLegsOfItsUnit) {
  Routing routing(world_);
  using Stub = routing::v1::RoutingService::Stub;
  const cases::UnitCode unit("H49.7");
  cases::Dossier dossier = ProcessingDossier();
  routing::Leg leg;
  leg.unit = unit;
  leg.state = routing::LegState::kAccepted;
  leg.term = *deadline::ParseTerm("2wd");
  dossier.route.legs = {leg, leg, leg};
  world_.Put(dossier);
  for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{3}}) {
    world_.store.Put(routing::WorkListKey(unit, dossier.code, number), "");
  }
  world_.store.Put(routing::WorkListKey(cases::UnitCode("H49.70"), dossier.code, 2), "");
  routing::v1::ListLegsRequest request;
  request.set_unit(unit.value());
  request.set_page_size(1);
  std::string text;
  do {
    routing::v1::ListLegsResponse response;
    ASSERT_TRUE(CallOnce(*routing.stub, &Stub::ListLegs, request, &response).ok());
    for (const auto& task : response.tasks()) {
      text += task.dossier() + " " + std::to_string(task.leg().leg()) + " " + task.leg().term() +
              " " + common::v1::LegState_Name(task.leg().state()) + "\n";
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(text,
            "000.23.10.H49-201031-0001 1 2wd LEG_STATE_ACCEPTED\n"
            "000.23.10.H49-201031-0001 3 2wd LEG_STATE_ACCEPTED\n");

  routing::v1::GetRouteRequest route;
  route.set_dossier(kDossier);
  routing::v1::GetRouteResponse response;
  ASSERT_TRUE(CallOnce(*routing.stub, &Stub::GetRoute, route, &response).ok());
  EXPECT_EQ(response.legs_size(), 3);
  EXPECT_EQ(response.current_stage(), 1U);
  EXPECT_EQ(response.legs(0).outcome(), common::v1::LEG_OUTCOME_UNSPECIFIED);
}

TEST_F(ReadsTest, OpenShipmentsAreListedByUnit) {
  Postal postal(world_);
  using Stub = postal::v1::PostalService::Stub;
  for (const char* code :
       {"000.23.10.H49-201031-0001", "000.23.10.H49-201031-0002", "000.23.11.H49-201031-0001"}) {
    cases::Dossier dossier = ProcessingDossier(code);
    dossier.shipment.state = postal::ShipmentState::kHandedOver;
    dossier.shipment.carrier = "vnpost";
    world_.Put(dossier);
    world_.store.Put(postal::OpenShipmentKey(dossier.code), "");
  }
  postal::v1::ListShipmentsRequest request;
  request.set_unit(kUnit);
  request.set_page_size(1);
  std::string text;
  do {
    postal::v1::ListShipmentsResponse response;
    ASSERT_TRUE(CallOnce(*postal.stub, &Stub::ListShipments, request, &response).ok());
    for (const auto& shipment : response.shipments()) {
      text += shipment.dossier() + " " + shipment.carrier() + "\n";
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(text, "000.23.10.H49-201031-0001 vnpost\n000.23.10.H49-201031-0002 vnpost\n");

  postal::v1::GetShipmentRequest get;
  get.set_dossier(kDossier);
  postal::v1::GetShipmentResponse response;
  ASSERT_TRUE(CallOnce(*postal.stub, &Stub::GetShipment, get, &response).ok());
  EXPECT_EQ(response.version(), 3U);
  EXPECT_EQ(response.shipment().state(), common::v1::SHIPMENT_STATE_HANDED_OVER);
}

TEST_F(ReadsTest, AnItemNumberIsFoundOnTheShipmentsThatHaveIt) {
  Postal postal(world_);
  using Stub = postal::v1::PostalService::Stub;
  const std::string item = "EX123456785VN";
  const std::string index = std::string(1, engine::kIndexPrefix) + "I" + item + "|";
  Instant handed_over = ParseZonedTime("2020-11-02T09:00:00+07:00").value().instant;
  for (const char* code : {"000.23.10.H49-201031-0001", "000.23.11.H49-201031-0001"}) {
    cases::Dossier dossier = ProcessingDossier(code);
    dossier.shipment.state = postal::ShipmentState::kDelivered;
    dossier.shipment.item_number = item;
    world_.Put(dossier);
    std::string value;
    AppendLittleEndian(value, static_cast<std::uint64_t>(handed_over.micros));
    world_.store.Put(index + code, value + '\0');
    handed_over.micros += 1;
  }
  postal::v1::GetItemShipmentsRequest request;
  request.set_item_number(item);
  postal::v1::GetItemShipmentsResponse response;
  ASSERT_TRUE(CallOnce(*postal.stub, &Stub::GetItemShipments, request, &response).ok());
  ASSERT_EQ(response.shipments_size(), 2);
  EXPECT_EQ(response.shipments(0).dossier(), "000.23.11.H49-201031-0001") << "the last one first";
  EXPECT_EQ(response.shipments(1).item_number(), item);

  request.set_item_number("EX123456784VN");  // its check digit is another
  EXPECT_EQ(Refused(*postal.stub, &Stub::GetItemShipments, request),
            "FIELD_INVALID field=item_number");
}

// Two partitions may each take an item number at the same moment; then each shipment names the
// other.
TEST_F(ReadsTest, AnItemNumberOnTwoShipmentsIsNamedOnBoth) {
  Postal postal(world_);
  using Stub = postal::v1::PostalService::Stub;
  const postal::PostalRules rules;
  testing_support::MemoryStore rows;
  testing_support::MemoryIndex index(rows);
  const auto hand_over = [&](const char* code, const char* item, const char* day, bool open) {
    cases::Dossier dossier = ProcessingDossier(code);
    const cases::Dossier before = dossier;
    dossier.shipment.state =
        open ? postal::ShipmentState::kHandedOver : postal::ShipmentState::kDelivered;
    dossier.shipment.item_number = item;
    dossier.shipment.handed_over = ParseZonedTime(std::string(day) + "T09:00:00+07:00").value();
    world_.Put(dossier);
    rules.Index({}, &before, dossier, {}, index);
  };
  hand_over("000.23.10.H49-201031-0001", "EX123456785VN", "2020-11-02", true);
  hand_over("000.23.11.H49-201031-0001", "EX123456785VN", "2020-11-02", true);
  hand_over("000.23.10.H49-201031-0003", "EX123456799VN", "2020-11-02", true);
  // Used long ago and delivered: its scans are over.
  hand_over("000.23.11.H49-190102-0004", "EX123456785VN", "2019-01-07", false);
  for (const auto& [key, value] : rows.rows()) world_.store.Put(key, value);
  const auto also_on = [&](const char* code) {
    postal::v1::GetShipmentRequest get;
    get.set_dossier(code);
    postal::v1::GetShipmentResponse response;
    EXPECT_TRUE(CallOnce(*postal.stub, &Stub::GetShipment, get, &response).ok());
    std::vector<std::string> others(response.shipment().also_on().begin(),
                                    response.shipment().also_on().end());
    return others;
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(also_on("000.23.10.H49-201031-0001"), Codes{"000.23.11.H49-201031-0001"});
  EXPECT_EQ(also_on("000.23.11.H49-201031-0001"), Codes{"000.23.10.H49-201031-0001"});
  EXPECT_EQ(also_on("000.23.10.H49-201031-0003"), Codes());
}

TEST_F(ReadsTest, ADeadlineIsExplained) {
  const auto catalogue = catalogue::Catalogue::Make({}, {}, {});
  Deadline deadline(world_, **catalogue);
  using Stub = deadline::v1::DeadlineService::Stub;
  cases::Dossier dossier = ProcessingDossier();
  dossier.clock.calendar = calendar::CalendarId("vn-state");
  dossier.clock.calendar_version = calendar::CalendarVersion(1);
  dossier.clock.term = *deadline::ParseTerm("3wd");
  dossier.clock.start = dossier.received;
  dossier.clock.now.due = ParseZonedTime("2020-11-05T17:00:00+07:00").value();
  dossier.alerts.push_back({{cases::AlertKind::kOverdue, 0, dossier.clock.now.due->instant},
                            dossier.clock.now.due->instant + Micros(1),
                            true});
  world_.Put(dossier);
  deadline::v1::GetDeadlineRequest request;
  request.set_dossier(kDossier);
  deadline::v1::GetDeadlineResponse response;
  ASSERT_TRUE(CallOnce(*deadline.stub, &Stub::GetDeadline, request, &response).ok());
  EXPECT_EQ(response.term(), "3wd");
  EXPECT_EQ(response.calendar(), "vn-state/1");
  ASSERT_EQ(response.alerts_size(), 1);
  EXPECT_TRUE(response.alerts(0).acknowledged());
  EXPECT_EQ(response.alerts(0).unit(), kUnit);
  ASSERT_GE(response.explanation_size(), 5);
  EXPECT_EQ(response.explanation(0), "Hạn trả: 17:00 Thứ Năm, 05/11/2020");
}

}  // namespace
}  // namespace motcua
