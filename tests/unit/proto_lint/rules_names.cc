// Names and comments (buf's STANDARD rules and COMMENTS).
#include <cctype>
#include <map>

#include "tests/unit/proto_lint/rules.h"

namespace motcua::proto_lint {
namespace {

using google::protobuf::FileDescriptor;

bool IsLowerSnake(std::string_view name) {
  if (name.empty() || name.front() == '_' || name.back() == '_') return false;
  if (name.find("__") != std::string_view::npos) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool IsCamelCase(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name.front())) != 0 &&
         name.find('_') == std::string_view::npos;
}

// "LegState" -> "LEG_STATE".
std::string UpperSnake(std::string_view camel) {
  std::string upper;
  for (std::size_t i = 0; i < camel.size(); ++i) {
    const auto c = static_cast<unsigned char>(camel[i]);
    if (i > 0 && std::isupper(c) != 0) upper.push_back('_');
    upper.push_back(static_cast<char>(std::toupper(c)));
  }
  return upper;
}

template <typename Element>
void RequireComment(const std::vector<const Element*>& elements, const FileDescriptor& file,
                    Findings& findings) {
  for (const Element* const element : elements) {
    google::protobuf::SourceLocation place;
    if (element->GetSourceLocation(&place) &&
        (!place.leading_comments.empty() || !place.trailing_comments.empty())) {
      continue;
    }
    findings.push_back(MakeFinding(*element, file, "has no comment; say what it means"));
  }
}

}  // namespace

Findings CheckPackages(const FileDescriptor& file) {
  Findings findings;
  const std::string& package = file.package();
  const bool versioned = package.starts_with("motcua.") && package.ends_with(".v1") &&
                         IsLowerSnake(package.substr(7, package.size() - 10));
  if (!versioned) {
    findings.push_back({file.name(), 0, "package " + package + ": call it motcua.<name>.v1"});
  }
  std::string folder = package;
  for (char& c : folder) {
    if (c == '.') c = '/';
  }
  if (file.name().substr(0, file.name().rfind('/')) != folder) {
    findings.push_back(
        {file.name(), 0, "package " + package + ": put the file into " + folder + "/"});
  }
  return findings;
}

Findings CheckServiceNames(const FileDescriptor& file) {
  Findings findings;
  const Elements elements = ElementsOf(file);
  for (const auto* const service : elements.services) {
    if (!service->name().ends_with("Service") || !IsCamelCase(service->name())) {
      findings.push_back(MakeFinding(*service, file, "call it <Name>Service"));
    }
  }
  for (const auto* const method : elements.methods) {
    if (!IsCamelCase(method->name())) {
      findings.push_back(MakeFinding(*method, file, "write it in CamelCase, verb first"));
    }
  }
  return findings;
}

Findings CheckRequestNames(const FileDescriptor& file) {
  Findings findings;
  std::map<std::string, std::string> used_by;
  for (const auto* const method : ElementsOf(file).methods) {
    const auto require = [&](const std::string& type, const std::string& full_name,
                             const std::string& ending) {
      if (type != method->name() + ending) {
        findings.push_back(MakeFinding(*method, file,
                                       "has " + type + "; give it a " + method->name() + ending +
                                           " of its own, which can grow"));
      } else if (const auto [it, fresh] = used_by.emplace(full_name, method->full_name()); !fresh) {
        findings.push_back(
            MakeFinding(*method, file, "shares " + type + " with " + it->second + "; split it"));
      }
    };
    require(method->input_type()->name(), method->input_type()->full_name(), "Request");
    require(method->output_type()->name(), method->output_type()->full_name(), "Response");
  }
  return findings;
}

Findings CheckMessageNames(const FileDescriptor& file) {
  Findings findings;
  const Elements elements = ElementsOf(file);
  for (const auto* const message : elements.messages) {
    if (!IsCamelCase(message->name())) {
      findings.push_back(MakeFinding(*message, file, "write it in CamelCase"));
    }
  }
  for (const auto* const oneof : elements.oneofs) {
    if (!IsLowerSnake(oneof->name())) {
      findings.push_back(MakeFinding(*oneof, file, "write it in lower_snake_case"));
    }
  }
  return findings;
}

Findings CheckFieldNames(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const field : ElementsOf(file).fields) {
    if (!IsLowerSnake(field->name())) {
      findings.push_back(MakeFinding(*field, file, "write it in lower_snake_case"));
    }
  }
  return findings;
}

Findings CheckEnumNames(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const value : ElementsOf(file).values) {
    const std::string prefix = UpperSnake(value->type()->name()) + "_";
    const bool upper = value->name().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                       std::string::npos;
    if (!value->name().starts_with(prefix) || !upper) {
      findings.push_back(
          MakeFinding(*value, file, "write it in UPPER_SNAKE_CASE and begin with " + prefix));
    }
  }
  return findings;
}

Findings CheckEnumZero(const FileDescriptor& file) {
  Findings findings;
  for (const auto* const checked : ElementsOf(file).enums) {
    const std::string wanted = UpperSnake(checked->name()) + "_UNSPECIFIED";
    const auto* const zero = checked->FindValueByNumber(0);
    if (zero == nullptr || zero->name() != wanted) {
      findings.push_back(MakeFinding(*checked, file, "call its value 0 " + wanted));
    }
  }
  return findings;
}

Findings CheckComments(const FileDescriptor& file) {
  Findings findings;
  const Elements elements = ElementsOf(file);
  RequireComment(elements.services, file, findings);
  RequireComment(elements.methods, file, findings);
  RequireComment(elements.messages, file, findings);
  RequireComment(elements.fields, file, findings);
  RequireComment(elements.oneofs, file, findings);
  RequireComment(elements.enums, file, findings);
  RequireComment(elements.values, file, findings);
  return findings;
}

}  // namespace motcua::proto_lint
