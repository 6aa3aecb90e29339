/* The recorder: a preloaded library that notes each socket call of a submission and, for teaching, makes some fail.
 *
 * Each wrapper writes a pending event, makes the real call, and completes the event, so that a call that never returns is
 * seen too. Events live in memory shared with the broker and survive a crash. It serves teaching: points rest on what the
 * broker sees from outside. It knows no exercise.
 *
 * Faults that no kernel gives are made here: a close() that succeeds and leaves another errno, a connect() that fails at
 * once, a socket() that fails. They are marked as injected. And a connection may be told late. */
#define _GNU_SOURCE
#include "confine.h"
#include "record.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct record *record;

/* Descriptors that are known to be sockets: read() and write() on anything else are nobody's business here. */
static unsigned char is_socket[1024];

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void attach(void)
{
    struct stat st;
    if (fstat(RECORD_FD, &st) != 0 || st.st_size != (off_t)sizeof(struct record))
        return;
    void *shared = mmap(NULL, sizeof(struct record), PROT_READ | PROT_WRITE, MAP_SHARED, RECORD_FD, 0);
    if (shared != MAP_FAILED && ((struct record *)shared)->header.magic == RECORD_MAGIC)
        record = shared;
}

/* Before main(), so that a runner in any language is confined by it. */
__attribute__((constructor)) static void start(void)
{
    attach();
    confine();
}

/* The recorder's memory, for the runner that tells it when to listen and where the submission is mapped. */
struct record *socklab_record(void)
{
    return record;
}

static struct record_event *begin(const char *name, void *caller)
{
    if (record == NULL || !__atomic_load_n(&record->header.armed, __ATOMIC_RELAXED))
        return NULL;
    int saved = errno;
    uint32_t slot = __atomic_fetch_add(&record->header.next, 1, __ATOMIC_RELAXED) % RECORD_CAPACITY;
    struct record_event *e = &record->event[slot];
    memset(e, 0, sizeof *e);
    uint64_t site = (uint64_t)caller - 1;
    if (site >= record->header.base && site < record->header.end)
        e->site = site - record->header.base;
    e->thread = (uint32_t)gettid();
    e->line = record->header.line[e->thread % RECORD_LINES];
    strncpy(e->name, name, sizeof e->name - 1);
    e->started = now();
    __atomic_store_n(&e->state, EVENT_PENDING, __ATOMIC_RELEASE);
    errno = saved;
    return e;
}

static void finish(struct record_event *e, int64_t result)
{
    if (e == NULL)
        return;
    int saved = errno;
    e->result = result;
    e->error = result < 0 ? saved : 0;
    e->ended = now();
    __atomic_store_n(&e->state, EVENT_DONE, __ATOMIC_RELEASE);
    errno = saved;
}

static void keep_bytes(struct record_event *e, const void *bytes, size_t length)
{
    if (e == NULL || bytes == NULL)
        return;
    e->length = (uint32_t)(length < sizeof e->data ? length : sizeof e->data);
    memcpy(e->data, bytes, e->length);
}

static void keep_text(struct record_event *e, const char *text)
{
    if (text != NULL)
        keep_bytes(e, text, strlen(text));
}

static void keep_args(struct record_event *e, int64_t a, int64_t b, int64_t c, int64_t d)
{
    if (e == NULL)
        return;
    e->arg[0] = a;
    e->arg[1] = b;
    e->arg[2] = c;
    e->arg[3] = d;
}

static void mark_socket(int64_t fd, int yes)
{
    if (fd >= 0 && fd < (int64_t)sizeof is_socket)
        is_socket[fd] = (unsigned char)yes;
}

static int known_socket(int fd)
{
    return fd >= 0 && (fd >= (int)sizeof is_socket || is_socket[fd]);
}

#define CALLER __builtin_return_address(0)
#define REAL(name)                                                                                                     \
    static __typeof__(name) *real;                                                                                     \
    if (real == NULL)                                                                                                  \
    real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* A wrapper that does nothing of its own: arguments as numbers in, result out. */
