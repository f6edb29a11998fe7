"""Counts the figures of Hạ Long's report of 2020 anew, from the replay's own list alone.

    motcua replay halong-2020 --dry-run --list list.csv
    python3 recount.py list.csv [--scale F]

Knows nothing of the services and trusts no verdict of the list: instants in, figures out. At scale 1
every figure must be the printed one; below it, its share to the nearest whole. Prints one line of JSON
for each figure; ends with 1 where one differs.
"""

import argparse
import csv
import json
import sys

FIRST, LAST = "2020-01-01", "2020-10-31"  # of the period

# As printed: id, figure, digits after the point (None: a count).
PRINTED = [
    ("dossiers.received", 288805, None),
    ("dossiers.on_time_percent", 98.39, 2),
    ("dossiers.city.received", 48231, None),
    ("dossiers.city.carried_over", 270, None),  # 45964 + 2537 - 48231
    ("dossiers.city.resolved", 45964, None),
    ("dossiers.city.resolved_on_time_or_early", 44708, None),
    ("dossiers.city.on_time_percent", 97.27, 2),
    ("dossiers.city.overdue_percent", 2.73, 2),
    ("dossiers.city.in_progress", 2537, None),
    ("dossiers.city.online", 3370, None),
    ("dossiers.central.received", 240574, None),
    ("dossiers.central.resolved", 240574, None),
    ("dossiers.central.on_time_percent", 98.6, 1),
    ("dossiers.central.online", 95040, None),
    ("dossiers.postal.received_by_post", 8749, None),
    ("dossiers.postal.results_returned_by_post", 30762, None),
]


class Level:
    def __init__(self):
        self.received = self.carried_over = self.online = self.posted = 0
        self.resolved = self.late = self.in_progress = self.posted_out = 0


def count(rows):
    """Days are the civil days of the instants, which begin their ISO 8601 texts."""
    levels = {"city": Level(), "central": Level()}
    for row in rows:
        if not row["due"]:
            continue  # refused at the counter: no dossier received
        received, due = row["received"][:10], row["due"][:10]
        resolved = row["resolved"][:10]
        if received > LAST or (resolved and resolved < FIRST):
            continue  # not of the period
        level = levels["central" if row["level"] == "central" else "city"]
        if received < FIRST:
            level.carried_over += 1
        else:
            level.received += 1
            level.online += row["channel"] == "online"
            level.posted += row["channel"] == "postal"
        if not resolved or resolved > LAST:
            level.in_progress += 1
            continue
        level.resolved += 1
        level.late += resolved > due
        closed = row["closed"][:10]
        level.posted_out += row["return"] == "postal" and FIRST <= closed <= LAST
    return levels


def percent(part, whole):
    return 100 * part / whole if whole else 0.0


def figures(levels):
    city, central = levels["city"], levels["central"]
    resolved = city.resolved + central.resolved
    return {
        "dossiers.received": city.received + central.received,
        "dossiers.on_time_percent": percent(resolved - city.late - central.late, resolved),
        "dossiers.city.received": city.received,
        "dossiers.city.carried_over": city.carried_over,
        "dossiers.city.resolved": city.resolved,
        "dossiers.city.resolved_on_time_or_early": city.resolved - city.late,
        "dossiers.city.on_time_percent": percent(city.resolved - city.late, city.resolved),
        "dossiers.city.overdue_percent": percent(city.late, city.resolved),
        "dossiers.city.in_progress": city.in_progress,
        "dossiers.city.online": city.online,
        "dossiers.central.received": central.received,
        "dossiers.central.resolved": central.resolved,
        "dossiers.central.on_time_percent": percent(central.resolved - central.late, central.resolved),
        "dossiers.central.online": central.online,
        "dossiers.postal.received_by_post": city.posted + central.posted,
        "dossiers.postal.results_returned_by_post": city.posted_out + central.posted_out,
    }


def agrees(computed, printed, digits, scale):
    if digits is None:
        return abs(computed - printed * scale) < 1 if scale != 1 else computed == printed
    # A rate of few dossiers is coarse: the smaller the scale, the wider.
    return round(computed, digits) == printed if scale == 1 else abs(computed - printed) < 0.02 / scale


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list")
    parser.add_argument("--scale", type=float, default=1)
    options = parser.parse_args()
    with open(options.list, encoding="utf-8", newline="") as file:
        computed = figures(count(csv.DictReader(file)))
    equal = True
    for name, printed, digits in PRINTED:
        same = agrees(computed[name], printed, digits, options.scale)
        equal = equal and same
        shown = computed[name] if digits is None else round(computed[name], digits + 1)
        print(json.dumps({"id": name, "printed": printed, "computed": shown, "equal": same}))
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
