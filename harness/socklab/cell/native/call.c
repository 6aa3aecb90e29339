/* Calls a submission's function once, for whoever looks at it with a debugger: `call PORT [ERRNO]`.
 *
 * It is linked with the recorder, which makes the faults that no kernel gives; ERRNO is what errno holds on entry. */
#define _GNU_SOURCE
#include "record.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int one_int(int);

extern struct record *socklab_record(void) __attribute__((weak));

int main(int argc, char **argv)
{
    const char *path = getenv("SOCKLAB_SUBMISSION"), *name = getenv("SOCKLAB_FUNCTION");
    if (argc < 2 || path == NULL || name == NULL) {
        fprintf(stderr, "usage: call PORT [ERRNO], with SOCKLAB_SUBMISSION and SOCKLAB_FUNCTION set\n");
        return 2;
    }
    void *library = dlopen(path, RTLD_NOW);
    one_int *function = library ? (one_int *)dlsym(library, name) : NULL;
    if (function == NULL) {
        fprintf(stderr, "call: %s\n", dlerror());
        return 2;
    }
    struct record *record = socklab_record ? socklab_record() : NULL;
    int port = (int)strtol(argv[1], NULL, 0);
    if (record)
        record->header.armed = 1;
    errno = argc > 2 ? atoi(argv[2]) : 0;
    int value = function(port);
    int left = errno;
    if (record)
        record->header.armed = 0;
    printf("%s(%d) = %d", name, port, value);
    if (value < 0)
        printf("  (errno %s)", strerrorname_np(left) ? strerrorname_np(left) : "0");
    printf("\n");
    return 0;
}
