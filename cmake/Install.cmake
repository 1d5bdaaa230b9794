# cmake --install: include/scorecheck/*.h, the static and the shared library, pkg-config and CMake package
# files. The driver of the experiments (xp) stays here, and with it MPI (rank): only programs of this tree have
# a use for them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
include(Symbols)

file(GLOB public_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/*.h)
list(FILTER public_headers EXCLUDE REGEX "/(xp|rank)\\.h$")
set(version_script ${CMAKE_BINARY_DIR}/scorecheck.map)
scorecheck_version_script(${version_script} ${public_headers})

add_library(scorecheck_shared SHARED)
foreach(part scorecheck scorecheck_kernel kernel_baseline kernel_avx2 kernel_avx512)
    if(TARGET ${part})
        target_sources(scorecheck_shared PRIVATE $<TARGET_OBJECTS:${part}>)
    endif()
endforeach()
set_target_properties(scorecheck_shared PROPERTIES
    OUTPUT_NAME scorecheck VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LINK_DEPENDS ${version_script} LINKER_LANGUAGE C EXPORT_NAME shared
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
target_include_directories(scorecheck_shared INTERFACE $<INSTALL_INTERFACE:include>)
target_link_options(scorecheck_shared PRIVATE
    -Wl,--version-script=${version_script} -Wl,-Bsymbolic -Wl,--no-undefined)
target_link_libraries(scorecheck_shared PRIVATE OpenMP::OpenMP_C scorecheck_arb
                      PkgConfig::GSL PkgConfig::FFTW PkgConfig::OPENBLAS PkgConfig::MPFR m)

set_target_properties(scorecheck PROPERTIES EXPORT_NAME static)
install(TARGETS scorecheck scorecheck_shared EXPORT scorecheck
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${public_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/scorecheck)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/scorecheck)
install(EXPORT scorecheck NAMESPACE scorecheck:: DESTINATION ${package_dir} FILE scorecheckTargets.cmake)
file(RELATIVE_PATH TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /) # wherever --prefix has put it
list(JOIN ARB_FLAGS " " ARB_FLAGS)
configure_file(${CMAKE_CURRENT_LIST_DIR}/scorecheck.pc.in ${CMAKE_BINARY_DIR}/scorecheck.pc @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/scorecheckConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/scorecheckConfig.cmake ${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake
              ${CMAKE_BINARY_DIR}/scorecheckConfigVersion.cmake DESTINATION ${package_dir})
install(FILES ${CMAKE_BINARY_DIR}/scorecheck.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
