"""What time is it? A server that tells every client: daytime_server.py PORT

Listen on 127.0.0.1:PORT. Send each client time.ctime() and "\\r\\n", then close the connection; serve the next one.
The statement is in statement.md; grade this file with: socklab check daytime_server.py
"""

import sys


def main() -> int:
    print("there is no server here yet", file=sys.stderr)  # your code goes here
    return 1


if __name__ == "__main__":
    sys.exit(main())
