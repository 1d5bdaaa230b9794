/* The folder DIR/NAME: everything is written to a temporary name first, and nothing is
   renamed before all of it is on disk, so that a failure loses no earlier result. */
#include "xp/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_write(const char *path, char *message, size_t capacity)
{
    snprintf(message, capacity, "%s: cannot write: %s", path, strerror(errno));
    return XP_CANNOT_WRITE;
}

/* mkdir -p */
static bool make_folders(char *path)
{
    for (char *c = path + 1; *c != '\0'; c++) {
        if (*c != '/') continue;
        *c = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *c = '/';
        if (!made) return false;
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

int xp_output_prepare(const xp *x, char *message, size_t capacity)
{
    char *folder = xp_format("%s/%s/", x->options.out, x->name);
    bool ready = make_folders(folder) && access(folder, W_OK | X_OK) == 0;
    int status = ready ? 0 : cannot_write(folder, message, capacity);
    free(folder);
    return status;
}

/* text, complete and on disk, at path; errno tells why not. */
static bool write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) return false;
    bool good = fputs(text, out) >= 0 && fflush(out) == 0 && fsync(fileno(out)) == 0;
    int why = errno;
    if (fclose(out) != 0 && good) return false;
    errno = why;
    return good;
}

int xp_write_all(int n, char *const *path, char *const *text, char *message,
                 size_t capacity)
{
    char **temporary = NEW_ARRAY(char *, n);
    for (int i = 0; i < n; i++) temporary[i] = xp_format("%s.tmp", path[i]);
    int status = 0;
    for (int i = 0; i < n && status == 0; i++)
        if (!write_file(temporary[i], text[i]))
            status = cannot_write(temporary[i], message, capacity);
    for (int i = 0; i < n && status == 0; i++)
        if (rename(temporary[i], path[i]) != 0)
            status = cannot_write(path[i], message, capacity);
    for (int i = 0; i < n; i++) {
        if (status != 0) unlink(temporary[i]);
        free(temporary[i]);
    }
    free(temporary);
    return status;
}

int xp_output_write(xp *x, double wall_seconds, char *message, size_t capacity)
{
    enum { TABLE, RECORD, FILES }; /* the record comes last: it says all is there */
    char *path[FILES] = {xp_format("%s/%s/table.tsv", x->options.out, x->name),
                         xp_format("%s/%s/record.json", x->options.out, x->name)};
    json_t *record = xp_record_json(x, wall_seconds);
    char *text[FILES] = {xp_table_text(x), json_dumps(record, JSON_INDENT(1))};
    REQUIRE(text[RECORD] != NULL);
    json_decref(record);
    int status = xp_write_all(FILES, path, text, message, capacity);
    for (int i = 0; i < FILES; i++) {
        free(path[i]);
        free(text[i]);
    }
    return status;
}
