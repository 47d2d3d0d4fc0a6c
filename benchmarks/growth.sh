#!/usr/bin/env bash
# How diagnose and replay grow with frames and with hosts, beside tshark and tcpdump over the same file in the same run: processor seconds of the whole process, and frames a second of them.
# Captures are of a network in which nothing is wrong (CaptureOffice). What is not installed is left out.
#
# usage: growth.sh [FRAMES]       FRAMES: the most frames, 1000000 without; ten million take 1.2 GB of disk and a quarter of an hour. Hosts grow over a million at most.
set -euo pipefail
most=${1:-1000000}
. "$(dirname "$0")/begin.sh"

# processor seconds, user and system, of a command; its exit code is not looked at: "something is wrong" is an answer too
seconds() { local TIMEFORMAT='%U %S'; { time "$@" > /dev/null 2> "$work/errors"; } 2>&1 | awk '{ print $1 + $2 }'; }

# row FRAMES HOSTS
row() {
    "${bench[@]}" office-file "$work/office.pcap" "$1" "$2"
    local frames=$1 cells=""
    cell() { cells+=" $(awk -v s="$1" -v n="$frames" 'BEGIN { printf "%.2f s, %.0f k/s", s, n / s / 1000 }') |"; }
    cell "$(seconds "${tool[@]}" diagnose "$work/office.pcap")"
    cell "$(seconds "${tool[@]}" replay "$work/office.pcap" --as 10.64.0.1)"
    cell "$(seconds "${tool[@]}" replay "$work/office.pcap")"
    if command -v tcpdump > /dev/null; then cell "$(seconds tcpdump -nr "$work/office.pcap")"; else cells+=" – |"; fi
    if command -v tshark > /dev/null && [ "$1" -le 1000000 ]; then cell "$(seconds tshark -nr "$work/office.pcap" -T fields -e nbns.name)"; else cells+=" – |"; fi
    echo "| $frames | $2 |$cells"
}

echo "| frames | hosts | diagnose | replay --as | replay, every host | tcpdump | tshark |"
echo "|---|---|---|---|---|---|---|"
for ((frames = 10000; frames <= most; frames *= 10)); do row "$frames" 1000; done
for hosts in 10 10000 100000; do row $((most < 1000000 ? most : 1000000)) "$hosts"; done
