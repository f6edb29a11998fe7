// What fields mean (AIP-142, 154, 155, 158) and what the contract never holds.
#include <algorithm>
#include <array>

#include "tests/unit/proto_lint/rules.h"

namespace motcua::proto_lint {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

bool HasType(const FieldDescriptor* field, FieldDescriptor::Type type) {
  return field != nullptr && field->type() == type && !field->is_repeated();
}
bool IsMessage(const FieldDescriptor* field, std::string_view full_name) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE &&
         field->message_type()->full_name() == full_name;
}
bool IsString(const FieldDescriptor* field) { return HasType(field, FieldDescriptor::TYPE_STRING); }

// The words of a lower_snake name.
std::vector<std::string_view> Words(std::string_view name) {
  std::vector<std::string_view> words;
  while (!name.empty()) {
    const std::size_t end = name.find('_');
    words.push_back(name.substr(0, end));
    name.remove_prefix(end == std::string_view::npos ? name.size() : end + 1);
  }
  return words;
}

constexpr std::array<std::string_view, 23> kPersonalWords = {
    "name",   "surname",  "phone",     "telephone", "mobile",   "address",   "street",  "email",
    "mail",   "birth",    "birthday",  "gender",    "passport", "identity",  "citizen", "applicant",
    "person", "receiver", "recipient", "contact",   "latitude", "longitude", "note"};
// Names of things, not of people.
constexpr std::array<std::string_view, 2> kImpersonalNames = {"procedure_name", "unit_name"};

// A number of the report: so many were on time.
constexpr std::string_view kNoInstant = "on_time";

bool IsPersonal(std::string_view name) {
  if (std::find(kImpersonalNames.begin(), kImpersonalNames.end(), name) != kImpersonalNames.end()) {
    return false;
  }
  const std::vector<std::string_view> words = Words(name);
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return std::find(kPersonalWords.begin(), kPersonalWords.end(), word) != kPersonalWords.end();
  });
}

void CheckPages(const MethodDescriptor& method, const FileDescriptor& file, Findings& findings) {
  const Descriptor& request = *method.input_type();
  const Descriptor& response = *method.output_type();
  const bool size = HasType(request.FindFieldByName("page_size"), FieldDescriptor::TYPE_INT32);
  const bool token = IsString(request.FindFieldByName("page_token"));
  const bool next = IsString(response.FindFieldByName("next_page_token"));
  const bool is_list = std::string_view(method.name()).starts_with("List");
  if (size && token && next) return;
  if (is_list || request.FindFieldByName("page_size") != nullptr ||
      request.FindFieldByName("page_token") != nullptr ||
      response.FindFieldByName("next_page_token") != nullptr) {
    findings.push_back(MakeFinding(method, file,
                                   "pages need all of int32 page_size and string page_token in the "
                                   "request, string next_page_token in the response"));
  }
}

}  // namespace

Findings CheckRequestIds(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const method : ElementsOf(file).methods) {
    if (IsRead(*method)) continue;
    const Descriptor& request = *method->input_type();
    const FieldDescriptor* const first = request.FindFieldByNumber(1);
    const bool has_context = first != nullptr && first->name() == "context" &&
                             IsMessage(first, "motcua.common.v1.RequestContext");
    const bool has_id = IsString(first) && first->name() == "request_id";
    if (has_context || has_id) continue;
    findings.push_back(MakeFinding(request, file,
                                   "changes something; make field 1 `RequestContext context` or "
                                   "`string request_id`"));
  }
  return findings;
}

Findings CheckExpectedVersions(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const method : ElementsOf(file).methods) {
    const Descriptor& request = *method->input_type();
    if (IsRead(*method) || request.FindFieldByName("dossier") == nullptr) continue;
    if (!HasType(request.FindFieldByName("expected_version"), FieldDescriptor::TYPE_UINT32)) {
      findings.push_back(MakeFinding(
          request, file, "changes a dossier; add `uint32 expected_version` (0 = whatever)"));
    }
  }
  return findings;
}

