#!/usr/bin/env bash
# sweep.sh BUILD FIXTURES -- run_all.sh on a small tree of its own, whose experiments end as their
# names say: exit statuses, resumption, interruption, a folder or disk that cannot be written.
# shellcheck source=tests/cli/tree.sh disable=SC2317
. "$(dirname "$0")/tree.sh"

# Bad usage: one line, before anything is built or run.
usage() {
    expect 64 "$tree/run_all.sh" "$@"
    one_line
    says "$1"
}
usage --nonsense
usage --jobs 0
usage --ranks 0
usage --jobs
usage --seed one
usage --seed -1
usage --seed 9223372036854775808
usage --results ''
usage --only ''
usage tests
expect 64 "$tree/run_all.sh" --only 'nothing*'
one_line
expect 64 "$tree/run_all.sh" --list --only 'nothing*'
one_line
expect 0 "$tree/run_all.sh" --list --seed 9223372036854775807
expect 0 "$tree/run_all.sh" --help
for flag in test --quick --only --jobs --seed --list --clean --resume; do says "$flag"; done
expect 0 "$tree/run_all.sh" --list --only 'sampling/h*'
says 'sampling/holds'
expect 64 "$tree/run_all.sh" --quick --build "$tree/nowhere" --results "$results" --only holds
one_line
says 'nowhere/analysis/report'
is_absent "$results"

# The worst status wins: 70 > 3 > 1 > 2 > 0.
expect 0 "${run[@]}" --only holds
for file in record.json table.tsv figure.svg figure.png figure.pdf; do is_file "$results/quick/holds/$file"; done
for file in verdicts.tsv verdicts.md errata.md index.html; do is_file "$results/quick/$file"; done
says 'index.html'
expect 2 "${run[@]}" --only holds --only open
expect 1 "${run[@]}" --only holds --only open --only contradicted
expect 3 "${run[@]}" --only '[!cfsu]*' --only contradicted --only survived
expect 70 "${run[@]}" --only holds --only survived --only fails
says 'no convergence'
[[ $(<"$scratch/err") != *'fails: fails:'* ]] || fail "names the experiment twice"
expect 70 "${run[@]}" --only undefined
expect 70 "${run[@]}" --only crashes # by a signal, which is no verdict
says 'FAILED'
says 'crashes: ended by signal 6'

# What is done is not run again, and still counts; another seed or program is other work.
expect 1 "${run[@]}" --only holds --only contradicted
says '0 to run, 2 already done'
expect 0 "${run[@]}" --only holds --seed 2
says '1 to run, 0 already done'
printf ' ' >>"$tree/build/experiments/sampling/holds"
expect 0 "${run[@]}" --only holds --seed 2
says '1 to run, 0 already done'
rm "$results/quick/holds/table.tsv"
expect 0 "${run[@]}" --only holds --seed 2
says '1 to run, 0 already done'

# Interrupted: the experiment stops, nothing half-written stays, the rest resumes.
rm -rf "$results"
expect 0 "${run[@]}" --only holds
interrupted() {
    "${run[@]}" --jobs 1 --only holds --only slow &
    local pid=$!
    while [[ ! -d $results/quick/.partial/slow ]] && kill -0 "$pid"; do sleep 0.05; done
    sleep 0.3
    kill -TERM "$pid"
    wait "$pid"
}
expect 143 interrupted
says 'resumes'
is_absent "$results/quick/.partial"
is_absent "$results/quick/slow"
is_file "$results/quick/holds/record.json"
is_file "$results/quick/.laws/programs"
expect 0 "${run[@]}" --only holds --only slow
says '1 to run, 1 already done'
is_file "$results/quick/slow/record.json"
is_absent "$results/quick/.laws"

# Two sweeps in one folder: the second is refused, the first ends as if alone.
"${run[@]}" --only slow --seed 4 >"$scratch/first" 2>&1 &
first=$!
while [[ ! -d $results/quick/.partial/slow ]] && kill -0 "$first"; do sleep 0.05; done
expect 74 "${run[@]}" --only holds --only slow --seed 4
one_line
says 'another sweep'
wait "$first" || fail "the first of two sweeps: $(tail -n 3 "$scratch/first")"

# A results folder that cannot be made: one line, 74.
touch "$scratch/file"
expect 74 "$tree/run_all.sh" --quick --build "$tree/build" --results "$scratch/file"
one_line
says "$scratch/file"

# A disk without room: 74, and the earlier result stays as it was.
cp -r "$results/quick/holds" "$scratch/before"
no_room() {
    (trap '' XFSZ && ulimit -f 0 && exec "${run[@]}" --only holds --seed 3) 2>&1 >/dev/null | cat >&2
    return "${PIPESTATUS[0]}"
}
expect 74 no_room
one_line
is_same "$results/quick/holds/record.json" "$scratch/before/record.json"
is_absent "$results/quick/.probe"

# A log of the build that cannot be made: nothing is built, and no older program is run.
mkdir "$tree/build/release.log"
expect 74 "$tree/run_all.sh" --quick --results "$scratch/none"
says 'release.log'
is_absent "$scratch/none"
rmdir "$tree/build/release.log"

# Without the right to install, missing packages are named and nothing is built.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/dpkg-query"
chmod +x "$scratch/bin/dpkg-query"
without_packages() (
    PATH=$scratch/bin:$PATH
    if ((EUID != 0)); then
        "$tree/run_all.sh" --quick
    else
        chmod -R a+rX "$scratch"
        setpriv --reuid 65534 --regid 65534 --clear-groups "$tree/run_all.sh" --quick
    fi
)
expect 69 without_packages
one_line
says 'sudo apt-get install -y'
says 'libgsl-dev'
is_absent "$tree/build/release"
finish
