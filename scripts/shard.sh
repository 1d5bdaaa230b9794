# shard.sh -- one sweep on many machines: --shard i/n runs a share, --merge puts shares together.
# Sourced by run_all.sh.
# shellcheck shell=bash
#
# results/EFFORT/shard says of a share that ran to its end:
#     shard i/n
#     commit of the programs
#     seed of the experiments
#     ran NAME                a line each: what it has a result of, by these programs with this seed
# Which experiments share i of n has depends on their names and on scripts/seconds.tsv alone, so that all
# machines agree.

# expected_seconds PATH...: lines "SECONDS PATH", by what scripts/seconds.tsv says of the last part of PATH at this
# effort.
expected_seconds() {
    local -A column=([quick]=2 [full]=3)
    (($# > 0)) || return 0
    printf '%s\n' "$@" | awk -v column="${column[$effort]}" '
        NR == FNR { if (!/^#/) seconds[$1] = $column; next }
        { name = $0; sub(/.*\//, "", name); print (name in seconds ? seconds[name] : 10), $0 }
    ' scripts/seconds.tsv -
}

# share_of I N CHAPTER/NAME...: the longest first, each to the share that has least to do.
share_of() {
    local i=$1 n=$2
    shift 2
    expected_seconds "$@" | sort -s -rn -k 1,1 | awk -v i="$i" -v n="$n" '
        { least = 1; for (k = 2; k <= n; k++) if (load[k] < load[least]) least = k
          load[least] += $1 + .001; if (least == i) print $2 }'
}

# shard CHAPTER/NAME...: runs share `shard` (i/n) of them.
run_shard() {
    local i=${shard%/*} n=${shard#*/}
    local -a share
    mapfile -t share < <(share_of "$i" "$n" "$@")
    sweep "${share[@]/#/$build_dir/experiments/}"
    if ! { describe_share "${share[@]}" >"$out/shard.partial" && mv "$out/shard.partial" "$out/shard"; } 2>/dev/null; then
        rm -f "$out/shard.partial"
        die "$EX_CANTWRITE" "cannot write $out/shard"
    fi
    say "shard $shard: $out; put the shards together with --merge"
    exit "$sweep_status"
}

describe_share() { # CHAPTER/NAME...
    local name
    printf 'shard %s\ncommit %s\nseed %s\n' "$shard" "$(commit_of "$build_dir")" "$seed" || return
    for name in "$@"; do
        if is_current "$build_dir/experiments/$name" "${name#*/}"; then printf 'ran %s\n' "${name#*/}" || return; fi
    done
}

commit_of() { cat "$1/commit.txt" 2>/dev/null || echo unknown; } # BUILD

# field KEY DIR: what DIR/EFFORT/shard says.
field() { awk -v key="$1" '$1 == key { print $2 }' "$2/$effort/shard"; }

# check_shards DIR...: all shares of one n, each once, of one commit and one seed; folder_of[NAME]
# <- the folder of the share that ran NAME, shares <- n.
check_shards() {
    local dir i key name
    local -a holder=()
    shares=''
    for dir in "$@"; do
        [[ -f $dir/$effort/shard ]] || bad_merge "$dir: no $effort shard that ran to its end"
        for key in commit seed; do
            [[ $(field "$key" "$dir") == "$(field "$key" "$1")" ]] ||
                bad_merge "$dir is of $key $(field "$key" "$dir"), $1 of $(field "$key" "$1")"
        done
        i=$(field shard "$dir")
        shares=${shares:-${i#*/}}
        [[ ${i#*/} == "$shares" ]] || bad_merge "$dir is shard $i, $1 is one of $shares"
        [[ -z ${holder[${i%/*}]-} ]] || bad_merge "shard $i is in ${holder[${i%/*}]} and in $dir"
        holder[${i%/*}]=$dir
        while read -r name; do
            [[ -z ${folder_of[$name]-} ]] ||
                bad_merge "$name is in ${folder_of[$name]} and in $dir: --only must be the same for all shards"
            folder_of[$name]=$dir
        done < <(field ran "$dir")
    done
    for ((i = 1; i <= shares; i++)); do
        [[ -n ${holder[i]-} ]] || bad_merge "shard $i/$shares is missing"
    done
}

bad_merge() { die "$EX_USAGE" "--merge: $*"; }

# merge CHAPTER/NAME...: copies them from the folders `merged` into $out; sweep_status <- the worst status.
merge() {
    local name status shares
    local -A folder_of=()
    check_shards "${merged[@]}"
    for name in "${@##*/}"; do
        [[ -n ${folder_of[$name]-} && -f ${folder_of[$name]}/$effort/$name/status ]] ||
            bad_merge "no result of $name in any shard: --only must be that of the shards"
    done
    claim_folder
    sweep_status=0
    for name in "${@##*/}"; do
        take "${folder_of[$name]}/$effort/$name" "$name"
        read -r status _ <"$out/$name/status"
        sweep_status=$(worst "$sweep_status" "$status")
    done
    say "$effort: $# experiments of $shares shards"
}

# take FOLDER NAME: a copy of the folder becomes $out/NAME, whole or not at all.
take() {
    local partial=$out/.partial/$2
    if ! { rm -rf "$out/.partial" && mkdir "$out/.partial" && cp -rp "$1" "$partial" &&
        rm -rf "${out:?}/$2" && mv "$partial" "$out/$2"; } 2>/dev/null; then
        rm -rf "$out/.partial"
        die "$EX_CANTWRITE" "cannot write $out/$2"
    fi
    rmdir "$out/.partial"
}
