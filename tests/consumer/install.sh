#!/usr/bin/env bash
# install.sh BUILD -- installs BUILD into a folder and builds consumer.c against it: by CMake and by pkg-config,
# with the shared and with the static library. The shared library shows what the headers declare and no more.
# shellcheck source=tests/cli/expect.sh disable=SC2046
. "$(dirname "$0")/../cli/expect.sh"
cd "$(dirname "$0")" || exit 1
prefix=$scratch/usr

expect 0 cmake --install "$1" --prefix "$prefix"
libdir=$(dirname "$(find "$prefix" -name libscorecheck.a)")
is_file "$libdir/libscorecheck.so.0"
is_file "$prefix/include/scorecheck/gmm.h"
is_absent "$prefix/include/scorecheck/xp.h" # the driver of the experiments
! grep -rqI "$1" "$prefix" || fail "names the build folder: $(grep -rlI "$1" "$prefix")"

expect 0 cmake -S . -B "$scratch/build" -DCMAKE_PREFIX_PATH="$prefix"
expect 0 cmake --build "$scratch/build"
for kind in shared static; do
    expect 0 "$scratch/build/$kind"
    says '-2'
done

export PKG_CONFIG_PATH=$libdir/pkgconfig
flags() { pkg-config "$@" scorecheck; }
expect 0 cc consumer.c $(flags --cflags --libs) -o "$scratch/linked"
LD_LIBRARY_PATH=$libdir expect 0 "$scratch/linked"
says '-2'
rm "$libdir"/libscorecheck.so*
expect 0 cc consumer.c $(flags --cflags --libs --static) -o "$scratch/linked"
expect 0 "$scratch/linked"
says '-2'

# Symbols: versioned; gmm_score is one; nothing that only an internal header of lib/ declares.
shown=$(nm -D --defined-only "$1"/lib/libscorecheck.so | sed -n 's/.* [TDRB] //p')
last='the symbols of libscorecheck.so'
grep -qx 'gmm_score@@SCORECHECK_[0-9.]*' <<<"$shown" || fail "gmm_score is not versioned"
all=$(cat ../../lib/*.h)
while read -r symbol; do
    grep -qw -- "$symbol" <<<"$all" || fail "$symbol is in no public header"
done < <(sed 's/@.*//' <<<"$shown" | grep -v '^SCORECHECK')
finish
