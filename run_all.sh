#!/usr/bin/env bash
# run_all.sh -- set-up, build, sweep over the experiments, figures and the page; see usage().
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

EX_USAGE=64 EX_UNAVAILABLE=69 EX_FAILURE=70 EX_CANTWRITE=74

usage() {
    cat <<'END'
usage: ./run_all.sh [OPTION...]        build, run every experiment, draw, write the page
       ./run_all.sh test [--jobs N]    build with warnings as errors and run all tests

  --quick          the quick effort (a few minutes on two cores); default: full
  --only GLOB      only the experiments whose NAME or CHAPTER/NAME matches; may be repeated
  --seed N         seed of every experiment (default 1)
  --jobs N         experiments at the same time (default: what nproc says)
  --ranks N        experiments with Monte Carlo on N MPI ranks each, by mpirun (default 1)
  --results DIR    where results go (default: results); DIR/EFFORT/index.html is the page
  --build DIR      use the programs in DIR: no set-up, no build
  --resume         keep what is done, run only what is missing or has changed (default)
  --shard I/N      run share I of N of the experiments, without figures and page
  --merge DIR...   no sweep: put the shares of N results folders together, draw, write the page
  --list           list the experiments and stop
  --clean          remove build/ and the results, and stop
  --help           print this

Exit status, the gravest of all experiments, in this order:
  70 numerical or internal failure    74 cannot write      64 usage    3 a control survived
   1 a verdict contradicts what was expected               2 something is inconclusive
   0 every verdict is as expected
Also 69: a package is missing and could not be installed; 130, 143: interrupted.
`test` ends with 0 if every test passed, else 1.
END
}

say() { printf '%s\n' "$*"; }
die() { # STATUS MESSAGE...
    local status=$1
    shift
    printf 'run_all.sh: %s\n' "$*" >&2
    exit "$status"
}
bad_usage() { die "$EX_USAGE" "$* (see ./run_all.sh --help)"; }

. scripts/setup.sh
. scripts/sweep.sh
. scripts/shard.sh
. scripts/page.sh

# ---- The command line ---------------------------------------------------------------------

action=run effort=full seed=1 jobs='' ranks=1 results=results build_dir='' shard='' only=() merged=()

