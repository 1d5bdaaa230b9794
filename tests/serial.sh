#!/usr/bin/env bash
# serial.sh BUILD -- without OpenMP the library and an experiment build, configuring says so, and the results are
# the bytes of BUILD. The kernels are compiled with -O1, sooner than with -O3: that changes no bit either.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
program=score_error_vs_samples
if ! { cmake --preset serial -DSCORECHECK_KERNEL_LEVEL=-O1 && cmake --build --preset serial --parallel 2 --target experiment_$program; } >"$log" 2>&1; then
    tail -n 20 "$log"
    exit 1
fi
grep -F 'OpenMP: not found, so every program has one thread' "$log"
grep -F 'MPI: left out without OpenMP' "$log"
run() { # BUILD FOLDER
    "$1/experiments/memory/$program" --quick --threads 2 --only de-bruijn --out "$scratch/$2" >"$scratch/$2.out"
}
run "$1" threads
run build/serial serial
grep -F '"threads": 1,' "$scratch/serial/$program/record.json"
cmp "$scratch/threads.out" "$scratch/serial.out"
cmp "$scratch"/{threads,serial}/$program/table.tsv
