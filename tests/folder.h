/* folder -- a store in a temporary folder.  For tests/unit. */
#ifndef SC_TESTS_FOLDER_H
#define SC_TESTS_FOLDER_H

#include "check.h"
#include "store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    char path[64];
    store *s;
} folder;

static inline folder fresh(void)
{
    folder f = {.path = "/tmp/scorecheck_store_XXXXXX"};
    assert_non_null(mkdtemp(f.path));
    f.s = store_open(f.path);
    assert_non_null(f.s);
    return f;
}

/* Removes the folder; the number of files that stood in it. */
static inline int leave(folder *f)
{
    int n = 0;
    store_close(f->s);
    DIR *d = opendir(f->path);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        char path[512];
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", f->path, e->d_name);
        assert_int_equal(unlink(path), 0);
        n++;
    }
    closedir(d);
    assert_int_equal(rmdir(f->path), 0);
    return n;
}

#endif
