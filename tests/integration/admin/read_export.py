#!/usr/bin/env python3
"""Reads an export as a stranger would, with the standard library alone, and holds it against the rules
of its format. Prints what it counted as JSON; what is wrong goes to standard error, with status 1.

    read_export.py FILE.xes[.gz]|FILE.json[.gz]
"""
import collections
import datetime
import gzip
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

ATTRIBUTES = {"string", "date", "int", "float", "boolean", "id", "list"}
# What a log may hold, in the order of the schema of IEEE 1849.
LOG_ORDER = ["extension", "global", "classifier", "attribute", "trace", "event"]
NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_.:-]*")
NC_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
OFFSET = re.compile(r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
wrong = []


def check(is_right, *what):
    if not is_right:
        wrong.append(" ".join(map(str, what)))


def time_of(text):
    check(OFFSET.search(text), "a time without its offset:", text)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def attributes_of(element):
    found = {}
    for child in element:
        if child.tag in ATTRIBUTES:
            key, value = child.get("key"), child.get("value")
            check(NAME.fullmatch(key or ""), "not a name:", key)
            check(key not in found, "twice:", key)
            found[key] = value
            if child.tag == "date":
                time_of(value)
            elif child.tag == "int":
                check(-2**63 <= int(value) < 2**63, "no long:", value)
            elif child.tag == "boolean":
                check(value in ("true", "false"), "no boolean:", value)
    return found


def in_order(element, order):
    places = [order.index("attribute" if child.tag in ATTRIBUTES else child.tag) for child in element]
    check(places == sorted(places), "elements out of order in", element.tag)


def read_xes(stream):
    log = ElementTree.parse(stream).getroot()
    check(log.tag == "log", "root", log.tag)
    check(re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version") or ""), "no decimal version")
    in_order(log, LOG_ORDER)
    prefixes = set()
    for extension in log.findall("extension"):
        check(all(NC_NAME.fullmatch(extension.get(k)) for k in ("name", "prefix")), "extension")
        prefixes.add(extension.get("prefix"))
    always = {g.get("scope"): set(attributes_of(g)) for g in log.findall("global")}
    for classifier in log.findall("classifier"):
        check(NC_NAME.fullmatch(classifier.get("name")), "classifier", classifier.get("name"))
        check(set(classifier.get("keys").split()) <= always["event"], "its keys are not global")
    names, activities, events = set(), collections.Counter(), 0
    for trace in log.findall("trace"):
        in_order(trace, ["attribute", "event"])
        values = attributes_of(trace)
        check(always["trace"] <= set(values) and values.get("concept:name"), "a nameless trace")
        check(values["concept:name"] not in names, "two traces", values["concept:name"])
        names.add(values["concept:name"])
        before = None
        for event in trace.findall("event"):
            values = attributes_of(event)
            check(always["event"] <= set(values), "lacks", always["event"] - set(values))
            check(values.get("concept:name"), "a nameless event")
            check(all(k.split(":")[0] in prefixes for k in values if ":" in k), "prefixes")
            now = time_of(values["time:timestamp"])
            check(before is None or before <= now, "times go back in", trace)
            before = now
            activities[values["concept:name"]] += 1
            events += 1
    return {"traces": len(names), "events": events, "activities": activities}


KINDS = {"string": str, "integer": int, "boolean": bool, "float": float, "time": str}


def check_values(values, declared, of):
    for value in values:
        kind = declared.get(value["name"])
        check(kind is not None, of, "has an attribute that is not declared:", value["name"])
        if kind is not None:
            check(type(value["value"]) is KINDS[kind], of, value["name"], "is no", kind)
            if kind == "time":
                time_of(value["value"])


def read_ocel(stream):
    log = json.load(stream)
    check(set(log) == {"objectTypes", "eventTypes", "objects", "events"}, "parts", list(log))
    types = {part: {t["name"]: {a["name"]: a["type"] for a in t["attributes"]} for t in log[part]}
             for part in ("objectTypes", "eventTypes")}
    objects = {o["id"]: o for o in log["objects"]}
    check(len(objects) == len(log["objects"]), "two objects of one id")
    check(len({e["id"] for e in log["events"]}) == len(log["events"]), "two events of one id")
    relations, related, before = 0, set(), None
    for event in log["events"]:
        now = time_of(event["time"])
        check(before is None or before <= now, "times go back at", event["id"])
        before = now
        check(event["type"] in types["eventTypes"], "type", event["type"])
        check_values(event["attributes"], types["eventTypes"][event["type"]], event["id"])
        names = [a["name"] for a in event["attributes"]]
        check(len(names) == len(set(names)), event["id"], "has two attributes of one name:", names)
        ids = [r["objectId"] for r in event["relationships"]]
        check(ids and len(ids) == len(set(ids)), event["id"], "relates to", ids)
        check(all(i in objects for i in ids), event["id"], "relates to what is not there", ids)
        check(all(r["qualifier"] for r in event["relationships"]), event["id"], "no qualifier")
        related.update(ids)
        relations += len(ids)
    between = 0
    for one in log["objects"]:
        check_values(one["attributes"], types["objectTypes"][one["type"]], one["id"])
        for value in one["attributes"]:
            time_of(value["time"])
        check(all(r["objectId"] in objects and r["qualifier"] for r in one["relationships"]), one["id"])
        between += len(one["relationships"])
    check(related == set(objects), "objects without an event:", sorted(set(objects) - related)[:5])
    return {"events": len(log["events"]), "objects": len(objects), "relations": relations,
            "object_relations": between,
            "types": collections.Counter(o["type"] for o in objects.values()),
            "activities": collections.Counter(e["type"] for e in log["events"])}


path = sys.argv[1]
with (gzip.open if path.endswith(".gz") else open)(path, "rb") as stream:
    counted = (read_xes if ".xes" in path else read_ocel)(stream)
print(json.dumps(counted))
for what in wrong[:20]:
    print(what, file=sys.stderr)
sys.exit(1 if wrong else 0)
