// Goal: a server listens only where it was told to and says so otherwise; health says SERVING only
// when told; TLS works end to end; reflection knows the services.
// Method: real sockets on free ports of the loopback interface; certificates made by openssl in the
// test's own folder; grpc.health.v1 spoken by hand, for Debian packages no message of it.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstdlib>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "services/intake/service.h"
#include "services/platform/grpc/client.h"
#include "services/platform/grpc/library_log.h"
#include "services/platform/telemetry/log.h"
#include "tests/integration/grpc/grpc_test_support.h"
#include "tests/support/temp_dir.h"

namespace motcua {
namespace {

using testing_support::CallOnce;
using testing_support::ErrorText;
using testing_support::kPatience;
using IntakeStub = intake::v1::IntakeService::Stub;

constexpr char kName[] = "motcua.intake.v1.IntakeService";

class ServerTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<rpc::Server>> Start(rpc::ServerOptions options) {
    return rpc::Server::Start(std::move(options), {{&service_, kName}});
  }
  // A read that ends in NOT_FOUND: the call went through.
  static std::string Ask(const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = intake::v1::IntakeService::NewStub(channel);
    intake::v1::GetDossierRequest request;
    request.set_dossier(testing_support::kDossier);
    const grpc::Status status = CallOnce(*stub, &IntakeStub::GetDossier, request);
    return status.error_code() == grpc::StatusCode::UNAVAILABLE ? "UNAVAILABLE" : ErrorText(status);
  }

  testing_support::World world_;
  telemetry::CallMeter calls_;  // outlives the servers
  intake::IntakeService service_{world_.sink, world_.reader, world_.clock, world_.workers};
};

std::string FieldOf(const Status& status) {
  for (const auto& [key, value] : status.metadata()) {
    if (key == "field" || key == "file") return value;
  }
  return status.ok() ? "ok" : "";
}

// One raw call; the answer's bytes, or an error.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& bytes, std::string& answer) {
  grpc::GenericStub stub(channel);
  grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  testing_support::SetDeadline(context, kPatience);
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, method, {}, &request, &response,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  grpc::Status status = done.get_future().get();
  grpc::Slice content;
  if (status.ok() && response.DumpToSingleSlice(&content).ok()) {
    answer.assign(content.begin(), content.end());
  }
  return status;
}

// grpc.health.v1.HealthCheckResponse.status of a service; -1: an error.
int HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  std::string bytes;
  if (!service.empty()) {
    bytes = "\x0A" + std::string(1, static_cast<char>(service.size())) + service;
  }
  std::string answer;
  const grpc::Status status = CallRaw(channel, "/grpc.health.v1.Health/Check", bytes, answer);
  return status.ok() && answer.size() == 2 ? answer[1] : -1;
}
constexpr int kServing = 1;
constexpr int kNotServing = 2;

TEST_F(ServerTest, AFreePortIsReported) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  EXPECT_GT((*server)->port(), 0);
  EXPECT_EQ((*server)->address(), "127.0.0.1:" + std::to_string((*server)->port()));
  const auto channel = rpc::OpenChannel({.address = (*server)->address()});
  ASSERT_TRUE(channel.ok());
  EXPECT_EQ(Ask(*channel), "DOSSIER_NOT_FOUND dossier=000.23.10.H49-201031-0001");
}

TEST_F(ServerTest, ATakenPortIsAnErrorAndNoSecondServer) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  rpc::ServerOptions options;
  options.listen = (*server)->address();
  const auto second = Start(options);
  EXPECT_EQ(FieldOf(second.status()), "listen");
}

TEST_F(ServerTest, WhatIsNoAddressIsRefused) {
  for (const char* listen : {"", "7001", ":7001", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                             "127.0.0.1:65536", "127.0.0.1:-1", "::1:7001", "127.0.0.1:123456"}) {
    rpc::ServerOptions options;
    options.listen = listen;
    EXPECT_EQ(FieldOf(Start(options).status()), "listen") << listen;
  }
}

TEST_F(ServerTest, PlainTextToTheNetworkMustBeAllowed) {
  for (const char* listen :
       {"0.0.0.0:0", "[::]:0", "10.0.0.1:0", "example.org:0", "127.example.org:0"}) {
    rpc::ServerOptions options;
    options.listen = listen;
    EXPECT_EQ(FieldOf(Start(options).status()), "listen") << listen;
  }
  rpc::ServerOptions options;
  options.listen = "0.0.0.0:0";
  options.insecure_public = true;
  EXPECT_TRUE(Start(options).ok());
}

