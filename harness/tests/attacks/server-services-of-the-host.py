# group: network
# tries: reach services on the machine's own loopback, as a server
# exercise: daytime-server
# only: one-line
# outcome: passed
# reaches: @PORT@
# shared: it reaches them, as any program of its user does
@SERVE@
def reach(listener):
    with socket.socket() as s:
        s.settimeout(0.5)
        if s.connect_ex(("127.0.0.1", @PORT@)) == 0:
            s.sendall(b"canary?")


serve(reach)
