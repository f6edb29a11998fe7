#include "services/platform/catalogue/rules_file.h"

#include <algorithm>
#include <cmath>

#include "services/base/text_fold.h"
#include "services/platform/catalogue/draft.h"
#include "services/platform/catalogue/toml_reader.h"

namespace motcua::catalogue {
namespace {

using deadline::Term;
using deadline::TermUnit;

constexpr int kMilli = 1000;
constexpr std::string_view kReceivingUnit = "receiving";

template <typename T>
bool Contains(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

Result<RuleMatch> ReadMatch(const TomlReader& reader, const toml::table& table) {
  RuleMatch match;
  MOTCUA_ASSIGN_OR_RETURN(match.codes, reader.Texts(table, "codes"));
  MOTCUA_ASSIGN_OR_RETURN(match.versions, reader.Counts(table, "versions"));
  MOTCUA_ASSIGN_OR_RETURN(match.fields, reader.Texts(table, "fields"));
  for (std::string& field : match.fields) field = CanonicalName(field);  // as procedures have it
  MOTCUA_ASSIGN_OR_RETURN(match.tiers, reader.Texts(table, "tiers"));
  for (const std::string& tier : match.tiers) {
    if (!codes::FromKey<codes::Tier>(tier)) {
      return reader.Error(*table.get("tiers"), Quoted(tier) + " is not city, commune or central");
    }
  }
  MOTCUA_ASSIGN_OR_RETURN(match.interconnection, reader.MaybeText(table, "interconnection"));
  return match;
}

// "share" as a number in (0, 1], or "term".
Status ReadLegTerm(const TomlReader& reader, const toml::table& table, LegRule& rule) {
  const toml::node* const share = table.get("share");
  MOTCUA_ASSIGN_OR_RETURN(const auto term, reader.MaybeText(table, "term"));
  if ((share != nullptr) == term.has_value()) {
    return reader.Error(table, R"(a leg has either a "share" or a "term")");
  }
  if (term) {
    const Result<Term> parsed = deadline::ParseTerm(*term);
    if (!parsed.ok()) return reader.Error(*table.get("term"), parsed.status().message());
    rule.leg.term = *parsed;
    return OkStatus();
  }
  const auto value = share->value<double>();
  if (!value || *value < 0.001 || *value > 1.0) {
    return reader.Error(*share, "\"share\" is not a number of at most 1, like 0.35");
  }
  rule.share_milli = static_cast<std::int32_t>(std::lround(*value * kMilli));
  return OkStatus();
}

Result<LegRule> ReadLeg(const TomlReader& reader, const toml::table& table) {
  constexpr std::int64_t kStageMax = 100;
  MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(table, {"stage", "unit", "lead", "share", "term"}));
  LegRule rule;
  rule.line = table.source().begin.line;
  MOTCUA_ASSIGN_OR_RETURN(const std::int64_t stage, reader.Integer(table, "stage", 0));
  if (stage < 1 || stage > kStageMax) return reader.Error(table, "\"stage\" counts from 1");
  rule.leg.stage = static_cast<int>(stage);
  MOTCUA_ASSIGN_OR_RETURN(const std::string unit, reader.Text(table, "unit"));
  if (unit != kReceivingUnit) {
    const auto code = cases::ParseUnitCode(unit);
    if (!code.ok()) return reader.Error(*table.get("unit"), code.status().message());
    rule.leg.unit = *code;
  }
  if (const toml::node* const lead = table.get("lead"); lead != nullptr) {
    const auto value = lead->value_exact<bool>();
    if (!value) return reader.Error(*lead, "\"lead\" is not true or false");
    rule.leg.lead = *value;
  }
  MOTCUA_RETURN_IF_ERROR(ReadLegTerm(reader, table, rule));
  return rule;
}

// Sets `target` to the value of the word in `key`, if there is one.
template <typename T>
Status ReadWord(const TomlReader& reader, const toml::table& table, std::string_view key,
                std::string_view first_word, T first, std::string_view second_word, T second,
                std::optional<T>& target) {
  MOTCUA_ASSIGN_OR_RETURN(const auto text, reader.MaybeText(table, key));
  if (!text) return OkStatus();
  if (*text != first_word && *text != second_word) {
    return reader.Error(*table.get(key), "\"" + std::string(key) + "\" is neither " +
                                             std::string(first_word) + " nor " +
                                             std::string(second_word));
  }
  target = *text == first_word ? first : second;
  return OkStatus();
}

// "cut": the part of the law's terms that the office does without.
Status ReadCut(const TomlReader& reader, const toml::table& table, PolicyRule& rule) {
  const toml::node* const node = table.get("cut");
  if (node == nullptr) return OkStatus();
  const auto cut = node->value<double>();
  if (!cut || *cut < 0 || *cut >= 1) {
    return reader.Error(*node, "\"cut\" is not a number below 1, like 0.3; 0 is none");
  }
  rule.kept_milli = kMilli - static_cast<std::int32_t>(std::lround(*cut * kMilli));
  return OkStatus();
}

Result<PolicyRule> ReadPolicy(const TomlReader& reader, const toml::table& table) {
  using deadline::DueMode;
  using deadline::StartMode;
  using deadline::SupplementPolicy;
  MOTCUA_RETURN_IF_ERROR(
      reader.CheckKeys(table, {"codes", "versions", "fields", "tiers", "interconnection", "mode",
                               "start", "supplement", "due_soon", "cut"}));
  PolicyRule rule;
  MOTCUA_ASSIGN_OR_RETURN(rule.match, ReadMatch(reader, table));
  MOTCUA_RETURN_IF_ERROR(ReadWord(reader, table, "mode", "end_of_day", DueMode::kEndOfDay,
                                  "keep_hour", DueMode::kKeepHour, rule.mode));
  MOTCUA_RETURN_IF_ERROR(ReadWord(reader, table, "start", "next_day", StartMode::kNextDay,
                                  "at_once", StartMode::kAtOnce, rule.start));
  MOTCUA_RETURN_IF_ERROR(ReadWord(reader, table, "supplement", "restart",
                                  SupplementPolicy::kRestart, "pause", SupplementPolicy::kPause,
                                  rule.supplement));
  MOTCUA_ASSIGN_OR_RETURN(const auto lead, reader.MaybeText(table, "due_soon"));
  if (lead) {
    const Result<Term> term = deadline::ParseTerm(*lead);
    if (!term.ok() ||
        (term->unit != TermUnit::kWorkingHours && term->unit != TermUnit::kWorkingDays)) {
      return reader.Error(
          *table.get("due_soon"),
          "\"due_soon\" is neither working hours like 8h nor working days like 2wd");
    }
    rule.due_soon_lead = *term;
  }
  MOTCUA_RETURN_IF_ERROR(ReadCut(reader, table, rule));
  return rule;
}

// The longest full day of the calendars, in office time.
Micros LongestDay(const Draft& draft) {
  Micros longest{0};
  for (const CalendarPtr& calendar : draft.calendars) {
    longest = std::max(longest, calendar->FullDay());
  }
  return longest;
}

// The first route rule that fits gives the legs; an interconnected procedure must have one.
void GiveRoute(Row& row, const std::string& interconnection, Procedure& procedure) {
  const Draft& draft = row.draft();
  const auto fitting = std::find_if(
      draft.routes.begin(), draft.routes.end(),
      [&](const RouteRule& rule) { return rule.match.Fits(procedure, interconnection); });
  if (fitting == draft.routes.end()) {
    if (interconnection == "none") return;
    row.Refuse(kind::kRoute, "no rule in " + std::string(kRoutesFile) + " gives procedure " +
                                 procedure.code.value() + " (" + interconnection + ") a route");
    return;
  }
  for (const LegRule& leg : fitting->legs) {
    if (leg.leg.unit && !draft.KnowsUnit(*leg.leg.unit)) {
      row.RefuseFor(kRoutesFile, leg.line, kind::kUnknown,
                    "unit " + leg.leg.unit->value() + " is unknown");
      return;
    }
  }
  procedure.route = MakeRoute(*fitting, procedure.term);
  const Status checked = CheckRoute(procedure, LongestDay(draft));
  if (!checked.ok()) row.RefuseFor(kRoutesFile, fitting->line, kind::kRoute, checked.message());
}

// Never to nothing: a term of a day by the calendar stays one.
void Cut(std::int32_t kept_milli, Term& term) {
  const Term cut = ShareOf(term, kept_milli);
  if (cut.milli > 0) term = cut;
}

// What the office keeps of the law's terms; the law's own goes to the sheet. A procedure whose row
// says the law's term has been cut already.
void CutTerms(std::int32_t kept_milli, Procedure& procedure, ProcedureSheet& sheet) {
  if (kept_milli == kMilli || sheet.statutory_term) return;
  const Term law = procedure.term;
  Cut(kept_milli, procedure.term);
  for (auto* const term : {&procedure.term_online, &procedure.term_postal}) {
    if (*term) Cut(kept_milli, **term);
  }
  if (procedure.term != law) sheet.statutory_term = law;
}

// Later rules win over earlier ones.
void GivePolicies(const Draft& draft, const std::string& interconnection, Procedure& procedure,
                  ProcedureSheet& sheet) {
  std::int32_t kept_milli = kMilli;
  for (const PolicyRule& rule : draft.policies) {
    if (!rule.match.Fits(procedure, interconnection)) continue;
    if (rule.mode) procedure.due.mode = *rule.mode;
    if (rule.start) procedure.due.start = *rule.start;
    if (rule.supplement) procedure.supplement = *rule.supplement;
    if (rule.due_soon_lead) procedure.due_soon_lead = *rule.due_soon_lead;
    if (rule.kept_milli) kept_milli = *rule.kept_milli;
  }
  CutTerms(kept_milli, procedure, sheet);
}

}  // namespace

void GiveRules(Row& row, Procedure& procedure, ProcedureSheet& sheet) {
  const std::string interconnection(procedure.interconnection == codes::Interconnection::kNotSaid
                                        ? Key(codes::Interconnection::kNone)
                                        : Key(procedure.interconnection));
  GivePolicies(row.draft(), interconnection, procedure, sheet);
  GiveRoute(row, interconnection, procedure);
}

bool RuleMatch::Fits(const Procedure& procedure, const std::string& interconnection_of) const {
  return (codes.empty() || Contains(codes, procedure.code.value())) &&
         (versions.empty() || Contains(versions, procedure.version)) &&
         (fields.empty() || Contains(fields, procedure.field)) &&
         (tiers.empty() || Contains(tiers, std::string(Key(procedure.tier)))) &&
         (!interconnection || *interconnection == interconnection_of);
}

Result<std::vector<RouteRule>> ParseRoutes(const CatalogueFile& file) {
  MOTCUA_ASSIGN_OR_RETURN(const TomlReader reader, TomlReader::Parse(file.path, file.text));
  MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(reader.root(), {"route"}));
  MOTCUA_ASSIGN_OR_RETURN(const auto tables, reader.Tables(reader.root(), "route"));
  std::vector<RouteRule> rules;
  for (const toml::table* table : tables) {
    MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(
        *table, {"codes", "versions", "fields", "tiers", "interconnection", "legs"}));
    RouteRule rule;
    rule.line = table->source().begin.line;
    MOTCUA_ASSIGN_OR_RETURN(rule.match, ReadMatch(reader, *table));
    if (rule.match.codes.empty() && !rule.match.interconnection) {
      return reader.Error(*table, R"(a route names "codes" or an "interconnection")");
    }
    MOTCUA_ASSIGN_OR_RETURN(const auto legs, reader.Tables(*table, "legs"));
    if (legs.empty()) return reader.Error(*table, "a route has no legs");
    for (const toml::table* leg : legs) {
      MOTCUA_ASSIGN_OR_RETURN(LegRule leg_rule, ReadLeg(reader, *leg));
      rule.legs.push_back(std::move(leg_rule));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<std::vector<PolicyRule>> ParsePolicies(const CatalogueFile& file) {
  MOTCUA_ASSIGN_OR_RETURN(const TomlReader reader, TomlReader::Parse(file.path, file.text));
  MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(reader.root(), {"policy"}));
  MOTCUA_ASSIGN_OR_RETURN(const auto tables, reader.Tables(reader.root(), "policy"));
  std::vector<PolicyRule> rules;
  for (const toml::table* table : tables) {
    MOTCUA_ASSIGN_OR_RETURN(PolicyRule rule, ReadPolicy(reader, *table));
    rules.push_back(std::move(rule));
  }
  return rules;
}

Term ShareOf(const Term& whole, std::int32_t share_milli) {
  constexpr std::int32_t kHalf = kMilli / 2;
  constexpr std::int64_t kDaysPerMonth = 30;
  const std::int64_t part = std::int64_t{whole.milli} * share_milli / kMilli;
  switch (whole.unit) {
    case TermUnit::kWorkingDays:
      return {static_cast<std::int32_t>(part / kHalf * kHalf), whole.unit};
    case TermUnit::kWorkingHours:
    case TermUnit::kClockHours:
      return {static_cast<std::int32_t>(part), whole.unit};
    case TermUnit::kCalendarDays:
      return {static_cast<std::int32_t>(part / kMilli * kMilli), whole.unit};
    case TermUnit::kMonths: {
      const std::int64_t days =
          std::min<std::int64_t>(part * kDaysPerMonth / kMilli * kMilli, deadline::kTermMilliMax);
      return {static_cast<std::int32_t>(days), TermUnit::kCalendarDays};
    }
  }
  return whole;
}

std::vector<LegTemplate> MakeRoute(const RouteRule& rule, const Term& whole) {
  std::vector<LegTemplate> route;
  for (const LegRule& leg_rule : rule.legs) {
    LegTemplate leg = leg_rule.leg;
    if (leg_rule.share_milli != 0) leg.term = ShareOf(whole, leg_rule.share_milli);
    route.push_back(std::move(leg));
  }
  return route;
}

}  // namespace motcua::catalogue
