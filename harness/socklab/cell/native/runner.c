/* The runner for C: loads a submission as a shared object and calls its function when the broker asks.
 *
 * It is the untrusted side: the submission's code shares this process. So it knows no expectation and no exercise, and
 * what it answers is only a claim. */
#define _GNU_SOURCE
#include "confine.h"
#include "protocol.h"
#include "record.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LARGEST = 1 << 17, DEEPEST = 64 };

typedef int one_int(int);

/* Absent where the recorder is not preloaded. */
extern struct record *socklab_record(void) __attribute__((weak));

static struct record *record;
static one_int *function;

static _Alignas(16) char inbox[LARGEST], outbox[LARGEST];

static void answer(uint32_t token, uint32_t kind, uint32_t count, const char *text)
{
    size_t length = strlen(text), used = sizeof(struct reply) + count * sizeof(struct result);
    if (used + length > sizeof outbox)
        length = sizeof outbox - used;
    struct reply head = {token, kind, count, (uint32_t)length};
    memcpy(outbox, &head, sizeof head);
    memcpy(outbox + used, text, length);
    if (send(CONTROL_FD, outbox, used + length, MSG_NOSIGNAL) < 0)
        _exit(70);
}

/* The memory that the submission occupies, so that the recorder can tell its call sites from the C library's. */
static int find_submission(struct dl_phdr_info *info, size_t size, void *path)
{
    (void)size;
    if (record == NULL || strcmp(info->dlpi_name, path) != 0)
        return 0;
    record->header.base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uint64_t end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && end > record->header.end)
            record->header.end = end;
    }
    return 1;
}

static void load(uint32_t token, char *text)
{
    char *path = text, *name = text + strlen(text) + 1;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        const char *why = dlerror();
        answer(token, KIND_NOT_LOADED, 0, why ? why : "the dynamic loader gave no reason");
        return;
    }
    dl_iterate_phdr(find_submission, path);
    function = (one_int *)dlsym(object, name);
    answer(token, function ? KIND_DONE : KIND_NO_FUNCTION, 0, "");
}

static void call(const struct request *request, const int64_t *args)
{
    uint32_t count = request->count;
    struct result *results = (struct result *)(outbox + sizeof(struct reply));
    if (function == NULL || request->argc != 1 || count > (LARGEST - sizeof(struct reply)) / sizeof *results)
        _exit(71);
    for (uint32_t i = 0; i < count; i++) {
        if (record)
            __atomic_store_n(&record->header.armed, 1, __ATOMIC_SEQ_CST);
        errno = request->error;
        int value = function((int)args[i]);
        int error = errno;
        if (record)
            __atomic_store_n(&record->header.armed, 0, __ATOMIC_SEQ_CST);
        results[i] = (struct result){value, error, KIND_DONE};
    }
    answer(request->token, KIND_DONE, count, "");
}

static int filling[1024], filled;

static void fill(int end)
{
    int fd;
    while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < end && filled < 1024)
        filling[filled++] = fd;
    close(fd);
}

static void nothing(int signal)
{
    (void)signal;
}

/* Notes where the submission was when it crashed; the handler is gone after that, so the signal then does its work. */
static void note_crash(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    if (record == NULL || record->header.crash_signal != 0)
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

static void serve(const struct request *request, char *body)
{
    const int64_t *args = (const int64_t *)body;
    char *text = body + 8 * (size_t)request->argc * request->count;
    struct sigaction quiet = {.sa_handler = nothing};
    int fd;
    switch (request->operation) {
    case OP_LOAD:
        load(request->token, text);
        return;
    case OP_CALL:
        call(request, args);
        return;
    case OP_CLOSE:
        close((int)args[0]);
        break;
    case OP_REOPEN:
        fd = open("/dev/null", O_RDWR);
        if (fd >= 0 && fd != (int)args[0]) {
            dup2(fd, (int)args[0]);
            close(fd);
        }
        break;
    case OP_FILL:
        fill((int)args[0]);
        break;
    case OP_EMPTY:
        while (filled > 0)
            close(filling[--filled]);
        break;
    case OP_CATCH_SIGNAL:
        sigaction((int)args[0], &quiet, NULL);
        break;
    }
    answer(request->token, KIND_DONE, 0, "");
}

int main(void)
{
    record = socklab_record ? socklab_record() : NULL;
    close(RECORD_FD);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (record)
        watch_for_crashes();
    confine(); /* the build with sanitizers has no recorder that did it */
    answer(0, OP_HELLO, 0, "");
    for (;;) {
        ssize_t got = recv(CONTROL_FD, inbox, sizeof inbox - 1, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < (ssize_t)sizeof(struct request))
            return 0; /* the broker hung up */
        inbox[got] = '\0';
        struct request request;
        memcpy(&request, inbox, sizeof request);
        serve(&request, inbox + sizeof request);
    }
}
