#include "reference.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double value;
    int digits;
} entry;

static void give_up(const char *file, const char *id, const char *why)
{
    fprintf(stderr, "reference %s:%s: %s\n", file, id, why);
    abort();
}

static entry find(const char *file, const char *id)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.json", REFERENCE_DIR, file);
    json_error_t error;
    json_t *list = json_load_file(path, 0, &error);
    if (!list) give_up(file, id, error.text);

    entry found = {0.0, 0};
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(json_object_get(item, "id"));
        const char *value = json_string_value(json_object_get(item, "value"));
        if (!name || !value || strcmp(name, id) != 0) continue;
        found.value = strtod(value, NULL);
        found.digits = (int)json_integer_value(json_object_get(item, "digits"));
    }
    json_decref(list);
    if (found.digits == 0) give_up(file, id, "no such entry");
    return found;
}

double reference_value(const char *file, const char *id)
{
    return find(file, id).value;
}

int reference_digits(const char *file, const char *id) { return find(file, id).digits; }

double reference_error(const char *file, const char *id)
{
    entry e = find(file, id);
    return fabs(e.value) * pow(10.0, 1.0 - e.digits);
}
