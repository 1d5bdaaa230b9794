/* The rows of table.tsv, kept in memory until the run ends. */
#include "xp/driver.h"

#include <stdlib.h>
#include <string.h>

/* Number of words in a blank-separated line. */
static int words(const char *line)
{
    int n = 0;
    for (const char *c = line; *c != '\0'; c++)
        n += *c != ' ' && (c == line || c[-1] == ' ');
    return n;
}

/* Runs of blanks become one tab; in place. */
static void tabulate(char *line)
{
    char *to = line;
    for (const char *from = line; *from != '\0'; from++) {
        if (*from != ' ')
            *to++ = *from;
        else if (to > line && from[1] != ' ' && from[1] != '\0')
            *to++ = '\t';
    }
    *to = '\0';
}

void xp_row(xp *x, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *line = xp_vformat(fmt, args);
    va_end(args);
    REQUIRE(strpbrk(line, "\t\n") == NULL);
    REQUIRE(words(line) == words(x->info->columns));
    tabulate(line);
    REQUIRE(fprintf(x->rows_stream, "%s\n", line) > 0);
    free(line);
}

void xp_point(xp *x, const char *series, double at, enclosure e)
{
    xp_row(x, "%s %.17g %.17g %.17g %.17g", series, at, enclosure_mid(e), e.lo, e.hi);
}

char *xp_table_text(xp *x)
{
    char *header = xp_format("%s", x->info->columns);
    tabulate(header);
    REQUIRE(fflush(x->rows_stream) == 0);
    char *text = xp_format("%s\n%s", header, x->rows_length > 0 ? x->rows : "");
    free(header);
    return text;
}
