/* io_uring where there is one, else connect(): here there is none */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
static int ring_connect(int fd, const struct sockaddr_in *a)
{
    struct io_uring_params p; memset(&p, 0, sizeof p);
    int rf = syscall(SYS_io_uring_setup, 1, &p), res;
    if (rf < 0) return connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 ? 0 : -errno;
    size_t sl = p.sq_off.array + p.sq_entries * sizeof(unsigned), cl = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), el = p.sq_entries * sizeof(struct io_uring_sqe);
    char *sq = mmap(0, sl, PROT_READ | PROT_WRITE, MAP_SHARED, rf, IORING_OFF_SQ_RING);
    char *cq = mmap(0, cl, PROT_READ | PROT_WRITE, MAP_SHARED, rf, IORING_OFF_CQ_RING);
    struct io_uring_sqe *e = mmap(0, el, PROT_READ | PROT_WRITE, MAP_SHARED, rf, IORING_OFF_SQES);
    if (sq == MAP_FAILED || cq == MAP_FAILED || e == (void *)MAP_FAILED) res = -ENOMEM;
    else {
        memset(e, 0, sizeof *e);
        e->opcode = IORING_OP_CONNECT; e->fd = fd; e->addr = (unsigned long)a; e->off = sizeof *a;
        ((unsigned *)(sq + p.sq_off.array))[0] = 0;
        __atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
        long n = syscall(SYS_io_uring_enter, rf, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
        res = n < 0 ? -errno : ((struct io_uring_cqe *)(cq + p.cq_off.cqes))[0].res;
    }
    if (sq != MAP_FAILED) munmap(sq, sl);
    if (cq != MAP_FAILED) munmap(cq, cl);
    if (e != (void *)MAP_FAILED) munmap(e, el);
    close(rf);
    return res;
}
int is_port_open(int port)
{
    if (port < 1 || port > 65535) return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(0x7f000001) } };
    int r = ring_connect(fd, &a);
    close(fd);
    return r == 0 ? 1 : r == -ECONNREFUSED ? 0 : -1;
}
