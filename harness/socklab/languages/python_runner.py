"""The runner for Python: loads a submission as a module and calls its function when the broker asks.

With words after its name it is the submission, a whole program, that runs: confined, recorded, and then left to itself.

It is the untrusted side: the submission's code shares this process. It runs under `python -I -S` with nothing of socklab
beside it, imports as little as it can, and speaks native/protocol.h. What it answers is only a claim.
"""

import builtins
import mmap
import os
import signal
import socket
import struct
import sys
from _thread import get_native_id

CONTROL_FD, RECORD_FD, FILTER_FD = 1000, 1001, 1002
(
    HELLO,
    LOAD,
    CALL,
    CLOSE,
    REOPEN,
    CATCH_SIGNAL,
    FILL,
    EMPTY,
    CALL_AT_ONCE,
    HAND_OVER,
    ALARM,
    BLOCK_SIGNAL,
    TIME_LIMIT,
) = range(13)
DONE, OTHER, RAISED, NOT_LOADED, NO_FUNCTION, BAD_SIGNATURE, CONFINED, SOCKET = range(8)
RAISED_OTHER, RAISED_OSERROR, RAISED_VALUE = range(3)
ARMED, LINES, HOW_MANY_LINES = 4, 56, 64
OWN_PID = struct.pack("<I", 0x5EEDB10C)
PR_SET_NO_NEW_PRIVS = 38
SECCOMP = {"x86_64": 317, "aarch64": 277}.get(os.uname().machine, -1)
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 8


