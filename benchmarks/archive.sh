#!/usr/bin/env bash
# How analyze grows with an archive, beside a plain read and tshark over the same files in the same run. Captures are made here and removed afterwards: one frame in 65 is the name service's, a thousandth of
# the octets; a gigabyte a file. What is not installed is left out.
#
# usage: archive.sh [GIGABYTES]       the largest archive, 1 without; it grows from one gigabyte by doubling, and ends with this size. 20 take 20 GB of disk and about five minutes.
set -euo pipefail
most=${1:-1}
. "$(dirname "$0")/begin.sh"
datagrams=10400 # of a gigabyte

# elapsed seconds, processor seconds and megabytes of a command
measure() { command time -f '%e %U %S %M' -o "$work/time" "$@" > "$work/out" 2> "$work/errors" || true; awk '{ printf "%s %.2f %d\n", $1, $2 + $3, $4 / 1024 }' "$work/time"; }

echo "| gigabytes | datagrams | cat | analyze, 1 worker | analyze, 2 workers | most memory | tshark |"
echo "|---|---|---|---|---|---|---|"
size=0
mkdir "$work/in"
for ((next = 1; next <= most; next = next * 2 < most || next == most ? next * 2 : most)); do
    for ((; size < next; size++)); do "${bench[@]}" archive-file "$work/in/$(printf %04d "$size").pcap" "$datagrams" "$size" 64; done
    octets=$(du -sb "$work/in" | cut -f1)
    cat "$work"/in/* > /dev/null # the first read is the disk's
    read -r plain _ < <(measure cat "$work"/in/*)
    read -r one _ memory < <(measure "${tool[@]}" analyze "$work/in" --out "$work/job1" --parallel 1)
    read -r two _ memory2 < <(measure "${tool[@]}" analyze "$work/in" --out "$work/job2" --parallel 2)
    cmp -s "$work/job1/results/diagnosis.ndjson" "$work/job2/results/diagnosis.ndjson" || { echo "the results differ"; exit 1; }
    shark=–
    if command -v tshark > /dev/null && [ "$size" -le 1 ]; then
        shark=0
        for file in "$work"/in/*; do read -r seconds _ < <(measure tshark -nr "$file" -Y nbns -T fields -e nbns.name); shark=$(awk "BEGIN { print $shark + $seconds }"); done
        shark="$shark s"
    fi
    echo "| $(awk "BEGIN { printf \"%.1f\", $octets / 1e9 }") | $((size * datagrams)) | $plain s | $one s | $two s | $((memory > memory2 ? memory : memory2)) MB | $shark |"
    rm -r "$work/job1" "$work/job2"
done
