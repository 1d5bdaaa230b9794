#!/usr/bin/env bash
# lint.sh BUILD -- clang-tidy (.clang-tidy: every finding is an error) over every C file that BUILD
# compiles; function length and complexity are among the checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sed -n 's/^ *"file": "\(.*\)",*$/\1/p' "$1/compile_commands.json" | grep "^$PWD/" | sort -u |
    xargs -n 4 -P 2 clang-tidy --quiet -p "$1" 2>/dev/null
