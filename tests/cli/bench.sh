#!/usr/bin/env bash
# bench.sh BUILD -- the command line and the table of bench/; nothing about speed.
# shellcheck source=tests/cli/expect.sh disable=SC2317
. "$(dirname "$0")/expect.sh"
bin=$1/bench/bench

expect 0 "$bin" --help
for flag in --only --threads --rounds --peers --python --verbose --tsv --list; do says "$flag"; done
expect 0 "$bin" --list
for row in a1 a2 a3 a4 b c d e f f2; do says "$row "; done

usage() {
    expect 64 "$bin" "$@"
    one_line
}
usage --nonsense
says '--nonsense'
usage --rounds 3
says '--rounds'
usage --only 'zzz*'
says 'zzz'
usage --peers --threads 2
says '--peers'

unheard() { "$bin" --list >/dev/full; }
expect 74 unheard
one_line

# Without Python: one line, and the table all the same, every row with as many columns as the head.
expect 0 "$bin" --peers --python /nonexistent/python --only 'f *' --rounds 7 --tsv
says 'going on without peers'
says 'f linear law step'
one_line
awk -F'\t' '!/^#/ && NF != 12 { exit 1 }' "$scratch/out" || fail 'a row without 12 columns'
finish
