#!/usr/bin/env bash
# pm4py 2.7.23.11 (PyPI): its XES reader "chunk_regex", which read_xes documents as the default, fails on valid UTF-8.
#
# Guess: every reader of XES that a package offers reads UTF-8, the references of XML, and attributes in any order.
# Behaviour: it decodes 4,096 bytes at a time, so a letter of two or three bytes on such a border is a UnicodeDecodeError:
# any log of some size in Vietnamese. It leaves &amp; and &#7891; as they stand, and takes the value for the
# key where it stands before it. The reader that is really taken when none is named ("iterparse", by lxml) reads all of it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pm4py==2.7.23.11
output=$(cd "$work" && venv/bin/python -W ignore - 2>/dev/null <<'END'
import pm4py

def event(name):
    return ('<event><string key="concept:name" value="%s"/>'
            '<date key="time:timestamp" value="2026-11-27T08:00:00+07:00"/></event>' % name)

def trace(name, body):
    return '<trace><string key="concept:name" value="%s"/>%s</trace>' % (name, body)

def read(what, traces):
    with open("log.xes", "w", encoding="utf-8") as log:
        log.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2023" xes.features="">'
                  + traces + "</log>")
    for variant in ("chunk_regex", None):
        try:
            rows = pm4py.read_xes("log.xes", variant=variant)
            print(what, variant, len(rows), rows["concept:name"].iloc[0])
        except Exception as error:
            print(what, variant, type(error).__name__)

print("pm4py", pm4py.__version__, "documents chunk_regex as default:",
      "chunk-of-bytes importer (default)" in pm4py.read_xes.__doc__)
read("letters", "".join(trace(i, event("Tiếp nhận hồ sơ")) for i in range(300)))
read("references", trace("a", event("A &amp; B &#7891;")))
read("order", trace("a", event("A").replace('key="concept:name" value="A"', 'value="A" key="concept:name"')))
END
)
echo "$output"
[[ "$output" == "pm4py 2.7.23.11 documents chunk_regex as default: True
letters chunk_regex UnicodeDecodeError
letters None 300 Tiếp nhận hồ sơ
references chunk_regex 1 A &amp; B &#7891;
references None 1 A & B ồ
order chunk_regex KeyError
order None 1 A" ]]
