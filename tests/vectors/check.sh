#!/usr/bin/env bash
# Holds other software against the vectors: tshark, scapy, impacket, Samba's NDR, and what Kaitai Struct makes of nbns.ksy. They agree in every field that they decode, but for
# what DIFFERENCES.md has. What is not installed is skipped. With --record DIFFERENCES.md is written anew.
set -uo pipefail
cd "$(dirname "$0")"
command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; echo "0 passed, 0 failed"; exit 0; }
python=python3
# Debian's Python has Debian's packages; another one may stand before it
[ -x /usr/bin/python3 ] && ! python3 -c 'import scapy' 2> /dev/null && python=/usr/bin/python3
passed=0
failed=0
if "$python" make.py --check > /dev/null; then
    echo "ok packets.json, exchanges.json and nbns.pcap are what make.py writes"
    passed=1
else
    echo "not ok packets.json, exchanges.json and nbns.pcap are what make.py writes"
    failed=1
fi
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$python" check/check.py "$@" tshark scapy impacket samba kaitai > "$output"
status=$?
head -n -1 "$output"
counted=$(tail -n 1 "$output" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
[ -n "$counted" ] || { tail -n 1 "$output"; counted="0 1"; }
passed=$((passed + ${counted% *}))
failed=$((failed + ${counted#* }))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$status" -eq 0 ]
