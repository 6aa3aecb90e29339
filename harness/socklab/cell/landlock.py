"""Which files a process may use, where no mount namespace hides the others (landlock(7)).

It needs no privileges, cannot be undone, and holds for all that the process starts. It knows no policy.
"""

from __future__ import annotations

import ctypes
import os
import struct

from . import linux

_CREATE, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FIRST_VERSION = (1 << 13) - 1
_REFER = 1 << 13
_SCOPED_UNIX_SOCKETS, _SCOPED_SIGNALS = 1 << 0, 1 << 1

READ = _EXECUTE | _READ_FILE | _READ_DIR
"""Reading, listing and executing what is below a path."""

WRITE = _OF_FIRST_VERSION | _REFER | _TRUNCATE
"""All that can be done with files and folders below a path."""

_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


def version() -> int:
    """Which version of Landlock the kernel offers; 0: none."""
    return max(0, linux.libc().syscall(_CREATE, None, 0, _VERSION))


def restrict(allowed: dict[str, int]) -> None:
    """From here on, only what is below the paths of `allowed` can be used, as READ or WRITE; paths that are not there are left out.

    From version 6 on it also cannot signal processes outside, nor reach their abstract Unix sockets. Does nothing where the
    kernel has no Landlock; call linux.no_new_privileges() first. Raises OSError if the kernel refuses.
    """
    offered = version()
    if not offered:
        return
    handled = _OF_FIRST_VERSION | (_REFER if offered >= 2 else 0) | (_TRUNCATE if offered >= 3 else 0)
    scoped = _SCOPED_UNIX_SOCKETS | _SCOPED_SIGNALS
    attributes = struct.pack("=QQQ", handled, 0, scoped) if offered >= 6 else struct.pack("=Q", handled)
    ruleset = linux.checked(
        linux.libc().syscall(_CREATE, ctypes.c_char_p(attributes), len(attributes), 0), "landlock_create_ruleset"
    )
    for path, access in allowed.items():
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        access &= handled if os.path.isdir(path) else handled & _ON_FILES
        rule = ctypes.c_char_p(struct.pack("=Qi", access, fd))
        linux.checked(linux.libc().syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), f"landlock_add_rule {path}")
        os.close(fd)
    linux.checked(linux.libc().syscall(_RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)
