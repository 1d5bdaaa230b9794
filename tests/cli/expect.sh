# expect.sh -- what the command-line tests are written in.  Sourced.
# shellcheck shell=bash
#
#     expect STATUS COMMAND...   runs it; fails unless it ends with exactly STATUS
#     says TEXT                  its output or error output holds TEXT
#     one_line                   its error output is exactly one line
#     finish                     ends the test: 0 if nothing failed
set -uo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 last=''

fail() {
    echo "FAIL: $last: $*"
    failures=$((failures + 1))
}

expect() {
    local wanted=$1 status=0
    shift
    last=$*
    "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    if ((status != wanted)); then
        fail "exit status $status, expected $wanted"
        tail -n 5 "$scratch/out" "$scratch/err"
    fi
}

says() { grep -qF -e "$1" "$scratch/out" "$scratch/err" || fail "does not say '$1': $(cat "$scratch/err")"; }

one_line() { [[ $(wc -l <"$scratch/err") == 1 ]] || fail "expected one line: $(cat "$scratch/err")"; }

is_file() { [[ -f $1 ]] || fail "$1 is missing"; }
is_absent() { [[ ! -e $1 ]] || fail "$1 should not be there"; }
is_same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }

finish() {
    echo "$failures failures"
    ((failures == 0))
    exit
}
