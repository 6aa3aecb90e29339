"""A server that sends back to each client what it receives: echo_server.py PORT

Listen on 127.0.0.1:PORT. Serve all clients at the same time: whatever one of them does, the others do not wait.
The statement is in statement.md; grade this file with: socklab check echo_server.py
"""

import sys


def main() -> int:
    print("there is no server here yet", file=sys.stderr)  # your code goes here
    return 1


if __name__ == "__main__":
    sys.exit(main())
