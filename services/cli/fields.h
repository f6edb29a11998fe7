// Proto messages as people and scripts see them, field by field through reflection: a command is a
// table of flags and headings over a request and a response, and a field that the contract gains
// shows up in JSON and CSV by itself. Pure.
//
//   text   dates as 20/01/2020 09:32, enum values by their Vietnamese names
//   JSON   names as in the contract, times as ISO 8601, enum values like "result_ready", numbers as
//          numbers, what is absent as null
#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/platform/imports/zones.h"

namespace motcua::cli {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The whole message; fields in the order of the contract.
nlohmann::ordered_json ToJson(const Message& message);
// The same as text over several lines; `more` are texts that come after its fields, an empty one is
// left out.
std::string JsonText(const Message& message,
                     const std::vector<std::pair<std::string, std::string>>& more = {});
// The same on one line.
std::string JsonLine(const Message& message);

// The field at `path` ("leg.unit") of a message of this type; a defect if there is none.
const FieldDescriptor& FieldAt(const Descriptor& type, std::string_view path);
// It as text for a table; times without an offset of their own are shown in `zone`.
std::string FieldText(const Message& message, std::string_view path, const imports::TimeZone& zone);
// Sets it from the text of an option; FIELD_INVALID says what was expected. Lists are "1,2,3";
// times without an offset are in `zone`.
Status SetField(Message& message, std::string_view path, std::string_view text,
                const imports::TimeZone& zone);

// "result_ready" for STAGE_RESULT_READY; empty for …_UNSPECIFIED.
std::string ShortName(const EnumValueDescriptor& value);
// "direct|online|postal"
std::string Choices(const EnumDescriptor& type);
// "Có kết quả" for STAGE_RESULT_READY.
std::string Label(const EnumValueDescriptor& value);

// The columns of a message in CSV, sub-messages as "leg.unit", and a row of it.
std::vector<std::string> CsvColumns(const Descriptor& type);
std::vector<std::string> CsvCells(const Message& message);

}  // namespace motcua::cli
