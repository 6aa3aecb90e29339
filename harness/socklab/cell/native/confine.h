/* Puts on the filter of system calls that the broker passed, before anything of the submission is loaded.
 *
 * cell/confinement.py makes the filter: two lengths, then two programs. The first puts refused calls to the broker, which
 * gets the listening descriptor (seccomp_unotify(2)); where the kernel cannot do that the second refuses by itself. */
#ifndef SOCKLAB_CONFINE_H
#define SOCKLAB_CONFINE_H

#include "protocol.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One message to the broker, with a duplicate of `descriptor` unless that is negative. */
static ssize_t send_with_descriptor(const struct reply *head, const char *text, int descriptor)
{
    struct iovec parts[] = {{(void *)head, sizeof *head}, {(void *)text, head->length}};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (descriptor >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        control.head.cmsg_level = SOL_SOCKET;
        control.head.cmsg_type = SCM_RIGHTS;
        control.head.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.head), &descriptor, sizeof descriptor);
    }
    return sendmsg(CONTROL_FD, &message, MSG_NOSIGNAL);
}

/* Tells the broker how it went: with a listening descriptor, "refusing" without one, or an errno's number. */
static void report_confinement(int listener, const char *how)
{
    struct reply head = {0, KIND_CONFINED, 0, (uint32_t)strlen(how)};
    send_with_descriptor(&head, how, listener);
}

static long put_on(const unsigned char *bytes, uint32_t length, unsigned flags)
{
    struct sock_fprog program = {(unsigned short)(length / sizeof(struct sock_filter)), (struct sock_filter *)bytes};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void confine(void)
{
    struct stat st;
    uint32_t length[2];
    if (fstat(FILTER_FD, &st) != 0 || st.st_size < (off_t)sizeof length)
        return; /* none was passed, or it is on already */
    size_t size = (size_t)st.st_size;
    unsigned char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, FILTER_FD, 0);
    close(FILTER_FD);
    if (bytes == MAP_FAILED) {
        report_confinement(-1, strerrorname_np(errno));
        return;
    }
    memcpy(length, bytes, sizeof length);
    unsigned char *first = bytes + sizeof length, *second = first + length[0];
    struct sock_filter *each = (struct sock_filter *)first;
    for (size_t i = 0; i < (length[0] + length[1]) / sizeof *each; i++)
        if (each[i].k == OWN_PID)
            each[i].k = (uint32_t)getpid();
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    long listener = put_on(first, length[0], SECCOMP_FILTER_FLAG_NEW_LISTENER);
    if (listener >= 0) {
        report_confinement((int)listener, "");
        close((int)listener);
    } else {
        report_confinement(-1, put_on(second, length[1], 0) == 0 ? "refusing" : strerrorname_np(errno));
    }
    munmap(bytes, size);
}

#endif
