#!/usr/bin/env python3
"""Makes C++ of what the contract says about itself (proto/motcua/common/v1/options.proto).

    code_lists.py DESCRIPTORS OUT_DIR

DESCRIPTORS is what `protoc --descriptor_set_out --include_imports` writes. In OUT_DIR:

    services/domain/codes/code_lists.{h,cc}   PURE: each enum with its names and Vietnamese labels
    services/domain/cases/payload_names.h     PURE: what each payload of an event is called, and its number
    services/wire/event_schema.h              PURE: the newest event schema
    services/wire/contract_codes.h            which enum of the contract is which of codes
    services/wire/contract_payloads.h         payload <-> field of CaseEvent; the schema it takes

A file whose text stays the same is not written, so nothing is compiled again for it. Debian's
python3 alone: the few parts of a descriptor that are needed are read here.
"""

import os
import re
import sys

EVENT = "motcua.events.v1.CaseEvent"
OPTIONS = "motcua/common/v1/options.proto"
TYPE_STRING, TYPE_MESSAGE, TYPE_BYTES, TYPE_ENUM = 9, 11, 12, 14
LABEL_REPEATED = 3


def parse(data):
    """Field number -> list of its values: int, or bytes for what has a length."""
    fields, at = {}, 0

    def varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            value = varint()
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value = int.from_bytes(data[at : at + size], "little")
            at += size
        else:
            size = varint()
            value = data[at : at + size]
            at += size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def number(fields, index, default=0):
    return fields.get(index, [default])[-1]


def text(fields, index):
    return fields.get(index, [b""])[-1].decode()


class Contract:
    """Enums and messages of motcua, in the order of the files."""

    def __init__(self, descriptors):
        self.enums, self.messages = {}, {}
        files = [parse(file) for file in parse(descriptors)[1]]
        options = next(file for file in files if text(file, 1) == OPTIONS)
        self.options = {}
        for extension in map(parse, options[7]):
            self.options[text(extension, 1)] = number(extension, 3)
        for file in files:
            package = text(file, 2)
            if not package.startswith("motcua."):
                continue
            for enum in map(parse, file.get(5, [])):
                self.add_enum(package, enum)
            for message in map(parse, file.get(4, [])):
                self.add_message(package, message)

    def option(self, element, index, name):
        options = parse(number(element, index, b""))
        return number(options, self.options[name], None)

    def text_option(self, element, index, name):
        value = self.option(element, index, name)
        return value.decode() if value else ""

    def add_enum(self, package, enum):
        name = text(enum, 1)
        prefix = re.sub(r"(?<!^)([A-Z])", r"_\1", name).upper() + "_"
        values = []
        for value in map(parse, enum[2]):
            word = self.text_option(value, 3, "word") or text(value, 1)[len(prefix) :]
            if number(value, 2) == 0 and word == "UNSPECIFIED":
                continue
            values.append(
                {
                    "number": number(value, 2),
                    "word": word,
                    "label": self.text_option(value, 3, "label_vi"),
                    "phrase": self.text_option(value, 3, "phrase_vi"),
                    "since": self.option(value, 3, "value_since") or 1,
                }
            )
        values.sort(key=lambda value: value["number"])
        full = package + "." + name
        if any(other["name"] == name for other in self.enums.values()):
            sys.exit(f"{full}: another enum is called {name}; the names in C++ would be the same")
        self.enums[full] = {"name": name, "package": package, "values": values}

    def add_message(self, scope, message):
        full = scope + "." + text(message, 1)
        fields = []
        for field in map(parse, message.get(2, [])):
            fields.append(
                {
                    "name": text(field, 1),
                    "number": number(field, 3),
                    "type": number(field, 5),
                    "type_name": text(field, 6)[1:],
                    "repeated": number(field, 4) == LABEL_REPEATED,
                    "in_oneof": 9 in field,
                    "since": self.option(field, 8, "since") or 1,
                    "bits_of": self.text_option(field, 8, "bits_of"),
                    "label": self.text_option(field, 8, "event_vi"),
                }
            )
        self.messages[full] = fields
        for nested in map(parse, message.get(3, [])):
            self.add_message(full, nested)

    def payloads(self):
        return [field for field in self.messages[EVENT] if field["in_oneof"]]

    def newest(self):
        """Of all that an event can say."""
        seen, todo, newest = set(), [EVENT], 1
        while todo:
            full = todo.pop()
            if full in seen:
                continue
            seen.add(full)
            if full in self.enums:
                newest = max([newest] + [v["since"] for v in self.enums[full]["values"]])
                continue
            for field in self.messages.get(full, []):
                newest = max(newest, field["since"])
                todo += [name for name in (field["type_name"], field["bits_of"]) if name]
        return newest


