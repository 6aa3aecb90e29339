# group: reading
# tries: talk to services of the machine by Unix sockets, by path and by abstract name
# outcome: failed
# keeps: @SECRET@
import socket
@WRONG@
done = []


def is_port_open(port):
    if done:
        return ask(port)
    done.append(1)
    for name in ("@SOCKET@", "\0@ABSTRACT@", "/run/docker.sock", "/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0"):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(name)
                s.sendall(b"canary?")
                print(name, s.recv(100))
        except OSError as error:
            print(repr(name), error)
    return ask(port)
