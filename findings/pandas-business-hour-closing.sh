#!/usr/bin/env bash
# pandas 3.1.1 (PyPI): office hours that are used up at closing time end the next morning.
#
# Guess: eight office hours from 8:00 in an office of 8:00 to 12:00 and 13:00 to 17:00 end at 17:00 that day, and four of
# them at 12:00.
# Behaviour: they end at 8:00 of the next working day, and at 13:00, also over a weekend, though 12:00 and 17:00 themselves are
# on the offset. Subtracted again they do not lead back to where they began, but to the closing time before it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1
output=$("$work/venv/bin/python" - <<'END'
import pandas
from pandas.tseries.offsets import CustomBusinessHour


def office(hours):
    return CustomBusinessHour(start=["08:00", "13:00"], end=["12:00", "17:00"], n=hours)


print("pandas", pandas.__version__)
monday, friday = pandas.Timestamp("2020-02-03 08:00"), pandas.Timestamp("2020-02-07 08:00")
print("4 h", monday + office(4))
print("8 h", monday + office(8))
print("8 h of Friday", friday + office(8))
print("back", monday + office(8) - office(8))
print("closing is on the offset", office(1).is_on_offset(pandas.Timestamp("2020-02-03 17:00")))
END
)
echo "$output"
[[ "$output" == "pandas 3.1.1
4 h 2020-02-03 13:00:00
8 h 2020-02-04 08:00:00
8 h of Friday 2020-02-10 08:00:00
back 2020-01-31 17:00:00
closing is on the offset True" ]]
