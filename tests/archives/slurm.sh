#!/usr/bin/env bash
# The recipe of samples/Archives for Slurm, with a Slurm of its own on loopback: controller, one node and munge, started here and ended by their ids.
# Prints 'ok N name' and 'not ok N name' lines; exit code 0 when nothing failed. Where Slurm is not installed, or does not come up, it is skipped, and says so.
source "$(dirname "$0")/common.sh"

skip() {
    echo "SKIPPED: $1"
    echo "0 passed, 0 failed"
    exit 0
}
for program in slurmctld slurmd munged sbatch; do
    command -v $program > /dev/null || skip "$program is not installed (Debian: apt-get install slurm-wlm munge)"
done
[ "$(id -u)" = 0 ] || skip "slurmd needs root to start its jobs"

daemons=()
end() {
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        kill "${daemons[i]}" 2> /dev/null
        wait "${daemons[i]}" 2> /dev/null
    done
    rm -rf "$work"
}
trap end EXIT
# until SECONDS COMMAND… : waits for a command to succeed
until_() {
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
port=$((20000 + RANDOM % 9000))
until is_free "$port" && is_free $((port + 1)); do port=$((port + 7)); done

mkdir -p "$work/munge" "$work/state" "$work/spool"
chmod 755 "$work" && chmod 700 "$work/munge" # munge looks at who may write above its socket
head -c 1024 /dev/urandom > "$work/munge/key" && chmod 600 "$work/munge/key"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge.socket" --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" > "$work/munged.log" 2>&1 &
daemons+=($!)
export SLURM_CONF=$work/slurm.conf
cat > "$SLURM_CONF" << CONF
ClusterName=nbnssim
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.txt
SlurmdLogFile=$work/slurmd.txt
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
ReturnToService=2
PlugStackConfig=/dev/null
NodeName=node1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=node1 Default=YES OverSubscribe=FORCE:2 State=UP
CONF
until_ 10 [ -S "$work/munge.socket" ] || skip "munged does not start: $(tail -n 1 "$work/munged.log" "$work/munge/log" | xargs)"
slurmctld -D -f "$SLURM_CONF" > "$work/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -f "$SLURM_CONF" -N node1 > "$work/slurmd.log" 2>&1 &
daemons+=($!)
until_ 30 bash -c 'sinfo -h -o %t | grep -qx idle' || skip "Slurm does not come up here: $(tail -qn 1 "$work/slurmctld.log" "$work/slurmd.log" | xargs)"
echo "# $(sbatch --version) at port $port"

prepare
export NBNSSIM=$work/bin/nbnssim
cd "$work"
find "$work/captures" -type f -name '*.pcap*' > captures.list
is_over() { [ -z "$(squeue -h -o %A)" ]; }
state() { scontrol -o show job "$1" | sed -E 's/.* JobState=([A-Z]+).* ExitCode=([0-9]+):.*/\1 \2/' | sort -u | xargs; }

# submit JOB : the recipe; waits for its end
submit() {
    array=$(sbatch --parsable --array=0-2 "$root/samples/Archives/extract.sbatch" captures.list "RUNS-$1")
    merge=$(sbatch --parsable --dependency=afterany:"$array" "$root/samples/Archives/merge.sbatch" captures.list "RUNS-$1" "$1")
    until_ 120 is_over
    echo "# array: $(state "$array"); merge: $(state "$merge")"
}

submit all
[ "$(state "$array")" = "COMPLETED 0" ] && [ "$(state "$merge")" = "COMPLETED 0" ] && same all
count "the results are those of analyze" $?

lost=$(sed -n 5p captures.list)
mv "$lost" aside
submit lost
[ "$(state "$array")" = "COMPLETED 0 FAILED 3" ] && [ "$(state "$merge")" = "FAILED 3" ] && grep -q 'It was not extracted into' "nbnssim-merge-$merge.out"
count "a capture that cannot be read fails its task and the merge, which names it" $?

mv aside "$lost"
submit lost
[ "$(state "$array")" = "COMPLETED 0" ] && [ "$(state "$merge")" = "COMPLETED 0" ] && same lost && [ "$(sed -nE 's/^([0-9]+) runs? made.*/\1/p' nbnssim-extract-"$array"_*.out | xargs)" = "0 1 0" ]
count "submitted again, it is extracted, no other is, and the results are those of analyze" $?

finish
