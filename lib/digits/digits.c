#include "digits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = DIGITS_PIXELS + 1, LINE = 1024, LARGEST_PIXEL = 16, LARGEST_LABEL = 9 };

/* The 65 integers of a line: digits only, one comma between, nothing else before the newline. */
static int parse(const char *text, int *field)
{
    for (int k = 0; k < FIELDS; k++) {
        const int largest = k < DIGITS_PIXELS ? LARGEST_PIXEL : LARGEST_LABEL;
        const size_t length = strspn(text, "0123456789");
        if (length == 0 || length > 2) return SC_EFORMAT;
        field[k] = (int)strtol(text, NULL, 10);
        if (field[k] > largest) return SC_EFORMAT;
        text += length;
        if (k < DIGITS_PIXELS && *text++ != ',') return SC_EFORMAT;
    }
    return strcmp(text, "\n") == 0 || strcmp(text, "\r\n") == 0 ? SC_OK : SC_EFORMAT;
}

/* fields: n x 65 */
static int read_fields(FILE *in, int n, int *fields)
{
    char line[LINE];
    int rows = 0;
    while (fgets(line, sizeof line, in) != NULL) {
        if (rows == n) return SC_EFORMAT;
        CHECK(parse(line, fields + (long)rows++ * FIELDS));
    }
    if (ferror(in)) return SC_EIO;
    return rows == n ? SC_OK : SC_EFORMAT;
}

int digits_read(const char *path, int n, double *x, int *label)
{
    REQUIRE(n >= 1);
    FILE *in = fopen(path, "r");
    if (in == NULL) return SC_EIO;
    int *fields = NEW_ARRAY(int, (long)n *FIELDS);
    int status = read_fields(in, n, fields);
    fclose(in);
    for (long i = 0; i < n && status == SC_OK; i++) {
        const int *field = fields + i * FIELDS;
        for (int k = 0; k < DIGITS_PIXELS; k++)
            x[i * DIGITS_PIXELS + k] = field[k] / 8.0 - 1.0;
        if (label != NULL) label[i] = field[DIGITS_PIXELS];
    }
    free(fields);
    return status;
}
