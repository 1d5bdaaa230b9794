#!/usr/bin/env bash
# slurm.sh BUILD FIXTURES -- cluster/submit.sh under a Slurm of one node that this test starts: the merged results
# are those of one sweep. Skipped (77) with a reason where no Slurm can be started.
# shellcheck source=tests/cli/tree.sh
. "$(dirname "$0")/tree.sh"
trap 'stop_slurm; rm -rf "$scratch"' EXIT
port=$((20000 + RANDOM % 20000))

skip() {
    echo "skipped: $*"
    exit 77
}

stop_slurm() {
    local daemon pid
    for daemon in slurmctld slurmd munged; do
        [[ -f $scratch/$daemon.pid ]] || continue
        pid=$(<"$scratch/$daemon.pid")
        kill "$pid" 2>/dev/null
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done # it writes to $scratch until then
    done
}

start_munge() {
    export MUNGE_SOCKET=$scratch/munge.socket
    head -c 1024 /dev/urandom >"$scratch/munge.key"
    chmod 400 "$scratch/munge.key"
    munged --force --key-file="$scratch/munge.key" --socket="$MUNGE_SOCKET" \
        --pid-file="$scratch/munged.pid" --log-file="$scratch/munged.log" \
        --seed-file="$scratch/munged.seed" >/dev/null 2>&1
}

start_slurm() {
    local host
    host=$(uname -n)
    mkdir "$scratch/state" "$scratch/spool"
    export SLURM_CONF=$scratch/slurm.conf
    cat >"$SLURM_CONF" <<CONF
ClusterName=scorecheck
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$MUNGE_SOCKET
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    slurmctld >/dev/null 2>&1 && slurmd -N "$host" >/dev/null 2>&1
}

node_is_idle() {
    local try
    for ((try = 0; try < 100; try++)); do
        if [[ $(sinfo -h -o %t 2>/dev/null) == idle ]]; then return 0; fi
        sleep 0.2
    done
    return 1
}

for program in slurmctld slurmd munged sbatch; do
    command -v "$program" >/dev/null || skip "$program is not installed (packages slurm-wlm, munge)"
done
((EUID == 0)) || skip "only root can start a node of Slurm"
start_munge || skip "munged does not start: $(tail -n 1 "$scratch/munged.log" 2>/dev/null)"
start_slurm || skip "Slurm does not start: $(tail -n 1 "$scratch"/slurm*.log 2>/dev/null)"
node_is_idle || skip "the node of Slurm does not come up: $(tail -n 1 "$scratch/slurmd.log")"

some=(--only holds --only open --only contradicted --only survived)
submit=("$tree/cluster/submit.sh")
cp -r "$root/cluster" "$tree"
expect 64 "${submit[@]}"
one_line
expect 64 "${submit[@]}" 0
one_line

# Two shares on one core each; the merge comes last and ends as a sweep does.
export SCORECHECK_CPUS=1
expect 0 "${submit[@]}" 2 --quick --build "$tree/build" "${some[@]}"
for ((try = 0; try < 1500; try++)); do
    if [[ -z $(squeue -h 2>/dev/null) ]]; then break; fi
    sleep 0.2
done
last='the merged results'
merged=$tree/results/quick
is_file "$merged/index.html" || tail -n 5 "$tree"/results/slurm-*.log
expect 3 "${run[@]}" "${some[@]}"
for name in holds open contradicted survived; do is_same "$merged/$name/table.tsv" "$results/quick/$name/table.tsv"; done
grep -q 'survived .*A CONTROL SURVIVED' "$tree"/results/slurm-*.log || fail "no job says what it ran"
finish
