"""Generates busday.csv: due days by numpy's busday_offset, an oracle independent of our code.

Run once, by hand (pip install numpy); the result is committed, no test needs Python:

    python3 tests/vectors/due/generate.py > tests/vectors/due/busday.csv

Covers terms in whole working days (end of day; both starts) and in calendar days (rolled to a
working day) over the state calendar 2018-2026, with receipts on working days and on days off.
"""

import datetime
import random
import tomllib
from pathlib import Path

import numpy as np

CALENDAR = Path(__file__).parents[3] / "deploy/catalogue/calendars/vn-state.toml"
ROWS = 2000


def main():
    spec = tomllib.loads(CALENDAR.read_text(encoding="utf-8"))
    worked = [str(row["date"]) for row in spec["worked_days_off"]]
    holidays = [str(row["date"]) for row in spec["days_off"]]
    first, last = spec["first"], spec["last"]
    # busday knows no single worked Saturday: every day is a week day, and all days off holidays.
    days = [first + datetime.timedelta(n) for n in range((last - first).days + 1)]
    off = [d for d in days if (d.weekday() >= 5 and str(d) not in worked) or str(d) in holidays]
    calendar = np.busdaycalendar(weekmask="1111111", holidays=[np.datetime64(d) for d in off])

    rng = random.Random(20201031)
    print("received,term,start,due")
    for _ in range(ROWS):
        received = np.datetime64(rng.choice(days[:-400]))
        at_once = rng.random() < 0.3
        counted = np.busday_offset(received, 0, roll="forward", busdaycal=calendar)
        if rng.random() < 0.7:
            n = rng.choice([1, 2, 3, 5, 7, 8, 10, 15, 20, 30, 60, 105, 250])
            due = np.busday_offset(counted, n - at_once, busdaycal=calendar)
            term = f"{n}wd"
        else:
            n = rng.choice([1, 2, 7, 10, 15, 20, 30, 45, 60, 365])
            due = np.busday_offset(counted + n - at_once, 0, roll="forward", busdaycal=calendar)
            term = f"{n}d"
        start = "at_once" if at_once else "next_day"
        print(f"{received}T{rng.randint(0, 16):02}:{rng.randint(0, 59):02},{term},{start},{due}")


if __name__ == "__main__":
    main()
