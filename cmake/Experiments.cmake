# An experiment is experiments/CHAPTER/NAME.c with plots/CHAPTER/NAME.gp and a section
# "## NAME" in paper_refs.md. Found by glob: adding one touches no list. No header: an experiment that
# needs helpers, or shares some, means that the library lacks something.
function(scorecheck_add_experiments)
    file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/experiments
         ${CMAKE_SOURCE_DIR}/experiments/*/*.c)
    file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
         ${CMAKE_SOURCE_DIR}/experiments/*.h ${CMAKE_SOURCE_DIR}/experiments/*/*.h)
    foreach(header IN LISTS headers)
        message(FATAL_ERROR "${header}: what experiments share belongs in lib/")
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                 ${CMAKE_SOURCE_DIR}/paper_refs.md)
    file(STRINGS ${CMAKE_SOURCE_DIR}/paper_refs.md sections REGEX "^## ")
    foreach(source IN LISTS sources)
        get_filename_component(chapter ${source} DIRECTORY)
        get_filename_component(name ${source} NAME_WE)
        if(NOT EXISTS ${CMAKE_SOURCE_DIR}/plots/${chapter}/${name}.gp)
            message(FATAL_ERROR "experiments/${source} has no figure: write plots/${chapter}/${name}.gp")
        endif()
        if(NOT "## ${name}" IN_LIST sections)
            message(FATAL_ERROR "experiments/${source} has no section '## ${name}' in paper_refs.md")
        endif()
        add_executable(experiment_${name} experiments/${source} lib/xp/identity.c)
        set_target_properties(experiment_${name} PROPERTIES
            OUTPUT_NAME ${name}
            RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/experiments/${chapter})
        target_compile_definitions(experiment_${name} PRIVATE
            XP_NAME="${name}" XP_CHAPTER="${chapter}")
        target_link_libraries(experiment_${name} PRIVATE scorecheck_xp)
        if(BUILD_TESTING)
            add_test(NAME experiment.${name}
                     COMMAND experiment_${name} --quick --threads 1
                             --out ${CMAKE_BINARY_DIR}/results/quick)
            set_tests_properties(experiment.${name} PROPERTIES LABELS experiment
                                 FIXTURES_REQUIRED library FIXTURES_SETUP "results;results.${name}")
        endif()
    endforeach()
endfunction()
