// Goal: manifests of the post (bản kê bàn giao bưu gửi) are opened, filled, closed and handed over
// by RPC; every refusal has its name; two instances at once give two manifests, or the same one to
// the same request; lists come in pages, the newest first.
// Method: the service in front of real partitions on a log by hand (tests/unit/engine), one of
// intake and two of postal, which answer as soon as a call comes, or when two calls wait.
#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include "services/domain/cases/manifest.h"
#include "services/postal/rules.h"
#include "services/postal/service.h"
#include "tests/integration/grpc/grpc_test_support.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua {
namespace {

using engine::Instance;
using testing_support::CallOnce;
using testing_support::ErrorText;
using testing_support::kRequestId;
using testing_support::kUnit;
namespace v1 = postal::v1;
using Stub = v1::PostalService::Stub;

constexpr char kFirst[] = "000.23.10.H49/2026-0001";

// "EX" + 8 digits + check digit + "VN" (S10).
std::string ItemNumber(int number) {
  const std::string digits = "EX" + std::to_string(10'000'000 + number);
  for (char check = '0'; check <= '9'; ++check) {
    const std::string item = digits + check + "VN";
    if (cases::ParseItemNumber(item).ok()) return item;
  }
  return "";
}

// The instances, and all that they wait for.
class Office {
 public:
  void Settle() {
    for (int i = 0; i < 4; ++i) {
      for (Instance* instance : {&intake_, &post_, &rival_}) instance->LandAllAndRun();
    }
  }
  // A dossier whose result waits for the carrier.
  std::string Ready() {
    const int id = ++asked_;
    cases::Command receive = engine::Receive(id);
    LeafOf<cases::ReceiveDossier>(receive.action).return_mode = cases::ReturnMode::kPostal;
    const cases::DossierCode code = Answered(receive).dossier;
    Answered(engine::Ask(++asked_, cases::RecordResult{}, code));
    Settle();
    return code.value();
  }
  // The result of another one goes over the counter.
  std::string Received() { return Answered(engine::Receive(++asked_)).dossier.value(); }
  void HandOverAlone(const std::string& dossier, const std::string& item) {
    post_.Ask(engine::Ask(++asked_, cases::HandOverShipment{item, "vnpost"},
                          cases::DossierCode(dossier)));
    Settle();
  }

  engine::HandClock clock;
  engine::HandLog log;

 private:
  engine::Answer Answered(const cases::Command& command) {
    const Instance::Place place = intake_.Ask(command);
    intake_.LandAllAndRun();
    EXPECT_TRUE(place->has_value() && (**place).ok());
    return ***place;
  }

  intake::IntakeRules intake_rules_;
  postal::PostalRules rules_;
  int asked_ = 0;
  Instance intake_{log, clock, intake_rules_};
  Instance post_{log, clock, rules_};
  Instance rival_{log, clock, rules_, {.incarnation = 1}};
  friend class Door;
};

// From the service to an instance. Locks what all instances share.
class Door final : public engine::CommandSink {
 public:
  Door(Office& office, bool is_rival)
      : office_(office), instance_(is_rival ? office.rival_ : office.post_) {}

  void Submit(cases::Command command, Micros /*deadline*/, engine::Reply reply) override {
    const std::lock_guard lock(Mutex());
    Waiting().push_back({instance_.Ask(std::move(command)), std::move(reply)});
    if (Waiting().size() < together) return;
    office_.Settle();
    for (const auto& [place, told] : Waiting()) {
      told(place->has_value() ? **place : Status(Reason::kOutcomeUnknown, "no answer"));
    }
    Waiting().clear();
  }
  const engine::StateStore& store() const { return instance_.store; }

  // Nothing lands before so many calls have come.
  static inline std::size_t together = 1;

 private:
  using Call = std::pair<Instance::Place, engine::Reply>;
  static std::mutex& Mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::vector<Call>& Waiting() {
    static std::vector<Call> waiting;
    return waiting;
  }