def camel(word):
    return "".join(part.capitalize() for part in word.lower().split("_"))


def quoted(label):
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


HEAD = "// Made by scripts/cmake/code_lists.py of proto/: not to be changed by hand.\n"


def lists_header(contract):
    out = [
        HEAD,
        "#pragma once\n",
        "#include <array>\n#include <cstdint>\n#include <string_view>\n",
        '#include "services/domain/codes/code_list.h"\n',
        "namespace motcua::codes {\n",
    ]
    for enum in contract.enums.values():
        name, values = enum["name"], enum["values"]
        size = "std::uint8_t" if max(v["number"] for v in values) < 256 else "std::uint16_t"
        out.append(f"enum class {name} : {size} {{")
        out += [f"  k{camel(v['word'])} = {v['number']}," for v in values]
        out.append("};")
        all_values = ", ".join(f"{name}::k{camel(v['word'])}" for v in values)
        out.append(f"template <>\nstruct CodeList<{name}> {{")
        out.append(f"  static constexpr std::array<{name}, {len(values)}> kValues = {{")
        out.append(f"      {all_values}}};")
        out.append("};")
        out.append(f"std::string_view Name({name} value);")
        out.append(f"std::string_view Key({name} value);")
        for kind in ("Label", "Phrase"):
            if all(v[kind.lower()] for v in values if v["number"] != 0) and values:
                out.append(f"std::string_view {kind}({name} value);")
        out.append("")
    out.append("}  // namespace motcua::codes")
    return "\n".join(out)


def lists_source(contract):
    out = [HEAD, '#include "services/domain/codes/code_lists.h"\n', "namespace motcua::codes {\n"]

    def function(kind, enum, text_of):
        out.append(f"std::string_view {kind}({enum['name']} value) {{\n  switch (value) {{")
        for value in enum["values"]:
            out.append(f"    case {enum['name']}::k{camel(value['word'])}:")
            out.append(f"      return {quoted(text_of(value))};")
        unknown = '"UNKNOWN"' if kind == "Name" else '""'
        out.append(f"  }}\n  return {unknown};\n}}")

    for enum in contract.enums.values():
        function("Name", enum, lambda value: value["word"])
        function("Key", enum, lambda value: value["word"].lower())
        for kind in ("Label", "Phrase"):
            if all(v[kind.lower()] for v in enum["values"] if v["number"] != 0):
                function(kind, enum, lambda value, kind=kind: value[kind.lower()])
    out.append("\n}  // namespace motcua::codes")
    return "\n".join(out)


def contract_codes(contract):
    out = [HEAD, "#pragma once\n", '#include "services/domain/codes/code_lists.h"\n']
    for enum in contract.enums.values():
        out.append(f"namespace {cpp(enum['package'])} {{\nenum {enum['name']} : int;\n}}")
    out.append("\nnamespace motcua::codes {\n")
    out.append("// The enum of the contract with the same values.\ntemplate <typename Code>")
    out.append("struct Contract;")
    for enum in contract.enums.values():
        out.append(f"template <>\nstruct Contract<{enum['name']}> {{")
        out.append(f"  using Enum = {cpp(enum['package'])}::{enum['name']};\n}};")
    out.append("\n}  // namespace motcua::codes")
    return "\n".join(out)


