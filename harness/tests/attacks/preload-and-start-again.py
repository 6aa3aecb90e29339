# group: forging
# tries: start itself again with another LD_PRELOAD
# outcome: ungradable
# says: start
import os
import sys

os.environ["LD_PRELOAD"] = "/tmp/mine.so"
os.execv(sys.executable, [sys.executable, "-c", "pass"])
@RIGHT@
def is_port_open(port):
    return ask(port)