TEST_F(ServerTest, HealthSaysServingOnlyWhenTold) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  const auto channel = (*server)->InProcessChannel();
  EXPECT_EQ(HealthOf(channel, ""), kNotServing);
  EXPECT_EQ(HealthOf(channel, kName), kNotServing);
  EXPECT_EQ(HealthOf(channel, "unknown"), -1);
  (*server)->SetServing(true);
  EXPECT_EQ(HealthOf(channel, ""), kServing);
  EXPECT_EQ(HealthOf(channel, kName), kServing);
  (*server)->SetServing(kName, false);
  EXPECT_EQ(HealthOf(channel, ""), kServing);
  EXPECT_EQ(HealthOf(channel, kName), kNotServing);
  (*server)->SetServing(false);
  EXPECT_EQ(HealthOf(channel, ""), kNotServing);
}

TEST_F(ServerTest, ReflectionNamesTheServices) {
  // ServerReflectionRequest.list_services, an empty text.
  const std::string list = {0x3A, 0x00};
  const char* method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  std::string answer;
  EXPECT_TRUE(CallRaw((*server)->InProcessChannel(), method, list, answer).ok());
  EXPECT_NE(answer.find(kName), std::string::npos);
}

// A client that knows grpc.reflection.v1 only.
class ReflectionClient {
 public:
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;

  explicit ReflectionClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(grpc::reflection::v1::ServerReflection::NewStub(channel)) {
    testing_support::SetDeadline(context_, kPatience);
    stream_ = stub_->ServerReflectionInfo(&context_);
  }
  Response Ask(const Request& request) {
    Response response;
    EXPECT_TRUE(stream_->Write(request));
    EXPECT_TRUE(stream_->Read(&response));
    return response;
  }
  grpc::Status End() {
    stream_->WritesDone();
    return stream_->Finish();
  }

 private:
  std::unique_ptr<grpc::reflection::v1::ServerReflection::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

TEST_F(ServerTest, Faults_T1_AClientOfReflectionV1ListsServicesAndDescribesAMethod) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  ReflectionClient client((*server)->InProcessChannel());
  ReflectionClient::Request request;
  request.set_list_services("");
  std::vector<std::string> names;
  const auto listed = client.Ask(request);
  for (const auto& service : listed.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"grpc.reflection.v1.ServerReflection", kName}));
  // What it is given is enough to build the method's messages from nothing.
  request.set_file_containing_symbol(std::string(kName) + ".ReceiveDossier");
  google::protobuf::DescriptorPool pool;
  const auto files = client.Ask(request).file_descriptor_response();
  for (const std::string& bytes : files.file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    ASSERT_NE(pool.BuildFile(file), nullptr) << file.name();
  }
  const auto* const method = pool.FindMethodByName(std::string(kName) + ".ReceiveDossier");
  ASSERT_NE(method, nullptr);
  EXPECT_NE(method->input_type()->FindFieldByName("procedure"), nullptr);
  request.set_file_by_filename("motcua/intake/v1/intake.proto");
  EXPECT_EQ(client.Ask(request).file_descriptor_response().file_descriptor_proto_size(),
            files.file_descriptor_proto_size());
  EXPECT_TRUE(client.End().ok());
}

