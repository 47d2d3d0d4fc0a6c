#!/usr/bin/env bash
# Holds implementations of the name service against the conformance cases, each in network namespaces of its own, and makes the scoreboard: which implementation does what.
# usage: run.sh [--ci] [--record] [PEER…]      the peers are in peers.json, one a line; without names all of them
#   --ci      a part that takes minutes; a cell that has changed from expected.json fails
#   --record  writes what was run into expected.json, and ../CONFORMANCE.md anew, of all that is recorded
# OUT=folder (artifacts/conformance) gets index.html, scoreboard.json and of each peer and role: results, ladders, a log of all datagrams, a capture. Exit code 0 when nothing changed.
# JOBS=n runs at a time (12: they are waited for, not computed). Without root or the programs it skips itself.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(realpath -m "${OUT:-$root/artifacts/conformance}")
mode=() names=()
for argument in "$@"; do
    case $argument in
        --ci | --record) mode+=("$argument") ;;
        -*) echo "run.sh: $argument is not understood" >&2; exit 2 ;;
        *) names+=("$argument") ;;
    esac
done

command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "SKIPPED: real peers need root, for network namespaces"; exit 0; }
ip netns add "nbnssim-probe$$" 2> /dev/null || { echo "SKIPPED: no network namespaces here"; exit 0; }
ip netns del "nbnssim-probe$$"
board() { python3 "$here/scoreboard.py" "$@"; }
packages=$(board packages "${mode[@]}" "${names[@]}") || exit 2
missing=()
for package in $packages iproute2; do dpkg -s "$package" > /dev/null 2>&1 || missing+=("$package"); done
if [ ${#missing[@]} -gt 0 ] && command -v apt-get > /dev/null; then
    # keeps the packages from starting their daemons
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }
    apt-get update -qq > /dev/null 2>&1
    # a peer that cannot be installed is told as one that is not there
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" > /dev/null 2>&1
fi

log=$(mktemp)
[ -n "${KEEP_BUILD:-}" ] || dotnet build "$root/src/NbnsSim.Cli" -c Release -v q -nologo > "$log" 2>&1 || { cat "$log"; exit 1; }
rm -f "$log"
export NBNSSIM_TOOL=$root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll
mkdir -p "$out"

# asked FILE COMMAND : a program asks where nobody answers; captured between two questions to its machine, so that the judge sees where the capture begins and ends
asked() {
    start t capture tcpdump -U -i eth0 -w "$1.asked.pcap" udp port 137
    wait_for "$lab/capture.log" 'listening on' 10
    in_host t dotnet "$NBNSSIM_TOOL" status 192.168.77.2 > /dev/null 2>&1
    sleep 3
    in_host s bash -c "$2" > "$1.txt" 2>&1
    sleep 6
    in_host t dotnet "$NBNSSIM_TOOL" status 192.168.77.2 > /dev/null 2>&1
    stop capture
}

# held PREFIX PEER ROLE PART : one peer in one role, in a network of its own
held() {
    local id=$2 role=$3 part=$4 build
    mkdir -p "$out/$id"
    rm -f "$out/$id/$role.$part".* "$out/$id/$role.log"
    if [ "$role" = capture ] || [[ $id == sim-* ]]; then # no network is needed
        eval "dotnet '$NBNSSIM_TOOL' conform $(board job "$id" "$role" "$part" - - "$out/$id/$role.$part")" > "$out/$id/$role.$part.json" 2> "$out/$id/$role.$part.txt" < /dev/null
        return
    fi
    . "$here/../interop/lib.sh"
    prefix=$1
    trap finish EXIT
    network_up && host_up s 2 && host_up t 50 || { echo "$id as $role: no network"; return; }
    for octet in 51 52 53 54; do in_host t ip addr add "192.168.77.$octet/24" broadcast 192.168.77.255 dev eth0; done
    if [ "$role" = asks ]; then
        asked "$out/$id/$role.$part" "$(board asks "$id")"
        eval "dotnet '$NBNSSIM_TOOL' conform $(board job "$id" "$role" "$part" - - "$out/$id/$role.$part")" > "$out/$id/$role.$part.json" 2>> "$out/$id/$role.$part.txt" < /dev/null
        board version "$out" "$id" "$lab"
        return
    fi
    build=$(board build "$id" "$lab")
    if [ -n "$build" ]; then
        # what is built may need the package registry, so it is built outside the namespaces; a domain is made for the address that it will have
        case $build in
            *samba-dc*) in_host s bash -c "$build" ;;
            *) timeout 180 bash -c "$build" ;;
        esac > "$out/$id/$role.$part.build" 2>&1 || { echo "$id as $role: could not be built"; tail -n 5 "$out/$id/$role.$part.build"; return; }
    fi
    board version "$out" "$id" "$lab"
    # a peer that was not up in time, on a machine with much else to do, is started once more
    for attempt in 1 2; do
        timeout "${PATIENCE:-1200}" ip netns exec "$prefix-t" bash -c "dotnet '$NBNSSIM_TOOL' conform $(board job "$id" "$role" "$part" "$lab" "$prefix" "$out/$id/$role.$part")" > "$out/$id/$role.$part.json" 2> "$out/$id/$role.$part.txt" < /dev/null
        [ -s "$out/$id/$role.$part.json" ] && break
    done
}

number=0
while read -r id role part; do
    while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-12}" ]; do wait -n; done
    number=$((number + 1))
    (held "nc$$x$number" "$id" "$role" "$part") < /dev/null &
done < <(board jobs "${mode[@]}" "${names[@]}")
wait
board write "$out" "${mode[@]}" "${names[@]}"
