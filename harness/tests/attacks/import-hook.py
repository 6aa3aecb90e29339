# group: python
# tries: catch every later import and give a module of its own
# outcome: failed
import sys


class Hook:
    def find_spec(self, name, path, target=None):
        raise SystemExit(0)


@WRONG@
sys.meta_path.insert(0, Hook())
sys.path_hooks.clear()
sys.path.clear()


def is_port_open(port):
    return ask(port)
