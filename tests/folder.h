/* folder -- temporary folders of unit tests. */
#ifndef SC_TESTS_FOLDER_H
#define SC_TESTS_FOLDER_H

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

/* Removes a folder of files; their number. */
static inline int folder_emptied(const char *folder)
{
    int n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        char path[512];
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        assert_int_equal(unlink(path), 0);
        n++;
    }
    closedir(d);
    assert_int_equal(rmdir(folder), 0);
    return n;
}

#endif
