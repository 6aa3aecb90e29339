"""A container as other graders run one: a file system of its own, root without the right to make namespaces, no network.

Of this machine only /usr is in it, so what runs inside has nothing of this checkout or of its environment. Root is real root with
the capabilities that a container's has (as an ordinary user: root of a user namespace with no other ids), below a filter of system
calls that refuses what a container's usual filter does.
"""

import errno
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

SECONDS = 240.0
"""How long anything may take before it counts as hanging; generous, since many tests may run at once."""

PYTHON = "/usr/bin/python3"

_CAPABILITIES = """
    CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_NET_BIND_SERVICE CAP_NET_RAW
    CAP_SYS_CHROOT CAP_MKNOD CAP_AUDIT_WRITE CAP_SETFCAP
""".split()
"""What root of a container may do unless told otherwise (capabilities(7))."""

_LINKS = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
_ETC = ("ld.so.cache", "alternatives", "passwd", "group")
_CLONE_NEWUSER = 0x1000_0000


def run(
    argv: Sequence[str],
    *,
    mounts: Mapping[str, Path],
    folder: str = "/",
    env: Mapping[str, str] | None = None,
    timeout: float = SECONDS,
) -> subprocess.CompletedProcess[str]:
    """Run `argv` inside to its end. mounts: path inside -> folder here that stands there, writable; `folder`: where it begins."""
    with tempfile.TemporaryFile() as rules:
        _filter().export_bpf(rules)
        rules.seek(0)
        return subprocess.run(
            [*_wrapping(rules.fileno(), mounts, folder, env or {}), *argv],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            pass_fds=[rules.fileno()],
            timeout=timeout,
        )


def need() -> None:
    """Skip the test where there can be no such container, or its /usr has no Python that is new enough."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        usable = run([PYTHON, "-I", "-c", code], mounts={}).returncode == 0
    except OSError:
        usable = False
    if not usable:
        pytest.skip(f"no container can be had here whose {PYTHON} is Python 3.11 or newer")


def _wrapping(rules: int, mounts: Mapping[str, Path], folder: str, env: Mapping[str, str]) -> list[str]:
    argv = [
        "bwrap",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
        "--die-with-parent",
        "--new-session",
    ]
    if os.geteuid() == 0:
        argv += [word for name in _CAPABILITIES for word in ("--cap-add", name)]
    else:
        argv += ["--unshare-user", "--uid", "0", "--gid", "0"]
    argv += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    for name in _LINKS:
        if os.path.islink(f"/{name}"):
            argv += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
    for name in _ETC:
        argv += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for inside, here in mounts.items():
        above = os.path.dirname(inside)
        if above not in ("/", "/tmp"):
            argv += ["--perms", "0755", "--dir", above]
        argv += ["--bind", str(here), inside]
    argv += [
        "--seccomp",
        str(rules),
        "--chdir",
        folder,
        "--clearenv",
        "--setenv",
        "PATH",
        "/usr/local/bin:/usr/bin:/bin",
    ]
    for name, value in ({"HOME": "/tmp/home"} | dict(env)).items():
        argv += ["--setenv", name, value]
    return [*argv, "--"]


def _filter():  # type: ignore[no-untyped-def]
    """What a container's default filter refuses to root without CAP_SYS_ADMIN."""
    import pyseccomp as seccomp

    refused = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in ("unshare", "mount", "umount2", "setns", "pivot_root"):
        refused.add_rule(seccomp.ERRNO(errno.EPERM), name)
    new_user = seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_NEWUSER, _CLONE_NEWUSER)
    refused.add_rule(seccomp.ERRNO(errno.EPERM), "clone", new_user)
    refused.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    return refused
