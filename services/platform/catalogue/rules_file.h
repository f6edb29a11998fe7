// routes.toml and policies.toml: rules that give procedures their route and their clock. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::catalogue {

// Which procedures a rule is for: all that it names must fit; a rule that names nothing fits all.
struct RuleMatch {
  std::vector<std::string> codes;
  std::vector<std::uint32_t> versions;  // of the procedure
  std::vector<std::string> fields;
  std::vector<std::string> tiers;  // keys: "city"
  std::optional<std::string> interconnection;

  bool Fits(const Procedure& procedure, const std::string& interconnection_of) const;
};

// A leg whose term is given, or is a share of the procedure's whole term.
struct LegRule {
  LegTemplate leg;
  std::int32_t share_milli = 0;  // 0: leg.term stands as it is
  std::size_t line = 0;
};

struct RouteRule {
  RuleMatch match;
  std::vector<LegRule> legs;
  std::size_t line = 0;
};

struct PolicyRule {
  RuleMatch match;
  std::optional<deadline::DueMode> mode;
  std::optional<deadline::StartMode> start;
  std::optional<deadline::SupplementPolicy> supplement;
  std::optional<deadline::Term> due_soon_lead;
  std::optional<std::int32_t> kept_milli;  // of the law's term, thousandths
};

Result<std::vector<RouteRule>> ParseRoutes(const CatalogueFile& file);
Result<std::vector<PolicyRule>> ParsePolicies(const CatalogueFile& file);

// The part of `whole` that a share of it gives a leg: half working days, whole calendar days (a
// month counts as 30), minutes of working hours, rounded down, so that shares of together 1 never
// exceed the whole. Less than the least is 0: the same day.
deadline::Term ShareOf(const deadline::Term& whole, std::int32_t share_milli);
std::vector<LegTemplate> MakeRoute(const RouteRule& rule, const deadline::Term& whole);

}  // namespace motcua::catalogue
