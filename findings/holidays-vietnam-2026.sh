#!/usr/bin/env bash
# holidays 0.109 (PyPI): Việt Nam 2026 has one of the year's two decided swaps of days, not the other.
#
# Guess: a package that knows the swap of August 2026 knows the one of January, too.
# Behaviour: Monday 31 August is off for Saturday 22 August; but Friday 2 January counts as a working day and Saturday
# 10 January, on which it was made up for, does not (decided for the public sector by CV 12729/VPCP-KGVX).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
output=$("$work/venv/bin/python" - <<'END'
import holidays
year = holidays.country_holidays("VN", years=2026)
print("holidays", holidays.__version__)
for day in ("2026-01-02", "2026-01-10", "2026-08-31", "2026-08-22"):
    print(day, "worked" if year.is_working_day(day) else "off")
END
)
echo "$output"
[[ "$output" == "holidays 0.109
2026-01-02 worked
2026-01-10 off
2026-08-31 off
2026-08-22 worked" ]]
