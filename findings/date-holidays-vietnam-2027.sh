#!/usr/bin/env bash
# date-holidays 3.37.0 (npm): Tết 2027 of Việt Nam lacks its first and its last day off.
#
# Guess: the days off of Tết are the ones that the state's employees have (Thursday 4 to Wednesday 10 February 2027,
# CV 10065/VPCP-KGVX of 2/10/2026; the Labour Code gives five, weekly days off inside are made up for).
# Behaviour: one span of five days from the eve on, 5 to 9 February, whatever days of the week they are, so 4 and
# 10 February are working days; neither has 3 September, the second day of the National Day, nor 24 November.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund date-holidays@3.37.0 >/dev/null
output=$(node -e '
const Holidays = require("date-holidays");
const vietnam = new Holidays("VN", {timezone: "Asia/Ho_Chi_Minh"});
console.log("date-holidays", require("date-holidays/package.json").version);
for (const day of ["2027-02-04", "2027-02-05", "2027-02-09", "2027-02-10", "2027-09-02", "2027-09-03", "2027-11-24"]) {
  const found = vietnam.isHoliday(new Date(day + "T12:00:00+07:00"));
  console.log(day, found && found.some((one) => one.type === "public") ? "off" : "worked");
}')
echo "$output"
[[ "$output" == "date-holidays 3.37.0
2027-02-04 worked
2027-02-05 off
2027-02-09 off
2027-02-10 worked
2027-09-02 off
2027-09-03 worked
2027-11-24 worked" ]]
