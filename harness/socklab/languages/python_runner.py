"""The runner for Python: loads a submission as a module and calls its function when the broker asks.

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

CONTROL_FD, RECORD_FD, FILTER_FD = 1000, 1001, 1002
HELLO, LOAD, CALL, CLOSE, REOPEN, CATCH_SIGNAL, FILL, EMPTY = range(8)
DONE, OTHER, RAISED, NOT_LOADED, NO_FUNCTION, BAD_SIGNATURE, CONFINED = range(7)
ARMED, LINE = 4, 12
OWN_PID = struct.pack("<I", 0x5EEDB10C)
PR_SET_NO_NEW_PRIVS = 38
SECCOMP = {"x86_64": 317, "aarch64": 277}.get(os.uname().machine, -1)
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 8


class Runner:
    """Everything that would otherwise be a global which a submission could stumble over."""

    def __init__(self):
        self.control = socket.socket(fileno=CONTROL_FD)
        self.memory = self.attach()
        self.function = None
        self.file = ""
        self.filling = []
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
            else:
                self.prepare(operation, values[0])
                self.answer(token, DONE)

    def prepare(self, operation, value):
        if operation == CLOSE:
            os.close(value)
        elif operation == REOPEN:
            fd = os.open("/dev/null", os.O_RDWR)
            if fd != value:
                os.dup2(fd, value)
                os.close(fd)
        elif operation == CATCH_SIGNAL:
            signal.signal(value, lambda *_: None)
        elif operation == FILL:
            while (fd := os.open("/dev/null", os.O_RDWR)) < value:
                self.filling.append(fd)
            os.close(fd)
        elif operation == EMPTY:
            while self.filling:
                os.close(self.filling.pop())

    def load(self, token, path, name):
        self.file = path.rpartition("/")[2]
        module = type(sys)("submission")
        module.__file__ = self.file
        sys.modules["submission"] = module  # dataclasses look a class's module up here
        try:
            with open(path, "rb") as file:
                code = compile(file.read(), self.file, "exec")
            exec(code, module.__dict__)
        except BaseException as error:
            self.answer(token, NOT_LOADED, text=self.describe(error))
            return
        self.function = getattr(module, name, None)
        if not callable(self.function):
            self.answer(token, NO_FUNCTION, text=type(self.function).__name__ if hasattr(module, name) else "")
            return
        callable_so, complaint = judge_signature(self.function, 1)
        self.answer(token, DONE if callable_so else BAD_SIGNATURE, text=complaint)

    def call(self, token, calls):
        results = bytearray()
        for arguments in calls:
            kind, value, text = self.one_call(arguments, traced=len(calls) == 1)
            results += struct.pack("<qiI", value, 0, kind)
            if text:
                self.answer(token, kind, bytes(results), text)
                return
        self.answer(token, DONE, bytes(results))

    def one_call(self, arguments, traced):
        """Call once; (kind, value, text). Text other than "" says what is odd about the answer.

        Lines are only followed where `traced`: that doubles the time, and a thousand calls need none.
        """
        try:
            if self.memory is not None:
                self.memory[ARMED] = 1
                self.memory[LINE : LINE + 4] = bytes(4)
                if traced:
                    sys.settrace(self.trace)
            try:
                got = self.function(*arguments)
            finally:
                if traced:
                    sys.settrace(None)
                if self.memory is not None:
                    self.memory[ARMED] = 0
        except BaseException as error:
            return RAISED, 0, self.describe(error)
        if isinstance(got, int):
            return DONE, max(-(2**63), min(int(got), 2**63 - 1)), ""
        return OTHER, 0, f"{type(got).__name__} {ascii(got)[:200]}"

    def trace(self, frame, event, _):
        """Keep the submission's current line where the recorder finds it; other files' lines are not followed."""
        if frame.f_code.co_filename != self.file:
            return None
        self.memory[LINE : LINE + 4] = frame.f_lineno.to_bytes(4, "little")
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
    if optional or count + code.co_kwonlyargcount != wanted:
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
    odd = len(parameters) != wanted or any(p.kind not in plain or p.default is not p.empty for p in parameters)
    return True, f"0: its parameters are {signature}" if odd else ""


if __name__ == "__main__":
    builtins.exit = builtins.quit = sys.exit  # site, which is not loaded, would have made them
    Runner().serve()
