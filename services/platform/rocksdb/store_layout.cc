#include "services/platform/rocksdb/store_layout.h"

#include <fstream>
#include <iterator>
#include <string>

namespace motcua::rocks {

bool IsCleanlyClosed(const std::filesystem::path& directory) {
  std::ifstream file(directory / kCleanFile, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  return content == kCleanContent;
}

}  // namespace motcua::rocks
