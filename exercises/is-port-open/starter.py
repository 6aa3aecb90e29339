"""Is anything listening on 127.0.0.1:port?

Return 1 if connect() succeeds, 0 if the connection is refused, -1 for every other error and for a port outside 1..65535.
The statement is in statement.md; grade this file with: socklab check is_port_open.py
"""


def is_port_open(port: int) -> int:
    return -1  # your code goes here
