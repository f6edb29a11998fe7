// Goal: over gRPC the reports and lists are those of the store, wrong requests are refused
//       with the path of the field, page tokens belong to their list, and an overloaded or
//       cancelled call ends.
// Method: a server without a socket over a folded random history; a table of wrong requests.
#include "services/reporting/service.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "services/platform/grpc/client.h"
#include "services/platform/grpc/server.h"
#include "services/platform/grpc/status.h"
#include "services/reporting/report.h"
#include "tests/support/await.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

void Set(common::v1::Date& date, int year, int month, int day) {
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
}

v1::StatusQuery FirstHalfOf2020() {
  v1::StatusQuery query;
  Set(*query.mutable_from_date(), 2020, 1, 15);
  Set(*query.mutable_to_date(), 2020, 3, 31);
  return query;
}

class ReportingServiceTest : public ::testing::Test {
 protected:
  ReportingServiceTest() : folded_(RandomHistory(3, 120, Offsets::kOne)) {
    server_ =
        rpc::Server::Start({}, {{&service_, v1::ReportingService::service_full_name()}}).value();
    stub_ = v1::ReportingService::NewStub(server_->InProcessChannel());
  }

  Status Get(const v1::StatusQuery& query, v1::GetStatusReportResponse& response) {
    v1::GetStatusReportRequest request;
    *request.mutable_query() = query;
    grpc::ClientContext context;
    return rpc::FromGrpc(stub_->GetStatusReport(&context, request, &response));
  }
  Status List(const v1::ListStatusDossiersRequest& request,
              v1::ListStatusDossiersResponse& response) {
    grpc::ClientContext context;
    return rpc::FromGrpc(stub_->ListStatusDossiers(&context, request, &response));
  }

