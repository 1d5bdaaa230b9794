# Run at each build (cmake -DSOURCE=... -DFILE=... -P): writes the commit the sources stand at.
# Results read the file at run time, so that a commit alone does not change the programs.
execute_process(COMMAND git describe --always --dirty --abbrev=12
                WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit ERROR_QUIET
                OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
    set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${FILE} CONTENT "${commit}\n")
