# What the library is linked with, here and in a program that uses the installed one. The Debian packages that
# bring these are listed in packages.txt.
find_package(PkgConfig REQUIRED)
find_package(OpenMP COMPONENTS C)
if(NOT OpenMP_C_FOUND)
    add_library(OpenMP::OpenMP_C INTERFACE IMPORTED) # nothing to link (cmake/Parallel.cmake)
endif()
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(FFTW REQUIRED IMPORTED_TARGET fftw3)
# GSL's own CBLAS is a slow reference that would shadow OpenBLAS's: GSL does as well without it.
get_target_property(gsl_libraries PkgConfig::GSL INTERFACE_LINK_LIBRARIES)
list(FILTER gsl_libraries EXCLUDE REGEX gslcblas)
set_target_properties(PkgConfig::GSL PROPERTIES INTERFACE_LINK_LIBRARIES "${gsl_libraries}")
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)

# Arb has no pkg-config file before FLINT 3, which contains it: <arb.h> with -lflint-arb (Debian 12)
# or -larb, or <flint/arb.h> with -lflint alone.
find_path(ARB_INCLUDE NAMES flint/arb.h arb.h REQUIRED)
find_library(FLINT_LIBRARY NAMES flint REQUIRED)
find_library(ARB_LIBRARY NAMES flint-arb arb)
set(ARB_FLAGS ${ARB_LIBRARY} ${FLINT_LIBRARY})
list(FILTER ARB_FLAGS EXCLUDE REGEX NOTFOUND)
if(NOT TARGET scorecheck_arb) # a program may find scorecheck in several of its parts
    add_library(scorecheck_arb INTERFACE)
    target_include_directories(scorecheck_arb SYSTEM INTERFACE ${ARB_INCLUDE})
    target_link_libraries(scorecheck_arb INTERFACE ${ARB_FLAGS})
endif()

# MPFR, on which FLINT stands too.
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
