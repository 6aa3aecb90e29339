# group: reading
# tries: serve its clients the checks and a private file
# exercise: daytime-server
# only: one-line
# outcome: failed
# keeps: @SECRET@
import os
import sys
@SERVE@
def read(listener):
    for path in ("@CHECKS@", "@SECRETFILE@", "/proc/1/environ", f"/proc/{os.getppid()}/environ"):
        try:
            print(open(path).read(), file=sys.stderr)
        except OSError as error:
            print(error, file=sys.stderr)
    for top in ("/lab", "/work", "/home", "/root", "/srv", "/opt", os.path.dirname("@CHECKS@")):
        for folder, _, names in os.walk(top):
            for name in names:
                if name in ("checks.py", "accept-loop.c"):
                    print(open(os.path.join(folder, name)).read(), file=sys.stderr)
    while True:
        listener.accept()[0].close()


serve(read)
