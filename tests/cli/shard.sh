#!/usr/bin/env bash
# shard.sh BUILD FIXTURES -- run_all.sh --shard and --merge on a small tree: the merged results are those of one
# sweep, and what does not fit together is refused in one line.
# shellcheck source=tests/cli/tree.sh
. "$(dirname "$0")/tree.sh"
some=(--only holds --only open --only contradicted --only survived)
share() { expect "$1" "${run[@]}" "${some[@]}" --results "$scratch/$3" --shard "$2"; }
merge() { # STATUS DIR...
    local status=$1
    shift
    expect "$status" "${run[@]}" "${some[@]}" --results "$scratch/merged" --merge "${@/#/$scratch/}"
}

for shard in 5/3 0/3 1/0 1 a/b 1/3/4 ''; do
    expect 64 "${run[@]}" --shard "$shard"
    one_line
done
expect 64 "${run[@]}" --merge
one_line

# Every experiment is in just one share, whatever ran before.
for i in 1 2 3; do "${run[@]}" "${some[@]}" --results "$scratch/s$i" --shard "$i/3" >/dev/null 2>&1; done
last='the shares'
[[ $(cd "$scratch" && ls -d s[123]/quick/*/ | sed 's,.*quick/,,' | sort) == "$(printf '%s\n' contradicted/ holds/ open/ survived/)" ]] ||
    fail "are not the four experiments, once each"
is_absent "$scratch/s1/quick/index.html"

# Merged: the bytes of one sweep, but for the times; its exit status.
expect 3 "${run[@]}" "${some[@]}" --results "$scratch/one"
merge 3 s3 s1 s2
says '3 shards'
for name in holds open contradicted survived; do
    for file in table.tsv figure.svg inputs; do is_same "$scratch/merged/quick/$name/$file" "$scratch/one/quick/$name/$file"; done
    for whole in merged one; do sed '/"run": {/,$d' "$scratch/$whole/quick/$name/record.json" >"$scratch/$whole.json"; done
    is_same "$scratch/merged.json" "$scratch/one.json"
done
for whole in merged one; do sed 's/|[^|]*|$//' "$scratch/$whole/quick/verdicts.md" >"$scratch/$whole.md"; done
is_same "$scratch/merged.md" "$scratch/one.md"
is_file "$scratch/merged/quick/index.html"
is_absent "$scratch/merged/quick/.partial"
mkdir -p "$scratch/merged/quick/.partial/holds" # of a sweep that was killed
merge 3 s1 s2 s3                                # again, over what is there

# One line and 64 for what does not fit together; the merged results stay.
refused() { # WORDS DIR...
    local words=$1
    shift
    merge 64 "$@"
    one_line
    says "$words"
}
refused 'shard 2/3 is missing' s1 s3
refused 'shard 1/3 is in' s1 s1 s2
refused 'no quick shard' s1 s2 nowhere
share 1 1/4 four
refused 'shard 1/4' s2 four
cp -r "$scratch/s3" "$scratch/other"
sed -i 's/^commit .*/commit 0123456789ab/' "$scratch/other/quick/shard"
refused 'commit 0123456789ab' s1 s2 other
# Trees that differ from one commit in different ways are of different commits.
if command -v git >/dev/null; then
    mkdir "$scratch/changed"
    cd "$scratch/changed"
    git init -q . && echo 0 >file && git add file
    git -c user.name=x -c user.email=x@example.org commit -qm x
    for i in 1 2; do
        echo $i >file
        cmake -DSOURCE="$PWD" -DFILE="$scratch/commit$i" -P "$root/cmake/Commit.cmake"
    done
    cd "$root"
    last=$(cat "$scratch"/commit[12])
    [[ $last == *-dirty-*-dirty-* && $(sort -u <<<"$last" | wc -l) == 2 ]] || fail "does not tell two changed trees apart"
fi
cp -r "$scratch/s3" "$scratch/seed"
sed -i 's/^seed .*/seed 7/' "$scratch/seed/quick/shard"
refused 'seed 7' s1 s2 seed
rm -r "$scratch"/s3/quick/*/
refused 'no result of' s1 s2 s3
is_file "$scratch/merged/quick/holds/record.json"

# An interrupted share is none.
"${run[@]}" --only slow --results "$scratch/cut" --shard 1/1 >/dev/null 2>&1 &
pid=$!
while [[ ! -d $scratch/cut/quick/.partial/slow ]] && kill -0 "$pid"; do sleep 0.05; done
kill -TERM "$pid"
wait "$pid"
is_absent "$scratch/cut/quick/shard"

# A sweep in the folder of a share, of another seed, leaves no share behind.
expect 0 "${run[@]}" --only holds --results "$scratch/reused" --shard 1/1
expect 0 "${run[@]}" --only holds --results "$scratch/reused" --seed 2
expect 64 "${run[@]}" --only holds --results "$scratch/merged" --merge "$scratch/reused"
one_line

# A share has what it ran: nothing that was there before, nor what another has, too.
expect 3 "${run[@]}" "${some[@]}" --results "$scratch/stale" --seed 2 --shard 1/1
expect 0 "${run[@]}" --only holds --results "$scratch/stale" --shard 1/1
refused 'no result of contradicted' stale
expect 0 "${run[@]}" --only holds --results "$scratch/first" --shard 1/2
expect 0 "${run[@]}" --only contradicted --only holds --results "$scratch/second" --shard 2/2
refused 'holds is in' first second

# The longest at this effort has a share of its own.
printf '%s\t%d\t%d\n' holds 9 1 open 1 9 contradicted 1 1 survived 1 1 >"$tree/scripts/seconds.tsv"
expect 0 "${run[@]}" "${some[@]}" --results "$scratch/longest" --shard 1/2
is_file "$scratch/longest/quick/holds/record.json"
expect 2 "${run[@]}" "${some[@]}" --full --results "$scratch/longest" --shard 1/2
is_file "$scratch/longest/full/open/record.json"

# A shard with nothing to do is whole.
expect 0 "${run[@]}" --only holds --results "$scratch/idle" --shard 2/2
is_file "$scratch/idle/quick/shard"
finish
