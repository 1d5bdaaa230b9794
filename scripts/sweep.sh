# sweep.sh -- runs the experiments, several at once, and only those not yet done.
# Sourced by run_all.sh.
# shellcheck shell=bash
#
# results/EFFORT/NAME/ holds what the experiment wrote, and
#     log       its standard output and error
#     inputs    what it depended on: hash of the program and of its data, effort, seed
#     status    exit status and wall seconds
# An experiment works in .partial/NAME, which becomes NAME when it is complete; .laws holds the exact laws
# that the experiments of this sweep have in common and what long estimations have done so far. An interrupted
# sweep leaves .laws to the one that resumes it with the same programs.

# worst A B: the graver of two exit statuses.
worst() {
    local status
    for status in 70 74 64 3 1 2 0; do
        if [[ $1 == "$status" || $2 == "$status" ]]; then
            echo "$status"
            return
        fi
    done
    echo "$EX_FAILURE"
}

# What an exit status means, in words.
meaning() {
    case $1 in
    0) echo "as expected" ;;
    1) echo "A VERDICT CONTRADICTS ITS EXPECTATION" ;;
    2) echo "inconclusive" ;;
    3) echo "A CONTROL SURVIVED" ;;
    64) echo "usage error" ;;
    74) echo "cannot write" ;;
    *) echo "FAILED" ;;
    esac
}

inputs_of() { # PROGRAM
    local files=("$1") file
    for file in data/*; do # those whose name stands in the program
        if [[ -f $file ]] && grep -qF "${file##*/}" "$1"; then files+=("$file"); fi
    done
    printf '%s %s seed=%s\n' "$(cat "${files[@]}" | sha256sum | cut -d' ' -f1)" "$effort" "$seed"
}

# The result is of these inputs.
is_current() { # PROGRAM NAME
    [[ -f $out/$2/inputs && $(inputs_of "$1") == "$(<"$out/$2/inputs")" ]]
}

# A finished run with the same inputs need not be repeated.
is_done() { # PROGRAM NAME
    local dir=$out/$2 status
    [[ -f $dir/record.json && -f $dir/table.tsv && -f $dir/status ]] || return 1
    read -r status _ <"$dir/status"
    [[ $status == [0-3] ]] && is_current "$1" "$2"
}

