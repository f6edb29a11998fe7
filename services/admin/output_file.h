// Where an export goes: a file that appears whole or not at all, gzipped when its name ends in
// ".gz", or a stream.
//
//   MOTCUA_ASSIGN_OR_RETURN(const auto out, FileOutput::Open("/tmp/log.xes.gz"));
//   MOTCUA_RETURN_IF_ERROR(out->Write(text));   // to /tmp/log.xes.gz.partial
//   MOTCUA_RETURN_IF_ERROR(out->Finish());      // durable, then renamed
//
// One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "services/base/status.h"

namespace motcua::admin {

class TextOutput {
 public:
  virtual ~TextOutput() = default;
  // FILE_UNREADABLE names the file that cannot be written.
  virtual Status Write(std::string_view text) = 0;
  virtual Status Finish() = 0;
};

class FileOutput final : public TextOutput {
 public:
  static Result<std::unique_ptr<FileOutput>> Open(const std::filesystem::path& file);
  // Removes what was not finished.
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;

  Status Write(std::string_view text) override;
  Status Finish() override;

 private:
  struct Handle;

  FileOutput(std::filesystem::path file, std::unique_ptr<Handle> handle);
  Status Failed(std::string_view what) const;

  const std::filesystem::path file_;
  const std::filesystem::path partial_;
  std::unique_ptr<Handle> handle_;
};

class StreamOutput final : public TextOutput {
 public:
  explicit StreamOutput(std::ostream& out) : out_(out) {}
  Status Write(std::string_view text) override;
  Status Finish() override;

 private:
  std::ostream& out_;
};

}  // namespace motcua::admin