Findings CheckPaging(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const method : ElementsOf(file).methods) CheckPages(*method, file, findings);
  return findings;
}

Findings CheckTimes(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const field : ElementsOf(file).fields) {
    if (field->name().ends_with("_time") && field->name() != kNoInstant &&
        !IsMessage(field, "google.protobuf.Timestamp")) {
      findings.push_back(
          MakeFinding(*field, file, "*_time is an instant; make it google.protobuf.Timestamp"));
    }
    if (field->name().ends_with("_date") && !IsMessage(field, "motcua.common.v1.Date")) {
      findings.push_back(
          MakeFinding(*field, file, "*_date is a civil day; make it motcua.common.v1.Date"));
    }
    if (IsMessage(field, "google.protobuf.Timestamp") && !field->name().ends_with("_time")) {
      findings.push_back(MakeFinding(*field, file, "a Timestamp; let its name end with _time"));
    }
  }
  return findings;
}

Findings CheckTypes(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const field : ElementsOf(file).fields) {
    if (field->is_map()) {
      findings.push_back(MakeFinding(
          *field, file, "a map has no fixed bytes; make it a repeated message, sorted by key"));
    }
    if (field->type() == FieldDescriptor::TYPE_FLOAT ||
        field->type() == FieldDescriptor::TYPE_DOUBLE) {
      findings.push_back(
          MakeFinding(*field, file, "binary fractions round; make it an integer of a small unit"));
    }
    if (field->type() == FieldDescriptor::TYPE_GROUP || field->is_required()) {
      findings.push_back(MakeFinding(*field, file, "of proto2; use proto3"));
    }
  }
  return findings;
}

Findings CheckReads(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const method : ElementsOf(file).methods) {
    if (!IsRead(*method)) continue;
    for (const char* const name : {"context", "request_id", "expected_version"}) {
      if (method->input_type()->FindFieldByName(name) == nullptr) continue;
      findings.push_back(
          MakeFinding(*method->input_type(), file, "only reads; remove " + std::string(name)));
    }
    const std::string_view name = method->name();
    const bool streams = name.starts_with("Watch") || name.starts_with("Download");
    if (streams != method->server_streaming() || method->client_streaming()) {
      findings.push_back(
          MakeFinding(*method, file, "Watch… and Download…, and only they, answer with a stream"));
    }
  }
  return findings;
}

// No answer hides how far the log was read (what an instance says of itself, a scenario's clock,
// and people are not folded from it).
Findings CheckPositions(const FileDescriptor& file) {
  Findings findings;
  if (file.package().starts_with("motcua.admin.") ||
      file.package().starts_with("motcua.parties.") ||
      file.package().starts_with("motcua.scenario.")) {
    return findings;
  }
  for (const auto* const method : ElementsOf(file).methods) {
    if (method->server_streaming()) continue;
    if (IsRead(*method) &&
        !IsMessage(method->input_type()->FindFieldByName("read"), "motcua.common.v1.ReadOptions")) {
      findings.push_back(MakeFinding(*method->input_type(), file, "reads; add `ReadOptions read`"));
    }
    if (!IsMessage(method->output_type()->FindFieldByName("position"),
                   "motcua.common.v1.Position")) {
      findings.push_back(MakeFinding(*method->output_type(), file,
                                     "does not say what it is true for; add `Position position`"));
    }
  }
  return findings;
}

Findings CheckPersonalData(const FileDescriptor& file) {
  Findings findings;
  if (!file.package().starts_with("motcua.events.")) return findings;
  for (const auto* const field : ElementsOf(file).fields) {
    if (!IsPersonal(field->name())) continue;
    findings.push_back(MakeFinding(
        *field, file, "events hold no personal data; put a random party reference here"));
  }
  return findings;
}

}  // namespace motcua::proto_lint
