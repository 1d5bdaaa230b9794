#!/usr/bin/env bash
# submit.sh N [OPTION...] -- submits N shares of a sweep and their merge to Slurm; OPTION... are those of
# run_all.sh. See README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! ${1-} =~ ^[1-9][0-9]{0,3}$ ]]; then
    echo "submit.sh: expected the number of shares, 1 to 9999, then options of run_all.sh" >&2
    exit 64
fi
if ! command -v sbatch >/dev/null; then
    echo "submit.sh: sbatch is missing: this machine submits nothing to Slurm" >&2
    exit 69
fi
shares=$1
shift

mkdir -p results
array=$(sbatch --parsable --job-name=scorecheck --array="1-$shares" --cpus-per-task="${SCORECHECK_CPUS:-2}" \
    --output='results/slurm-%A-%a.log' cluster/shard.sbatch "$@")
merge=$(sbatch --parsable --job-name=scorecheck-merge --dependency="afterany:${array%;*}" \
    --output='results/slurm-%A.log' cluster/merge.sbatch "$shares" "$@")
echo "shares: job $array; merge: job $merge"