#define PLAIN(type, name, declared, passed, a, b, c, d)                                                                \
    type name declared                                                                                                 \
    {                                                                                                                  \
        REAL(name);                                                                                                    \
        struct record_event *e = begin(#name, CALLER);                                                                 \
        keep_args(e, (int64_t)(a), (int64_t)(b), (int64_t)(c), (int64_t)(d));                                          \
        type result = real passed;                                                                                     \
        finish(e, (int64_t)result);                                                                                    \
        return result;                                                                                                 \
    }

/* The same for calls that also serve files: noted only where the descriptor is a socket. */
#define ON_SOCKET(type, name, declared, passed, b, c)                                                                  \
    type name declared                                                                                                 \
    {                                                                                                                  \
        REAL(name);                                                                                                    \
        struct record_event *e = known_socket(fd) ? begin(#name, CALLER) : NULL;                                       \
        keep_args(e, fd, (int64_t)(b), (int64_t)(c), 0);                                                               \
        type result = real passed;                                                                                     \
        finish(e, (int64_t)result);                                                                                    \
        return result;                                                                                                 \
    }

static int socket_fault(int domain)
{
    return record != NULL && record->header.armed && record->header.socket_errno != 0 &&
           (domain == AF_INET || domain == AF_INET6);
}

static int fault_for(const struct sockaddr *address, socklen_t length)
{
    if (record == NULL || !record->header.armed || record->header.connect_errno == 0 || address == NULL ||
        length < sizeof(struct sockaddr_in) || address->sa_family != AF_INET)
        return 0;
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in);
    return ntohs(in.sin_port) == record->header.connect_port ? record->header.connect_errno : 0;
}

static int fail_injected(struct record_event *e, int error)
{
    errno = error;
    if (e != NULL)
        e->injected = 1;
    finish(e, -1);
    return -1;
}

int socket(int domain, int type, int protocol)
{
    REAL(socket);
    struct record_event *e = begin("socket", CALLER);
    keep_args(e, domain, type, protocol, 0);
    if (socket_fault(domain))
        return fail_injected(e, record->header.socket_errno);
    int fd = real(domain, type, protocol);
    mark_socket(fd, 1);
    finish(e, fd);
    return fd;
}

/* As a busy machine may, it tells late of a connection: when the other end has spoken or hung up, in a second at most. */
static void be_late(int fd, long result)
{
    if (result != 0 || record == NULL || !record->header.armed || record->header.late != 1)
        return;
    REAL(poll);
    struct pollfd other_end = { .fd = fd, .events = POLLIN };
    int kept = errno;
    real(&other_end, 1, 1000);
    errno = kept;
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    REAL(connect);
    struct record_event *e = begin("connect", CALLER);
    keep_args(e, fd, length, 0, 0);
    keep_bytes(e, address, length);
    int fault = fault_for(address, length);
    if (fault != 0)
        return fail_injected(e, fault);
    int result = real(fd, address, length);
    be_late(fd, result);
    finish(e, result);
    return result;
}

static void spoil_errno(struct record_event *e, long result)
{
    if (result == 0 && record != NULL && record->header.armed && record->header.close_errno != 0) {
        errno = record->header.close_errno;
        if (e != NULL) {
            e->injected = 1;
            e->error = errno;
        }
    }
}

int close(int fd)
{
    REAL(close);
    struct record_event *e = begin("close", CALLER);
    keep_args(e, fd, known_socket(fd), 0, 0);
    int result = real(fd);
    if (result == 0)
        mark_socket(fd, 0);
    finish(e, result);
    spoil_errno(e, result);
    return result;
}

/* It closes the descriptor below as well, and is noted as that: the C library's own close() passes none of these wrappers. */
int fclose(FILE *stream)
{
    REAL(fclose);
    int fd = fileno(stream);
    struct record_event *e = fd >= 0 ? begin("close", CALLER) : NULL;
    keep_args(e, fd, known_socket(fd), 0, 0);
    int result = real(stream);
    mark_socket(fd, 0);
    finish(e, result);
    return result;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    REAL(bind);
    struct record_event *e = begin("bind", CALLER);
    keep_args(e, fd, length, 0, 0);
    keep_bytes(e, address, length);
    int result = real(fd, address, length);
    finish(e, result);
    return result;
}

PLAIN(int, listen, (int fd, int backlog), (fd, backlog), fd, backlog, 0, 0)
PLAIN(int, shutdown, (int fd, int how), (fd, how), fd, how, 0, 0)
/* What an option is set to, as far as one number says it: an int, or the seconds of SO_LINGER, -1 where that is off. */
static int option_value(int level, int option, const void *value, socklen_t length)
{
    struct linger linger;
    int number;

    if (value == NULL || length < sizeof number)
        return 0;
    if (level == SOL_SOCKET && option == SO_LINGER && length >= sizeof linger) {
        memcpy(&linger, value, sizeof linger);
        return linger.l_onoff ? linger.l_linger : -1;
    }
    memcpy(&number, value, sizeof number);
    return number;
}

PLAIN(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t length),
      (fd, level, option, value, length), fd, level, option, option_value(level, option, value, length))

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict length)
{
    REAL(getsockopt);
    struct record_event *e = begin("getsockopt", CALLER);
    int result = real(fd, level, option, value, length);
    int answer = 0;
    if (result == 0 && value != NULL && length != NULL && *length == sizeof answer)
        memcpy(&answer, value, sizeof answer);
    if (level == SOL_SOCKET && option == SO_ERROR && answer == 0)
        be_late(fd, result);
    keep_args(e, fd, level, option, answer);
    finish(e, result);
    return result;
}

