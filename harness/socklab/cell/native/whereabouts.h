/* Where the submission's code lies, and where it was when it crashed: told to the broker through the recorder's memory. */
#ifndef SOCKLAB_WHEREABOUTS_H
#define SOCKLAB_WHEREABOUTS_H

#include "record.h"

#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <string.h>

enum { DEEPEST = 64 };

/* Absent where the recorder is not preloaded. */
extern struct record *socklab_record(void) __attribute__((weak));

static struct record *record;

static void find_record(void)
{
    record = socklab_record ? socklab_record() : NULL;
}

/* For dl_iterate_phdr(3): the memory that the object called `path` occupies, "" being the program itself; so the
 * recorder can tell the submission's call sites from the C library's. */
static int note_place(struct dl_phdr_info *info, size_t size, void *path)
{
    (void)size;
    if (strcmp(info->dlpi_name, path) != 0)
        return 0;
    record->header.base = record->header.end = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uint64_t end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && end > record->header.end)
            record->header.end = end;
    }
    return 1;
}

/* Notes where the submission was when it crashed; the handler is gone after that, so the signal then does its work. */
static void note_crash(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    if (record->header.crash_signal != 0)
        return;
    record->header.crash_signal = (uint32_t)signal;
    void *frame[DEEPEST];
    int count = backtrace(frame, DEEPEST);
    for (int i = 0; i < count; i++) {
        uint64_t site = (uint64_t)frame[i];
        if (site >= record->header.base && site < record->header.end) {
            record->header.crash_site = site - record->header.base;
            return;
        }
    }
}

static void watch_for_crashes(void)
{
    if (record == NULL)
        return;
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static char stack[1 << 16];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = note_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};
    void *warm[1];
    backtrace(warm, 1); /* loads libgcc now: in a handler it could deadlock */
    sigaltstack(&alternative, NULL);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
}

#endif
