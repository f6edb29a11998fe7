#!/usr/bin/env bash
# ICU 78.2 (in Node.js 20.20.2, npm package node): its Chinese calendar misses lunar New Year by a day in 2027 and 2030.
#
# Guess: calendar "chinese" begins the year with the day of the new moon in UTC+8. The new moons are on 2027-02-06
# 15:56 and 2030-02-02 16:07 UTC, so on 6 February 2027 (Việt Nam, UTC+7, as well) and 3 February 2030 (Việt Nam: the 2nd).
# Behaviour: 7 February 2027 and 2 February 2030. There is no calendar of Việt Nam. So Tết must not be taken from Intl.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --allow-scripts=node node@20.20.2 >/dev/null 2>&1 ||
  npm install --silent --no-audit --no-fund node@20.20.2 >/dev/null
node=$(find "$work/node_modules" -path '*bin/node' -type f | head -n 1)
output=$("$node" - <<'END'
console.log("Node.js", process.versions.node, "ICU", process.versions.icu);
for (const calendar of ["chinese", "dangi"]) {
  const format = new Intl.DateTimeFormat("en-u-ca-" + calendar, {month: "numeric", day: "numeric", timeZone: "UTC"});
  for (const year of [2026, 2027, 2030]) {
    for (let day = new Date(Date.UTC(year, 0, 15)); day < Date.UTC(year, 1, 28); day.setUTCDate(day.getUTCDate() + 1)) {
      const parts = Object.fromEntries(format.formatToParts(day).map((part) => [part.type, part.value]));
      if (parts.month === "1" && parts.day === "1") console.log(calendar, day.toISOString().slice(0, 10));
    }
  }
}
END
)
echo "$output"
[[ "$output" == "Node.js 20.20.2 ICU 78.2
chinese 2026-02-17
chinese 2027-02-07
chinese 2030-02-02
dangi 2026-02-17
dangi 2027-02-07
dangi 2030-02-03" ]]