parse() {
    while (($# > 0)); do
        case $1 in
        test) action='test' ;;
        --quick) effort=quick ;;
        --full) effort=full ;;
        --resume) ;;
        --list) action=list ;;
        --clean) action=clean ;;
        --help | -h) action=help ;;
        --merge)
            action=merge
            while (($# > 1)) && [[ $2 != --* ]]; do
                merged+=("$(absolute "$2")")
                shift
            done
            ((${#merged[@]} > 0)) || bad_usage "--merge needs the results folders of the shards"
            ;;
        --only | --seed | --jobs | --ranks | --results | --build | --shard)
            [[ -n ${2-} ]] || bad_usage "$1 needs a value"
            set_option "$1" "$2"
            shift
            ;;
        *) bad_usage "unknown argument '$1'" ;;
        esac
        shift
    done
}

absolute() { if [[ $1 == /* ]]; then echo "$1"; else echo "$here/$1"; fi; }

set_option() { # NAME VALUE
    case $1 in
    --only) only+=("$2") ;;
    --results) results=$(absolute "$2") ;;
    --build) build_dir=$(absolute "$2") ;;
    --seed)
        # Of 19 digits those above 2^63 - 1 wrap around and become negative.
        if [[ ! $2 =~ ^[0-9]{1,19}$ ]] || ((10#$2 < 0)); then
            bad_usage "--seed '$2': expected an integer from 0 to 2^63 - 1"
        fi
        seed=$2
        ;;
    --shard)
        if [[ ! $2 =~ ^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$ ]] || ((${2%/*} > ${2#*/})); then
            bad_usage "--shard '$2': expected I/N with 1 <= I <= N <= 9999"
        fi
        shard=$2
        ;;
    --jobs | --ranks)
        [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || bad_usage "$1 '$2': expected an integer from 1 to 9999"
        if [[ $1 == --jobs ]]; then jobs=$2; else ranks=$2; fi
        ;;
    esac
}

# ---- The experiments ------------------------------------------------------------------------

CHAPTERS=(forward reversal matching sampling convergence memory manifold network)

is_wanted() { # CHAPTER/NAME
    local glob
    ((${#only[@]} > 0)) || return 0
    for glob in "${only[@]}"; do
        # shellcheck disable=SC2053 # a glob is meant
        if [[ $1 == $glob || ${1##*/} == $glob ]]; then return 0; fi
    done
    return 1
}

# CHAPTER/NAME of the experiments that --only wants, in chapter order.
experiments() {
    local chapter file LC_ALL=C # the same order on every machine
    for chapter in "${CHAPTERS[@]}"; do
        for file in experiments/"$chapter"/*.c; do
            file=${file#experiments/}
            if [[ -f experiments/$file ]] && is_wanted "${file%.c}"; then echo "${file%.c}"; fi
        done
    done
}

# names <- what `experiments` says, at least one.
wanted() {
    mapfile -t names < <(experiments)
    ((${#names[@]} > 0)) || bad_usage "no experiment matches --only ${only[*]}"
}

# Each with the first sentence of its header comment.
list() {
    local name
    local -a names
    wanted
    for name in "${names[@]}"; do
        printf '%-40s %s\n' "$name" "$(first_sentence "experiments/$name.c")"
    done
}

first_sentence() { # FILE
    awk 'NR == 1 { sub(/^\/\* *[a-z0-9_]+ -- /, "") }
         { sub(/^ \* /, ""); sub(/ *\*\/$/, ""); printf "%s%s", (NR > 1 ? " " : ""), $0 }
         /\.$/ || NR == 3 { exit }' "$1"
}

# ---- Actions ----------------------------------------------------------------------------------

run_tests() {
    set_up test
    add_optional
    fetch_digits
    build release -DSCORECHECK_WERROR=ON
    export OMP_WAIT_POLICY=passive # tests share the cores: a thread that waits sleeps
    ctest --test-dir build/release --parallel "${jobs:-2}" --output-on-failure || exit 1
}

# names, out, jobs and the programs, for a sweep or a merge.
prepare() {
    local program
    local -a needed=(analysis/report)
    wanted
    out=$results/$effort
    jobs=${jobs:-$((($(nproc) + ranks - 1) / ranks))}
    if ((ranks > 1)) && [[ $action == run ]]; then check_launcher; fi
    if [[ -z $build_dir ]]; then
        set_up run
        fetch_digits
        build release
        build_dir=build/release
    fi
    if [[ $action == run ]]; then needed+=("${names[@]/#/experiments/}"); fi
    for program in "${needed[@]}"; do
        [[ -x $build_dir/$program ]] || bad_usage "--build: there is no program $build_dir/$program"
    done
}

check_launcher() {
    command -v mpirun >/dev/null ||
        die "$EX_UNAVAILABLE" "--ranks $ranks: mpirun is missing (Debian: openmpi-bin, libopenmpi-dev)"
    mpirun -q --oversubscribe -n "$ranks" true >/dev/null 2>&1 ||
        die "$EX_UNAVAILABLE" "--ranks $ranks: 'mpirun --oversubscribe -n $ranks true' fails (as root it needs" \
            "OMPI_ALLOW_RUN_AS_ROOT=1 and OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 in the environment)"
}

run_sweep() {
    local -a names
    prepare
    if [[ -n $shard ]]; then run_shard "${names[@]}"; fi
    sweep "${names[@]/#/$build_dir/experiments/}"
    present
}

run_merge() {
    local -a names
    prepare
    merge "${names[@]}"
    present
}

# The figures and the page of what is in $out; the end.
present() {
    figures "${names[@]}"
    page || cannot "write the page"
    verdict_table
    say "page: $out/index.html"
    exit "$sweep_status"
}

parse "$@"
case $action in
help) usage ;;
list) list ;;
clean) rm -rf build "$results/quick" "$results/full" ;;
test) run_tests ;;
run) run_sweep ;;
merge) run_merge ;;
esac