PLAIN(int, getsockname, (int fd, struct sockaddr *restrict address, socklen_t *restrict length), (fd, address, length),
      fd, 0, 0, 0)
PLAIN(int, getpeername, (int fd, struct sockaddr *restrict address, socklen_t *restrict length), (fd, address, length),
      fd, 0, 0, 0)

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
    REAL(accept4);
    struct record_event *e = begin("accept4", CALLER);
    keep_args(e, fd, flags, 0, 0);
    int got = real(fd, address, length, flags);
    mark_socket(got, 1);
    finish(e, got);
    return got;
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    REAL(accept);
    struct record_event *e = begin("accept", CALLER);
    keep_args(e, fd, 0, 0, 0);
    int got = real(fd, address, length);
    mark_socket(got, 1);
    finish(e, got);
    return got;
}

PLAIN(ssize_t, send, (int fd, const void *bytes, size_t length, int flags), (fd, bytes, length, flags), fd, length,
      flags, 0)
PLAIN(ssize_t, recv, (int fd, void *bytes, size_t length, int flags), (fd, bytes, length, flags), fd, length, flags, 0)
PLAIN(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags), fd, 0, flags, 0)
PLAIN(ssize_t, recvfrom,
      (int fd, void *restrict bytes, size_t length, int flags, struct sockaddr *restrict address,
       socklen_t *restrict size),
      (fd, bytes, length, flags, address, size), fd, length, flags, 0)

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *address, socklen_t size)
{
    REAL(sendto);
    struct record_event *e = begin("sendto", CALLER);
    keep_args(e, fd, (int64_t)length, flags, 0);
    keep_bytes(e, address, size);
    ssize_t result = real(fd, bytes, length, flags, address, size);
    finish(e, result);
    return result;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(sendmsg);
    struct record_event *e = begin("sendmsg", CALLER);
    keep_args(e, fd, flags, 0, 0);
    if (message != NULL)
        keep_bytes(e, message->msg_name, message->msg_namelen);
    ssize_t result = real(fd, message, flags);
    finish(e, result);
    return result;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    REAL(sendmmsg);
    struct record_event *e = begin("sendmsg", CALLER);
    keep_args(e, fd, flags, 0, 0);
    if (count > 0)
        keep_bytes(e, messages[0].msg_hdr.msg_name, messages[0].msg_hdr.msg_namelen);
    int result = real(fd, messages, count, flags);
    finish(e, result);
    return result;
}

ON_SOCKET(ssize_t, read, (int fd, void *bytes, size_t length), (fd, bytes, length), length, 0)
ON_SOCKET(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, length), length, 0)

int fcntl(int fd, int command, ...)
{
    REAL(fcntl);
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *); /* the kernel takes one word, whatever its type */
    va_end(list);
    struct record_event *e = begin("fcntl", CALLER);
    keep_args(e, fd, command, (int64_t)argument, 0);
    int result = real(fd, command, argument);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        mark_socket(result, known_socket(fd));
    finish(e, result);
    return result;
}

int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));

int ioctl(int fd, unsigned long request, ...)
{
    REAL(ioctl);
    va_list list;
    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    struct record_event *e = known_socket(fd) ? begin("ioctl", CALLER) : NULL;
    keep_args(e, fd, (int64_t)request, request == FIONBIO && argument ? *(int *)argument : 0, 0);
    int result = real(fd, request, argument);
    finish(e, result);
    return result;
}

