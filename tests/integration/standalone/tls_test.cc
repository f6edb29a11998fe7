// Goal: the command line and the services speak TLS, with a certificate of the caller where one is
// asked for; who speaks otherwise is told so in one line and what to try.
// Method: the real program; an authority and certificates made by openssl in the test's folder, the
// server's for a name that is not its address.
#include <algorithm>
#include <cstdlib>

#include "tests/integration/standalone/running.h"

namespace motcua::testing {
namespace {

constexpr int kExitUsage = 2;
constexpr int kExitUnavailable = 3;

class Tls : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    OpenSsl("req -x509 " + key + "-days 2 -subj /CN=authority -keyout " + File("ca.key") +
            " -out " + File("ca.pem"));
    for (const std::string name : {"motcua.example", "officer"}) {
      OpenSsl("req -new " + key + "-subj /CN=" + name + " -addext subjectAltName=DNS:" + name +
              " -keyout " + File(name + ".key") + " -out " + File(name + ".csr"));
      OpenSsl("x509 -req -days 2 -copy_extensions copy -in " + File(name + ".csr") + " -CA " +
              File("ca.pem") + " -CAkey " + File("ca.key") + " -CAcreateserial -out " +
              File(name + ".pem"));
    }
  }

  std::string File(const std::string& name) const { return (temp_ / name).string(); }
  static void OpenSsl(const std::string& arguments) {
    const std::string command = "openssl " + arguments + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  std::vector<std::string> ServerFlags() const {
    return {"--tls-cert", File("motcua.example.pem"), "--tls-key", File("motcua.example.key")};
  }
  std::vector<std::string> Flags() const {
    return {"--tls", "--ca-file", File("ca.pem"), "--server-name", "motcua.example"};
  }
  std::vector<std::string> MutualFlags() const {
    std::vector<std::string> flags = Flags();
    flags.insert(flags.end(),
                 {"--certificate-file", File("officer.pem"), "--key-file", File("officer.key")});
    return flags;
  }

  // A list of dossiers, asked for with these flags; `errors_` is what it writes about.
  int Ask(const std::string& address, const std::vector<std::string>& flags) {
    const std::string file = File("errors" + std::to_string(++asked_));
    std::vector<std::string> words = {"dossier",       "list",      "--unit",
                                      "000.23.10.H49", "--timeout", "10"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Ran ran = Motcua(address, words, file);
    errors_ = ReadText(file);
    return ran.exit_code;
  }
  // One line that says what happened, and one that says what to try.
  void ExpectRefusal(const std::string& address, const std::vector<std::string>& flags,
                     const std::string& hint) {
    EXPECT_EQ(Ask(address, flags), kExitUnavailable) << errors_;
    EXPECT_EQ(errors_.rfind("error: UNAVAILABLE NOT_SERVING: ", 0), 0U) << errors_;
    EXPECT_EQ(std::count(errors_.begin(), errors_.end(), '\n'), 2) << errors_;
    EXPECT_NE(errors_.find(hint), std::string::npos) << errors_;
  }

  TempDir temp_;
  std::string errors_;
  int asked_ = 0;
};

TEST_F(Tls, TheCommandLineSpeaksItAndOthersAreToldSo) {
  const Services services(temp_ / "data", ServerFlags());
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_EQ(Ask(services.address(), Flags()), 0) << errors_;
  ExpectRefusal(services.address(), {}, "give --tls");
  ExpectRefusal(services.address(), {"--tls", "--ca-file", File("ca.pem")}, "--server-name");
  ExpectRefusal(services.address(), {"--tls", "--server-name", "motcua.example"}, "--ca-file");
}

TEST_F(Tls, CallersMayNeedACertificateOfTheirOwn) {
  std::vector<std::string> flags = ServerFlags();
  flags.insert(flags.end(), {"--tls-client-ca", File("ca.pem")});
  const Services services(temp_ / "data", flags);
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_EQ(Ask(services.address(), MutualFlags()), 0) << errors_;
  ExpectRefusal(services.address(), Flags(), "--certificate-file");
}

TEST_F(Tls, APlainServerIsNotTalkedToOverTls) {
  const Services services(temp_ / "data");
  ASSERT_FALSE(services.address().empty()) << services.log();
  ExpectRefusal(services.address(), Flags(), "--tls-cert");
}

TEST_F(Tls, TheEnvironmentNamesTheFilesToo) {
  const Services services(temp_ / "data", ServerFlags());
  ASSERT_FALSE(services.address().empty()) << services.log();
  const std::vector<std::pair<std::string, std::string>> variables = {
      {"MOTCUA_TLS", "1"},
      {"MOTCUA_CA_FILE", File("ca.pem")},
      {"MOTCUA_SERVER_NAME", "motcua.example"},
      {"MOTCUA_CERTIFICATE_FILE", File("officer.pem")},
      {"MOTCUA_KEY_FILE", File("officer.key")}};
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  EXPECT_EQ(Ask(services.address(), {}), 0) << errors_;
  EXPECT_EQ(Ask(services.address(), {"--key-file", File("none")}), kExitUsage);
  EXPECT_NE(errors_.find("--key-file: cannot read"), std::string::npos) << errors_;
  for (const auto& [name, value] : variables) unsetenv(name.c_str());
}

}  // namespace
}  // namespace motcua::testing