  Office& office_;
  Instance& instance_;
};

// One instance of the service and who calls it.
class Desk {
 public:
  Desk(Office& office, bool is_rival)
      : door_(office, is_rival),
        reader_(door_.store(), office.log.codec),
        service_(door_, reader_, office.clock, workers_),
        server_(testing_support::StartServer(service_, "motcua.postal.v1.PostalService")),
        stub(v1::PostalService::NewStub(server_->InProcessChannel())) {}

 private:
  Door door_;
  engine::StateReader reader_;
  runtime::WorkerPool workers_{1, 4};
  postal::PostalService service_;
  std::unique_ptr<rpc::Server> server_;

 public:
  std::unique_ptr<Stub> stub;
};

class ManifestsTest : public ::testing::Test {
 protected:
  void SetUp() override { Door::together = 1; }

  template <typename Request>
  Request New(std::string id = {}) {
    Request request;
    testing_support::FillContext(*request.mutable_context());
    if (id.empty()) id = cases::FormatRequestId(cases::DeriveRequestId(std::to_string(++asked_)));
    request.mutable_context()->set_request_id(id);
    return request;
  }
  template <typename Request>
  Request On(const std::string& manifest) {
    auto request = New<Request>();
    request.set_manifest(manifest);
    return request;
  }
  v1::OpenManifestRequest Opening(const std::string& id = {}) {
    auto request = New<v1::OpenManifestRequest>(id);
    request.set_unit(kUnit);
    request.set_carrier("vnpost");
    return request;
  }
  v1::AddManifestItemRequest Adding(const std::string& manifest, const std::string& dossier,
                                    const std::string& item) {
    auto request = On<v1::AddManifestItemRequest>(manifest);
    request.set_dossier(dossier);
    request.set_item_number(item);
    return request;
  }
  std::string Open(Desk& desk) {
    v1::OpenManifestResponse response;
    EXPECT_EQ(ErrorText(CallOnce(*desk.stub, &Stub::OpenManifest, Opening(), &response)), "OK");
    return response.manifest();
  }
  std::string Add(const v1::AddManifestItemRequest& request) {
    return ErrorText(CallOnce(*desk_.stub, &Stub::AddManifestItem, request));
  }
  std::string Close(const std::string& manifest) {
    return ErrorText(
        CallOnce(*desk_.stub, &Stub::CloseManifest, On<v1::CloseManifestRequest>(manifest)));
  }
  std::string HandOver(const std::string& manifest) {
    return ErrorText(
        CallOnce(*desk_.stub, &Stub::HandOverManifest, On<v1::HandOverManifestRequest>(manifest)));
  }
  v1::GetManifestResponse Get(Desk& desk, const std::string& manifest) {
    v1::GetManifestRequest request;
    request.set_manifest(manifest);
    v1::GetManifestResponse response;
    EXPECT_EQ(ErrorText(CallOnce(*desk.stub, &Stub::GetManifest, request, &response)), "OK");
    return response;
  }

  Office office_;
  Desk desk_{office_, false};
  Desk rival_{office_, true};

