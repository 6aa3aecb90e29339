/* coroutines (ucontext): each client has a stack of its own, and gives way wherever a call would block */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#define STACK (64 * 1024)
#define MOST 1000

struct task {
    ucontext_t context;
    int fd, done;
    char stack[STACK];
};

static ucontext_t scheduler;
static struct task *tasks[MOST], *current;
static struct pollfd waits[MOST];
static int count;

static void wait_for(short events)
{
    for (int i = 0; i < count; i++)
        if (tasks[i] == current)
            waits[i] = (struct pollfd){ .fd = current->fd, .events = events };
    swapcontext(&current->context, &scheduler);
}

static int would_block(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static void conversation(void)
{
    struct task *self = current;
    char words[8192];

    for (;;) {
        ssize_t n = recv(self->fd, words, sizeof words, 0), sent = 0;
        if (n < 0 && would_block()) {
            wait_for(POLLIN);
            continue;
        }
        if (n <= 0)
            break;
        while (sent < n) {
            ssize_t m = send(self->fd, words + sent, n - sent, MSG_NOSIGNAL);
            if (m >= 0)
                sent += m;
            else if (would_block())
                wait_for(POLLOUT);
            else
                goto end;
        }
    }
end:
    self->done = 1;
    swapcontext(&self->context, &scheduler); /* it does not come back */
}

static void resume(struct task *task)
{
    current = task;
    swapcontext(&scheduler, &task->context);
}

static void begin(int fd)
{
    struct task *task = malloc(sizeof *task);
    if (!task) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    task->fd = fd;
    task->done = 0;
    getcontext(&task->context);
    task->context.uc_stack.ss_sp = task->stack;
    task->context.uc_stack.ss_size = STACK;
    task->context.uc_link = &scheduler;
    makecontext(&task->context, conversation, 0);
    tasks[count] = task;
    waits[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

int main(int argc, char **argv)
{
    int port = 0, length = 0;
    if (argc != 2 || sscanf(argv[1], "%6d%n", &port, &length) != 1 || argv[1][length] || port < 1 || port > 65535) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (void *)&a, sizeof a) || listen(listener, 128)) {
        perror("echo_server");
        exit(1);
    }
    fcntl(listener, F_SETFL, O_NONBLOCK);
    int full = 0;
    for (;;) {
        waits[count] = (struct pollfd){ .fd = full || count == MOST - 1 ? -1 : listener, .events = POLLIN };
        if (poll(waits, count + 1, -1) < 0)
            continue;
        int knocked = waits[count].revents;
        for (int i = count - 1; i >= 0; i--) {
            if (!waits[i].revents)
                continue;
            resume(tasks[i]);
            if (tasks[i]->done) {
                close(tasks[i]->fd);
                free(tasks[i]);
                count--;
                tasks[i] = tasks[count];
                waits[i] = waits[count];
                full = 0;
            }
        }
        if (knocked) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0)
                begin(fd);
            else if (errno == EMFILE || errno == ENFILE)
                full = 1;
        }
    }
}
