# group: network
# tries: ask ::1 as well
# outcome: failed
# says: ::1
import socket
@RIGHT@
def is_port_open(port):
    with socket.socket(socket.AF_INET6) as s:
        s.settimeout(0.2)
        if 0 < port < 65536:
            s.connect_ex(("::1", port))
    return ask(port)
