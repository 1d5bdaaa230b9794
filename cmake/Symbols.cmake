# scorecheck_version_script(FILE HEADER...): a linker script that shows the functions and constants the headers
# declare, with the version of the project, and hides all else. Names in the headers that are no symbols
# (types, macros) do no harm there.
function(scorecheck_version_script file)
    set(names "")
    foreach(header IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
        file(READ ${header} text)
        string(REGEX REPLACE "/\\*([^*]|\\*+[^*/])*\\*+/" " " text "${text}") # comments
        string(REGEX REPLACE "\n *#[^\n]*" "\n" text "${text}")            # preprocessor lines
        string(REGEX REPLACE "[][;]" " " text "${text}") # which CMake's lists do not bear
        string(REGEX MATCHALL "[a-z][a-z0-9_]+ *\\(|[A-Z][A-Z0-9_]+" found "${text}")
        list(APPEND names ${found})
    endforeach()
    list(TRANSFORM names REPLACE "[^A-Za-z0-9_]" "")
    list(REMOVE_DUPLICATES names)
    list(SORT names)
    list(JOIN names ";\n        " names)
    file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"SCORECHECK_@PROJECT_VERSION_MAJOR@.@PROJECT_VERSION_MINOR@ {
    global:
        @names@;
    local:
        *;
};
")
endfunction()
