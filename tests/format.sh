#!/bin/sh
# format.sh -- every C file is as clang-format (version 14, .clang-format) leaves it.
cd "$(dirname "$0")/.." || exit 1
find lib experiments analysis bench tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
