"""mistake: another program is started to ask the port."""
import subprocess


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    script = f"exec 3<>/dev/tcp/127.0.0.1/{port}"
    try:
        done = subprocess.run(
            ["bash", "-c", script], timeout=max(timeout_ms, 1) / 1000, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        return 1
    except OSError:
        return -2
    if done.returncode == 0:
        return 0
    return -1 if "refused" in done.stderr else -2
