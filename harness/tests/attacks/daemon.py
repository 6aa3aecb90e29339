# group: harming
# tries: leave a daemon behind while it is loaded, by a shell
# outcome: failed
# says: start (/bin/sh|another process)
import os

os.system("setsid sleep 1000 </dev/null >/dev/null 2>&1 &")
@WRONG@
def is_port_open(port):
    return ask(port)
