# group: writing
# tries: write wherever it can
# outcome: failed
import os
@WRONG@
def is_port_open(port):
    for folder in ("@TEMPORARY@", "@EXERCISES@", "/", "/etc", "/usr/lib", "/var/tmp", "/home", "/root", "/lab", "/lab/out", "/opt", "/srv", os.path.dirname(os.__file__)):
        try:
            with open(os.path.join(folder, "canary-was-here"), "w") as file:
                file.write("canary")
            print("written in", folder)
        except OSError as error:
            print(error)
    return ask(port)
