#!/usr/bin/env bash
# output.sh FIXTURES -- an experiment that cannot write ends with 74, keeps the earlier result and
# leaves nothing half-written.
# shellcheck source=tests/cli/expect.sh disable=SC2317
. "$(dirname "$0")/expect.sh"
bin=$1/experiments/sampling

expect 0 "$bin/holds" --out "$scratch/results"
is_file "$scratch/results/holds/record.json"
is_file "$scratch/results/holds/table.tsv"
[[ $(ls "$scratch/results/holds") == $'record.json\ntable.tsv' ]] || fail "left something else behind"
cp -r "$scratch/results" "$scratch/before"

# No folder can be made below a file.
touch "$scratch/file"
expect 74 "$bin/holds" --out "$scratch/file"
one_line
says "$scratch/file"

# Standard output on a full device.
full_stdout() { "$bin/holds" >/dev/full; }
expect 74 full_stdout
one_line

# A disk without room: no file may grow beyond 0 blocks.
no_room() {
    (trap '' XFSZ && ulimit -f 0 && exec "$bin/holds" --seed 2 --out "$scratch/results") 2>&1 >/dev/null |
        cat >&2
    return "${PIPESTATUS[0]}"
}
expect 74 no_room
one_line
is_same "$scratch/results/holds/record.json" "$scratch/before/holds/record.json"
is_same "$scratch/results/holds/table.tsv" "$scratch/before/holds/table.tsv"
[[ $(ls "$scratch/results/holds") == $'record.json\ntable.tsv' ]] || fail "left something half-written"

# A folder without permission; root may write everywhere.
if ((EUID != 0)); then
    mkdir "$scratch/locked"
    chmod a-w "$scratch/locked"
    expect 74 "$bin/holds" --out "$scratch/locked"
    one_line
fi
finish
