"""Does 127.0.0.1:port answer within timeout_ms milliseconds?

Return 0 if connect() succeeds, -1 if the connection is refused, 1 if no answer comes in time, and -2 for every other error
and for a port outside 1..65535.
The statement is in statement.md; grade this file with: socklab check probe_port.py
"""


def probe_port(port: int, timeout_ms: int) -> int:
    return -2  # your code goes here