TEST_F(ServerTest, ReflectionAnswersWhatIsNotKnown) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  ReflectionClient client((*server)->InProcessChannel());
  ReflectionClient::Request request;
  for (const auto& ask : std::vector<std::function<void()>>{
           [&] { request.set_file_containing_symbol("motcua.Nothing"); },
           [&] { request.set_file_by_filename("nothing.proto"); },
           [&] { request.set_all_extension_numbers_of_type("motcua.Nothing"); },
           [&] { request.mutable_file_containing_extension()->set_extension_number(1); }}) {
    ask();
    EXPECT_EQ(client.Ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  }
  request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
  EXPECT_EQ(client.Ask(request).all_extension_numbers_response().base_type_name(),
            "google.protobuf.FieldOptions");
  EXPECT_EQ(client.Ask({}).error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(client.End().ok());
}

TEST_F(ServerTest, Faults_T6_LongTokensPassAndWhatIsOverTheLimitConcernsItsOwnCallAlone) {
  const auto server = Start({});
  ASSERT_TRUE(server.ok());
  const auto channel = rpc::OpenChannel({.address = (*server)->address()});
  ASSERT_TRUE(channel.ok());
  ReflectionClient open(*channel);  // a call that stays open on the same connection
  const auto stub = intake::v1::IntakeService::NewStub(*channel);
  const auto ask = [&](std::size_t token_bytes) {
    grpc::ClientContext context;
    testing_support::SetDeadline(context, kPatience);
    context.AddMetadata("authorization", "Bearer " + std::string(token_bytes, 'a'));
    intake::v1::GetDossierRequest request;
    request.set_dossier(testing_support::kDossier);
    intake::v1::GetDossierResponse response;
    return rpc::FromGrpc(stub->GetDossier(&context, request, &response));
  };
  EXPECT_EQ(ask(1).reason(), Reason::kDossierNotFound);
  EXPECT_EQ(ask(rpc::kMetadataBytesMax - 2048).reason(), Reason::kDossierNotFound);
  for (const int over : {rpc::kMetadataBytesMax, rpc::kMetadataBytesHardMax - 2048}) {
    const Status refused = ask(static_cast<std::size_t>(over));
    EXPECT_EQ(refused.reason(), Reason::kLimitExceeded) << refused.ToString();
    EXPECT_EQ(refused.metadata(), (Status::Metadata{{"limit", "65536"}}));
  }
  EXPECT_EQ(ask(1).reason(), Reason::kDossierNotFound);
  ReflectionClient::Request request;
  request.set_list_services("");
  EXPECT_EQ(open.Ask(request).list_services_response().service_size(), 2);
  EXPECT_TRUE(open.End().ok());
}

TEST(LibraryLog, Faults_T7_LinesOfGrpcAndProtobufAreEntriesOfTheLog) {
  rpc::TakeLibraryLog();
  // Before it has begun gRPC says nothing.
  const auto channel = grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  ::testing::internal::CaptureStderr();
  telemetry::ConfigureLog({telemetry::LogLevel::kInfo, telemetry::LogFormat::kJson});
  gpr_log(GPR_ERROR, "from %s \"quoted\"\nin two lines", "gRPC");
  GOOGLE_LOG(ERROR) << "from protobuf";
  telemetry::ConfigureLog({});
  std::istringstream lines(::testing::internal::GetCapturedStderr());
  std::vector<std::string> messages;
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::json::parse(line);
    EXPECT_EQ(entry["level"], "error");
    EXPECT_EQ(entry["file"], "server_test.cc");
    messages.push_back(entry["message"]);
  }
  EXPECT_EQ(messages, (std::vector<std::string>{"gRPC: from gRPC \"quoted\"\nin two lines",
                                                "protobuf: from protobuf"}));
}

TEST_F(ServerTest, ShutdownEndsTheStreamsFirstAndMayBeCalledAgain) {
  int ended = 0;
  rpc::ServerOptions options;
  options.before_shutdown.emplace_back([&] { ++ended; });
  auto server = Start(options);
  ASSERT_TRUE(server.ok());
  (*server)->Shutdown(rpc::kShutdownDeadline);
  (*server)->Shutdown(rpc::kShutdownDeadline);
  server->reset();
  EXPECT_EQ(ended, 1);
}

// A self-signed certificate of "localhost" and its key.
class TlsTest : public ServerTest {
 protected:
  void SetUp() override {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
        key_ + " -out " + certificate_ + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    options_.certificate_file = certificate_;
    options_.key_file = key_;
  }

  testing::TempDir folder_;
  std::string certificate_ = (folder_ / "certificate.pem").string();
  std::string key_ = (folder_ / "key.pem").string();
  rpc::ServerOptions options_;
};

TEST_F(TlsTest, ACallGoesThroughWithTheRightAuthorityOnly) {
  options_.listen = "0.0.0.0:0";  // with TLS also to the network
  const auto server = Start(options_);
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  const std::string address = "127.0.0.1:" + std::to_string((*server)->port());
  const auto trusted =
      rpc::OpenChannel({.address = address, .tls = true, .authority_file = certificate_});
  ASSERT_TRUE(trusted.ok());
  EXPECT_EQ(Ask(*trusted), "DOSSIER_NOT_FOUND dossier=000.23.10.H49-201031-0001");
  const auto stranger = rpc::OpenChannel({.address = address, .tls = true});
  ASSERT_TRUE(stranger.ok());
  EXPECT_EQ(Ask(*stranger), "UNAVAILABLE");
  const auto plain = rpc::OpenChannel({.address = address});
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(Ask(*plain), "UNAVAILABLE");
}