  Folded folded_;
  runtime::WorkerPool pool_{1, 4};
  ReportingService service_{folded_.reader(), catalogue::Catalogue::Make({}, {}, {}).value(),
                            pool_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::ReportingService::Stub> stub_;
};

TEST_F(ReportingServiceTest, ReportIsThatOfTheStoreAndReconciles) {
  v1::StatusQuery query = FirstHalfOf2020();
  query.set_by(v1::DIMENSION_PROCEDURE);
  v1::GetStatusReportResponse response;
  ASSERT_TRUE(Get(query, response).ok());

  StatusQuery asked;
  asked.from_date = Date("2020-01-15");
  asked.to_date = Date("2020-03-31");
  asked.by = Dimension::kProcedure;
  const StatusReport report = SumCells(folded_.store(), asked).value();
  ASSERT_EQ(response.rows_size(), static_cast<int>(report.rows.size()));
  ASSERT_GT(response.rows_size(), 1);
  for (int i = 0; i < response.rows_size(); ++i) {
    const v1::StatusRow& row = response.rows(i);
    const StatusRow& expected = report.rows[static_cast<std::size_t>(i)];
    EXPECT_EQ(row.key(), expected.key);
    EXPECT_EQ(row.received().total(), row.resolved().total() + row.open().total());
    EXPECT_EQ(row.received().carried_over(), expected[Column::kCarriedOver]);
    EXPECT_EQ(row.resolved().late(), expected[Column::kResolvedLate]);
    EXPECT_EQ(row.open().paused(), expected[Column::kOpenPaused]);
  }
  EXPECT_EQ(response.total().received().total(), report.total.received_total());
}

// Every column of the contract has a row, whose number is where the row says, and each rate of the
// contract is told with its parts.
TEST_F(ReportingServiceTest, EveryColumnAndRateOfTheContractIsFilled) {
  v1::GetStatusReportResponse response;
  ASSERT_TRUE(Get(FirstHalfOf2020(), response).ok());
  StatusQuery asked;
  asked.from_date = Date("2020-01-15");
  asked.to_date = Date("2020-03-31");
  const StatusRow total = SumCells(folded_.store(), asked).value().total;
  const auto& columns = *v1::Column_descriptor();
  for (int i = 1; i < columns.value_count(); ++i) {
    const ColumnRow* row = FindColumn(static_cast<Column>(columns.value(i)->number()));
    ASSERT_NE(row, nullptr) << columns.value(i)->name();
    const google::protobuf::Message* at = &response.total();
    std::string_view field = row->field;
    for (std::size_t dot = 0; (dot = field.find('.')) != std::string_view::npos;) {
      const auto* part = at->GetDescriptor()->FindFieldByName(std::string(field.substr(0, dot)));
      at = &at->GetReflection()->GetMessage(*at, part);
      field.remove_prefix(dot + 1);
    }
    const auto* number = at->GetDescriptor()->FindFieldByName(std::string(field));
    EXPECT_EQ(at->GetReflection()->GetInt64(*at, number), total[row->column]) << row->field;
  }
  ASSERT_EQ(response.total().rates_size(), v1::RateDefinition_descriptor()->value_count() - 1);
  for (const v1::Rate& rate : response.total().rates()) {
    const auto definition = static_cast<RateDefinition>(rate.definition());
    EXPECT_EQ(OnTimeRate(total, definition), (Rate{definition, rate.part(), rate.whole()}));
    EXPECT_GT(rate.whole(), 0);
  }
}

TEST_F(ReportingServiceTest, WithdrawnMayCountAsOnTimeAlsoInTheList) {
  v1::StatusQuery query = FirstHalfOf2020();
  v1::GetStatusReportResponse apart;
  v1::GetStatusReportResponse merged;
  ASSERT_TRUE(Get(query, apart).ok());
  query.set_merge_withdrawn(true);
  ASSERT_TRUE(Get(query, merged).ok());
  const std::int64_t withdrawn = apart.total().resolved().withdrawn();
  ASSERT_GT(withdrawn, 0);
  const std::int64_t on_time = apart.total().resolved().on_time() + withdrawn;
  EXPECT_EQ(merged.total().resolved().withdrawn(), 0);
  EXPECT_EQ(merged.total().resolved().on_time(), on_time);
  EXPECT_EQ(merged.total().resolved().total(), apart.total().resolved().total());
  EXPECT_EQ(merged.total().rates(0).whole(), apart.total().rates(0).whole() + withdrawn);
  v1::ListStatusDossiersRequest request;
  *request.mutable_query() = query;
  request.set_column(v1::COLUMN_RESOLVED_ON_TIME);
  request.set_page_size(1000);
  v1::ListStatusDossiersResponse page;
  ASSERT_TRUE(List(request, page).ok());
  EXPECT_EQ(page.dossiers_size(), on_time);
}

TEST_F(ReportingServiceTest, ListIsPagedAndAsLongAsTheNumber) {
  v1::GetStatusReportResponse report;
  ASSERT_TRUE(Get(FirstHalfOf2020(), report).ok());
  v1::ListStatusDossiersRequest request;
  *request.mutable_query() = FirstHalfOf2020();
  request.set_column(v1::COLUMN_RESOLVED_LATE);
  request.set_page_size(2);
  std::set<std::string> codes;
  do {
    v1::ListStatusDossiersResponse page;
    ASSERT_TRUE(List(request, page).ok());
    EXPECT_LE(page.dossiers_size(), 2);
    for (const v1::StatusDossier& dossier : page.dossiers()) {
      EXPECT_TRUE(codes.insert(dossier.dossier()).second);
      EXPECT_EQ(dossier.state_column(), v1::COLUMN_RESOLVED_LATE);
      EXPECT_TRUE(dossier.has_resolved());
      EXPECT_TRUE(dossier.has_due());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(static_cast<std::int64_t>(codes.size()), report.total().resolved().late());
  EXPECT_GT(codes.size(), 2U);
}

TEST_F(ReportingServiceTest, WhatIsNotSeenIsNotTold) {
  v1::ListStatusDossiersRequest request;
  *request.mutable_query() = FirstHalfOf2020();
  request.set_column(v1::COLUMN_OPEN_IN_TERM);
  request.set_page_size(1000);
  v1::ListStatusDossiersResponse page;
  ASSERT_TRUE(List(request, page).ok());
  ASSERT_GT(page.dossiers_size(), 0);
  for (const v1::StatusDossier& dossier : page.dossiers()) {
    EXPECT_FALSE(dossier.has_resolved());
    EXPECT_EQ(dossier.outcome(), common::v1::OUTCOME_UNSPECIFIED);
  }
}

TEST_F(ReportingServiceTest, ThoseThatGotLateSomewhereAreListedAndAsLongAsTheNumber) {
  v1::GetLatenessReportRequest asked;
  *asked.mutable_query() = FirstHalfOf2020();
  grpc::ClientContext context;
  v1::GetLatenessReportResponse report;
  ASSERT_TRUE(rpc::FromGrpc(stub_->GetLatenessReport(&context, asked, &report)).ok());
  std::int64_t listed = 0;
  for (const v1::LatenessRow& row : report.rows()) {
    v1::ListStatusDossiersRequest request;
    *request.mutable_query() = FirstHalfOf2020();
    request.set_late_in(row.part());
    request.set_late_leg(row.leg());
    request.set_late_unit(row.unit());
    request.set_page_size(1000);
    v1::ListStatusDossiersResponse page;
    ASSERT_TRUE(List(request, page).ok());
    EXPECT_EQ(page.dossiers_size(), row.dossiers()) << row.ShortDebugString();
    listed += page.dossiers_size();
  }
  EXPECT_EQ(listed, report.dossiers());
  EXPECT_GT(listed, 2);
}

TEST_F(ReportingServiceTest, TokensBelongToTheirList) {
  v1::ListStatusDossiersRequest request;
  *request.mutable_query() = FirstHalfOf2020();
  request.set_page_size(1);
  v1::ListStatusDossiersResponse page;
  ASSERT_TRUE(List(request, page).ok());
  ASSERT_FALSE(page.next_page_token().empty());
  request.set_page_token(page.next_page_token());
  request.set_column(v1::COLUMN_OPEN_LATE);
  EXPECT_EQ(List(request, page).reason(), Reason::kFieldInvalid);
  request.set_page_token("no token");
  EXPECT_EQ(List(request, page).reason(), Reason::kFieldInvalid);
}

// Of an enum: one that no name stands for.
void SetNumber(google::protobuf::Message& message, const char* field, int number) {
  message.GetReflection()->SetEnumValue(&message, message.GetDescriptor()->FindFieldByName(field),
                                        number);
}

TEST_F(ReportingServiceTest, WrongRequestsNameTheField) {
  struct Case {
    const char* field;
    std::function<void(v1::ListStatusDossiersRequest&)> spoil;
  };
  using Request = v1::ListStatusDossiersRequest;
  const std::vector<Case> cases = {
      {"query.from_date", [](Request& r) { r.mutable_query()->clear_from_date(); }},
      {"query.to_date", [](Request& r) { r.mutable_query()->clear_to_date(); }},
      {"query.from_date",
       [](Request& r) { Set(*r.mutable_query()->mutable_from_date(), 2021, 2, 29); }},
      {"query.to_date",
       [](Request& r) { Set(*r.mutable_query()->mutable_to_date(), 2020, 13, 1); }},
      {"query.to_date", [](Request& r) { Set(*r.mutable_query()->mutable_to_date(), 0, 1, 1); }},
      {"query.from_date",
       [](Request& r) { Set(*r.mutable_query()->mutable_from_date(), 2020, 4, 1); }},
      {"query.unit", [](Request& r) { r.mutable_query()->set_unit("nowhere"); }},
      {"query.as_of_time.nanos",
       [](Request& r) { r.mutable_query()->mutable_as_of_time()->set_nanos(-1); }},
      {"query.verdict", [](Request& r) { SetNumber(*r.mutable_query(), "verdict", 9); }},
      {"query.by", [](Request& r) { SetNumber(*r.mutable_query(), "by", -1); }},
      {"column", [](Request& r) { SetNumber(r, "column", 99); }},
      {"key", [](Request& r) { r.set_key(std::string(513, 'x')); }},
      {"late_in", [](Request& r) { SetNumber(r, "late_in", 99); }},
      {"late_in", [](Request& r) { r.set_late_leg(1); }},
      {"late_leg",
       [](Request& r) {
         r.set_late_in(v1::TIME_PART_LEG);
         r.set_late_leg(33);
       }},
      {"late_unit",
       [](Request& r) {
         r.set_late_in(v1::TIME_PART_LEG);
         r.set_late_unit("nowhere");
       }},
      {"page_size", [](Request& r) { r.set_page_size(-1); }},
      {"page_token", [](Request& r) { r.set_page_token("?"); }},
  };
  for (const Case& c : cases) {
    v1::ListStatusDossiersRequest request;
    *request.mutable_query() = FirstHalfOf2020();
    c.spoil(request);
    v1::ListStatusDossiersResponse response;
    const Status status = List(request, response);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << c.field;
    ASSERT_FALSE(status.metadata().empty()) << c.field;
    EXPECT_EQ(status.metadata().front(), (std::pair<std::string, std::string>("field", c.field)));
  }
}

// Occupies the pool's only thread until it is let go.
class Occupied {
 public:
  explicit Occupied(runtime::WorkerPool& pool) {
    const auto begun = std::make_shared<std::promise<void>>();
    pool.Submit([begun, go = go_.get_future().share()] {
      begun->set_value();
      go.wait();
    });
    begun->get_future().wait();
  }
  ~Occupied() { go_.set_value(); }

 private:
  std::promise<void> go_;
};

TEST_F(ReportingServiceTest, MoreThanTheQueueHoldsIsRefusedAtOnce) {
  v1::GetStatusReportResponse response;
  const Occupied occupied(pool_);
  while (pool_.Submit([] {})) {
  }
  EXPECT_EQ(Get(FirstHalfOf2020(), response).reason(), Reason::kOverloaded);
}

TEST_F(ReportingServiceTest, ACallWhoseTimeIsUpEndsAndTheWorkerAnswersNobody) {
  v1::GetStatusReportRequest request;
  *request.mutable_query() = FirstHalfOf2020();
  v1::GetStatusReportResponse response;
  {
    const Occupied occupied(pool_);
    rpc::CallPolicy policy;
    policy.deadline = std::chrono::milliseconds(20);
    const auto answer = rpc::Call<v1::GetStatusReportResponse>(
        *stub_, &v1::ReportingService::Stub::GetStatusReport, request, policy);
    EXPECT_EQ(answer.status().reason(), Reason::kOutcomeUnknown);
  }
  EXPECT_TRUE(Get(request.query(), response).ok());
}

// Review 4.12. A worker that is busy, and ten callers who leave before it comes to them: when it
// does, it reads for none of them.
TEST_F(ReportingServiceTest, WhoHasLeftIsNotReadFor) {
  constexpr int kImpatient = 10;
  runtime::WorkerPool pool(1, kImpatient + 1);
  ReportingService service(folded_.reader(), catalogue::Catalogue::Make({}, {}, {}).value(), pool);
  const auto server =
      rpc::Server::Start({}, {{&service, v1::ReportingService::service_full_name()}}).value();
  const auto stub = v1::ReportingService::NewStub(server->InProcessChannel());
  v1::GetStatusReportRequest request;
  *request.mutable_query() = FirstHalfOf2020();
  auto begun = std::make_unique<Occupied>(pool);
  std::vector<std::thread> callers;
  std::array<grpc::ClientContext, kImpatient> contexts;
  for (grpc::ClientContext& context : contexts) {
    callers.emplace_back([&] {
      v1::GetStatusReportResponse response;
      EXPECT_EQ(stub->GetStatusReport(&context, request, &response).error_code(),
                grpc::StatusCode::CANCELLED);
    });
  }
  const bool waiting =
      testing::Await([&] { return pool.queued() == kImpatient; }, std::chrono::seconds(30));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (std::thread& caller : callers) caller.join();
  EXPECT_TRUE(waiting);
  begun.reset();
  std::promise<void> all_done;
  ASSERT_TRUE(pool.Submit([&] { all_done.set_value(); }));
  all_done.get_future().wait();
  EXPECT_EQ(folded_.store().snapshots(), 0U);

  v1::GetStatusReportResponse response;
  grpc::ClientContext patient;
  EXPECT_TRUE(stub->GetStatusReport(&patient, request, &response).ok());
  EXPECT_EQ(folded_.store().snapshots(), 1U);
}

}  // namespace
}  // namespace motcua::reporting
