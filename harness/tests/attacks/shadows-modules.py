# group: python
# tries: put modules of its own in place of the standard ones
# outcome: failed
import os
import sys
import types
@WRONG@
for name in ("struct", "os", "mmap", "signal", "builtins"):
    fake = types.ModuleType(name)
    fake.pack = fake.unpack_from = lambda *_: b""
    sys.modules[name] = fake
for folder in (os.getcwd(), "/tmp"):
    for name in ("socket.py", "inspect.py", "sitecustomize.py", "usercustomize.py", "conftest.py"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass
sys.path.insert(0, "/tmp")


def is_port_open(port):
    return ask(port)
