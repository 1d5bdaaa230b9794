# Run at each build (cmake -DSOURCE=... -DFILE=... -P): writes the commit the sources stand at and, where they differ
# from it, a digest of the difference, so that results of two changed trees are not taken for those of one.
# Results read the file at run time, so that a commit alone does not change the programs.
execute_process(COMMAND git describe --always --dirty --abbrev=12
                WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit ERROR_QUIET
                OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
    set(commit unknown)
elseif(commit MATCHES "-dirty$")
    execute_process(COMMAND git diff --binary HEAD
                    WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE difference)
    string(SHA256 digest "${difference}")
    string(SUBSTRING "${digest}" 0 8 digest)
    string(APPEND commit "-${digest}")
endif()
file(CONFIGURE OUTPUT ${FILE} CONTENT "${commit}\n")