def payload_names(contract):
    payloads = {
        field["type_name"].rpartition(".")[2]: field for field in contract.payloads()
    }
    names = list(payloads)
    out = [HEAD, "#pragma once\n", "#include <cstdint>\n#include <string_view>\n"]
    out.append("namespace motcua::cases {\n")
    out += [f"struct {name};" for name in names]
    out.append("\n// What the contract calls it; of what is no payload of an event there is none.")
    out.append("template <typename Payload>\nconstexpr std::string_view kPayloadName;")
    for name in names:
        out.append(f"template <>\ninline constexpr std::string_view kPayloadName<{name}> =")
        out.append(f'    "{name}";')
    out.append("\n// The number of its field there, which never changes; 0 of what has none.")
    out.append("template <typename Payload>\ninline constexpr std::uint8_t kPayloadNumber = 0;")
    for name, field in payloads.items():
        out.append(f"template <>\ninline constexpr std::uint8_t kPayloadNumber<{name}> =")
        out.append(f'    {field["number"]};')
    out.append("\n// What people call it, \"Trả kết quả\".")
    out.append("template <typename Payload>\nconstexpr std::string_view kPayloadLabel;")
    for name, field in payloads.items():
        out.append(f"template <>\ninline constexpr std::string_view kPayloadLabel<{name}> =")
        out.append(f'    {quoted(field["label"])};')
    out.append("\n}  // namespace motcua::cases")
    return "\n".join(out)


def event_schema(contract):
    return "\n".join(
        [
            HEAD,
            "#pragma once\n",
            "#include <cstdint>\n",
            "namespace motcua::wire {\n",
            "// The newest `since` of all that an event can say.",
            f"inline constexpr std::uint32_t kEventSchema = {contract.newest()};",
            "\n}  // namespace motcua::wire",
        ]
    )


def cpp(full):
    return full.replace(".", "::")


class SchemaWriter:
    """The functions SinceOf: what a reader must know for what a message says."""

    def __init__(self, contract):
        self.contract, self.out, self.known = contract, [], {}

    def enum(self, full):
        """Whether a function is needed: some value is not of the first schema."""
        values = [v for v in self.contract.enums[full]["values"] if v["since"] > 1]
        if full in self.known or not values:
            return bool(values)
        self.known[full] = True
        self.out.append(f"inline std::uint32_t SinceOf({cpp(full)} value) {{")
        self.out.append("  switch (static_cast<int>(value)) {")
        for value in values:
            self.out.append(f"    case {value['number']}:\n      return {value['since']};")
        self.out.append("    default:\n      return 1;\n  }\n}\n")
        return True

    def message(self, full):
        if full not in self.known:
            self.known[full] = False  # a message within itself asks for nothing more
            lines = [line for f in self.contract.messages.get(full, []) for line in self.field(f)]
            if full == EVENT:
                lines += self.oneof()
            self.known[full] = bool(lines)
            if lines:
                self.out.append(f"inline std::uint32_t SinceOf(const {cpp(full)}& m) {{")
                self.out += ["  std::uint32_t since = 1;"] + lines + ["  return since;\n}\n"]
        return self.known[full]

    def nested(self, field):
        if field["type"] == TYPE_MESSAGE:
            return self.message(field["type_name"])
        return field["type"] == TYPE_ENUM and self.enum(field["type_name"])

    def field(self, field):
        if field["in_oneof"]:
            return []
        get, lines = f"m.{field['name']}()", []
        if field["since"] > 1:
            is_set = f"{get} != 0"
            if field["repeated"] or field["type"] in (TYPE_STRING, TYPE_BYTES):
                is_set = f"!{get}.empty()"
            elif field["type"] == TYPE_MESSAGE:
                is_set = f"m.has_{field['name']}()"
            elif field["type"] == 8:
                is_set = get
            lines.append(f"  if ({is_set}) since = std::max(since, {field['since']}U);")
        if field["bits_of"]:
            bits = {}
            for value in self.contract.enums[field["bits_of"]]["values"]:
                if value["since"] > 1:
                    bits[value["since"]] = bits.get(value["since"], 0) | value["number"]
            for schema, mask in sorted(bits.items()):
                has_new = f"({get} & {mask}U) != 0"
                lines.append(f"  if ({has_new}) since = std::max(since, {schema}U);")
        if self.nested(field):
            if field["repeated"]:
                each = "const auto& each" if field["type"] == TYPE_MESSAGE else "const auto each"
                value = "each"
                if field["type"] == TYPE_ENUM:
                    value = f"static_cast<{cpp(field['type_name'])}>(each)"
                lines.append(f"  for ({each} : {get}) since = std::max(since, SinceOf({value}));")
            else:
                lines.append(f"  since = std::max(since, SinceOf({get}));")
        return lines

    def oneof(self):
        lines = []
        for field in self.contract.payloads():
            nested = self.nested(field)
            if field["since"] == 1 and not nested:
                continue
            lines.append(f"    case {cpp(EVENT)}::k{camel(field['name'])}:")
            if field["since"] > 1:
                lines.append(f"      since = std::max(since, {field['since']}U);")
            if nested:
                lines.append(f"      since = std::max(since, SinceOf(m.{field['name']}()));")
            lines.append("      break;")
        if lines:
            lines = ["  switch (m.payload_case()) {"] + lines
            lines += ["    default:  // says nothing newer than the first", "      break;", "  }"]
        return lines


