#include "services/platform/imports/register_file.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "services/base/text.h"

namespace motcua::imports {
namespace {

Status Unreadable(const std::string& path, const std::string& what) {
  return Status(Reason::kFileUnreadable, path + ": " + what, {{"file", path}});
}

bool IsEmpty(const wire::CsvRecord& record) {
  return !record.problem && std::all_of(record.fields.begin(), record.fields.end(),
                                        [](const std::string& f) { return Trim(f).empty(); });
}

// "1,2,3" or "(1),(2),(3)": the numbers that forms print under their headings.
bool IsNumberingRow(const wire::CsvRecord& record) {
  return !record.problem &&
         std::all_of(record.fields.begin(), record.fields.end(), [](const std::string& field) {
           const std::string_view cell = Trim(field);
           return cell.size() <= 4 &&
                  cell.find_first_not_of("()0123456789") == std::string_view::npos;
         });
}

}  // namespace

struct RegisterFile::Input {
  explicit Input(gzFile opened) : handle(opened) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { gzclose_r(handle); }

  gzFile handle;
};

RegisterFile::RegisterFile(std::string path, std::unique_ptr<Input> input, char delimiter)
    : path_(std::move(path)), input_(std::move(input)), reader_(delimiter) {}
RegisterFile::RegisterFile(RegisterFile&& other) noexcept = default;
RegisterFile& RegisterFile::operator=(RegisterFile&& other) noexcept = default;
RegisterFile::~RegisterFile() = default;

Result<RegisterFile> RegisterFile::Open(const std::string& path, const Mapping& mapping) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) return Unreadable(path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return Unreadable(path, "is not a file");
  // Reads plain files as they are.
  gzFile_s* const handle = gzopen(path.c_str(), "rb");
  if (handle == nullptr) return Unreadable(path, std::strerror(errno));
  RegisterFile file(path, std::make_unique<Input>(handle), mapping.delimiter);
  file.bytes_total_ = static_cast<std::uint64_t>(info.st_size);
  MOTCUA_RETURN_IF_ERROR(file.FindHeader(mapping));
  return file;
}

// Books often begin with a title; so the first record that has the needed columns is the header.
Status RegisterFile::FindHeader(const Mapping& mapping) {
  std::optional<Status> first_problem;
  for (std::size_t records = 0; records < mapping.header_rows_max;) {
    MOTCUA_ASSIGN_OR_RETURN(const bool found, NextRecord());
    if (!found) break;
    if (IsEmpty(record_)) continue;
    ++records;
    Result<Converter> converter = Converter::Make(mapping, record_);
    if (converter.ok()) {
      converter_ = std::make_unique<Converter>(std::move(converter).value());
      numbering_row_due_ = mapping.numbering_row;
      return OkStatus();
    }
    if (!first_problem) first_problem = converter.status();
  }
  if (!first_problem) {
    return Status(Reason::kFileInvalid, path_ + ":1: the file is empty",
                  {{"file", path_}, {"line", "1"}});
  }
  Status::Metadata metadata = first_problem->metadata();
  metadata.emplace_back("file", path_);
  return Status(first_problem->reason(), path_ + ": " + first_problem->message(),
                std::move(metadata));
}

Result<bool> RegisterFile::NextRecord() {
  while (!reader_.Next(record_)) {
    if (ended_) return false;
    chunk_.resize(kReadChunkBytes);
    const int got = gzread(input_->handle, chunk_.data(), static_cast<unsigned>(chunk_.size()));
    int error = Z_OK;
    const char* const what = gzerror(input_->handle, &error);
    // An archive that was cut off gives what it has, then Z_BUF_ERROR.
    if (got < 0 || (got == 0 && error != Z_OK && error != Z_STREAM_END)) {
      return Unreadable(path_, error == Z_BUF_ERROR ? "the archive is cut off" : what);
    }
    if (got == 0) {
      ended_ = true;
      reader_.Finish();
    } else {
      reader_.Feed(std::string_view(chunk_.data(), static_cast<std::size_t>(got)));
    }
  }
  return true;
}

Result<std::optional<Conversion>> RegisterFile::Next() {
  while (true) {
    MOTCUA_ASSIGN_OR_RETURN(const bool found, NextRecord());
    if (!found) return std::optional<Conversion>();
    if (IsEmpty(record_)) continue;
    const bool numbering = std::exchange(numbering_row_due_, false) && IsNumberingRow(record_);
    if (numbering) continue;
    ++rows_;
    return std::optional<Conversion>(converter_->Convert(record_));
  }
}

std::uint64_t RegisterFile::bytes_read() const {
  const z_off_t offset = gzoffset(input_->handle);
  return offset < 0 ? 0 : std::min(static_cast<std::uint64_t>(offset), bytes_total_);
}

}  // namespace motcua::imports
