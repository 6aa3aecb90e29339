/* The runner for C: loads a submission as a shared object and calls its function when the broker asks.
 *
 * With a path and words after its own name it becomes the submission, a whole program: confined, bounded and recorded, and then
 * left to itself.
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
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LARGEST = 1 << 17, DEEPEST = 64, MOST_ARGUMENTS = 4, MOST_AT_ONCE = 64 };

typedef int some_ints(); /* called with as many ints as the exercise's function takes */

/* Absent where the recorder is not preloaded. */
extern struct record *socklab_record(void) __attribute__((weak));

static struct record *record;
static some_ints *function;

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

/* For dl_iterate_phdr(3): the memory that the object called `path` occupies, so that the recorder can tell the submission's
 * call sites from the C library's. */
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
        /* This handler, the kernel's return from it, the place itself; then addresses behind calls. */
        uint64_t site = (uint64_t)frame[i] - (i > 2);
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

static void arm(uint32_t on)
{
    if (record)
        __atomic_store_n(&record->header.armed, on, __ATOMIC_SEQ_CST);
}

/* The object's function of that name, or a program's main() where the name is ""; NULL with `why` if it cannot be loaded. */
static void *find(char *path, const char *name, const char **why)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        *why = dlerror();
        *why = *why ? *why : "the dynamic loader gave no reason";
        return NULL;
    }
    if (record)
        dl_iterate_phdr(note_place, path);
    return dlsym(object, *name ? name : "main");
}

static void load(uint32_t token, char *text)
{
    const char *why = NULL;
    function = (some_ints *)find(text, text + strlen(text) + 1, &why);
    answer(token, function ? KIND_DONE : why ? KIND_NOT_LOADED : KIND_NO_FUNCTION, 0, why ? why : "");
}

/* Leaves it no free descriptor from `first` on. */
static void take_all(int first)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = first; fcntl(fd, F_GETFD) != -1 || dup2(null, fd) != -1;)
        fd++;
    close(null);
}

/* Be the submission, from here on: argv has its path, its name, and its arguments. */
static int become(int argc, char **argv)
{
    uint32_t descriptors;
    const char *why = NULL;
    struct reply hello = {0, OP_HELLO, 0, 0};
    send_with_descriptor(&hello, "", -1);
    if (recv(CONTROL_FD, &descriptors, sizeof descriptors, 0) == sizeof descriptors) {
        close(CONTROL_FD);
        take_all((int)descriptors);
    } else if (errno != EBADF) { /* where a person starts it there is no broker */
        return 70;
    }
    program_invocation_name = program_invocation_short_name = argv[1];
    int (*program)(int, char **, char **) = (int (*)(int, char **, char **))find(argv[0], "", &why);
    if (program == NULL) {
        fprintf(stderr, "%s\n", why ? why : "it has no main()");
        return 71;
    }
    arm(1);
    return program(argc - 1, argv + 1, environ);
}

static int call_with(const int64_t *args, uint32_t argc)
{
    int a = (int)args[0], b = argc > 1 ? (int)args[1] : 0, c = argc > 2 ? (int)args[2] : 0;
    switch (argc) {
    case 1:
        return function(a);
    case 2:
        return function(a, b);
    case 3:
        return function(a, b, c);
    default:
        return function(a, b, c, (int)args[3]);
    }
}

static struct result *results_of(const struct request *request)
{
    if (function == NULL || request->argc < 1 || request->argc > MOST_ARGUMENTS ||
        request->count > (LARGEST - sizeof(struct reply)) / sizeof(struct result))
        _exit(71);
    return (struct result *)(outbox + sizeof(struct reply));
}

static void call(const struct request *request, const int64_t *args)
{
    struct result *results = results_of(request);
    for (uint32_t i = 0; i < request->count; i++) {
        arm(1);
        errno = request->error;
        int value = call_with(args + i * request->argc, request->argc);
        int error = errno;
        arm(0);
        results[i] = (struct result){value, error, KIND_DONE};
    }
    answer(request->token, KIND_DONE, request->count, "");
}

