#!/usr/bin/env bash
# experiment.sh FIXTURES -- the command line of an experiment and each of its exit statuses.
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
bin=$1/experiments/sampling

# The outcomes of design: as expected, contradicted, inconclusive, control survived, failure.
expect 0 "$bin/holds"
says 'SUPPORTED'
expect 1 "$bin/contradicted"
says 'REFUTED'
expect 2 "$bin/open"
says 'INCONCLUSIVE'
expect 3 "$bin/survived"
expect 70 "$bin/fails"
says 'no convergence'
expect 70 "$bin/undefined" # NaN is a failure, not a verdict
says 'NaN'

# Help and list compute nothing.
expect 0 "$bin/fails" --help
for flag in --list --help --quick --full --seed --threads --out --only --laws --target; do says "$flag"; done
says 'Exit status'
expect 0 "$bin/fails" --list
says 'claim'
says 'fails'

# Usage: one line that names the flag and what was expected.
usage() {
    expect 64 "$bin/holds" "$@"
    one_line
}
usage --nonsense
says '--nonsense'
usage --seed
says '--seed'
usage --seed minus-one
says 'minus-one'
usage --seed -1
usage --seed 9223372036854775808
usage --threads 0
says '--threads'
usage --threads 1.5
usage --quick --full
usage stray
says 'stray'
usage --only 'no-such-check*'
says 'no-such-check'
usage --target "$scratch/no-such-file.json"
says 'no-such-file.json'

# --only takes a check, a member or a glob.
expect 0 "$bin/holds" --only holds
expect 0 "$bin/holds" --only 'holds/x=1'
says 'holds/x=1'
expect 0 "$bin/holds" --only 'ho*'

# The line a record gives for reproduction runs, and gives the same verdict.
expect 1 "$bin/contradicted" --quick --seed 7 --out "$scratch"
line=$(sed -n 's/^ *"reproduce": "\(.*\)",*$/\1/p' "$scratch/contradicted/record.json")
last=$line
[[ $line == "build/release/experiments/sampling/contradicted --quick --seed 7 --only "* ]] || fail "unexpected"
expect 1 bash -c "${line/build\/release\/experiments\/sampling/$bin}"
says 'contradicted/x=1'

# The table: tab-separated, the header names the columns.
printf 'lo\thi\n0.90000000000000002\t1.1000000000000001\n' >"$scratch/table"
is_same "$scratch/contradicted/table.tsv" "$scratch/table"
finish
