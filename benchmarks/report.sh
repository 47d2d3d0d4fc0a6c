#!/usr/bin/env bash
# Measures what the README's section on speed says, anew: writes its table, draws benchmarks/speed.svg, and prints how the cost of each path grows.
# Two otherwise idle cores, please; half an hour. What needs root, gcc, nmbd or ../shared/perf is left out where it is missing, and told.
#
# usage: report.sh [FOLDER]       FOLDER: the repository to write to; this one without
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build -c Release -v q -nologo "$root/benchmarks/NbnsSim.Benchmarks" > "$work/build" 2>&1 || { cat "$work/build"; exit 1; }
dotnet build -c Release -v q -nologo "$root/src/NbnsSim.Cli" > "$work/build" 2>&1 || { cat "$work/build"; exit 1; }
bench="dotnet $root/benchmarks/NbnsSim.Benchmarks/bin/Release/net10.0/NbnsSim.Benchmarks.dll"
: > "$work/rows"

# the tool as a whole process, the best of five: a million packets
$bench capture-file "$work/million.pcap" 1000000
tool=("dotnet" "$root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll")
seconds() {
    local best=999
    for _ in 1 2 3 4 5; do
        local start end
        start=$(date +%s.%N)
        "$@" > /dev/null
        end=$(date +%s.%N)
        best=$(awk -v a="$start" -v b="$end" -v best="$best" 'BEGIN { d = b - a; printf "%.2f", d < best ? d : best }')
    done
    echo "$best"
}
printf 'tool, a million packets: `decode --summary` / `--json` / text, the whole process\t\t0\t0\t%s / %s / %s s\n' \
    "$(seconds "${tool[@]}" decode --summary "$work/million.pcap")" "$(seconds "${tool[@]}" decode --json "$work/million.pcap")" "$(seconds "${tool[@]}" decode "$work/million.pcap")" >> "$work/rows"

# the name server on a socket
bash "$root/benchmarks/server/run.sh" | tee "$work/server"
awk '/^queries:/ { on = 1 } on && ($1 == "managed" || $1 == "batched") {
    if ($4 != "-") printf "`serve --wins` on a socket, %s\tSamba'"'"'s nmbd\t%s\t%s\t%d requests a second\n", $1, $4, $4, $2
    printf "`serve --wins` on a socket, %s\ta minimal server in C\t%s\t%s\t%d requests a second\n", $1, $5, $5, $2 }' "$work/server" >> "$work/rows"

$bench report "$folder" "$work/rows"
