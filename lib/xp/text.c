/* Formatted strings of any length. */
#include "xp/driver.h"

char *xp_vformat(const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    REQUIRE(length >= 0);
    char *text = base_alloc(length + 1, 1);
    vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}

char *xp_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = xp_vformat(fmt, args);
    va_end(args);
    return text;
}
