#include "services/platform/imports/heading.h"

#include <algorithm>
#include <utility>

#include "services/platform/imports/words.h"

namespace motcua::imports {
namespace {

std::string NameAt(const wire::CsvRecord& record, std::size_t column) {
  return column < record.fields.size() ? FoldWord(record.fields[column]) : std::string();
}

}  // namespace

Heading Heading::Of(const wire::CsvRecord& record) {
  Heading heading;
  heading.line_ = record.line;
  for (std::size_t column = 0; column < record.fields.size(); ++column) {
    heading.names_.push_back({NameAt(record, column)});
  }
  return heading;
}

Heading Heading::OfTwo(const wire::CsvRecord& upper, const wire::CsvRecord& lower) {
  Heading heading;
  heading.line_ = upper.line;
  const std::size_t width = std::max(upper.fields.size(), lower.fields.size());
  std::string group;
  for (std::size_t column = 0; column < width; ++column) {
    std::string above = NameAt(upper, column);
    std::string below = NameAt(lower, column);
    if (!above.empty()) group = above;
    if (below.empty()) {
      heading.names_.push_back({std::move(above)});
    } else {
      std::string both = group.empty() ? below : group + " " + below;
      heading.names_.push_back({std::move(below), std::move(both)});
    }
  }
  return heading;
}

std::vector<std::size_t> Heading::Find(std::string_view name) const {
  const std::string folded = FoldWord(name);
  std::vector<std::size_t> found;
  if (folded.empty()) return found;
  for (std::size_t column = 0; column < names_.size(); ++column) {
    const auto& names = names_[column];
    if (std::find(names.begin(), names.end(), folded) != names.end()) found.push_back(column);
  }
  return found;
}

}  // namespace motcua::imports