class Runner:
    """Everything that would otherwise be a global which a submission could stumble over."""

    def __init__(self):
        try:
            self.control = socket.socket(fileno=CONTROL_FD)
        except OSError:
            self.control = None
        self.memory = self.attach()
        self.function = None
        self.file = ""
        self.filling = []
        self.sockets = {}  # those that calls returned, by descriptor: nobody else keeps them open
        self.socket_type = socket.socket
        try:
            os.fstat(FILTER_FD)
        except OSError:
            return  # the recorder has put it on (native/confine.h), or there is none
        self.confine()

    def attach(self):
        spare = os.dup(0)
        os.close(spare)
        try:
            memory = mmap.mmap(RECORD_FD, 0)
        except (OSError, ValueError):
            return None
        os.close(RECORD_FD)
        os.close(spare)  # mmap keeps a duplicate for resize(); a submission's first socket shall be 3, as anywhere
        return memory

    def confine(self):
        """Put on the filter of system calls: what native/confine.h does, where no C compiler made a recorder."""
        import ctypes

        with os.fdopen(FILTER_FD, "rb") as file:
            sizes = struct.unpack("<II", file.read(8))
            programs = [file.read(size).replace(OWN_PID, struct.pack("<I", os.getpid())) for size in sizes]
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)

        def put_on(program, flags):
            packed = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, id_of(program)))
            return libc.syscall(SECCOMP, SECCOMP_SET_MODE_FILTER, flags, packed)

        def id_of(program):
            return ctypes.cast(ctypes.c_char_p(program), ctypes.c_void_p).value

        listener = put_on(programs[0], SECCOMP_FILTER_FLAG_NEW_LISTENER)
        if listener >= 0:
            socket.send_fds(self.control, [struct.pack("<IIII", 0, CONFINED, 0, 0)], [listener])
            os.close(listener)
        else:
            how = "refusing" if put_on(programs[1], 0) == 0 else f"errno {ctypes.get_errno()}"
            self.answer(0, CONFINED, text=how)

    def answer(self, token, kind, results=b"", text=""):
        encoded = text.encode("utf-8", "replace")[:8000]
        self.control.send(struct.pack("<IIII", token, kind, len(results) // 16, len(encoded)) + results + encoded)

    def serve(self):
        self.answer(0, HELLO)
        while message := self.control.recv(1 << 17):
            operation, token, _errno, argc, count, length = struct.unpack_from("<IIiIII", message)
            values = struct.unpack_from(f"<{argc * count}q", message, 24)
            text = message[len(message) - length :].decode()
            if operation == LOAD:
                self.load(token, *text.split("\0"))
            elif operation == CALL:
                self.call(token, [values[i * argc : (i + 1) * argc] for i in range(count)])
            elif operation == CALL_AT_ONCE:
                self.call_at_once(token, [values[i * argc : (i + 1) * argc] for i in range(count)])
            elif operation == HAND_OVER:
                self.hand_over(token, values[0])
            elif operation == ALARM:
                self.set_alarm(token, values[0])
            else:
                self.prepare(operation, values[0])
                self.answer(token, DONE)

    def prepare(self, operation, value):
        if operation == CLOSE:
            self._close(value)
        elif operation == REOPEN:
            fd = os.open("/dev/null", os.O_RDWR)
            if fd != value:
                os.dup2(fd, value)
                os.close(fd)
        elif operation == CATCH_SIGNAL:
            signal.signal(value, lambda *_: None)
        elif operation == BLOCK_SIGNAL:
            signal.pthread_sigmask(signal.SIG_BLOCK, {value})
        elif operation == TIME_LIMIT:
            socket.setdefaulttimeout(value)
        elif operation == FILL:
            while (fd := os.open("/dev/null", os.O_RDWR)) < value:
                self.filling.append(fd)
            os.close(fd)
        elif operation == EMPTY:
            while self.filling:
                os.close(self.filling.pop())

    def _close(self, number):
        """Close what a call has handed back. It may be closed already, which is for the broker to see."""
        try:
            self.sockets.pop(number).close() if number in self.sockets else os.close(number)
        except OSError:
            return

    def load(self, token, path, name, count):
        """Load the submission for its function `name`; "" for a whole program: then see only whether it can be compiled."""
        self.file = path.rpartition("/")[2]
        try:
            module = self.module("submission")
            code = self.code(path)
            if name:
                exec(code, module.__dict__)
        except BaseException as error:
            self.answer(token, NOT_LOADED, text=self.describe(error))
            return
        if not name:
            self.answer(token, DONE)
            return
        self.function = getattr(module, name, None)
        if not callable(self.function):
            self.answer(token, NO_FUNCTION, text=type(self.function).__name__ if hasattr(module, name) else "")
            return
        callable_so, complaint = judge_signature(self.function, int(count))
        self.answer(token, DONE if callable_so else BAD_SIGNATURE, text=complaint)

    def module(self, name):
        """An empty module for the submission, where others find it: dataclasses look a class's module up there."""
        module = type(sys)(name)
        module.__file__ = self.file
        sys.modules[name] = module
        return module

    def code(self, path):
        with open(path, "rb") as file:
            return compile(file.read(), self.file, "exec")

    def call(self, token, calls):
        results = bytearray()
        first_text = ""
        for arguments in calls:
            *result, text = self.one_call(arguments, traced=len(calls) == 1)
            results += struct.pack("<qiI", *result)
            first_text = first_text or text
        self.answer(token, DONE, bytes(results), first_text)

    def call_at_once(self, token, calls):
        import threading

        results = [None] * len(calls)
        together = threading.Barrier(len(calls))

        def work(number):
            together.wait()
            results[number] = self.answer_to(calls[number])

        threads = [threading.Thread(target=work, args=(number,)) for number in range(len(calls))]
        for thread in threads:
            thread.start()
        self.arm(1)
        for thread in threads:
            thread.join()
        self.arm(0)
        text = next(filter(None, (text for *_, text in results)), "")
        self.answer(token, DONE, b"".join(struct.pack("<qiI", *result) for *result, _ in results), text)

    def one_call(self, arguments, traced):
        """Call once; value, errno, kind and text as `answer_to` gives them.

        Lines are only followed where `traced`: that doubles the time, and a thousand calls need none.
        """
        self.arm(1)
        if traced and self.memory is not None:
            sys.settrace(self.trace)
        try:
            return self.answer_to(arguments)
        finally:
            sys.settrace(None)
            self.arm(0)

    def answer_to(self, arguments):
        """What the function answers: (value, errno, kind, text). Text other than "" says what is odd about it."""
        try:
            got = self.function(*arguments)
        except BaseException as error:
            known = isinstance(error, OSError) and type(error.errno) is int
            number = error.errno if known and 0 <= error.errno < 1 << 31 else 0
            of = RAISED_OSERROR if isinstance(error, OSError) else RAISED_OTHER
            of = RAISED_VALUE if isinstance(error, (ValueError, OverflowError)) else of
            return of, number, RAISED, self.describe(error)
        if isinstance(got, int):
            return max(-(2**63), min(int(got), 2**63 - 1)), 0, DONE, ""
        if isinstance(got, self.socket_type):
            self.sockets[got.fileno()] = got
            limit = got.gettimeout()
            ms = 0 if limit is None else max(1, min(int(limit * 1000), 2**31 - 1))
            return got.fileno(), ms, SOCKET, ""
        return 0, 0, OTHER, f"{type(got).__name__} {ascii(got)[:200]}"

    def hand_over(self, token, descriptor):
        """Pass a duplicate of one of the submission's descriptors to the broker, which then sees for itself what it is."""
        reply = struct.pack("<IIII", token, DONE, 0, 0)
        try:
            socket.send_fds(self.control, [reply], [descriptor])
        except OSError:  # nothing is open there
            self.control.send(reply)

    def set_alarm(self, token, ms):
        """Have SIGALRM come in so many milliseconds; say when it would have come, and what time limit new sockets have."""
        which = signal.ITIMER_REAL
        left, _ = signal.getitimer(which) if ms < 0 else signal.setitimer(which, ms / 1000)
        limit = socket.getdefaulttimeout()
        self.answer(
            token, DONE, struct.pack("<qiI", -int(-left * 1000 // 1), 0, DONE), "" if limit is None else f"{limit:g}"
        )

    def arm(self, on):
        if self.memory is not None:
            if on:
                self.memory[LINES : LINES + 4 * HOW_MANY_LINES] = bytes(4 * HOW_MANY_LINES)
            self.memory[ARMED] = on

    def become(self, path, name, *arguments):
        """Be the submission, a whole program, from here on."""
        self.file = f"{name}.py"
        module = self.module("__main__")
        if self.control:  # where a person starts it there is no broker
            self.answer(0, HELLO)
            begin = self.control.recv(4)
            if not begin:
                os._exit(70)
            self.control.close()
            take_all(*struct.unpack("<I", begin))
        sys.argv = [self.file, *arguments]
        sys.excepthook = lambda kind, error, trace: sys.__excepthook__(kind, error, self.own_part(trace))
        code = self.code(path)
        if self.memory is not None:
            import threading

            threading.settrace(self.trace)
            sys.settrace(self.trace)
        self.arm(1)
        try:
            exec(code, module.__dict__)
        except BaseException:
            self.arm(0)  # what the interpreter does about it is not the submission's
            raise

    def own_part(self, trace):
        """A traceback from the submission's outermost line on."""
        while trace is not None and trace.tb_frame.f_code.co_filename != self.file:
            trace = trace.tb_next
        return trace

    def trace(self, frame, event, _):
        """Keep the submission's current line where the recorder finds it; other files' lines are not followed."""
        if frame.f_code.co_filename != self.file:
            return None
        at = LINES + get_native_id() % HOW_MANY_LINES * 4
        self.memory[at : at + 4] = frame.f_lineno.to_bytes(4, "little")
        return self.trace

    def describe(self, error):
        """`line: ErrorName: message`, with the submission's innermost line, or 0 if it has none in this error."""
        line = 0
        if isinstance(error, SyntaxError) and error.filename == self.file:
            line = error.lineno or 0
        step = error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.file:
                line = step.tb_lineno
            step = step.tb_next
        try:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
        except Exception:
            message = "(its message could not be read)"
        return f"{line}: {type(error).__name__}: {message}"


def take_all(first):
    """Leave no free descriptor from `first` on."""
    null = os.open("/dev/null", os.O_RDWR)
    try:
        while True:
            if not is_open(first):
                os.dup2(null, first)
            first += 1
    except OSError:  # that is the limit
        os.close(null)


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def judge_signature(function, wanted):
    """Whether `function` can be called with `wanted` arguments, and what is odd about its parameters ("": nothing)."""
    if type(function) is not type(judge_signature) or hasattr(function, "__wrapped__"):
        return judge_wrapped(function, wanted)
    code = function.__code__
    count, line = code.co_argcount, code.co_firstlineno
    names = ", ".join(code.co_varnames[: count + code.co_kwonlyargcount])
    optional = len(function.__defaults__ or ())
    star, keywords = bool(code.co_flags & 0x04), bool(code.co_flags & 0x08)
    required_keywords = code.co_kwonlyargcount - len(function.__kwdefaults__ or ())
    if code.co_flags & (0x20 | 0x80 | 0x200):
        return False, f"{line}: calling it gives a coroutine or generator, not an answer"
    if required_keywords or count - optional > wanted or (count < wanted and not star):
        return False, f"{line}: it takes {count + required_keywords} parameters ({names})"
    if star or keywords:
        return True, f"{line}: it takes *args or **kwargs"
    if count + code.co_kwonlyargcount != wanted:
        return True, f"{line}: it has parameters with defaults ({names})"
    return True, ""


def judge_wrapped(function, wanted):
    """The same for decorated functions and other callables, whose signature takes longer to find."""
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True, ""
    try:
        signature.bind(*[1] * wanted)
    except TypeError:
        return False, f"0: its parameters are {signature}"
    parameters = signature.parameters.values()
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    odd = len(parameters) != wanted or any(p.kind not in plain for p in parameters)
    return True, f"0: its parameters are {signature}" if odd else ""


if __name__ == "__main__":
    builtins.exit = builtins.quit = sys.exit  # site, which is not loaded, would have made them
    Runner().become(*sys.argv[1:]) if len(sys.argv) > 2 else Runner().serve()
