#!/usr/bin/env bash
# The test cases that 'nbnssim generate --ids' writes for IDSs, run by those: Suricata reads each capture with the rules beside it, and alerts as often as test.yaml says; Zeek runs its cases with btest.
# usage: run.sh [SEEDS]: of each class so many seeds (2), of what 'generate' makes anew.
# Prints 'ok N name' and 'not ok N name' lines; exit code 0 when nothing failed. What is not installed is skipped, and said so. Suricata is in Debian's backports; Zeek is in none
# of Debian's suites, so that nobody has run its cases with this script yet: see README.md.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seeds=${1:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

command -v suricata > /dev/null || missing=suricata
command -v zeek > /dev/null && command -v btest > /dev/null || missing="${missing:+$missing and }zeek with btest"
[ -z "${missing:-}" ] || echo "SKIPPED: not installed: $missing"
if ! command -v suricata > /dev/null && ! command -v zeek > /dev/null; then
    echo "0 passed, 0 failed"
    exit 0
fi

dotnet build "$root/src/NbnsSim.Cli" -c Release -v q -nologo > "$work/build" 2>&1 || { cat "$work/build"; echo "0 passed, 1 failed"; exit 1; }
tool="dotnet $root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll"
$tool generate --class all --seeds "$seeds" --out "$work/cases" --ids || { echo "0 passed, 1 failed"; exit 1; }

# count NAME STATUS : one more that passed or failed
count() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1)); echo "ok $((passed + failed)) $1"
    else
        failed=$((failed + 1)); echo "not ok $((passed + failed)) $1"
    fi
}

# suricata_case FOLDER : runs Suricata over one case; its configuration is ours alone: rules, and alerts to eve.json
suricata_case() {
    local folder=$1
    mkdir -p "$folder/output"
    local arguments # as test.yaml has them, each a word or two
    mapfile -t arguments < <(sed -nE '/^args:/,/^$/ s/^  - (.*)$/\1/p' "$folder/test.yaml" | tr ' ' '\n')
    suricata -c "$here/suricata.yaml" -S "$folder/test.rules" -r "$folder/input.pcap" -l "$folder/output" --init-errors-fatal "${arguments[@]}" > "$folder/log" 2>&1 || { tail -n 5 "$folder/log"; return 1; }
    grep -oE '"signature_id":[0-9]+' "$folder/output/eve.json" | cut -d: -f2 | sort | uniq -c | awk '{ print $2, $1 }' > "$folder/alerts"
    awk '/count:/ { n = $2 } /alert.signature_id:/ { if (n > 0) print $2, n }' "$folder/test.yaml" | sort > "$folder/expected"
    diff "$folder/expected" "$folder/alerts"
}

# suricata_cases : several at once, since each spends two seconds with waiting for threads
suricata_cases() {
    local folder
    for folder in "$work"/cases/suricata/*; do
        while [ "$(jobs -rp | wc -l)" -ge 6 ]; do wait -n; done
        { suricata_case "$folder" > "$folder/verdict" 2>&1; echo $? > "$folder/status"; } &
    done
    wait
    for folder in "$work"/cases/suricata/*; do
        cat "$folder/verdict"
        count "suricata ${folder##*/}" "$(cat "$folder/status")"
    done
    # a rule that never speaks says nothing: each must have alerted somewhere, as was expected
    count "suricata: each rule alerts somewhere" "$([ "$(cat "$work"/cases/suricata/*/alerts | cut -d' ' -f1 | sort -u | wc -l)" = "$(grep -c '^alert ' "$folder/test.rules")" ] && echo 0 || echo 1)"
}

zeek_cases() {
    local test
    for test in "$work"/cases/zeek/nbns/*.zeek; do
        (cd "$work/cases/zeek" && btest -d "nbns/${test##*/}") > "$work/log" 2>&1
        local status=$?
        [ $status = 0 ] || tail -n 20 "$work/log"
        count "zeek $(basename "$test" .zeek)" $status
    done
}

! command -v suricata > /dev/null || suricata_cases
! { command -v zeek > /dev/null && command -v btest > /dev/null; } || zeek_cases
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
