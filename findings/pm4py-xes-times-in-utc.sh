#!/usr/bin/env bash
# pm4py 2.7.23.11 (PyPI): a time that XES gives with its offset is read without it; what it counts by the clock is UTC.
#
# Guess: "2026-11-27T08:00:00+07:00" is eight o'clock to whatever counts hours and days of the week.
# Behaviour: read_xes gives 01:00 UTC, and the offset is gone. get_events_distribution counts the event at 1 o'clock, and
# one of Monday 06:30 in Hà Nội on a Sunday. A trace without events is not read; traces without concept:name (which
# the standard allows) become one frame that no longer says which event is of which trace.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pm4py==2.7.23.11
output=$(cd "$work" && venv/bin/python -W ignore - 2>/dev/null <<'END'
import pm4py
from pm4py.statistics.attributes.log import get as attributes

def event(at):
    return ('<event><string key="concept:name" value="A"/><date key="time:timestamp" value="%s"/></event>' % at)

def read(traces):
    with open("log.xes", "w", encoding="utf-8") as log:
        log.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2023" xes.features="">'
                  + traces + "</log>")
    return pm4py.read_xes("log.xes")

NAME = '<string key="concept:name" value="%s"/>'
print("pm4py", pm4py.__version__)
log = read("<trace>" + NAME % "a" + event("2026-11-27T08:00:00+07:00") + event("2026-11-30T06:30:00+07:00") + "</trace>")
print([str(at) for at in log["time:timestamp"]])
legacy = pm4py.convert_to_event_log(log)
for kind in ("hours", "days_week"):
    x, y = attributes.get_events_distribution(legacy, distr_type=kind)[:2]
    print(kind, [(str(a), int(b)) for a, b in zip(x, y) if b])
log = read("<trace>" + NAME % "empty" + "</trace><trace>" + NAME % "a" + event("2026-11-27T08:00:00+07:00") + "</trace>")
print("cases of two traces, one without events:", log["case:concept:name"].nunique())
log = read("<trace>" + event("2026-11-27T08:00:00+07:00") + "</trace><trace>" + event("2026-11-27T09:00:00+07:00") + "</trace>")
print("columns of two nameless traces:", list(log.columns))
END
)
echo "$output"
[[ "$output" == "pm4py 2.7.23.11
['2026-11-27 01:00:00+00:00', '2026-11-29 23:30:00+00:00']
hours [('01', 1), ('23', 1)]
days_week [('Friday', 1), ('Sunday', 1)]
cases of two traces, one without events: 1
columns of two nameless traces: ['concept:name', 'time:timestamp']" ]]
