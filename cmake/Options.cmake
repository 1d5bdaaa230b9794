# Language, warnings and floating point, in one interface target.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O2")

option(SCORECHECK_WERROR "treat warnings as errors" OFF)

add_library(scorecheck_options INTERFACE)
target_compile_options(scorecheck_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes
    -Wmissing-prototypes -Wvla -Wundef -Wcast-qual -Wwrite-strings -Wformat=2
    -Wnull-dereference -ffp-contract=off -fno-math-errno -fno-semantic-interposition
    -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=
    $<$<BOOL:${SCORECHECK_WERROR}>:-Werror>)
target_compile_definitions(scorecheck_options INTERFACE _POSIX_C_SOURCE=200809L)