def contract_payloads(contract):
    event = cpp(EVENT)
    out = [
        HEAD,
        "#pragma once\n",
        "#include <algorithm>\n#include <cstdint>\n",
        '#include "services/wire/payloads.h"\n',
        "namespace motcua::wire {\n",
    ]
    writers, readers = [], []
    for field in contract.payloads():
        name = field["type_name"].rpartition(".")[2]
        message = cpp(field["type_name"])
        end = ";"
        if not contract.messages[field["type_name"]]:
            end = " {}"  # nothing to write or read
        inline = "inline " if end == " {}" else ""
        out.append(f"{inline}void Write(const cases::{name}&, {message}&){end}")
        out.append(f"{inline}void Read(Reading&, const {message}&, cases::{name}&){end}")
        writers.append(f"  void operator()(const cases::{name}& e) const {{")
        writers.append(f"    Write(e, *wire.mutable_{field['name']}());\n  }}")
        readers.append(f"    case {event}::k{camel(field['name'])}:")
        readers.append(f"      return read(event.{field['name']}(), cases::{name}());")
    out.append("\n// Puts a payload into its field; of each kind of payload the contract has one.")
    out.append(f"struct PayloadWriter {{\n  {event}& wire;")
    out.append("  void operator()(const cases::UnknownPayload&) const {}")
    out += writers
    out.append("};\n")
    out.append("// Calls `read(message, payload)` of the field that is set; nothing where none is known.")
    out.append(f"template <typename Reader>\nvoid ReadPayload(const {event}& event, Reader&& read) {{")
    out.append("  switch (event.payload_case()) {")
    out += readers
    out.append(f"    case {event}::PAYLOAD_NOT_SET:\n      return;\n  }}\n}}\n")
    out.append("// What a reader must know to understand what a message says.")
    writer = SchemaWriter(contract)
    writer.message(EVENT)
    out += writer.out
    for field in contract.messages[EVENT]:
        if not field["in_oneof"] and field["since"] > 1:
            name = "kSince" + camel(field["name"])
            out.append(f"inline constexpr std::uint32_t {name} = {field['since']};")
    out.append("\n}  // namespace motcua::wire")
    return "\n".join(out)


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    content += "\n"
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == content:
                return
    except FileNotFoundError:
        pass
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def main():
    descriptors, folder = sys.argv[1:]
    with open(descriptors, "rb") as file:
        contract = Contract(file.read())
    write(folder + "/services/domain/codes/code_lists.h", lists_header(contract))
    write(folder + "/services/domain/codes/code_lists.cc", lists_source(contract))
    write(folder + "/services/domain/cases/payload_names.h", payload_names(contract))
    write(folder + "/services/wire/event_schema.h", event_schema(contract))
    write(folder + "/services/wire/contract_codes.h", contract_codes(contract))
    write(folder + "/services/wire/contract_payloads.h", contract_payloads(contract))


main()
