#!/usr/bin/env bash
# Real peers against 'nbnssim serve', in network namespaces of its own: smbtorture, nmblookup, nbtscan, nmap and nmbd.
# usage: run.sh [torture] [tools] [nmbd]
# Prints 'ok N name' and 'not ok N name' lines; exit code 0 when nothing failed. Without root or the programs it skips itself.
# BENCH_SECONDS=n sets how long a benchmark runs, KEEP_LAB=1 keeps the logs, CAPTURE=folder records each part.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

[ "$(id -u)" = 0 ] || { echo "SKIPPED: real peers need root, for network namespaces"; exit 0; }
ip netns add "nbnssim-probe$$" 2> /dev/null || { echo "SKIPPED: no network namespaces here"; exit 0; }
ip netns del "nbnssim-probe$$"
missing=()
for program in smbtorture:samba-testsuite nmblookup:samba-common-bin nmbd:samba nbtscan:nbtscan nmap:nmap tcpdump:tcpdump tshark:tshark ip:iproute2; do
    command -v "${program%%:*}" > /dev/null || [ -x "/usr/sbin/${program%%:*}" ] || missing+=("${program##*:}")
done
if [ ${#missing[@]} -gt 0 ] && command -v apt-get > /dev/null; then
    # keeps the packages from starting their daemons
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }
    apt-get update -qq > /dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" > /dev/null 2>&1 || { echo "SKIPPED: cannot install ${missing[*]}"; exit 0; }
fi

dotnet build "$root/src/NbnsSim.Cli" -c Release -v q -nologo > /tmp/nbnssim-interop-build.$$ 2>&1 || { cat /tmp/nbnssim-interop-build.$$; exit 1; }
rm -f /tmp/nbnssim-interop-build.$$
tool="dotnet $root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll"

. "$here/lib.sh"
trap finish EXIT

# record NAME : what is on the wire, if CAPTURE names a folder
record() {
    [ -n "${CAPTURE:-}" ] || return 0
    mkdir -p "$CAPTURE"
    start hub "capture-$1" tcpdump -i br0 -s 0 -U -n -Z root -w "$CAPTURE/$1.pcap" udp port 137
    sleep 1
}

# recorded NAME : ends a recording, once tcpdump has had the time to read what it was given
recorded() {
    [ -e "$lab/capture-$1.pid" ] || return 0
    sleep 2
    stop "capture-$1"
}

for part in "${@:-torture tools nmbd}"; do
    for name in $part; do . "$here/$name.sh"; done
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
