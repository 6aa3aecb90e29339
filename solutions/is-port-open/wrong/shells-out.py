"""mistake: starts a shell that connects by way of /dev/tcp."""
import subprocess


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        done = subprocess.run(
            ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
    except OSError:
        return -1
    if done.returncode == 0:
        return 1
    return 0 if b"Connection refused" in done.stderr else -1
