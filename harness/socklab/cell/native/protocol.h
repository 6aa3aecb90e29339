/* What broker and runner say to each other over a SOCK_SEQPACKET socket: one request, one reply, little-endian.
 *
 * The same bytes are spoken by cell/protocol.py (broker) and languages/python_runner.py (the runner for Python). */
#ifndef SOCKLAB_PROTOCOL_H
#define SOCKLAB_PROTOCOL_H

#include <stdint.h>

enum operation {
    OP_HELLO = 0,        /* runner -> broker, unasked, once it is ready; a program then waits for 32 bits, the first of the numbers
                            of descriptors that are to be taken, and is told nothing more */
    OP_LOAD = 1,         /* text: path NUL function NUL */
    OP_CALL = 2,         /* count calls of argc arguments each */
    OP_CLOSE = 3,        /* close descriptor args[0] */
    OP_REOPEN = 4,       /* put /dev/null on descriptor args[0] */
    OP_CATCH_SIGNAL = 5, /* handle signal args[0] with a handler that does nothing, without SA_RESTART */
    OP_FILL = 6,         /* put /dev/null on every free descriptor below args[0] */
    OP_EMPTY = 7,        /* close the descriptors that OP_FILL took */
    OP_CALL_AT_ONCE = 8, /* as OP_CALL, each call in a thread of its own, all at the same time */
    OP_HAND_OVER = 9,    /* the reply brings a duplicate of descriptor args[0] (SCM_RIGHTS) */
    OP_ALARM = 10,       /* have SIGALRM come in args[0] ms (0: never; less: as it is); the result is when it would have come, in
                            ms, 0 for never; text: seconds that new sockets wait by default, if not for ever */
    OP_BLOCK_SIGNAL = 11, /* block signal args[0] */
    OP_TIME_LIMIT = 12,  /* have new sockets wait args[0] seconds by default, in a language that has that */
};

enum kind {
    KIND_DONE = 0,         /* returned an int, or the deed is done */
    KIND_OTHER = 1,        /* returned something that is no int; text says what */
    KIND_RAISED = 2,       /* raised; text says what and where, value is of enum raised, error the exception's errno */
    KIND_NOT_LOADED = 3,   /* could not be loaded; text says why */
    KIND_NO_FUNCTION = 4,  /* no such function; text is the type of what has its name, if anything */
    KIND_BAD_SIGNATURE = 5, /* cannot be called as the exercise calls it; text says why */
    KIND_CONFINED = 6,      /* unasked, before OP_HELLO: the filter is on; text says how (confine.h) */
    KIND_SOCKET = 7         /* returned a socket object; value is its descriptor, -1 if it is closed; error: its own
                               time limit in ms, 0 for none */
};

enum raised { RAISED_OTHER = 0, RAISED_OSERROR = 1, RAISED_VALUE = 2 /* ValueError or OverflowError */ };

enum { CONTROL_FD = 1000, FILTER_FD = 1002, OWN_PID = 0x5EEDB10C };

struct request {
    uint32_t operation;
    uint32_t token;  /* comes back in the reply */
    int32_t error;   /* errno on entry of each call */
    uint32_t argc;
    uint32_t count;
    uint32_t length; /* bytes of text after the arguments */
};

struct result {
    int64_t value;
    int32_t error;   /* errno after the call */
    uint32_t kind;
};

struct reply {
    uint32_t token;
    uint32_t kind;
    uint32_t count;  /* results that follow */
    uint32_t length; /* bytes of text after the results */
};

#endif
