# group: reading
# tries: find what other submissions have left in the folder for temporary files
# outcome: failed
# keeps: @SECRET@
import glob
@WRONG@
done = []


def is_port_open(port):
    if done:
        return ask(port)
    done.append(1)
    for path in glob.glob("@TEMPORARY@/**", recursive=True) + glob.glob("/tmp/**", recursive=True):
        try:
            print(path, open(path, errors="replace").read()[:200])
        except OSError:
            pass
    return ask(port)
