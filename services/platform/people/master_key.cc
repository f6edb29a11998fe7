#include "services/platform/people/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "services/base/text.h"

namespace motcua::people {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitsOfKey = 2 * kKeyBytes;
constexpr std::size_t kLinesMax = 8;
constexpr std::size_t kFileBytesMax = kLinesMax * (kDigitsOfKey + 2);
constexpr mode_t kOwnerAlone = S_IRUSR | S_IWUSR;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

Status Unusable(const fs::path& file, const std::string& what) {
  return Status(Reason::kKeyUnusable, "the master key " + file.string() + " " + what,
                {{"file", file.string()}});
}
std::string WhatFailed(std::string_view doing) {
  return std::string(doing) + ": " + std::generic_category().message(errno);
}

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// The same by whatever name the file is reached: looked at once it is open.
Status CheckOwner(const OpenFile& open, const fs::path& file) {
  struct stat about{};
  if (fstat(open.get(), &about) != 0) return Unusable(file, WhatFailed("cannot be looked at"));
  if (!S_ISREG(about.st_mode)) return Unusable(file, "is no file");
  if (about.st_uid != geteuid()) return Unusable(file, "belongs to another user");
  if ((about.st_mode & kOthers) != 0) {
    return Unusable(file, "may be read or written by others than its owner; chmod 600");
  }
  return OkStatus();
}

std::optional<SecretKey> ParseKey(std::string_view line) {
  if (line.size() != kDigitsOfKey) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < line.size(); i += 2) {
    unsigned value = 0;
    const char* const end = line.data() + i + 2;
    const auto [stopped, error] = std::from_chars(line.data() + i, end, value, 16);
    if (error != std::errc() || stopped != end) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  const auto key = SecretKey::FromBytes(bytes);
  Wipe(bytes);
  return key;
}

void AppendLine(const SecretKey& key, std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : key.bytes()) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  text += '\n';
}

Status SyncFolderOf(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const OpenFile open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.get() < 0 || fsync(open.get()) != 0) {
    return Unusable(file, WhatFailed("has a folder that cannot be synced"));
  }
  return OkStatus();
}

// A file that nobody had; all of it is on the disk on return.
Status WriteNew(const fs::path& file, const MasterKeys& keys) {
  const OpenFile open(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerAlone));
  if (open.get() < 0) return Unusable(file, WhatFailed("cannot be made"));
  std::string text;
  text.reserve(kFileBytesMax);
  AppendLine(keys.present, text);
  for (const SecretKey& key : keys.before) AppendLine(key, text);
  const bool written =
      write(open.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      fsync(open.get()) == 0;
  Wipe(text);
  return written ? OkStatus() : Unusable(file, WhatFailed("cannot be written"));
}

}  // namespace

Result<MasterKeys> ReadMasterKeys(const fs::path& file) {
  const OpenFile open(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (open.get() < 0) return Unusable(file, WhatFailed("cannot be opened"));
  MOTCUA_RETURN_IF_ERROR(CheckOwner(open, file));
  std::string text(kFileBytesMax + 1, '\0');
  const ssize_t bytes = read(open.get(), text.data(), text.size());
  if (bytes < 0) return Unusable(file, WhatFailed("cannot be read"));
  std::vector<SecretKey> keys;
  const std::string_view content(text.data(), static_cast<std::size_t>(bytes));
  bool good = content.size() <= kFileBytesMax;
  for (const std::string_view line : SplitText(content, '\n')) {
    if (line.empty()) continue;
    const auto key = ParseKey(Trim(line));
    if (key) keys.push_back(*key);
    good = good && key.has_value();
  }
  Wipe(text);
  if (!good || keys.empty()) return Unusable(file, "is not lines of 64 hexadecimal digits");
  MasterKeys read;
  read.present = keys.front();
  read.before.assign(keys.begin() + 1, keys.end());
  return read;
}

Status MakeMasterKey(const fs::path& file) {
  MasterKeys keys;
  keys.present = SecretKey::Random();
  MOTCUA_RETURN_IF_ERROR(WriteNew(file, keys));
  return SyncFolderOf(file);
}

Status WriteMasterKeys(const fs::path& file, const MasterKeys& keys) {
  fs::path fresh = file;
  fresh += ".new";
  std::error_code error;
  fs::remove(fresh, error);  // of a crash before
  MOTCUA_RETURN_IF_ERROR(WriteNew(fresh, keys));
  fs::rename(fresh, file, error);
  if (error) return Unusable(file, "cannot be replaced: " + error.message());
  return SyncFolderOf(file);
}

Status RotateMasterKey(const fs::path& file) {
  MOTCUA_ASSIGN_OR_RETURN(MasterKeys keys, ReadMasterKeys(file));
  if (keys.before.size() + 2 > kLinesMax) {
    return Unusable(file, "holds as many keys as it may; open the store once, which ends a change");
  }
  keys.before.insert(keys.before.begin(), keys.present);
  keys.present = SecretKey::Random();
  return WriteMasterKeys(file, keys);
}

}  // namespace motcua::people
