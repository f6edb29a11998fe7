#!/usr/bin/env bash
# pm4py 2.7.23.11 (PyPI): reading OCEL 2.0, it leaves out what no event relates to, and one of two relations to one object.
#
# Guess: what a valid file holds is what is read: events without relations, objects that only other objects name, and two
# relations of one event to one object under two qualifiers are all allowed by the format (its schema demands none).
# Behaviour: of 3 events, 3 objects, 3 relations and 2 relations between objects, 2, 1, 2 and 0 are left, without a
# warning. The event without relations goes; so do the objects that no event names, and with them every relation between
# objects; of two qualifiers of one pair the last one stays.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pm4py==2.7.23.11
cat >"$work/log.json" <<'END'
{"eventTypes": [{"name": "move", "attributes": []}],
 "objectTypes": [{"name": "case", "attributes": []}, {"name": "unit", "attributes": []}],
 "events": [
  {"id": "e1", "type": "move", "time": "2026-11-27T08:00:00+07:00", "attributes": [],
   "relationships": [{"objectId": "c1", "qualifier": "of"}]},
  {"id": "e2", "type": "move", "time": "2026-11-27T09:00:00+07:00", "attributes": [], "relationships": []},
  {"id": "e3", "type": "move", "time": "2026-11-27T10:00:00+07:00", "attributes": [],
   "relationships": [{"objectId": "c1", "qualifier": "from"}, {"objectId": "c1", "qualifier": "to"}]}],
 "objects": [
  {"id": "c1", "type": "case", "attributes": [],
   "relationships": [{"objectId": "u1", "qualifier": "kept by"}, {"objectId": "u2", "qualifier": "paid by"}]},
  {"id": "u1", "type": "unit", "attributes": [], "relationships": []},
  {"id": "u2", "type": "unit", "attributes": [], "relationships": []}]}
END
output=$(cd "$work" && PYTHONWARNINGS=default venv/bin/python - 2>"$work/warnings" <<'END'
import pm4py
log = pm4py.read_ocel2_json("log.json")
print("pm4py", pm4py.__version__)
print("events", sorted(log.events["ocel:eid"]))
print("objects", sorted(log.objects["ocel:oid"]))
print("relations", log.relations[["ocel:eid", "ocel:oid", "ocel:qualifier"]].values.tolist())
print("between objects", len(log.o2o))
END
)
echo "$output"
[[ "$output" == "pm4py 2.7.23.11
events ['e1', 'e3']
objects ['c1']
relations [['e1', 'c1', 'of'], ['e3', 'c1', 'to']]
between objects 0" ]]
! grep -iE "warn|relation|dropped" "$work/warnings"
