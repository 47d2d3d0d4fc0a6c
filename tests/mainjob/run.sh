#!/usr/bin/env bash
# The main job, as a user runs it: KB Q131739 on NT 3.5 logs exactly one 4320, on the first machine, with the second's address;
# on NT 3.51 none; and the capture that it writes opens in tshark with no malformed packet and no wrong checksum.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build "$root/src/NbnsSim.Cli" -v q -nologo
nbnssim() { dotnet run --no-build --project "$root/src/NbnsSim.Cli" -- "$@"; }
fail() { echo "$1"; exit 1; }

nbnssim run q131739
nbnssim run q131739 --json --capture "$work/q131739.pcapng" > "$work/nt35.ndjson"
grep -c '"eventId":4320' "$work/nt35.ndjson" | grep -qx 1 || fail "expected exactly one event 4320"
grep '"eventId":4320' "$work/nt35.ndjson" | grep -q '"host":"ALPHA".*"address":"10.0.0.2"' || fail "the event is not ALPHA's, or not about 10.0.0.2"

nbnssim run q131739 --dialect nt3.51 --json > "$work/nt351.ndjson"
! grep -q '"type":"event"' "$work/nt351.ndjson" || fail "NT 3.51 logged an event"

if command -v tshark > /dev/null; then
    frames=$(tshark -n -r "$work/q131739.pcapng" -Y nbns 2> /dev/null | wc -l)
    [ "$frames" -gt 10 ] || fail "tshark finds only $frames NBNS frames in the capture"
    bad=$(tshark -n -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -r "$work/q131739.pcapng" \
        -Y '_ws.malformed || _ws.expert.severity >= "Error" || ip.checksum.status == "Bad" || udp.checksum.status == "Bad"' 2> /dev/null | wc -l)
    [ "$bad" -eq 0 ] || fail "tshark complains of $bad frames"
    echo "one 4320 on ALPHA about 10.0.0.2, none on NT 3.51; tshark reads $frames frames without complaint"
else
    echo "one 4320 on ALPHA about 10.0.0.2, none on NT 3.51 (tshark is not installed: the capture was not checked)"
fi
