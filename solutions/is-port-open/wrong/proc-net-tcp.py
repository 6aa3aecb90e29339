"""mistake: reads the table of sockets in /proc/net/tcp and never connects."""


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with open("/proc/net/tcp") as table:
            next(table)
            for line in table:
                _, local, _, state, *_ = line.split()
                address, number = local.split(":")
                if state == "0A" and int(number, 16) == port:
                    if address in ("0100007F", "00000000"):
                        return 1
    except OSError:
        return -1
    return 0
