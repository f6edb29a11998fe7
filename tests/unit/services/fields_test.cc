// Goal: every field error names the full path of its field; digests tell contents apart and nothing
// else; page tokens fit their own request only.
// Method: tables of bad values; single-field changes of a request; changed arguments and bits of
// tokens; every value of each code list with its neighbours.

#include "services/platform/grpc/fields.h"

#include <gtest/gtest.h>

#include <string>

#include "motcua/intake/v1/intake.pb.h"
#include "services/platform/grpc/command.h"
#include "services/platform/grpc/convert.h"

namespace motcua::rpc {
namespace {

constexpr char kId[] = "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f";

std::string FieldOf(const Status& status) {
  for (const auto& [key, value] : status.metadata()) {
    if (key == "field") return value;
  }
  return "";
}

TEST(Fields, PathsAreReplacedAndPrefixed) {
  const Status at = AtField(FieldError("unit", "is odd"), "rows[3].unit");
  EXPECT_EQ(at, FieldError("rows[3].unit", "is odd"));
  EXPECT_EQ(UnderField(FieldError("opened", "is odd"), "rows[3]"),
            FieldError("rows[3].opened", "is odd"));
  EXPECT_EQ(AtField(Status(Reason::kFieldInvalid, "is odd"), "page_token"),
            FieldError("page_token", "is odd"));
  const Status other(Reason::kOverloaded, "full");
  EXPECT_EQ(AtField(other, "unit"), other);
  EXPECT_EQ(UnderField(other, "unit"), other);
  EXPECT_TRUE(AtField(OkStatus(), "unit").ok());
}

TEST(Fields, TheContextIsCheckedInOnePlace) {
  common::v1::RequestContext context;
  EXPECT_EQ(FieldOf(ParseContext(context).status()), "context.request_id");
  context.set_request_id("not a uuid");
  EXPECT_EQ(FieldOf(ParseContext(context).status()), "context.request_id");
  context.set_request_id("00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(FieldOf(ParseContext(context).status()), "context.request_id");
  context.set_request_id(kId);
  EXPECT_EQ(FieldOf(ParseContext(context).status()), "context.actor");
  for (const std::string& actor : {std::string(65, 'a'), std::string("officer\n"),
                                   std::string("Nguyễn"), std::string("\x7F")}) {
    context.set_actor(actor);
    const Status status = ParseContext(context).status();
    EXPECT_EQ(FieldOf(status), "context.actor");
    EXPECT_EQ(status.message().find(actor), std::string::npos) << "an actor is never repeated";
  }
  context.set_actor(std::string(64, 'a'));
  EXPECT_TRUE(ParseContext(context).ok());
  context.set_actor("officer:0142");
  const Result<Caller> caller = ParseContext(context);
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(cases::FormatRequestId(caller->request_id), kId);
  EXPECT_EQ(caller->actor.value(), "officer:0142");
}

TEST(Fields, ADigestIsOfTheContentAlone) {
  intake::v1::ReceiveDossierRequest request;
  request.mutable_context()->set_request_id(kId);
  request.mutable_context()->set_actor("officer:0142");
  request.set_unit("000.23.10.H49");
  request.set_procedure("1.001193");
  const std::uint64_t digest = DigestOf(request);
  EXPECT_NE(digest, 0U);
  EXPECT_EQ(DigestOf(request), digest);

  intake::v1::ReceiveDossierRequest again = request;
  again.mutable_context()->set_request_id("ffffffff-5d0a-4c7b-9e11-0a1b2c3d4e5f");
  again.mutable_context()->set_actor("another");
  EXPECT_EQ(DigestOf(again), digest) << "who asks is not what is asked";
  again.clear_context();
  EXPECT_EQ(DigestOf(again), digest);
  again.mutable_context();
  EXPECT_EQ(DigestOf(again), digest);
  again.mutable_context()->set_actor(std::string(300, 'a'));
  EXPECT_EQ(DigestOf(again), digest) << "a length of two bytes";

  again = request;
  again.set_unit("000.23.10.H48");
  EXPECT_NE(DigestOf(again), digest);
  again = request;
  again.set_channel(common::v1::CHANNEL_ONLINE);
  EXPECT_NE(DigestOf(again), digest);

  // The same bytes under another name are another content.
  intake::v1::WithdrawDossierRequest withdraw;
  withdraw.set_dossier("000.23.10.H49-201031-0001");
  intake::v1::ReceiveSupplementRequest supplement;
  supplement.set_dossier("000.23.10.H49-201031-0001");
  EXPECT_EQ(withdraw.SerializeAsString(), supplement.SerializeAsString());
  EXPECT_NE(DigestOf(withdraw), DigestOf(supplement));
}

TEST(Fields, PageSizesAreCapped) {
  EXPECT_EQ(*ParsePageSize(0), kPageSizeDefault);
  EXPECT_EQ(*ParsePageSize(1), 1U);
  EXPECT_EQ(*ParsePageSize(1000), 1000U);
  EXPECT_EQ(*ParsePageSize(1001), kPageSizeMax);
  EXPECT_EQ(*ParsePageSize(INT32_MAX), kPageSizeMax);
  EXPECT_EQ(FieldOf(ParsePageSize(-1).status()), "page_size");
}

TEST(Fields, APageTokenFitsItsOwnRequestOnly) {
  const std::string position("a\0b\xFF", 4);
  const std::string token = MakePageToken("ListX|unit", position);
  EXPECT_EQ(*ParsePageToken("ListX|unit", token), position);
  EXPECT_EQ(*ParsePageToken("ListX|unit", ""), "");
  EXPECT_EQ(FieldOf(ParsePageToken("ListX|other", token).status()), "page_token");
  EXPECT_EQ(FieldOf(ParsePageToken("ListX|unit", "!").status()), "page_token");
  EXPECT_EQ(FieldOf(ParsePageToken("ListX|unit", "AAAA").status()), "page_token");
  EXPECT_EQ(FieldOf(ParsePageToken("ListX|unit", std::string(5000, 'A')).status()), "page_token");
}

TEST(Fields, Base64ComesBackAndOnlyInItsCanonicalForm) {
  for (std::size_t length = 0; length < 40; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes.push_back(static_cast<char>(i * 37 + length));
    const std::string text = EncodeBase64(bytes);
    const Result<std::string> decoded = DecodeBase64(text);
    ASSERT_TRUE(decoded.ok()) << text;
    EXPECT_EQ(*decoded, bytes);
  }
  EXPECT_EQ(EncodeBase64("\xFB\xFF"), "-_8");
  for (const char* bad : {"A", "AB=", "A B", "-_9", "é", "AAAAA"}) {
    EXPECT_FALSE(DecodeBase64(bad).ok()) << bad;
  }
}

// Every number of -1 to 300 is taken where the contract has it, and nowhere else; 0 is missing.
template <typename E>
void ExpectParsesItsOwnNumbers(const google::protobuf::EnumDescriptor& contract) {
  using Proto = typename codes::Contract<E>::Enum;
  std::size_t taken = 0;
  for (int number = -1; number <= 300; ++number) {
    SCOPED_TRACE(contract.full_name() + " " + std::to_string(number));
    const Result<E> parsed = ParseCode<E>(static_cast<Proto>(number), "f");
    if (!parsed.ok()) {
      EXPECT_EQ(FieldOf(parsed.status()), "f");
      EXPECT_TRUE(number == 0 || contract.FindValueByNumber(number) == nullptr);
      continue;
    }
    ++taken;
    ASSERT_NE(contract.FindValueByNumber(number), nullptr);
    EXPECT_EQ(static_cast<int>(*parsed), number);
    EXPECT_EQ(static_cast<int>(ToProto(*parsed)), number);
  }
  EXPECT_EQ(taken, codes::CodeList<E>::kValues.size());
}

TEST(Convert, EveryCodeListRefusesItsNeighbours) {
  ExpectParsesItsOwnNumbers<cases::Channel>(*common::v1::Channel_descriptor());
  ExpectParsesItsOwnNumbers<cases::ReturnMode>(*common::v1::ReturnMode_descriptor());
  ExpectParsesItsOwnNumbers<cases::RefusalReason>(*common::v1::RefusalReason_descriptor());
  ExpectParsesItsOwnNumbers<cases::Outcome>(*common::v1::Outcome_descriptor());
  ExpectParsesItsOwnNumbers<cases::PauseReason>(*common::v1::PauseReason_descriptor());
  ExpectParsesItsOwnNumbers<cases::AlertKind>(*common::v1::AlertKind_descriptor());
  ExpectParsesItsOwnNumbers<cases::Stage>(*common::v1::Stage_descriptor());
  ExpectParsesItsOwnNumbers<routing::ReturnReason>(*common::v1::ReturnReason_descriptor());
  ExpectParsesItsOwnNumbers<routing::LegOutcome>(*common::v1::LegOutcome_descriptor());
  ExpectParsesItsOwnNumbers<postal::ShipmentState>(*common::v1::ShipmentState_descriptor());
  ExpectParsesItsOwnNumbers<postal::FailureReason>(*common::v1::FailureReason_descriptor());
  ExpectParsesItsOwnNumbers<postal::ProofKind>(*common::v1::ProofKind_descriptor());
  ExpectParsesItsOwnNumbers<codes::Doubt>(*common::v1::Doubt_descriptor());
}

TEST(Convert, UnspecifiedMeansSomethingWhereTheCallerSaysSo) {
  constexpr common::v1::LegOutcome kNothing{};
  EXPECT_EQ(*ParseCodeOr(routing::LegOutcome::kGranted, kNothing, "f"),
            routing::LegOutcome::kGranted);
  EXPECT_EQ(*ParseCodeOr(routing::LegOutcome::kGranted, common::v1::LEG_OUTCOME_REJECTED, "f"),
            routing::LegOutcome::kRejected);
  EXPECT_FALSE(ParseCode<routing::LegOutcome>(kNothing, "f").ok());
  EXPECT_EQ(*ParseCode<cases::Stage>(common::v1::Stage{}, "f"), cases::Stage::kNone);
}

TEST(Convert, TimesComeBackAndOddOnesAreNamed) {
  for (const char* text : {"2020-01-31T09:32:05.123456+07:00", "1901-01-01T00:00:00-05:00",
                           "1969-12-31T23:59:59.999999Z", "2199-12-31T23:59:59Z"}) {
    const ZonedTime time = *ParseZonedTime(text);
    common::v1::ZonedTime zoned;
    ToProto(time, zoned);
    EXPECT_EQ(*ParseZoned(zoned, "t"), time);
    google::protobuf::Timestamp stamp;
    ToProto(time.instant, stamp);
    EXPECT_GE(stamp.nanos(), 0);
    EXPECT_EQ(*ParseTimestamp(stamp, "t"), time.instant);
  }
  common::v1::ZonedTime zoned;
  zoned.set_unix_micros(INT64_MAX);
  EXPECT_EQ(FieldOf(ParseZoned(zoned, "opened").status()), "opened.unix_micros");
  zoned.set_unix_micros(INT64_MIN);
  EXPECT_EQ(FieldOf(ParseZoned(zoned, "opened").status()), "opened.unix_micros");
  zoned.set_unix_micros(0);
  zoned.set_utc_offset_minutes(1081);
  EXPECT_EQ(FieldOf(ParseZoned(zoned, "opened").status()), "opened.utc_offset_minutes");
  google::protobuf::Timestamp stamp;
  stamp.set_nanos(-1);
  EXPECT_EQ(FieldOf(ParseTimestamp(stamp, "t").status()), "t.nanos");
  stamp.set_nanos(0);
  stamp.set_seconds(INT64_MAX);
  EXPECT_EQ(FieldOf(ParseTimestamp(stamp, "t").status()), "t.seconds");
}

TEST(Convert, LegsAreCountedFromOne) {
  EXPECT_EQ(FieldOf(ParseLeg(0, "leg").status()), "leg");
  EXPECT_EQ(*ParseLeg(1, "leg"), 1);
  EXPECT_EQ(*ParseLeg(32, "leg"), 32);
  EXPECT_EQ(FieldOf(ParseLeg(33, "leg").status()), "leg");
  EXPECT_EQ(FieldOf(ParseLeg(256, "leg").status()), "leg");
  EXPECT_EQ(*ParseLegOrDossier(0, "leg"), 0);
}

TEST(Command, ItIsMadeFromAllPartsOrNotAtAll) {
  intake::v1::WithdrawDossierRequest request;
  const auto parse = [](const auto&) { return Result<cases::Action>(cases::WithdrawDossier{}); };
  EXPECT_EQ(FieldOf(MakeCommand(request, parse).status()), "context.request_id");
  request.mutable_context()->set_request_id(kId);
  request.mutable_context()->set_actor("officer:0142");
  EXPECT_EQ(FieldOf(MakeCommand(request, parse).status()), "dossier");
  request.set_dossier("000.23.10.H49-201031-0001");
  request.set_expected_version(7);
  const Result<cases::Command> command = MakeCommand(request, parse);
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->expected_version, 7U);
  EXPECT_EQ(command->dossier.value(), "000.23.10.H49-201031-0001");
  EXPECT_EQ(command->digest, DigestOf(request));
  EXPECT_TRUE(HoldsLeaf<cases::WithdrawDossier>(command->action));
  EXPECT_TRUE(command->correlation_id.empty());
}

}  // namespace
}  // namespace motcua::rpc
