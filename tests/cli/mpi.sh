#!/usr/bin/env bash
# mpi.sh BUILD -- several ranks: the same bytes for 1, 2, 3 and 4 of them and for none; one line and nothing
# half-written when a rank fails, dies, or cannot join the others. Ranks of this machine share its cores.
# shellcheck source=tests/cli/expect.sh disable=SC2317
. "$(dirname "$0")/expect.sh"
bin=$1/experiments ranks=$1/tests/ranks alone=$1/tests/ranks_alone

# A build without MPI under a launcher: one rank says so, none computes or writes.
expect 64 env OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 "$alone" --only mean --out "$scratch/none"
one_line
says 'started 2 times by an MPI launcher'
expect 0 env OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 "$alone" --only mean --out "$scratch/none"
[[ ! -s $scratch/out && ! -s $scratch/err ]] || fail "the second rank speaks"
is_absent "$scratch/none"
expect 0 env OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 "$alone" --only mean

if [[ $(ldd "$ranks") != *libmpi* ]] || ! command -v mpirun >/dev/null; then
    echo "SKIPPED: no MPI (packages libopenmpi-dev and openmpi-bin): nothing ran on several ranks"
    ((failures == 0)) || finish
    exit 77
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
on() { # N PROGRAM...: on N ranks; mpirun itself says nothing
    timeout 300 mpirun -q --oversubscribe -n "$@"
}

# ---- The same bytes ----------------------------------------------------------------------------------

same() { # 'N ...' PROGRAM FLAG...: standard output, table and record (less "run") on N ranks; 0: without mpirun
    local counts=$1 name=${2##*/} out
    shift
    for n in $counts; do
        out=$scratch/$n
        rm -rf "$scratch/laws"
        if ((n == 0)); then
            expect 0 "$@" --out "$out"
        else
            expect 0 on "$n" "$@" --out "$out"
            grep -q "\"ranks\": $n," "$out/$name/record.json" || fail "was not on $n ranks"
        fi
        sed -i '/^ "run": {$/,$d' "$out/$name/record.json"
        cp "$scratch/out" "$out/$name/stdout"
        grep -q '"verdict"' "$out/$name/record.json" || fail "judges nothing"
        diff -r "$scratch/0/$name" "$out/$name" || fail "$n ranks differ from one process"
    done
}
all='0 1 2 3 4'
same "$all" "$ranks" --only mean
same "$all" "$ranks" --only share
same "$all" "$ranks" --only nested
same "$all" "$ranks" --only kept --laws "$scratch/laws"
[[ -n $(ls "$scratch/laws") ]] || fail "keeps nothing"
same "$all" "$bin/memory/score_error_vs_samples" --quick --only de-bruijn
same "$all" "$bin/matching/excess_risk_split" --quick
same '0 3' "$bin/memory/memorisation" --quick --only other-half

# ---- What ends a run ---------------------------------------------------------------------------------

expect 0 on 3 "$ranks" --list
[[ $(grep -c 'nested' "$scratch/out") == 1 ]] || fail "every rank prints the list"
ends() { # STATUS TEXT FLAG...: of a run on 3 ranks that leaves the earlier result as it is
    local before
    before=$(cat "$scratch/1/ranks/"*)
    expect "$1" on 3 "$ranks" "${@:3}" --out "$scratch/1"
    one_line
    says "$2"
    [[ $(cat "$scratch/1/ranks/"*) == "$before" ]] || fail "touches the earlier result"
}
ends 64 'nonsense' --nonsense
ends 64 'no-such-check' --only no-such-check
ends 70 'argument outside the domain' --only draw # one chunk of one rank
ends 70 'input or output failed' --only status    # of one rank only
ends 70 'the ranks differ' --only number
touch "$scratch/file"
expect 74 on 3 "$ranks" --only mean --out "$scratch/file"
one_line
says "$scratch/file"

# A rank is killed while the others wait for it.
rank_of() { tr '\0' '\n' <"/proc/$1/environ" | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }
killed() {
    mpirun --oversubscribe -n 4 "$ranks" --only late --out "$scratch/1" &
    local launcher=$! process='' children
    until [[ -n $process ]]; do
        sleep 0.2
        children=$(cat "/proc/$launcher/task/"*/children)
        for child in $children; do
            if [[ $(rank_of "$child") == 3 ]]; then process=$child; fi
        done
    done
    sleep 2
    kill -9 "$process"
    wait "$launcher"
}
before=$(cat "$scratch/1/ranks/"*)
expect 137 killed
says 'exited on signal 9'
[[ $(cat "$scratch/1/ranks/"*) == "$before" ]] || fail "touches the earlier result"
# A sweep on two ranks: what has Monte Carlo is on both.
root=$(realpath "$(dirname "$0")/../..")
expect 0 "$root/run_all.sh" --quick --build "$1" --ranks 2 --results "$scratch/sweep" \
    --only excess_risk_split --only path_entropy
for n in '2 excess_risk_split' '1 path_entropy'; do
    grep -q "\"ranks\": ${n% *}," "$scratch/sweep/quick/${n#* }/record.json" || fail "${n#* } is not on ${n% *} ranks"
done
is_same "$scratch/sweep/quick/excess_risk_split/table.tsv" "$scratch/0/excess_risk_split/table.tsv"
mkdir "$scratch/bin"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/mpirun"
chmod +x "$scratch/bin/mpirun"
PATH=$scratch/bin:$PATH expect 69 "$root/run_all.sh" --quick --build "$1" --ranks 2 --results "$scratch/unlaunched" \
    --only excess_risk_split
one_line
is_absent "$scratch/unlaunched"
finish
