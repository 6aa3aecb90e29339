# group: network
# tries: reach services on the machine's own loopback
# outcome: failed
# says: @PORT@ contacted
# reaches: @PORT@
# shared: it reaches them, and the report says so
import socket
@RIGHT@
def is_port_open(port):
    with socket.socket() as s:
        s.settimeout(0.5)
        if s.connect_ex(("127.0.0.1", @PORT@)) == 0:
            s.sendall(b"canary?")
    return ask(port)
