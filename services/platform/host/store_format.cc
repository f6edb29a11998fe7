#include "services/platform/host/store_format.h"

#include <charconv>
#include <vector>

#include "services/base/text.h"

namespace motcua::host {

std::string RowsFormatOf(const std::string& state, const std::string& index) {
  return index.empty() ? state : state + "/" + index;
}

bool HasStateFormat(const StoreFormat& format, const std::string& state) {
  return format.rows == state || format.rows.starts_with(state + "/");
}

std::string ToText(const StoreFormat& format) {
  return format.rows + "/" + format.service + "/" + format.log_id + "/" +
         std::to_string(format.partitions);
}

std::optional<StoreFormat> ParseStoreFormat(std::string_view text) {
  const std::vector<std::string_view> words = SplitText(text, '/');
  constexpr std::size_t kWordsBehindRows = 3;
  if (words.size() <= kWordsBehindRows) return std::nullopt;
  const std::string_view number = words.back();
  StoreFormat format;
  const auto parsed =
      std::from_chars(number.data(), number.data() + number.size(), format.partitions);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) {
    return std::nullopt;
  }
  format.log_id = words[words.size() - 2];
  format.service = words[words.size() - 3];
  format.rows = text.substr(
      0, text.size() - number.size() - format.log_id.size() - format.service.size() - 3);
  if (format.rows.empty() || format.service.empty() || format.log_id.empty()) return std::nullopt;
  return format;
}

}  // namespace motcua::host
