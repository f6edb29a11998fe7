#include "services/platform/catalogue/catalogue_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

#include "services/platform/catalogue/builtin_files.h"
#include "services/platform/catalogue/check_files.h"
#include "services/platform/catalogue/read_file.h"
#include "services/platform/catalogue/toml_reader.h"

namespace motcua::catalogue {

Result<std::string> ReadFile(const std::filesystem::path& path) {
  const auto unreadable = [&path](std::string_view why) {
    return Status(Reason::kFileUnreadable, path.string() + ": " + std::string(why),
                  {{"file", path.string()}});
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return unreadable("is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return unreadable(std::strerror(errno));
  std::string text;
  std::array<char, 64 * 1024> chunk{};
  while (stream.read(chunk.data(), chunk.size()) || stream.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kCatalogueFileBytesMax) {
      return unreadable("is larger than kCatalogueFileBytesMax");
    }
  }
  if (stream.bad()) return unreadable("cannot be read");
  return text;
}

Result<std::shared_ptr<const Catalogue>> ParseCatalogue(std::span<const CatalogueFile> files) {
  MOTCUA_ASSIGN_OR_RETURN(const CheckedCatalogue checked, CheckCatalogue(files));
  for (const Finding& finding : checked.findings) {
    if (finding.refused) return FileError(finding.file, finding.line, finding.reason);
  }
  MOTCUA_CHECK(checked.catalogue != nullptr, "nothing was refused, and there is no catalogue");
  return checked.catalogue;
}

Result<std::shared_ptr<const Catalogue>> LoadCatalogue(const std::filesystem::path& folder) {
  if (folder.empty() || folder == kHaLong2020) return BuiltinCatalogue();
  const std::string name = folder.string();
  if (const auto files = BuiltinCatalogueFiles(name); !files.empty()) return ParseCatalogue(files);
  MOTCUA_ASSIGN_OR_RETURN(const CatalogueTexts texts, ReadCatalogueFolder(folder));
  Result<std::shared_ptr<const Catalogue>> made = ParseCatalogue(texts.files());
  if (!made.ok()) return made.status().Prefixed(folder.string());
  return made;
}

Result<CalendarPtr> LoadCalendarFile(const std::filesystem::path& file) {
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  const std::string path = file.string();
  return ParseCalendar({path, text});
}

std::span<const CatalogueFile> BuiltinCatalogueFiles(std::string_view name) {
  if (name == kHaLong2020) return HaLong2020Files();
  if (name == kQuangNinh2026) return QuangNinh2026Files();
  return {};
}

std::shared_ptr<const Catalogue> BuiltinCatalogue() {
  // Never freed: it is as constant as the program.
  static const auto* const kBuiltin = [] {
    Result<std::shared_ptr<const Catalogue>> made = ParseCatalogue(HaLong2020Files());
    if (!made.ok()) std::fprintf(stderr, "%s\n", made.status().message().c_str());
    MOTCUA_CHECK(made.ok(), "the built-in catalogue is invalid");
    return new std::shared_ptr<const Catalogue>(std::move(made).value());
  }();
  return *kBuiltin;
}

}  // namespace motcua::catalogue
