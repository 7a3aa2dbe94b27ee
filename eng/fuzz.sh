#!/usr/bin/env bash
# Runs every fuzz and property test with many inputs, as a nightly run does. The last line says how many and how long.
#
#   eng/fuzz.sh                    a million inputs for each test
#   eng/fuzz.sh 50000              fewer
#   eng/fuzz.sh 50000 SseReader    only tests with SseReader in their full name
#
# A failure names its seed and its input; BIFROST_FUZZ_SEED=<seed> starts there again.
set -uo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root" || exit 1

inputs=${1:-1000000}
only=${2:-}
case "$inputs" in
  '' | *[!0-9]*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

export BIFROST_FUZZ=$inputs

# A test class that uses neither proves the same with one input as with a million.
mapfile -t classes < <(
  grep -rlE --include='*.cs' 'Fuzz\.(Run|Iterations|Or)\b|FuzzCount\.Or' tests |
    xargs -r grep -hoE '^(public|internal) (sealed |static |partial )*class [A-Za-z0-9]+' |
    sed 's/.* //' | sort -u | grep -F -- "$only"
)
if [ "${#classes[@]}" -eq 0 ]; then
  printf 'No fuzz or property test has "%s" in its name.\n' "$only" >&2
  exit 2
fi

filters=()
for class in "${classes[@]}"; do
  filters+=(-class "*.$class")
done

projects=()
for project in Bifrost.Wire.Tests Bifrost.Providers.Tests; do
  if grep -rqE --include='*.cs' "class ($(IFS='|'; printf '%s' "${classes[*]}"))\\b" "tests/$project"; then
    dotnet build "tests/$project" -c Release --nologo -v quiet -clp:NoSummary || exit 1
    projects+=("$project")
  fi
done

failed=0
began=$SECONDS
for project in "${projects[@]}"; do
  printf '\n%s, %s inputs for each test\n' "$project" "$inputs"
  "artifacts/bin/$project/release/$project" "${filters[@]}" -noLogo -noColor || failed=1
done

outcome=passed
if [ "$failed" -ne 0 ]; then
  outcome=FAILED
fi
printf '\n%s test classes, %s inputs for each test, %s s: %s\n' "${#classes[@]}" "$inputs" $((SECONDS - began)) "$outcome"
exit "$failed"
