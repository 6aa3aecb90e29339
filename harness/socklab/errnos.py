"""What an errno name means to a program with sockets, in half a line: for readers who do not know it by heart.

A page of the manual says more; this says enough to go on reading a report. Imported only where something failed.
"""

import re
from collections.abc import Iterable

_NAME = re.compile(r"\bE[A-Z]{2,}\b")

MEANINGS = {
    "EACCES": "permission denied: by file rights, a firewall or a route",
    "EADDRINUSE": "another socket holds this address and port",
    "EADDRNOTAVAIL": "no such local address, or no local port is left",
    "EAFNOSUPPORT": "this address family is not supported here",
    "EAGAIN": "not now: the call would have had to wait",
    "EALREADY": "an earlier connect() on this socket is still under way",
    "EBADF": "no open descriptor has this number",
    "ECANCELED": "the operation was cancelled",
    "ECHILD": "there is no child process to wait for",
    "ECONNABORTED": "the connection was given up before it could be used",
    "ECONNREFUSED": "nobody listens there: the other side answered with a reset",
    "ECONNRESET": "the other side broke the connection off with a reset",
    "EDESTADDRREQ": "a destination is needed, and none was given",
    "EFAULT": "a pointer led outside the program's memory",
    "EHOSTDOWN": "the host gives no sign of life on the local network",
    "EHOSTUNREACH": "no way to that host, says the kernel or a router",
    "EINPROGRESS": "the connection is under way; poll() says when it is decided",
    "EINTR": "a signal interrupted the call",
    "EINVAL": "an argument, or the moment of the call, makes no sense",
    "EIO": "a device failed while reading or writing",
    "EISCONN": "this socket is connected already",
    "EMFILE": "this process may open no further descriptor",
    "EMSGSIZE": "the message is too long to be sent in one piece",
    "ENAMETOOLONG": "this name or path is too long",
    "ENETDOWN": "the network interface is down",
    "ENETRESET": "the network itself aborted the connection",
    "ENETUNREACH": "no route leads to that network",
    "ENFILE": "the whole system has reached its limit of open files",
    "ENOBUFS": "the kernel has no buffer space for this",
    "ENOENT": "no such file or path",
    "ENOMEM": "the kernel has no memory for this",
    "ENOPROTOOPT": "the protocol knows no such socket option",
    "ENOSYS": "this kernel has no such call",
    "ENOTCONN": "this socket is not connected",
    "ENOTSOCK": "this descriptor is no socket",
    "ENOTTY": "this descriptor does not know that ioctl()",
    "ENXIO": "nothing stands behind this name or address",
    "EOPNOTSUPP": "this kind of socket cannot do that",
    "EOVERFLOW": "the value does not fit into its type",
    "EPERM": "not permitted: a right is missing, or a rule forbids it",
    "EPFNOSUPPORT": "this protocol family is not supported here",
    "EPIPE": "nothing more can be sent: the connection is closed",
    "EPROTO": "the other side broke the rules of the protocol",
    "EPROTONOSUPPORT": "the family has no such protocol",
    "EPROTOTYPE": "the protocol does not go with this type of socket",
    "ERANGE": "the result does not fit into its type",
    "ESHUTDOWN": "this socket was shut down for sending",
    "ESOCKTNOSUPPORT": "this type of socket is not supported here",
    "ETIMEDOUT": "no answer came in time",
    "EWOULDBLOCK": "not now: the call would have had to wait",
}


def named_in(texts: Iterable[str]) -> dict[str, str]:
    """The names in `texts` with their meanings, each once, in the order in which a reader meets them."""
    met = dict.fromkeys(name for text in texts for name in _NAME.findall(text))
    return {name: MEANINGS[name] for name in met if name in MEANINGS}
