#include "services/domain/cases/aggregate.h"

#include <algorithm>

#include "services/domain/cases/aggregates.h"

namespace motcua::cases {
namespace {

// Before the unit of a kind that has no row, the kind's own number follows.
constexpr char kUnknownLetter = 'U';

// Where the unit of a path ends that begins at its second character.
std::size_t UnitEnd(std::string_view path) {
  const KindRow* const row = FindKind(path.empty() ? '\0' : path.front());
  if (row == nullptr || row->separator != kDossierSeparator) {
    return std::min(path.find(kPathSeparator), path.size());
  }
  // "000.23.10.H49-201031-0001": the key is what follows the hyphen before the last one.
  const std::size_t last = path.rfind(kDossierSeparator);
  if (last == std::string_view::npos || last == 0) return path.size();
  return std::min(path.rfind(kDossierSeparator, last - 1), path.size());
}

}  // namespace

AggregateId::AggregateId(AggregateKind kind, const UnitCode& unit, std::string_view key) {
  const KindRow* const row = FindKind(kind);
  path_.reserve(2 + unit.value().size() + 1 + key.size());
  path_.push_back(row != nullptr ? row->letter : kUnknownLetter);
  if (row == nullptr) path_.push_back(static_cast<char>(kind));
  path_.append(unit.value());
  if (key.empty()) return;
  path_.push_back(row != nullptr ? row->separator : kPathSeparator);
  path_.append(key);
}

AggregateId::AggregateId(const DossierCode& dossier) {
  path_.reserve(1 + dossier.value().size());
  path_.push_back(kDossierLetter);
  path_.append(dossier.value());
}

AggregateId AggregateId::FromPath(std::string_view path) {
  AggregateId id;
  id.path_.assign(path);
  return id;
}

AggregateKind AggregateId::kind() const {
  const KindRow* const row = FindKind(path_.empty() ? '\0' : path_.front());
  if (row != nullptr) return row->kind;
  return static_cast<AggregateKind>(path_.size() > 1 ? path_[1] : 0);
}

std::string_view AggregateId::name() const {
  const std::size_t head = FindKind(path_.empty() ? '\0' : path_.front()) != nullptr ? 1 : 2;
  return std::string_view(path_).substr(std::min(head, path_.size()));
}

UnitCode AggregateId::unit() const {
  const std::string_view text = name();
  const std::size_t head = path_.size() - text.size();
  return UnitCode(text.substr(0, std::max(UnitEnd(path_), head) - head));
}

std::string_view AggregateId::key() const {
  const std::size_t end = UnitEnd(path_);
  return std::string_view(path_).substr(std::min(end + 1, path_.size()));
}

const RememberedRequest* AggregateCore::FindRequest(const RequestId& id) const {
  const auto found = std::find_if(requests.begin(), requests.end(),
                                  [&](const RememberedRequest& r) { return r.id == id; });
  return found == requests.end() ? nullptr : &*found;
}

}  // namespace motcua::cases
