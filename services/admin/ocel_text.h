// A case log as OCEL 2.0 in JSON: the parts that the file is put together from. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "services/admin/case_history.h"

namespace motcua::admin {

// What occurs in a log, collected while its parts are made.
struct OcelTypes {
  // Activity and the payload that it is of.
  std::set<std::pair<std::string, std::string>> events;
  std::set<std::string, std::less<>> objects;
};

// "objectTypes" and "eventTypes", each with its attributes and their types, with the braces around.
std::string OcelTypesJson(const OcelTypes& types);
std::string OcelEventJson(const Moment& moment);
std::string OcelObjectJson(const CaseObject& object);

}  // namespace motcua::admin