 private:
  int asked_ = 0;
};

TEST_F(ManifestsTest, ShipmentsFollowAHandedOverManifest) {
  const std::string first = office_.Ready();
  const std::string second = office_.Ready();
  EXPECT_EQ(Open(desk_), kFirst);
  EXPECT_EQ(Add(Adding(kFirst, first, "ex 10000001-7 vn")), "OK");
  EXPECT_EQ(Add(Adding(kFirst, second, ItemNumber(2))), "OK");
  EXPECT_EQ(Get(desk_, kFirst).manifest().ShortDebugString(),
            "manifest: \"000.23.10.H49/2026-0001\" state: MANIFEST_STATE_OPEN carrier: \"vnpost\" "
            "opened { unix_micros: 1767574800000000 utc_offset_minutes: 420 } items: 2");
  EXPECT_EQ(Close(kFirst), "OK");
  office_.HandOverAlone(second, ItemNumber(3));
  EXPECT_EQ(HandOver(kFirst), "OK");
  // Either instance says the same.
  for (Desk* desk : {&desk_, &rival_}) {
    const v1::GetManifestResponse seen = Get(*desk, kFirst);
    EXPECT_EQ(seen.version(), 7U);  // opened, two added, closed, handed over, two settled
    EXPECT_EQ(seen.manifest().state(), common::v1::MANIFEST_STATE_HANDED_OVER);
    EXPECT_TRUE(seen.manifest().has_closed() && seen.manifest().has_handed_over());
    EXPECT_EQ(seen.manifest().items(), 2U);
    EXPECT_EQ(seen.manifest().followed(), 1U);
    EXPECT_EQ(seen.manifest().skipped(), 1U);
    ASSERT_EQ(seen.items_size(), 2);
    EXPECT_EQ(seen.items(0).dossier(), first);
    EXPECT_EQ(seen.items(0).item_number(), ItemNumber(1));
    EXPECT_EQ(seen.items(0).state(), common::v1::MANIFEST_ITEM_STATE_FOLLOWED);
    EXPECT_EQ(seen.items(1).state(), common::v1::MANIFEST_ITEM_STATE_SKIPPED);
    v1::GetShipmentRequest ask;
    ask.set_dossier(first);
    v1::GetShipmentResponse shipment;
    ASSERT_TRUE(CallOnce(*desk->stub, &Stub::GetShipment, ask, &shipment).ok());
    EXPECT_EQ(shipment.shipment().state(), common::v1::SHIPMENT_STATE_HANDED_OVER);
    EXPECT_EQ(shipment.shipment().carrier(), "vnpost");
    // The number leads to the dossier.
    v1::GetItemShipmentsRequest scan;
    scan.set_item_number(ItemNumber(1));
    v1::GetItemShipmentsResponse found;
    ASSERT_TRUE(CallOnce(*desk->stub, &Stub::GetItemShipments, scan, &found).ok());
    ASSERT_EQ(found.shipments_size(), 1);
    EXPECT_EQ(found.shipments(0).dossier(), first);
  }
}

TEST_F(ManifestsTest, EveryRefusalIsCalledByItsName) {
  const std::string ready = office_.Ready();
  const std::string other = office_.Ready();
  EXPECT_EQ(Add(Adding(kFirst, ready, ItemNumber(1))),
            std::string("MANIFEST_NOT_FOUND manifest=") + kFirst);
  EXPECT_EQ(Close(kFirst), std::string("MANIFEST_NOT_FOUND manifest=") + kFirst);
  EXPECT_EQ(HandOver(kFirst), std::string("MANIFEST_NOT_FOUND manifest=") + kFirst);
  v1::GetManifestRequest get;
  get.set_manifest(kFirst);
  EXPECT_EQ(ErrorText(CallOnce(*desk_.stub, &Stub::GetManifest, get)),
            std::string("MANIFEST_NOT_FOUND manifest=") + kFirst);
  v1::OpenManifestRequest nowhere = Opening();
  nowhere.set_unit("000.99.99.H49");
  EXPECT_EQ(ErrorText(CallOnce(*desk_.stub, &Stub::OpenManifest, nowhere)),
            "UNIT_UNKNOWN unit=000.99.99.H49");

  ASSERT_EQ(Open(desk_), kFirst);
  EXPECT_EQ(Close(kFirst), "STATE_FORBIDS state=EMPTY");
  EXPECT_EQ(HandOver(kFirst), "STATE_FORBIDS state=OPEN");
  EXPECT_EQ(Add(Adding(kFirst, "000.23.10.H49-260105-0099", ItemNumber(1))),
            "DOSSIER_NOT_FOUND dossier=000.23.10.H49-260105-0099");
  EXPECT_EQ(Add(Adding(kFirst, "000.01.10.H49-260105-0001", ItemNumber(1))),
            "FIELD_INVALID field=dossier");
  EXPECT_EQ(Add(Adding(kFirst, office_.Received(), ItemNumber(1))), "STATE_FORBIDS state=NONE");

  ASSERT_EQ(Add(Adding(kFirst, ready, ItemNumber(1))), "OK");
  EXPECT_EQ(Add(Adding(kFirst, ready, ItemNumber(2))),
            std::string("ON_MANIFEST_ALREADY field=dossier manifest=") + kFirst);
  EXPECT_EQ(Add(Adding(kFirst, other, ItemNumber(1))),
            std::string("ON_MANIFEST_ALREADY field=item_number manifest=") + kFirst);
  office_.HandOverAlone(other, ItemNumber(5));
  EXPECT_EQ(Add(Adding(kFirst, other, ItemNumber(6))), "STATE_FORBIDS state=HANDED_OVER");
  const std::string third = office_.Ready();
  EXPECT_EQ(Add(Adding(kFirst, third, ItemNumber(5))).substr(0, 13), "FIELD_INVALID")
      << "the number is on its way";
  auto stale = On<v1::CloseManifestRequest>(kFirst);
  stale.set_expected_version(1);
  EXPECT_EQ(ErrorText(CallOnce(*desk_.stub, &Stub::CloseManifest, stale)),
            "VERSION_MISMATCH actual=2 expected=1");

  ASSERT_EQ(Close(kFirst), "OK");
  EXPECT_EQ(Close(kFirst), "STATE_FORBIDS state=CLOSED");
  EXPECT_EQ(Add(Adding(kFirst, third, ItemNumber(7))), "STATE_FORBIDS state=CLOSED");
  ASSERT_EQ(HandOver(kFirst), "OK");
  EXPECT_EQ(HandOver(kFirst), "STATE_FORBIDS state=HANDED_OVER");
  EXPECT_EQ(Close(kFirst), "STATE_FORBIDS state=HANDED_OVER");
}

TEST_F(ManifestsTest, EveryFieldIsCheckedAndNamed) {
  const auto opening = [&](auto spoil) {
    v1::OpenManifestRequest request = Opening();
    spoil(request);
    return ErrorText(CallOnce(*desk_.stub, &Stub::OpenManifest, request));
  };
  EXPECT_EQ(opening([](auto& r) { r.mutable_context()->clear_actor(); }),
            "FIELD_INVALID field=context.actor");
  EXPECT_EQ(opening([](auto& r) { r.clear_unit(); }), "FIELD_INVALID field=unit");
  EXPECT_EQ(opening([](auto& r) { r.set_unit("x"); }), "FIELD_INVALID field=unit");
  EXPECT_EQ(opening([](auto& r) { r.clear_carrier(); }), "FIELD_INVALID field=carrier");
  EXPECT_EQ(opening([](auto& r) { r.set_carrier(std::string(33, 'v')); }),
            "FIELD_INVALID field=carrier");
  EXPECT_EQ(opening([](auto& r) { r.set_carrier("Bưu điện"); }), "FIELD_INVALID field=carrier");
  for (const char* text :
       {"", "x", "/", kUnit, "000.23.10.H49/", "000.23.10.H49/2026-1", "000.23.10.H49/2026-00001",
        "000.23.10.H49/2026-0000", "000.23.10.H49-2026-0001", "000.23.10.H49/2026-0001 ",
        "000.23.10.H49/2026-99999999999", "h49/2026-0001"}) {
    EXPECT_EQ(Close(text), "FIELD_INVALID field=manifest") << text;
  }
  EXPECT_EQ(Add(Adding(kFirst, "x", ItemNumber(1))), "FIELD_INVALID field=dossier");
  EXPECT_EQ(Add(Adding(kFirst, "000.23.10.H49-260105-0001", "EX100000018VN")),
            "FIELD_INVALID field=item_number");
}

TEST_F(ManifestsTest, AFullManifestTakesNothingMore) {
  ASSERT_EQ(Open(desk_), kFirst);
  for (int i = 0; i < static_cast<int>(cases::kManifestItemsMax); ++i) {
    ASSERT_EQ(Add(Adding(kFirst, office_.Ready(), ItemNumber(i))), "OK") << i;
  }
  const std::string one_more = office_.Ready();
  EXPECT_EQ(Add(Adding(kFirst, one_more, ItemNumber(9'999))),
            "MANIFEST_FULL limit=500 manifest=000.23.10.H49/2026-0001");
  EXPECT_EQ(Get(desk_, kFirst).items_size(), 500);
  const std::string next = Open(desk_);
  EXPECT_EQ(Add(Adding(next, one_more, ItemNumber(9'999))), "OK");
}

TEST_F(ManifestsTest, TheSameRequestIsAnsweredTheSame) {
  const std::string dossier = office_.Ready();
  std::string answers;
  for (Desk* desk : {&desk_, &desk_, &rival_}) {
    v1::OpenManifestResponse response;
    ASSERT_TRUE(CallOnce(*desk->stub, &Stub::OpenManifest, Opening(kRequestId), &response).ok());
    answers += response.manifest() + " " + std::to_string(response.version()) + "\n";
  }
  EXPECT_EQ(answers, std::string(kFirst) + " 1\n" + kFirst + " 1\n" + kFirst + " 1\n");
  v1::OpenManifestRequest reused = Opening(kRequestId);
  reused.set_carrier("other");
  EXPECT_EQ(ErrorText(CallOnce(*rival_.stub, &Stub::OpenManifest, reused)),
            std::string("REQUEST_ID_REUSED request_id=") + kRequestId);
  const v1::AddManifestItemRequest add = Adding(kFirst, dossier, ItemNumber(1));
  EXPECT_EQ(Add(add), "OK");
  EXPECT_EQ(Add(add), "OK");
  EXPECT_EQ(Get(desk_, kFirst).items_size(), 1);
}

TEST_F(ManifestsTest, TwoInstancesAtOnceOpenTwoOrTheSameForTheSameRequest) {
  const auto both = [&](const v1::OpenManifestRequest& one, const v1::OpenManifestRequest& other) {
    Door::together = 2;
    v1::OpenManifestResponse first;
    v1::OpenManifestResponse second;
    std::thread beside(
        [&] { EXPECT_TRUE(CallOnce(*rival_.stub, &Stub::OpenManifest, other, &second).ok()); });
    EXPECT_TRUE(CallOnce(*desk_.stub, &Stub::OpenManifest, one, &first).ok());
    beside.join();
    return std::set<std::string>{first.manifest(), second.manifest()};
  };
  EXPECT_EQ(both(Opening(), Opening()), (std::set<std::string>{kFirst, "000.23.10.H49/2026-0002"}));
  EXPECT_EQ(both(Opening(kRequestId), Opening(kRequestId)),
            std::set<std::string>{"000.23.10.H49/2026-0003"});
}

TEST_F(ManifestsTest, AreListedByUnitTheNewestFirstInPages) {
  std::vector<std::string> expected;
  for (int i = 0; i < 5; ++i) expected.insert(expected.begin(), Open(desk_));
  v1::OpenManifestRequest elsewhere = Opening();
  elsewhere.set_unit("000.24.10.H49");
  ASSERT_TRUE(CallOnce(*desk_.stub, &Stub::OpenManifest, elsewhere).ok());
  ASSERT_EQ(Add(Adding(kFirst, office_.Ready(), ItemNumber(1))), "OK");
  v1::ListManifestsRequest request;
  request.set_unit(kUnit);
  for (const int page_size : {0, 1, 2, 5, 9, 5000}) {
    request.set_page_size(page_size);
    std::vector<std::string> names;
    std::vector<std::uint32_t> items;
    do {
      v1::ListManifestsResponse response;
      ASSERT_TRUE(CallOnce(*rival_.stub, &Stub::ListManifests, request, &response).ok());
      for (const v1::Manifest& manifest : response.manifests()) {
        names.push_back(manifest.manifest());
        items.push_back(manifest.items());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(names, expected) << page_size;
    EXPECT_EQ(items, (std::vector<std::uint32_t>{0, 0, 0, 0, 1}));
  }
  const auto refused = [&] {
    return ErrorText(CallOnce(*desk_.stub, &Stub::ListManifests, request));
  };
  request.set_page_size(2);
  v1::ListManifestsResponse response;
  ASSERT_TRUE(CallOnce(*desk_.stub, &Stub::ListManifests, request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_unit("000.24.10.H49");
  EXPECT_EQ(refused(), "FIELD_INVALID field=page_token") << "of another unit";
  request.set_page_size(-1);
  EXPECT_EQ(refused(), "FIELD_INVALID field=page_size");
  request.clear_unit();
  EXPECT_EQ(refused(), "FIELD_INVALID field=unit");
}

}  // namespace
}  // namespace motcua
