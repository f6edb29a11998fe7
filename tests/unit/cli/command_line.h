// CommandLineTest: whole command lines, run in this process against fake services on a port of
// their own.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "services/base/text.h"
#include "services/cli/cli.h"

namespace motcua::cli {

class CommandLineTest : public ::testing::Test {
 protected:
  // The fakes, which the test owns.
  virtual std::vector<grpc::Service*> Fakes() = 0;

  void SetUp() override {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    for (grpc::Service* const fake : Fakes()) builder.RegisterService(fake);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    defaults_.server = "127.0.0.1:" + std::to_string(port);
  }
  void TearDown() override {
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
  }

  // The exit status. Words of `line` are divided by blanks.
  int Call(const std::string& line) {
    constexpr int kWidth = 100;
    std::vector<std::string> arguments;
    for (const std::string_view word : SplitText(line, ' ')) arguments.emplace_back(word);
    out_.str("");
    err_.str("");
    return cli::Run(std::move(arguments), Terminal{out_, err_, kWidth, false}, defaults_);
  }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }
  nlohmann::json Json() const { return nlohmann::json::parse(out_.str(), nullptr, false); }

  std::unique_ptr<grpc::Server> server_;
  cli::Options defaults_;
  std::ostringstream out_;
  std::ostringstream err_;
};

}  // namespace motcua::cli
