# group: harming
# tries: have orphans go on that ignore SIGTERM and hold the port
# exercise: daytime-server
# only: sigterm
# outcome: passed
import os
import signal
import time
@SERVE@
def hold(listener):
    for _ in range(3):
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if os.fork() == 0:
                while True:
                    time.sleep(1000)
            os._exit(0)
        os.wait()


serve(hold)
