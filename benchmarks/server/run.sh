#!/usr/bin/env bash
# The name server on real sockets beside nmbd and a minimal server in C, all in one run: requests a second and processor time a
# request, one core for the server and one for the load. Ratios within one run are what counts: machines and days differ.
#
# usage: run.sh [ROUNDS [SECONDS]]          (root: everything runs in a network namespace of its own, traffic never leaves it)
# NBNSSIM_PERF names the folder with udpc.c (the load) and udps.c (the C server); without it the benchmark skips itself.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-3}
seconds=${2:-3}
perf=${NBNSSIM_PERF:-$root/../shared/perf}
[ -e "$perf/udpc.c" ] && [ -e "$perf/udps.c" ] || { echo "SKIPPED: no udpc.c and udps.c in $perf (set NBNSSIM_PERF)"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root, for a network namespace"; exit 0; }
command -v gcc > /dev/null || { echo "SKIPPED: needs gcc"; exit 0; }

work=$(mktemp -d)
space=nbnssim-bench$$
server=
cleanup() {
    [ -n "$server" ] && kill -KILL "$server" 2> /dev/null
    ip netns del "$space" 2> /dev/null
    rm -rf "$work"
}
trap cleanup EXIT
gcc -O2 -march=native -w -o "$work/udpc" "$perf/udpc.c" && gcc -O2 -march=native -w -o "$work/udps" "$perf/udps.c" || exit 1
dotnet build "$root/src/NbnsSim.Cli" -c Release -v q -nologo > "$work/build" 2>&1 || { cat "$work/build"; exit 1; }
tool="dotnet $root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll"

address=192.168.79.2
ip netns add "$space"
ip -n "$space" link set lo up
ip -n "$space" link add eth0 type veth peer name eth1
ip -n "$space" addr add $address/24 broadcast 192.168.79.255 dev eth0
ip -n "$space" link set eth1 up
ip -n "$space" link set eth0 up

mkdir -p "$work"/nmbd/{lock,state,cache,pid,private,ncalrpc,sock}
cat > "$work/nmbd.conf" << EOF
[global]
  netbios name = BENCH
  workgroup = BENCH
  interfaces = lo eth0
  wins support = yes
  local master = no
  domain master = no
  preferred master = no
  lock directory = $work/nmbd/lock
  state directory = $work/nmbd/state
  cache directory = $work/nmbd/cache
  pid directory = $work/nmbd/pid
  private dir = $work/nmbd/private
  ncalrpc dir = $work/nmbd/ncalrpc
  nmbd:socket dir = $work/nmbd/sock
  log level = 0
EOF

declare -A command=(
    [nmbd]="/usr/sbin/nmbd -F --no-process-group --debug-stdout -s $work/nmbd.conf"
    [c]="$work/udps 137 wins1"
    [c-mm]="$work/udps 137 winsmm 64"
    [managed]="$tool serve --name BENCH --wins --listen $address --rate 0 --sockets managed --verbose"
    [batched]="$tool serve --name BENCH --wins --listen $address --rate 0 --sockets batched --verbose"
)
servers="nmbd c c-mm managed batched"
[ -x /usr/sbin/nmbd ] || servers="c c-mm managed batched"
kinds="w q"
ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

for ((round = 1; round <= rounds; round++)); do
    for name in $servers; do
        ip netns exec "$space" taskset -c 0 ${command[$name]} > "$work/$name.log" 2>&1 < /dev/null &
        server=$!
        for ((i = 0; i < 100; i++)); do
            ip netns exec "$space" ss -Huln | grep -q ':137 ' && break
            sleep 0.1
        done
        sleep 2 # nmbd opens its sockets before it listens to them
        ip netns exec "$space" taskset -c 1 "$work/udpc" $address 137 64 2 w 1000 > /dev/null # warms up
        for kind in $kinds; do
            before=$(ticks)
            line=$(ip netns exec "$space" taskset -c 1 "$work/udpc" $address 137 64 "$seconds" $kind 1000)
            spent=$(($(ticks) - before))
            echo "$name $kind $(sed -E 's/.* rps ([0-9]+) sent ([0-9]+) lost ([0-9]+).*/\1 \2 \3/' <<< "$line") $spent" >> "$work/results"
        done
        kill -TERM "$server"
        wait "$server" 2> /dev/null
        server=
        grep -o 'served .* octets allocated' "$work/$name.log" | sed "s/^/# $name, round $round: /"
    done
done

# the medians of the rounds
awk -v servers="$servers" -v hertz="$(getconf CLK_TCK)" '
    { key = $1 " " $2; n = ++count[key]; rate[key, n] = $3; cost[key, n] = $6 * 1e6 / hertz / $4; lost[key] += $5 }
    function median(values, key, n,    i, j, t, sorted) {
        for (i = 1; i <= n; i++) sorted[i] = values[key, i]
        for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (sorted[j] < sorted[i]) { t = sorted[i]; sorted[i] = sorted[j]; sorted[j] = t }
        return sorted[int((n + 1) / 2)]
    }
    END {
        split(servers, order, " ")
        split("w q", kinds, " ")
        for (k = 1; k in kinds; k++) {
            print (kinds[k] == "w" ? "\nregister, query, release:" : "\nqueries:")
            printf "%-10s %12s %14s %10s %10s %10s %10s\n", "server", "requests/s", "CPU us/request", "x nmbd", "x C", "x C (CPU)", "lost"
            for (o = 1; o in order; o++) {
                key = order[o] " " kinds[k]
                reference = (order[o] == "batched" || order[o] == "c-mm" ? "c-mm " : "c ") kinds[k]
                nmbd = "nmbd " kinds[k]
                r = median(rate, key, count[key]); c = median(cost, key, count[key])
                rr = median(rate, reference, count[reference]); rc = median(cost, reference, count[reference])
                nr = count[nmbd] ? median(rate, nmbd, count[nmbd]) : 0
                printf "%-10s %12d %14.2f %10s %10.2f %10.2f %10d\n", order[o], r, c, nr ? sprintf("%.1f", r / nr) : "-", r / rr, c ? rc / c : 0, lost[key]
            }
        }
    }' "$work/results"