# The longest first, as far as earlier runs tell, else as scripts/seconds.tsv expects: no long one is left for
# the end.
longest_first() { # PROGRAM...
    local file program seconds
    expected_seconds "$@" | while read -r seconds program; do
        file=$results/$effort/${program##*/}/status
        if [[ -f $file ]]; then read -r _ seconds <"$file"; fi
        printf '%s %s\n' "$seconds" "$program"
    done | sort -s -rn -k 1,1 | cut -d' ' -f2-
}

can_write() { # DIR
    local -i failed=0
    { mkdir -p "$1" && echo probe >"$1/.probe"; } 2>/dev/null || failed=1
    rm -f "$1/.probe" 2>/dev/null || failed=1
    return "$failed"
}

# launcher <- what starts PROGRAM on the ranks asked for: only Monte Carlo is divided over them. Each mpirun would bind
# its ranks to the first cores, the same ones.
launch_by() { # PROGRAM
    launcher=()
    if ((ranks > 1)) && [[ $("$1" --list) == *monte-carlo* ]]; then
        launcher=(mpirun -q --oversubscribe --bind-to none -n "$ranks")
    fi
}

start() { # PROGRAM
    local name=${1##*/} partial=$out/.partial/${1##*/}
    local -a launcher
    rm -rf "$partial"
    if ! can_write "$partial"; then
        conclude "$name" "$EX_CANTWRITE" 0 "cannot write $partial"
        return
    fi
    inputs_of "$1" >"$partial/inputs"
    launch_by "$1"
    "${launcher[@]}" "$1" "--$effort" --seed "$seed" --threads "$threads" --out "$out/.partial" \
        --laws "$out/.laws" >"$partial/log" 2>&1 &
    program_of[$!]=$1
    began[$!]=$SECONDS
}

# Puts the results of a finished run in place. A run that could not write leaves the earlier result
# as it was; one that failed otherwise replaces it, so that no stale verdict is reported.
finish() { # PID STATUS
    local name=${program_of[$1]##*/} status=$2 seconds=$((SECONDS - began[$1])) why=''
    local partial=$out/.partial/$name
    unset "program_of[$1]" "began[$1]"
    if [[ $status == [0-3] && ! -f $partial/record.json || $status != @(0|1|2|3|64|70|74) ]]; then
        if can_write "$partial"; then status=$EX_FAILURE; else status=$EX_CANTWRITE; fi
    fi
    { echo "$status $seconds" >"$partial/status"; } 2>/dev/null || status=$EX_CANTWRITE
    if ((status > 3)); then why=$(reason "$2" "$partial/log"); fi
    why=${why#"$name: "}
    if ((status == EX_CANTWRITE)); then
        # The log may be what could not be written.
        if [[ $why != *'cannot write'* ]]; then why="cannot write $partial"; fi
        rm -rf "$partial"
    else
        rm -rf "${out:?}/$name"
        mv "$partial" "$out/$name"
    fi
    conclude "$name" "$status" "$seconds" "$why"
}

reason() { # STATUS LOG: the last words of a failed run, and the signal that ended it
    local line signal=''
    line=$(grep '[[:alnum:]]' "$2" 2>/dev/null | tail -n 1) || true
    if (($1 > 128)); then signal="ended by signal $(($1 - 128))"; fi
    echo "$line${line:+${signal:+; }}$signal"
}

conclude() { # NAME STATUS SECONDS WHY
    ((finished += 1))
    sweep_status=$(worst "$sweep_status" "$2")
    clear_progress
    printf '%-32s %-40s %5d s   %d of %d\n' "$1" "$(meaning "$2")" "$3" "$finished" "${#todo[@]}"
    if [[ -n $4 ]]; then printf '%s: %s\n' "$1" "$4" >&2; fi
}

reap() {
    local pid status
    for pid in "${!program_of[@]}"; do
        if kill -0 "$pid" 2>/dev/null; then continue; fi
        status=0
        wait "$pid" || status=$?
        finish "$pid" "$status"
    done
}

show_progress() {
    [[ -t 1 ]] || return 0
    local names='' pid left='?'
    for pid in "${!program_of[@]}"; do names+=" ${program_of[$pid]##*/}"; done
    if ((finished > 0)); then
        left=$(((SECONDS - sweep_began) * (${#todo[@]} - finished) / finished))
        left=$(printf '%d:%02d' $((left / 60)) $((left % 60)))
    fi
    printf '\r\033[K[%d/%d] %d s, %s left, running:%s' "$finished" "${#todo[@]}" \
        $((SECONDS - sweep_began)) "$left" "$names"
}

clear_progress() { if [[ -t 1 ]]; then printf '\r\033[K'; fi; }

# On Ctrl-C or TERM: stop the experiments, leave nothing half-written.
interrupt() {
    trap '' INT TERM
    local pid
    for pid in "${!program_of[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$out/.partial"
    clear_progress
    echo "run_all.sh: interrupted; the same command resumes the sweep" >&2
    exit $((128 + $1))
}

# .laws of an interrupted sweep of the same programs is kept, any other is emptied.
keep_laws() { # PROGRAM...
    local of
    of=$(cat "$@" </dev/null | sha256sum)
    if [[ -f $out/.laws/programs && $(<"$out/.laws/programs") == "$of" ]]; then return; fi
    rm -rf "$out/.laws"
    { mkdir -p "$out/.laws" && echo "$of" >"$out/.laws/programs"; } 2>/dev/null || true
}

# $out is this process's and its experiments' until all have ended; it is no longer the share it may have been.
claim_folder() {
    local -i lock
    can_write "$out" || die "$EX_CANTWRITE" "cannot write $out"
    exec {lock}>"$out/.lock"
    ! command -v flock >/dev/null || flock -n "$lock" ||
        die "$EX_CANTWRITE" "cannot write $out: another sweep is at work there"
    rm -f "$out/shard"
}

# sweep PROGRAM...: uses results, out, effort, seed, jobs; leaves the worst status in sweep_status.
sweep() {
    local program status
    local -i next=0 finished=0 sweep_began=$SECONDS threads=$(($(nproc) / (jobs * ranks)))
    local -a todo=()
    local -A program_of=() began=()
    ((threads > 0)) || threads=1
    sweep_status=0
    claim_folder
    keep_laws "$@"
    for program in "$@"; do
        if is_done "$program" "${program##*/}"; then
            read -r status _ <"$out/${program##*/}/status"
            sweep_status=$(worst "$sweep_status" "$status")
        else
            todo+=("$program")
        fi
    done
    if ((${#todo[@]} > 0)); then mapfile -t todo < <(longest_first "${todo[@]}"); fi
    say "$effort sweep: ${#todo[@]} to run, $(($# - ${#todo[@]})) already done"
    trap 'interrupt 2' INT
    trap 'interrupt 15' TERM
    while ((next < ${#todo[@]} || ${#program_of[@]} > 0)); do
        if ((next < ${#todo[@]} && ${#program_of[@]} < jobs)); then
            start "${todo[next]}"
            ((next += 1))
            continue
        fi
        reap
        show_progress
        sleep 0.2
    done
    trap - INT TERM
    clear_progress
    rm -rf "$out/.partial" "$out/.laws"
}