struct job {
    const struct request *request;
    const int64_t *args;
    struct result *result;
    pthread_barrier_t *together;
};

static void *call_in_thread(void *of)
{
    struct job *job = of;
    pthread_barrier_wait(job->together);
    errno = job->request->error;
    int value = call_with(job->args, job->request->argc);
    *job->result = (struct result){value, errno, KIND_DONE};
    return NULL;
}

static void call_at_once(const struct request *request, const int64_t *args)
{
    struct result *results = results_of(request);
    uint32_t count = request->count;
    struct job jobs[MOST_AT_ONCE];
    pthread_t threads[MOST_AT_ONCE];
    pthread_barrier_t together;
    if (count < 1 || count > MOST_AT_ONCE)
        _exit(71);
    pthread_barrier_init(&together, NULL, count);
    for (uint32_t i = 0; i < count; i++) {
        arm(i + 1 == count); /* they all wait for the last one */
        jobs[i] = (struct job){request, args + i * request->argc, &results[i], &together};
        if (pthread_create(&threads[i], NULL, call_in_thread, &jobs[i]) != 0)
            _exit(71);
    }
    for (uint32_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    arm(0);
    pthread_barrier_destroy(&together);
    answer(request->token, KIND_DONE, count, "");
}

/* Passes a duplicate of one of the submission's descriptors to the broker, which then sees for itself what it is. */
static void hand_over(uint32_t token, int descriptor)
{
    struct reply head = {token, KIND_DONE, 0, 0};
    if (descriptor < 0 || send_with_descriptor(&head, "", descriptor) < 0)
        answer(token, KIND_DONE, 0, ""); /* nothing is open there */
}

/* Sets the timer that alarm(2) and setitimer(2) share, and tells what it was. */
static void set_alarm(uint32_t token, int64_t ms)
{
    struct itimerval now = {.it_value = {ms / 1000, ms % 1000 * 1000}}, before;
    ms < 0 ? getitimer(ITIMER_REAL, &before) : setitimer(ITIMER_REAL, &now, &before);
    int64_t left = before.it_value.tv_sec * 1000 + (before.it_value.tv_usec + 999) / 1000;
    *(struct result *)(outbox + sizeof(struct reply)) = (struct result){left, 0, KIND_DONE};
    answer(token, KIND_DONE, 1, "");
}

static int filling[4096], filled;

static void fill(int end)
{
    int fd;
    while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < end && filled < (int)(sizeof filling / sizeof *filling))
        filling[filled++] = fd;
    close(fd);
}

static void nothing(int signal)
{
    (void)signal;
}

static void serve(const struct request *request, char *body)
{
    const int64_t *args = (const int64_t *)body;
    char *text = body + 8 * (size_t)request->argc * request->count;
    struct sigaction quiet = {.sa_handler = nothing};
    sigset_t one;
    int fd;
    switch (request->operation) {
    case OP_LOAD:
        load(request->token, text);
        return;
    case OP_CALL:
        call(request, args);
        return;
    case OP_CALL_AT_ONCE:
        call_at_once(request, args);
        return;
    case OP_HAND_OVER:
        hand_over(request->token, (int)args[0]);
        return;
    case OP_ALARM:
        set_alarm(request->token, args[0]);
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
    case OP_BLOCK_SIGNAL:
        sigemptyset(&one);
        sigaddset(&one, (int)args[0]);
        sigprocmask(SIG_BLOCK, &one, NULL);
        break;
    }
    answer(request->token, KIND_DONE, 0, "");
}

int main(int argc, char **argv)
{
    record = socklab_record ? socklab_record() : NULL;
    close(RECORD_FD);
    watch_for_crashes();
    confine(); /* the build with sanitizers has no recorder that did it */
    if (argc > 2)
        return become(argc - 1, argv + 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
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
