# group: harming
# tries: take all memory, in several processes that each take less than one may
# exercise: daytime-server
# only: one-line
# outcome: failed
# says: uses more than 1024 MiB
import os
import time
@SERVE@
def take(listener):
    for _ in range(8):
        if os.fork() == 0:
            kept = [b"x" * (1 << 20) for _ in range(300)]
            time.sleep(1000)
    time.sleep(1000)


serve(take)
