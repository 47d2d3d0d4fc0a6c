#!/usr/bin/env bash
# Workers as processes of their own, with a Redis of their own that wants a password: in the midst of a job one is killed by SIGKILL, and the results are octet for octet those of one process. The same Redis
# by TLS, with a certificate of an authority of our own; what a worker serves by HTTP and sends by OpenTelemetry; and samples/Cluster held against the tool.
# usage: run.sh [--long]: with --long more captures, and five kills (of workers, of the client, of all) instead of one; and the seeded schedules in process, a hundred. It takes some ten minutes.
# Prints 'ok N name' and 'not ok N name' lines with the seconds that each took; exit code 0 when nothing failed. Without redis-server it is skipped, and says so.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
long=${1:-}
work=$(mktemp -d)
passed=0
failed=0
declare -A workers=()
redis=
receiver=

finish() {
    kill -9 "${workers[@]}" $redis $receiver 2> /dev/null
    wait 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT

if ! command -v redis-server > /dev/null; then
    echo "SKIPPED: redis-server is not installed (Debian: apt-get install redis-server)"
    echo "0 passed, 0 failed"
    exit 0
fi

dotnet build "$root/src/NbnsSim.Cluster.Tool" -v q -nologo > "$work/build" 2>&1 && dotnet build "$root/src/NbnsSim.Cli" -v q -nologo >> "$work/build" 2>&1 \
    || { cat "$work/build"; echo "0 passed, 1 failed"; exit 1; }
# not a function: in the background that would be a shell of its own, and a signal would reach the shell alone
cluster=(dotnet "$root/src/NbnsSim.Cluster.Tool/bin/Debug/net10.0/NbnsSim.Cluster.Tool.dll")

# count NAME STATUS : one more that passed or failed
count() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1)); echo "ok $((passed + failed)) $1 ($((SECONDS - before)) s)"
    else
        failed=$((failed + 1)); echo "not ok $((passed + failed)) $1 ($((SECONDS - before)) s)"
        tail -n 15 "$work"/*.log
    fi
    before=$SECONDS
}
before=0

# until SECONDS COMMAND… : waits for a command to succeed
until_() {
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
port=$((20000 + RANDOM % 9000))
until is_free "$port" && is_free $((port + 10)); do port=$((port + 17)); done
password="$(head -c 18 /dev/urandom | base64 | tr -d '+/=')+/=" # the characters that a URI has to escape
# an authority of our own, and the server's certificate by it
{
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=an authority of our own' -keyout "$work/ca.key" -out "$work/ca.pem"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout "$work/redis.key" -out "$work/redis.csr"
    openssl x509 -req -in "$work/redis.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 -extfile <(echo subjectAltName=IP:127.0.0.1) -out "$work/redis.pem"
} > "$work/openssl.log" 2>&1
# by standard input: a password on a command line shows in the list of processes
redis-server - > "$work/redis.log" 2>&1 <<< "port $port
tls-port $((port + 10))
tls-cert-file $work/redis.pem
tls-key-file $work/redis.key
tls-ca-cert-file $work/ca.pem
tls-auth-clients no
bind 127.0.0.1
requirepass \"$password\"
save \"\"
dir $work" &
redis=$!
export NBNSSIM_REDIS="127.0.0.1:$port,password=$password"
until_ 20 bash -c "exec 3<> /dev/tcp/127.0.0.1/$port"

# worker N [OPTION…] : starts one and waits until it is up
worker() {
    "${cluster[@]}" silo "${@:2}" --port $((port + 100 + $1)) --gateway-port $((port + 200 + $1)) --http 127.0.0.1:$((port + 300 + $1)) --parallel 2 --lease 6 --verbose > "$work/worker$1.log" 2>&1 &
    workers[$1]=$!
    until_ 90 healthy "$1"
}
# get N HOST PATH : what worker N says to a browser that asks it by this name
get() { exec 3<> "/dev/tcp/127.0.0.1/$((port + 300 + $1))" && printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$3" "$2" >&3 && cat <&3; }
healthy() { [ "$(exec 3<> "/dev/tcp/127.0.0.1/$((port + 300 + $1))" && printf 'GET /health HTTP/1.0\r\n\r\n' >&3 && tail -n 1 <&3)" = up ]; }
slay() {
    kill -9 "${workers[$1]}"
    wait "${workers[$1]}" 2> /dev/null
    unset "workers[$1]"
    ! healthy "$1" 2> /dev/null || { echo "worker $1 still answers"; exit 1; }
}
has() { [ "$(find "$work/$1/shards" -mindepth 1 -maxdepth 1 2> /dev/null | wc -l)" -ge "$2" ]; }

dotnet "$root/src/NbnsSim.Cli/bin/Debug/net10.0/NbnsSim.Cli.dll" generate --class all --seeds "$([ "$long" ] && echo 12 || echo 3)" --out "$work/captures" > "$work/generate.log" 2>&1
job="analyze $work/captures --shard-octets 16384"
"${cluster[@]}" $job --here --out "$work/alone" > "$work/alone.txt" 2> "$work/alone.log"
alone=$?
shards=$(find "$work/alone/shards" -mindepth 1 -maxdepth 1 | wc -l)
echo "# $shards shards of $(find "$work/captures" -name '*.pcapng' | wc -l) captures"

# same JOB : its results are those of one process, its shards the same, and what is half written is gone
same() {
    diff -r "$work/alone/results" "$work/$1/results" && diff -r "$work/alone/shards" "$work/$1/shards" && [ ! -e "$work/$1/cluster/tmp" ] \
        && diff <(sed "s#$work/alone#JOB#" "$work/alone.txt") <(sed "s#$work/$1#JOB#" "$work/$1.txt")
}
# midst JOB : it has begun and has no results
midst() { has "$1" 1 && [ ! -e "$work/$1/results" ]; }

worker 1 && worker 2
count "two workers are up" $?

"${cluster[@]}" $job --out "$work/killed" > "$work/killed.txt" 2> "$work/killed.log" &
client=$!
until_ 60 has killed $((shards / 4)); midst killed
begun=$?
slay 2
wait $client
[ $? = "$alone" ] && [ $begun = 0 ] && same killed
count "one of two workers is killed in the midst, and the results are those of one process" $?

if [ "$long" ]; then
    worker 3 && worker 4
    count "two more workers join" $?

    "${cluster[@]}" $job --out "$work/client" > "$work/client.txt" 2> "$work/client.log" &
    client=$!
    until_ 60 has client $((shards / 5)); midst client
    begun=$?
    kill -9 $client; wait $client 2> /dev/null
    until_ 120 [ -e "$work/client/results" ]
    goes_on=$?
    "${cluster[@]}" $job --out "$work/client" > "$work/client.txt" 2> "$work/client2.log"
    [ $? = "$alone" ] && [ $begun = 0 ] && [ $goes_on = 0 ] && same client
    count "the client is killed: the job goes on, and the same command tells its end" $?

    "${cluster[@]}" $job --out "$work/all" > "$work/all.txt" 2> "$work/all.log" &
    client=$!
    until_ 60 has all $((shards / 3)); midst all
    begun=$?
    for one in "${!workers[@]}"; do slay "$one"; done
    worker 5 && worker 6
    come=$?
    wait $client
    [ $? = "$alone" ] && [ $begun = 0 ] && [ $come = 0 ] && same all
    count "all workers are killed and others started: the job goes on where it was" $?

    for round in 7 8; do
        "${cluster[@]}" $job --out "$work/round$round" > "$work/round$round.txt" 2> "$work/round$round.log" &
        client=$!
        until_ 60 has "round$round" $((1 + RANDOM % (shards * 3 / 4))); midst "round$round"
        begun=$?
        slay $((round - 2))
        worker "$round"
        wait $client
        [ $? = "$alone" ] && [ $begun = 0 ] && same "round$round"
        count "a worker is killed and another joins ($round)" $?
    done

    NBNSSIM_SCHEDULES=100 dotnet test --nologo "$root/tests/NbnsSim.Cluster.Tests" --filter Name=EachShardCountsOnceWhateverDies > "$work/schedules.log" 2>&1
    count "a hundred seeded schedules in process" $?
fi

"${cluster[@]}" $job --out "$work/wrong" --redis "127.0.0.1:$port,password=not-$password,connectTimeout=500" > "$work/wrong.txt" 2> "$work/wrong.log"
[ $? = 3 ] && grep -qE '^nbnssim-cluster: .* it does not take this password\.$' "$work/wrong.log"
count "a wrong password is refused" $?

campaign="campaign q131739 --seeds 0..20000 --dialects nt3.5,nt4 --faults loss:probability=5%"
"${cluster[@]}" $campaign --here --out "$work/alone2" > "$work/alone2.txt" 2> "$work/alone2.log"
alone=$?
"${cluster[@]}" $campaign --out "$work/campaign" > "$work/campaign.txt" 2> "$work/campaign.log"
[ $? = "$alone" ] && diff -r "$work/alone2/results" "$work/campaign/results"
count "a campaign's results are those of one process" $?

# by TLS: a cluster of its own, whose members know Redis by the certificate's authority
tls="rediss://:$(sed 's/+/%2B/; s#/#%2F#; s/=/%3D/' <<< "$password")@127.0.0.1:$((port + 10))"
small="campaign q131739 --seeds 0..99"
"${cluster[@]}" $small --here --out "$work/alone3" > "$work/alone3.txt" 2> "$work/alone3.log"
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_METRIC_EXPORT_INTERVAL=500 OTEL_BSP_SCHEDULE_DELAY=500
python3 "$root/tests/cluster/otlp.py" $((port + 20)) "$work/telemetry" 2> "$work/otlp.log" &
receiver=$!
until_ 20 bash -c "exec 3<> /dev/tcp/127.0.0.1/$((port + 20))"
OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$((port + 20)) NBNSSIM_REDIS=$tls SSL_CERT_FILE=$work/ca.pem worker 20 --cluster tls
NBNSSIM_REDIS=$tls SSL_CERT_FILE=$work/ca.pem "${cluster[@]}" $small --cluster tls --out "$work/tls" > "$work/tls.txt" 2> "$work/tls.log"
[ $? = 0 ] && diff -r "$work/alone3/results" "$work/tls/results"
count "a job goes by TLS with a password" $?

[[ $(get 20 localhost /health) == *"200 OK"*up ]] && [[ $(get 20 "localhost:$((port + 320))" /dashboard/) == *"200 OK"*"Orleans Dashboard"* ]] && [[ $(get 20 localhost /dashboard/DashboardCounters) == *"200 OK"*\"status\":\"Active\"* ]] \
    && [[ $(get 20 evil.example /dashboard/) == *"404 Not Found"* ]] && [[ $(get 20 evil.example /dashboard/DashboardCounters) == *"404 Not Found"* ]]
count "a worker tells its health, and shows the dashboard to whoever asks this machine for it by its own name" $?

sent() { grep -aq ^/v1/metrics "$work/telemetry" && grep -aq ^/v1/traces "$work/telemetry" && grep -aq nbnssim.cluster.shards.done "$work/telemetry" && grep -aq nbnssim.cluster.weight.done "$work/telemetry" && grep -aq orleans "$work/telemetry" && ! grep -aq ^/v1/logs "$work/telemetry"; }
until_ 20 sent
count "its metrics and traces go where OpenTelemetry is told to send them" $?

NBNSSIM_REDIS=$tls "${cluster[@]}" $small --cluster tls --out "$work/strange" > "$work/strange.txt" 2> "$work/strange.log"
[ $? = 3 ] && grep -qE '^nbnssim-cluster: .* does not trust its certificate' "$work/strange.log"
count "a Redis whose certificate nobody vouches for is refused" $?

NBNSSIM_REDIS=${tls/rediss:/redis:} "${cluster[@]}" $small --cluster tls --out "$work/open" > "$work/open.txt" 2> "$work/open.log"
[ $? = 3 ] && grep -qE '^nbnssim-cluster: .* or only by TLS' "$work/open.log"
count "TLS is not spoken to unencrypted" $?

if python3 -c 'import yaml' 2> /dev/null; then
    for command in silo analyze; do "${cluster[@]}" $command --help > "$work/$command.help"; done
    python3 "$root/tests/cluster/samples.py" "$root/samples/Cluster" "$work/silo.help" "$work/analyze.help" > "$work/samples.log" 2>&1
    count "image, Compose and Kubernetes files of samples/Cluster go with the tool" $?
else
    echo "SKIPPED: samples/Cluster is not held against the tool: Python's yaml is missing (Debian: apt-get install python3-yaml)"
fi

plain="${password%+/=}"
! grep -rlF "$plain" "$work"/*.log "$work"/*.txt "$work/telemetry" && ! ps -eo args | grep -vF grep | grep -qF "$plain"
count "no log line has the password, nor has the list of processes" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
