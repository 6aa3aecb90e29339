"""A recorded call in words, as a C programmer would write it.

It knows the names of the constants that socket code uses, and nothing of why a call was made.
"""

import errno
import os
import socket

from .recorder import Event


def in_words(event: Event) -> str:
    """The call as a C programmer would write it, with its result: `connect(3, 127.0.0.1:80) = -1 ECONNREFUSED`."""
    words = f"{event.name}({', '.join(_arguments(event))}) {_outcome(event)}"
    return words if words.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in words)


_FAMILIES: dict[int, str] = {
    socket.AF_INET: "AF_INET",
    socket.AF_INET6: "AF_INET6",
    socket.AF_UNIX: "AF_UNIX",
    socket.AF_NETLINK: "AF_NETLINK",
}
_TYPES: dict[int, str] = {
    socket.SOCK_STREAM: "SOCK_STREAM",
    socket.SOCK_DGRAM: "SOCK_DGRAM",
    socket.SOCK_RAW: "SOCK_RAW",
}
_FCNTL = {0: "F_DUPFD", 1: "F_GETFD", 2: "F_SETFD", 3: "F_GETFL", 4: "F_SETFL", 1030: "F_DUPFD_CLOEXEC"}
_OPTIONS = {
    socket.SO_ERROR: "SO_ERROR",
    socket.SO_REUSEADDR: "SO_REUSEADDR",
    socket.SO_REUSEPORT: "SO_REUSEPORT",
    socket.SO_KEEPALIVE: "SO_KEEPALIVE",
    socket.SO_LINGER: "SO_LINGER",
    socket.SO_RCVTIMEO: "SO_RCVTIMEO",
    socket.SO_SNDTIMEO: "SO_SNDTIMEO",
    socket.SO_TYPE: "SO_TYPE",
}
_POLL = {1: "POLLIN", 2: "POLLPRI", 4: "POLLOUT", 8: "POLLERR", 16: "POLLHUP", 32: "POLLNVAL"}
_FIONBIO = 0x5421
_SHUT = {0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"}
_MSG = {2: "MSG_PEEK", 0x40: "MSG_DONTWAIT", 0x100: "MSG_WAITALL", 0x4000: "MSG_NOSIGNAL"}
_TIMERS = {0: "ITIMER_REAL", 1: "ITIMER_VIRTUAL", 2: "ITIMER_PROF"}
_EPOLL_CTL = {1: "EPOLL_CTL_ADD", 2: "EPOLL_CTL_DEL", 3: "EPOLL_CTL_MOD"}


def _flags(value: int, names: dict[int, str]) -> str:
    known = [name for bit, name in names.items() if value & bit]
    return "|".join(known) or str(value)


def _socket_type(value: int) -> str:
    words = [_TYPES.get(value & 0xF, str(value & 0xF))]
    words += ["SOCK_NONBLOCK"] * bool(value & socket.SOCK_NONBLOCK)
    words += ["SOCK_CLOEXEC"] * bool(value & socket.SOCK_CLOEXEC)
    return "|".join(words)


def _arguments(event: Event) -> list[str]:
    a, b, c, d = event.args
    match event.name:
        case "socket":
            return [_FAMILIES.get(a, str(a)), _socket_type(b), str(c)]
        case "connect" | "bind" | "sendmsg":
            where = event.address
            if where is None and event.name == "sendmsg":
                return [str(a)]
            return [
                str(a),
                f"{where[0]}:{where[1]}" if where else f"{len(event.data)} bytes that are no Internet address",
            ]
        case "close" | "dup" | "getsockname" | "getpeername" | "accept" | "accept4" | "recvmsg":
            return [str(a)]
        case "listen" | "dup2":
            return [str(a), str(b)]
        case "shutdown":
            return [str(a), _SHUT.get(b, str(b))]
        case "read" | "write":
            return [str(a), "…", str(b)]
        case "send" | "recv" | "sendto" | "recvfrom":
            return [str(a), "…", str(b), _flags(c, _MSG)]
        case "epoll_ctl":
            return [str(a), _EPOLL_CTL.get(b, str(b)), str(c), _flags(d, _POLL)]
        case "epoll_wait":
            return [str(a), "…", str(b), f"{c} ms"]
        case "epoll_create1":
            return ["EPOLL_CLOEXEC" if a else "0"]
        case "setsockopt" | "getsockopt":
            if b != socket.SOL_SOCKET:
                return [str(a), str(b), str(c), str(d)]
            if event.name == "getsockopt":
                value = f"→ {errno.errorcode.get(d, str(d)) if c == socket.SO_ERROR else d}"
            else:
                value = (f"{d} s" if d >= 0 else "off") if c == socket.SO_LINGER else str(d)
            return [str(a), "SOL_SOCKET", _OPTIONS.get(c, str(c)), value]
        case "fcntl":
            value = "O_NONBLOCK" if b == 4 and c & os.O_NONBLOCK else str(c)
            return [str(a), _FCNTL.get(b, str(b)), *([value] if b not in (1, 3) else [])]
        case "ioctl":
            return [str(a), "FIONBIO", str(c)] if b == _FIONBIO else [str(a), hex(b)]
        case "poll":
            return [f"fd {a}: {_flags(b, _POLL)}", f"{c} ms", *([f"→ {_flags(d, _POLL)}"] if d else [])]
        case "ppoll":
            return [f"fd {a}: {_flags(b, _POLL)}", f"{c} ms"]
        case "select" | "pselect":
            return [str(a), "…", f"{b} ms" if b >= 0 else "NULL"]
        case (
            "getaddrinfo"
            | "gethostbyname"
            | "gethostbyaddr"
            | "getnameinfo"
            | "system"
            | "popen"
            | "execve"
            | "posix_spawn"
            | "posix_spawnp"
        ):
            return [f'"{event.text}"' if event.data else "NULL"]
        case "alarm":
            return [f"{a} s"]
        case "setitimer":
            return [_TIMERS.get(a, str(a)), f"{b} ms"]
        case "fork" | "pthread_create":
            return []
        case _:
            return [str(a), str(b), str(c)]


def _outcome(event: Event) -> str:
    made = "  (arranged)" if event.injected else ""
    if event.pending:
        return "… never came back"
    if event.result < 0 and event.error:
        return f"= -1 {errno.errorcode.get(event.error, event.error)}{made}"
    if event.injected:
        return f"= {event.result}, errno left as {errno.errorcode.get(event.error, event.error)}{made}"
    return f"= {event.result}"
