# What the interop checks share. Everything runs inside network namespaces that are made here and removed at the end; nothing
# leaves them. Needs root.
prefix=nbnssim$$
lab=$(mktemp -d /tmp/nbnssim-interop.XXXXXX)
chmod 755 "$lab" # smbtorture runs as nobody in one of the checks
passed=0
failed=0
number=0
pids=()

# report RESULT NAME : one line in TAP's form
report() {
    number=$((number + 1))
    if [ "$1" = ok ]; then
        passed=$((passed + 1))
        echo "ok $number $2"
    else
        failed=$((failed + 1))
        echo "not ok $number $2"
    fi
}

# expect NAME PATTERN COMMAND… : the command's output has the pattern (extended regular expression); on failure the output is shown
expect() {
    local name=$1 pattern=$2 output
    shift 2
    output=$("$@" 2>&1)
    if grep -Eq -- "$pattern" <<< "$output"; then
        report ok "$name"
    else
        report no "$name"
        echo "  # wanted: $pattern"
        sed 's/^/  # /' <<< "$output" | tail -n 25
    fi
}

# wait_for FILE PATTERN SECONDS : waits until a log has a line
wait_for() {
    local i
    for ((i = 0; i < $3 * 5; i++)); do
        grep -Eq -- "$2" "$1" 2> /dev/null && return 0
        sleep 0.2
    done
    return 1
}

# in_host HOST COMMAND… : nothing may take longer than a suite of smbtorture
in_host() {
    local host=$1
    shift
    timeout 180 ip netns exec "$prefix-$host" "$@"
}

# network_up : a bridge that hosts are plugged into, 192.168.77.0/24
network_up() {
    ip netns add "$prefix-hub" || return 1
    in_host hub ip link set lo up
    in_host hub ip link add br0 type bridge stp_state 0 forward_delay 0
    in_host hub sysctl -qw net.ipv6.conf.br0.disable_ipv6=1 2> /dev/null
    in_host hub ip link set br0 up
}

# host_up NAME OCTET : a host at 192.168.77.OCTET
host_up() {
    ip netns add "$prefix-$1"
    in_host "$1" ip link set lo up
    ip link add "p-$1" netns "$prefix-hub" type veth peer name eth0 netns "$prefix-$1"
    in_host hub ip link set "p-$1" master br0 up
    in_host "$1" sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1 2> /dev/null
    in_host "$1" ip addr add "192.168.77.$2/24" broadcast 192.168.77.255 dev eth0
    in_host "$1" ip link set eth0 up
}

# start HOST NAME COMMAND… : in the background; its output is in $lab/NAME.log, its process id in $lab/NAME.pid
start() {
    local host=$1 name=$2
    shift 2
    ip netns exec "$prefix-$host" "$@" > "$lab/$name.log" 2>&1 < /dev/null &
    echo $! > "$lab/$name.pid"
    pids+=($!)
}

# stop NAME : asks, waits, then insists; returns the process' exit code
stop() {
    local pid code i
    pid=$(cat "$lab/$1.pid" 2> /dev/null) || return 0
    kill -TERM "$pid" 2> /dev/null
    for ((i = 0; i < 150; i++)); do
        kill -0 "$pid" 2> /dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2> /dev/null
    wait "$pid" 2> /dev/null
    code=$?
    rm -f "$lab/$1.pid"
    return $code
}

# samba_conf HOST NETBIOS-NAME LINE… : $lab/HOST.conf, all of Samba's folders below $lab
samba_conf() {
    local host=$1 name=$2 state=$lab/state-$1 line
    shift 2
    mkdir -p "$state"/{lock,state,cache,pid,private,ncalrpc,nmbdsock}
    {
        cat << EOF
[global]
  netbios name = $name
  workgroup = LABGRP
  lock directory = $state/lock
  state directory = $state/state
  cache directory = $state/cache
  pid directory = $state/pid
  private dir = $state/private
  ncalrpc dir = $state/ncalrpc
  nmbd:socket dir = $state/nmbdsock
  disable netbios = no
  dns proxy = no
  local master = no
  domain master = no
  preferred master = no
  load printers = no
  log level = 1
EOF
        for line in "$@"; do echo "  $line"; done
    } > "$lab/$host.conf"
}

nmbd_start() { start "$1" "nmbd-$1" /usr/sbin/nmbd -F --no-process-group --debug-stdout -s "$lab/$1.conf"; }

# smbtorture HOST CONF AS-USER TARGET SUITE : prints what matters of its output
torture() {
    local host=$1 conf=$2 user=$3 target=$4 suite=$5 as=()
    [ "$user" = root ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    in_host "$host" "${as[@]}" timeout 150 smbtorture -s "$conf" --option='name resolve order=wins' --option='torture:progress=no' \
        -U% --basedir="$lab/state-$host" --timelimit="${BENCH_SECONDS:-3}" "//$target/ipc\$" "$suite" 2>&1 | tr '\r' '\n' \
        | grep -aE '^(success|failure|error)|[a-z0-9]+\.c:[0-9]+|queries per'
}

# suite NAME HOST CONF AS-USER TARGET SUITE TESTS : passes when smbtorture reports that many successes and nothing else
suite() {
    local name=$1 tests=$6 output
    shift
    output=$(torture "$1" "$2" "$3" "$4" "$5")
    tests=$6
    if [ "$(grep -c '^success' <<< "$output")" = "$tests" ] && ! grep -qE '^(failure|error)' <<< "$output" && ! grep -E 'queries per' <<< "$output" | grep -qvF '(0 failures)'; then
        report ok "$name$(grep -oE '[0-9.]+ queries per second' <<< "$output" | sed 's/^/: /')"
    else
        report no "$name"
        sed 's/^/  # /' <<< "$output" | tail -n 25
    fi
}

network_down() {
    local name
    for name in "$lab"/*.pid; do
        [ -e "$name" ] && stop "$(basename "$name" .pid)"
    done
    for name in $(ip netns list | awk '{ print $1 }' | grep "^$prefix-"); do
        ip netns del "$name"
    done
}

# section over: hosts and processes of it are gone, its logs stay until the end
finish() {
    network_down
    [ -n "${KEEP_LAB:-}" ] && echo "# logs in $lab" || rm -rf "$lab"
}
