# What the scripts of this folder share; each sources it: captures, their results by 'analyze', and how others are held against them.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
passed=0
failed=0
trap 'rm -rf "$work"' EXIT

# count NAME STATUS : one more that passed or failed
count() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1)); echo "ok $((passed + failed)) $1"
    else
        failed=$((failed + 1)); echo "not ok $((passed + failed)) $1"
        tail -n 15 "$work"/*.log
    fi
}

# the end of a script
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# prepare : builds the tool, makes captures, and their results
prepare() {
    dotnet build "$root/src/NbnsSim.Cli" -v q -nologo > "$work/build" 2>&1 || { cat "$work/build"; echo "0 passed, 1 failed"; exit 1; }
    mkdir "$work/bin" && printf '#!/bin/sh\nexec dotnet "%s" "$@"\n' "$root/src/NbnsSim.Cli/bin/Debug/net10.0/NbnsSim.Cli.dll" > "$work/bin/nbnssim" && chmod +x "$work/bin/nbnssim"
    PATH=$work/bin:$PATH
    for class in poisoned-answers guessed-refusals; do
        nbnssim generate --class $class --seeds 4 --out "$work/captures/$class" >> "$work/generate.log" 2>&1
    done
    find "$work/captures" -type f ! -name '*.pcapng' -delete
    nbnssim analyze "$work/captures" --out "$work/alone" > "$work/alone.log" 2>&1 && [ "$(find "$work/captures" -type f | wc -l)" = 12 ]
    count "analyze reads 12 captures" $?
}

# same JOB : its results are those of 'analyze'
same() { diff -r "$work/alone/results" "$work/$1/results"; }
