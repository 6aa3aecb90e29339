/* Calls a submission's function once, for whoever looks at it with a debugger: `call NUMBER… [errno=NUMBER]`.
 *
 * It is linked with the recorder, which makes the faults that no kernel gives; errno= is what errno holds on entry. */
#define _GNU_SOURCE
#include "record.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 4 };

typedef int some_ints(); /* called with as many ints as the exercise's function takes */

extern struct record *socklab_record(void) __attribute__((weak));

int main(int argc, char **argv)
{
    const char *path = getenv("SOCKLAB_SUBMISSION"), *name = getenv("SOCKLAB_FUNCTION");
    int number[MOST_ARGUMENTS] = {0}, count = 0, stale = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "errno=", 6) == 0)
            stale = atoi(argv[i] + 6);
        else if (count < MOST_ARGUMENTS)
            number[count++] = (int)strtol(argv[i], NULL, 0);
    }
    if (count == 0 || path == NULL || name == NULL) {
        fprintf(stderr, "usage: call NUMBER... [errno=NUMBER], with SOCKLAB_SUBMISSION and SOCKLAB_FUNCTION set\n");
        return 2;
    }
    void *library = dlopen(path, RTLD_NOW);
    some_ints *function = library ? (some_ints *)dlsym(library, name) : NULL;
    if (function == NULL) {
        fprintf(stderr, "call: %s\n", dlerror());
        return 2;
    }
    struct record *record = socklab_record ? socklab_record() : NULL;
    if (record)
        record->header.armed = 1;
    errno = stale;
    int value = function(number[0], number[1], number[2], number[3]); /* what is too many does no harm */
    int left = errno;
    if (record)
        record->header.armed = 0;
    printf("%s(", name);
    for (int i = 0; i < count; i++)
        printf("%s%d", i ? ", " : "", number[i]);
    printf(") = %d", value);
    if (value < 0)
        printf("  (errno %s)", strerrorname_np(left) ? strerrorname_np(left) : "0");
    printf("\n");
    return 0;
}