PLAIN(int, dup, (int fd), (fd), fd, 0, 0, 0)
PLAIN(int, dup2, (int fd, int wanted), (fd, wanted), fd, wanted, 0, 0)
PLAIN(int, dup3, (int fd, int wanted, int flags), (fd, wanted, flags), fd, wanted, flags, 0)

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    REAL(poll);
    struct record_event *e = begin("poll", CALLER);
    keep_args(e, count ? fds[0].fd : -1, count ? fds[0].events : 0, timeout, 0);
    int result = real(fds, count, timeout);
    if (e != NULL && result > 0 && count > 0)
        e->arg[3] = fds[0].revents;
    finish(e, result);
    return result;
}

int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size)
{
    (void)size;
    return poll(fds, count, timeout);
}

PLAIN(int, ppoll, (struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask),
      (fds, count, timeout, mask), count ? fds[0].fd : -1, count ? fds[0].events : 0,
      timeout ? timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000 : -1, 0)
PLAIN(int, select,
      (int count, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x, struct timeval *restrict timeout),
      (count, r, w, x, timeout), count, timeout ? timeout->tv_sec * 1000 + timeout->tv_usec / 1000 : -1, 0, 0)
PLAIN(int, pselect,
      (int count, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x, const struct timespec *restrict timeout,
       const sigset_t *restrict mask),
      (count, r, w, x, timeout, mask), count, timeout ? timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000 : -1, 0, 0)
PLAIN(unsigned, alarm, (unsigned seconds), (seconds), seconds, 0, 0, 0)
PLAIN(int, setitimer,
      (__itimer_which_t which, const struct itimerval *restrict timer, struct itimerval *restrict before),
      (which, timer, before), which, timer ? timer->it_value.tv_sec * 1000 + timer->it_value.tv_usec / 1000 : 0, 0, 0)
PLAIN(int, epoll_create1, (int flags), (flags), flags, 0, 0, 0)
PLAIN(int, epoll_create, (int size), (size), size, 0, 0, 0)
PLAIN(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event), (epoll, operation, fd, event),
      epoll, operation, fd, event ? event->events : 0)
PLAIN(int, epoll_wait, (int epoll, struct epoll_event *events, int count, int timeout),
      (epoll, events, count, timeout), epoll, count, timeout, 0)

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    REAL(getaddrinfo);
    struct record_event *e = begin("getaddrinfo", CALLER);
    keep_text(e, node);
    int result = real(node, service, hints, found);
    finish(e, result);
    return result;
}

/* The other doors to the resolver. All look a name up, so they are noted under one name; one asks for an address's name. */
#define LOOKUP(type, name, noted, declared, passed, text)                                                              \
    type name declared                                                                                                 \
    {                                                                                                                  \
        REAL(name);                                                                                                    \
        struct record_event *e = begin(noted, CALLER);                                                                 \
        keep_text(e, text);                                                                                            \
        type result = real passed;                                                                                     \
        finish(e, 0);                                                                                                  \
        return result;                                                                                                 \
    }

LOOKUP(struct hostent *, gethostbyname, "gethostbyname", (const char *name), (name), name)
LOOKUP(struct hostent *, gethostbyname2, "gethostbyname", (const char *name, int family), (name, family), name)
LOOKUP(int, gethostbyname_r, "gethostbyname",
       (const char *restrict name, struct hostent *restrict host, char *restrict buffer, size_t size,
        struct hostent **restrict found, int *restrict error),
       (name, host, buffer, size, found, error), name)
LOOKUP(int, gethostbyname2_r, "gethostbyname",
       (const char *restrict name, int family, struct hostent *restrict host, char *restrict buffer, size_t size,
        struct hostent **restrict found, int *restrict error),
       (name, family, host, buffer, size, found, error), name)
LOOKUP(struct hostent *, gethostbyaddr, "gethostbyaddr", (const void *address, socklen_t length, int family),
       (address, length, family), "")
LOOKUP(int, gethostbyaddr_r, "gethostbyaddr",
       (const void *restrict address, socklen_t length, int family, struct hostent *restrict host, char *restrict buffer,
        size_t size, struct hostent **restrict found, int *restrict error),
       (address, length, family, host, buffer, size, found, error), "")

int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags)
{
    REAL(getnameinfo);
    int asks = host != NULL && host_size > 0 && !(flags & NI_NUMERICHOST);
    struct record_event *e = asks ? begin("getnameinfo", CALLER) : NULL;
    int result = real(address, length, host, host_size, service, service_size, flags);
    finish(e, result);
    return result;
}

