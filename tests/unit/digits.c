/* The reader of handwritten digits on small files, good and bad. */
#include "digits.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT = 1024 };

static void append(char *text, const char *more)
{
    size_t length = strlen(text);
    snprintf(text + length, TEXT - length, "%s", more);
}

static void append_field(char *text, int value, char end)
{
    char field[8];
    snprintf(field, sizeof field, "%d%c", value, end);
    append(text, field);
}

/* Appends a digit: 64 pixels `ink`, but `last` at the end, and its label. */
static void add(char *text, int ink, int last, int label)
{
    for (int k = 0; k < DIGITS_PIXELS; k++)
        append_field(text, k < DIGITS_PIXELS - 1 ? ink : last, ',');
    append_field(text, label, '\n');
}

static int read_text(const char *text, int n, double *x, int *label)
{
    char path[] = "/tmp/scorecheck-digits-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = fdopen(fd, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    int status = digits_read(path, n, x, label);
    unlink(path);
    return status;
}

static void pixels_are_scaled_row_by_row(void **state)
{
    (void)state;
    char text[TEXT] = "";
    double x[2 * DIGITS_PIXELS];
    int label[2];
    add(text, 0, 16, 3);
    add(text, 12, 4, 9);
    assert_int_equal(read_text(text, 2, x, label), SC_OK);
    assert_true(label[0] == 3 && label[1] == 9);
    for (int k = 0; k < DIGITS_PIXELS; k++) {
        bool last = k == DIGITS_PIXELS - 1;
        assert_true(x[k] == (last ? 1.0 : -1.0));
        assert_true(x[DIGITS_PIXELS + k] == (last ? -0.5 : 0.5));
    }
    assert_int_equal(read_text(text, 2, x, NULL), SC_OK);
}

/* The number of digits, the ranges 0..16 and 0..9, and the form of a line are checked. */
static void other_files_are_refused(void **state)
{
    (void)state;
    double x[2 * DIGITS_PIXELS] = {7.0};
    int label[2] = {5, 5};
    const struct {
        int last, label;
        const char *more;
    } bad[] = {{17, 0, ""}, {0, 10, ""}, {0, 0, "1,2\n"}, {0, 0, "x"}, {-1, 0, ""}};
    for (int i = 0; i < LEN(bad); i++) {
        char text[TEXT] = "";
        add(text, 0, bad[i].last, bad[i].label);
        append(text, bad[i].more);
        assert_int_equal(read_text(text, 1, x, label), SC_EFORMAT);
    }
    char good[TEXT] = "";
    add(good, 0, 0, 0);
    assert_int_equal(read_text(good, 2, x, label), SC_EFORMAT);
    good[strlen(good) - 1] = ',';
    assert_int_equal(read_text(good, 1, x, label), SC_EFORMAT);
    assert_true(x[0] == 7.0 && label[0] == 5);
    assert_int_equal(digits_read("no/such/file", 1, x, NULL), SC_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_are_scaled_row_by_row),
        cmocka_unit_test(other_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
