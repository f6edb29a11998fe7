// Goal: the registry of methods holds every rpc of the contract, and what it says of each is true.
// Method: against the proto files themselves, read as text; examples of each kind.
#include "services/platform/grpc/methods.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "motcua/deadline/v1/deadline.pb.h"
#include "motcua/intake/v1/intake.pb.h"
#include "motcua/postal/v1/postal.pb.h"
#include "motcua/reporting/v1/reporting.pb.h"

namespace motcua::rpc {
namespace {

constexpr std::string_view kIntake = "motcua.intake.v1.IntakeService.";

const Method& Intake(std::string_view name) {
  const Method* const method = FindMethod(std::string(kIntake) + std::string(name));
  EXPECT_NE(method, nullptr) << name;
  return *method;
}

// "motcua.intake.v1.IntakeService.GetDossier" for each rpc that stands in a file of the contract.
std::set<std::string> MethodsInText() {
  std::set<std::string> names;
  const std::filesystem::path root = MOTCUA_SOURCE_DIR "/proto/motcua";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".proto") continue;
    std::ifstream file(entry.path());
    std::string package;
    std::string service;
    const auto second_word = [](const std::string& line, std::size_t begin) {
      return line.substr(begin, line.find_first_of(" (;", begin) - begin);
    };
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("package ")) package = second_word(line, 8);
      if (line.starts_with("service ")) service = second_word(line, 8);
      if (!line.starts_with("  rpc ")) continue;
      std::string name = package;
      name.append(".").append(service).append(".").append(second_word(line, 6));
      names.insert(std::move(name));
    }
  }
  return names;
}

TEST(MethodsTest, HoldEveryRpcOfTheContractAndNothingElse) {
  std::set<std::string> names;
  for (const Method& method : Methods()) names.insert(std::string(method.name));
  EXPECT_EQ(names, MethodsInText());
  EXPECT_EQ(names.size(), Methods().size());
}

TEST(MethodsTest, SayWhatIsSentWhere) {
  const Method& get = Intake("GetDossier");
  EXPECT_EQ(get.service, "motcua.intake.v1.IntakeService");
  EXPECT_EQ(get.path, "/motcua.intake.v1.IntakeService/GetDossier");
  EXPECT_EQ(get.NewRequest()->GetDescriptor(), intake::v1::GetDossierRequest::descriptor());
  EXPECT_EQ(get.NewResponse()->GetDescriptor(), intake::v1::GetDossierResponse::descriptor());
  EXPECT_EQ(&MethodOf(intake::v1::GetDossierRequest()), &get);
  EXPECT_EQ(FindMethod("motcua.intake.v1.IntakeService.Nothing"), nullptr);
}

TEST(MethodsTest, TellCommandsFromReadsAndStreamsFromAnswers) {
  EXPECT_EQ(Intake("ReceiveDossier").kind, MethodKind::kCommand);
  EXPECT_EQ(Intake("ListDossiers").kind, MethodKind::kRead);
  EXPECT_FALSE(Intake("ListDossiers").streams);
  EXPECT_TRUE(MethodOf(deadline::v1::WatchAlertsRequest()).streams);
}

TEST(MethodsTest, KnowTheUnitOfARequest) {
  intake::v1::GetDossierRequest by_dossier;
  EXPECT_EQ(UnitOf(by_dossier), "");
  by_dossier.set_dossier("000.23.10.H49-201031-0001");
  EXPECT_EQ(UnitOf(by_dossier), "000.23.10.H49");
  by_dossier.set_dossier("no code");
  EXPECT_EQ(UnitOf(by_dossier), "");
  intake::v1::ListDossiersRequest by_unit;
  by_unit.set_unit("000.05.10.H49");
  EXPECT_EQ(UnitOf(by_unit), "000.05.10.H49");
  intake::v1::ImportDossiersRequest by_row;
  EXPECT_EQ(UnitOf(by_row), "");
  by_row.add_rows()->set_unit("000.31.10.H49");
  EXPECT_EQ(UnitOf(by_row), "000.31.10.H49");
  postal::v1::AddManifestItemRequest by_manifest;
  by_manifest.set_dossier("000.05.10.H49-201031-0001");
  EXPECT_EQ(UnitOf(by_manifest), "");
  by_manifest.set_manifest("000.23.10.H49/2020-0001");
  EXPECT_EQ(UnitOf(by_manifest), "000.23.10.H49") << "it is what the request changes";
  reporting::v1::GetStatusReportRequest by_query;
  EXPECT_EQ(MethodOf(by_query).unit.path, "query.unit");
  by_query.mutable_query()->set_unit("000.23.10.H49");
  EXPECT_EQ(UnitOf(by_query), "000.23.10.H49");
}

}  // namespace
}  // namespace motcua::rpc