pid_t fork(void)
{
    REAL(fork);
    struct record_event *e = begin("fork", CALLER);
    pid_t child = real();
    if (child != 0)
        finish(e, child);
    return child;
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    REAL(execve);
    struct record_event *e = begin("execve", CALLER);
    keep_text(e, path);
    int result = real(path, argv, envp);
    finish(e, result);
    return result;
}

/* The rest of the exec family calls the C library's own execve(), past the wrapper above. */
#define EXEC(name, declared, passed, path)                                                                             \
    int name declared                                                                                                  \
    {                                                                                                                  \
        REAL(name);                                                                                                    \
        struct record_event *e = begin("execve", CALLER);                                                              \
        keep_text(e, path);                                                                                            \
        int result = real passed;                                                                                      \
        finish(e, result);                                                                                             \
        return result;                                                                                                 \
    }

EXEC(execv, (const char *path, char *const argv[]), (path, argv), path)
EXEC(execvp, (const char *file, char *const argv[]), (file, argv), file)
EXEC(execvpe, (const char *file, char *const argv[], char *const envp[]), (file, argv, envp), file)
EXEC(fexecve, (int fd, char *const argv[], char *const envp[]), (fd, argv, envp), "")

enum { MOST_WORDS = 256 };

#define EXEC_LIST(name, final)                                                                                         \
    int name(const char *path, const char *first, ...)                                                                 \
    {                                                                                                                  \
        char *argv[MOST_WORDS + 1] = {(char *)first};                                                                  \
        va_list list;                                                                                                  \
        va_start(list, first);                                                                                         \
        for (int i = 1; argv[i - 1] != NULL && i < MOST_WORDS; i++)                                                    \
            argv[i] = va_arg(list, char *);                                                                            \
        va_end(list);                                                                                                  \
        return final(path, argv);                                                                                      \
    }

EXEC_LIST(execl, execv)
EXEC_LIST(execlp, execvp)

int system(const char *command)
{
    REAL(system);
    struct record_event *e = begin("system", CALLER);
    keep_text(e, command);
    int result = real(command);
    finish(e, result);
    return result;
}

FILE *popen(const char *command, const char *mode)
{
    REAL(popen);
    struct record_event *e = begin("popen", CALLER);
    keep_text(e, command);
    FILE *result = real(command, mode);
    finish(e, result == NULL ? -1 : 0);
    return result;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const envp[restrict])
{
    REAL(posix_spawn);
    struct record_event *e = begin("posix_spawn", CALLER);
    keep_text(e, path);
    int result = real(pid, path, actions, attributes, argv, envp);
    finish(e, result);
    return result;
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const envp[restrict])
{
    REAL(posix_spawnp);
    struct record_event *e = begin("posix_spawnp", CALLER);
    keep_text(e, file);
    int result = real(pid, file, actions, attributes, argv, envp);
    finish(e, result);
    return result;
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*start)(void *),
                   void *restrict argument)
{
    REAL(pthread_create);
    struct record_event *e = begin("pthread_create", CALLER);
    int result = real(thread, attributes, start, argument);
    finish(e, result);
    return result;
}

/* syscall(2) reaches the kernel beside the wrappers above: the calls that matter are noted under their own names. */
long syscall(long number, ...)
{
    REAL(syscall);
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), f = va_arg(list, long), g = va_arg(list, long);
    va_end(list);
    const char *name = number == SYS_socket    ? "socket"
                       : number == SYS_connect ? "connect"
                       : number == SYS_close   ? "close"
                       : number == SYS_bind    ? "bind"
                       : number == SYS_sendto  ? "sendto"
                                               : NULL;
    if (name == NULL)
        return real(number, a, b, c, d, f, g);
    struct record_event *e = begin(name, CALLER);
    keep_args(e, a, b, c, d);
    if (number == SYS_connect || number == SYS_bind)
        keep_bytes(e, (const void *)b, (size_t)c);
    int fault = number == SYS_connect                       ? fault_for((const struct sockaddr *)b, (socklen_t)c)
                : number == SYS_socket && socket_fault((int)a) ? record->header.socket_errno
                                                            : 0;
    if (fault != 0)
        return fail_injected(e, fault);
    long result = real(number, a, b, c, d, f, g);
    if (number == SYS_connect)
        be_late((int)a, result);
    if (number == SYS_socket)
        mark_socket(result, 1);
    finish(e, result);
    if (number == SYS_close)
        spoil_errno(e, result);
    return result;
}
