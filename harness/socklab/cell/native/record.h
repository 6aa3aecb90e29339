/* The memory that the recorder and the broker share: one header, then a ring of events.
 *
 * cell/recorder.py decodes these structures by their fixed layout; a change here is a change there (a test compares the
 * sizes). Nothing in it is believed when points are given: the learner's code shares the process and could write here. */
#ifndef SOCKLAB_RECORD_H
#define SOCKLAB_RECORD_H

#include <stdint.h>

enum { RECORD_MAGIC = 0x736f636b, RECORD_CAPACITY = 4096, RECORD_FD = 1001, RECORD_LINES = 64 };

enum event_state { EVENT_PENDING = 1, EVENT_DONE = 2 };

struct record_event {
    uint32_t state;    /* event_state; PENDING for a call that never came back */
    uint32_t injected; /* 1 where the recorder, not the kernel, made the result */
    uint64_t started;  /* CLOCK_MONOTONIC, ns */
    uint64_t ended;
    uint64_t site;     /* return address minus one, relative to the submission; 0 outside it */
    uint32_t line;     /* the line that a Python submission was on; 0 in C */
    uint32_t thread;
    int64_t result;
    int64_t arg[4];
    int32_t error;     /* errno where result says failure */
    uint32_t length;   /* bytes used of data */
    char name[16];     /* "connect", "close" … */
    char data[32];     /* a socket address, or a host name, cut */
};

struct record_header {
    uint32_t magic;
    uint32_t armed;          /* nothing is noted while 0 */
    uint32_t next;           /* number of events begun; the slot is next % RECORD_CAPACITY */
    uint32_t crash_signal;   /* the signal that ended the submission */
    uint64_t base;           /* where the submission is mapped, */
    uint64_t end;            /* and where that ends */
    int32_t close_errno;     /* fault: what a close() that succeeds leaves in errno; 0 for none */
    int32_t connect_errno;   /* fault: what connect() to connect_port fails with; 0 for none */
    int32_t connect_port;
    int32_t socket_errno;    /* fault: what socket() for an Internet family fails with; 0 for none */
    uint64_t crash_site;     /* the innermost own code address when it crashed, relative to base */
    uint32_t line[RECORD_LINES]; /* kept by the Python runner: the line that a thread is on, at its id % RECORD_LINES */
    uint32_t late;           /* where it is 1, a connection is told once its other end has spoken or hung up */
    uint32_t unused;         /* so that events begin at a multiple of eight */
};

struct record {
    struct record_header header;
    struct record_event event[RECORD_CAPACITY];
};

#endif