TEST_F(TlsTest, CallersMayBeAskedForCertificates) {
  options_.client_authority_file = certificate_;
  const auto server = Start(options_);
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  rpc::ChannelOptions client{
      .address = (*server)->address(), .tls = true, .authority_file = certificate_};
  const auto nobody = rpc::OpenChannel(client);
  ASSERT_TRUE(nobody.ok());
  EXPECT_EQ(Ask(*nobody), "UNAVAILABLE");
  client.certificate_file = certificate_;
  client.key_file = key_;
  const auto somebody = rpc::OpenChannel(client);
  ASSERT_TRUE(somebody.ok());
  EXPECT_EQ(Ask(*somebody), "DOSSIER_NOT_FOUND dossier=000.23.10.H49-201031-0001");
}

TEST_F(TlsTest, WhatIsWrongWithTheFilesIsNamed) {
  rpc::ServerOptions options = options_;
  options.key_file.clear();
  EXPECT_EQ(FieldOf(Start(options).status()), "tls");
  options = options_;
  options.certificate_file = (folder_ / "missing.pem").string();
  EXPECT_EQ(FieldOf(Start(options).status()), options.certificate_file);
  options = options_;
  std::swap(options.certificate_file, options.key_file);
  EXPECT_EQ(FieldOf(Start(options).status()), "listen");
  options = {};
  options.client_authority_file = certificate_;
  EXPECT_EQ(FieldOf(Start(options).status()), "tls");
  const auto channel = rpc::OpenChannel({.address = "127.0.0.1:1",
                                         .tls = true,
                                         .authority_file = options.client_authority_file + "x"});
  EXPECT_EQ(channel.status().reason(), Reason::kFileUnreadable);
  const auto swapped = rpc::OpenChannel(
      {.address = "127.0.0.1:1", .tls = true, .certificate_file = key_, .key_file = certificate_});
  EXPECT_EQ(swapped.status().reason(), Reason::kFileInvalid);
  EXPECT_EQ(FieldOf(swapped.status()), key_);
}

// How many calls of a method ended with a code.
std::uint64_t Measured(telemetry::CallMeter& calls, const std::string& method, StatusCode code) {
  const telemetry::MethodMeter* const meter = calls.Find("/" + std::string(kName) + "/" + method);
  if (meter == nullptr) return 0;
  std::uint64_t count = 0;
  for (const std::uint64_t bucket :
       meter->by_code()[static_cast<std::size_t>(code)].Read().counts) {
    count += bucket;
  }
  return count;
}

TEST_F(ServerTest, EveryCallIsMeasuredWithTheCodeThatItsCallerSees) {
  rpc::ServerOptions options;
  options.calls = &calls_;
  const auto server = Start(std::move(options));
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  const std::shared_ptr<grpc::Channel> channel = (*server)->InProcessChannel();
  EXPECT_EQ(Ask(channel), "DOSSIER_NOT_FOUND dossier=" + std::string(testing_support::kDossier));
  EXPECT_EQ(Measured(calls_, "GetDossier", StatusCode::kNotFound), 1U);
  std::string answer;
  const std::string service = "/" + std::string(kName) + "/";
  // Bytes that are no message are measured as what they are answered with.
  EXPECT_FALSE(CallRaw(channel, service + "ReceiveDossier", "\xFF\xFF", answer).ok());
  EXPECT_EQ(Measured(calls_, "ReceiveDossier", StatusCode::kInvalidArgument), 1U);
  // A name that the caller made up gets no series.
  const std::size_t methods = calls_.methods().size();
  EXPECT_FALSE(CallRaw(channel, service + "MadeUp", "", answer).ok());
  EXPECT_EQ(calls_.methods().size(), methods);
  EXPECT_EQ(methods, static_cast<std::size_t>(google::protobuf::DescriptorPool::generated_pool()
                                                  ->FindServiceByName(kName)
                                                  ->method_count()));
}

}  // namespace
}  // namespace motcua
