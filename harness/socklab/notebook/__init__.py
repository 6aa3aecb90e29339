"""socklab in a notebook: `%load_ext socklab` gives `%%submit`, `%scene`, `%%scene` and the function `submit`.

The kernel grades nothing itself. A kernel has threads, and what a learner starts in it must not stand in a grade's way, nor
the other way round; so each grade and each scene is a process of socklab's own, which can be stopped and leaves nothing.
The package knows no front end: what it shows is HTML without scripts, and plain text for those that show none.
"""

import importlib.util

if importlib.util.find_spec("IPython") is None:
    raise ImportError("socklab.notebook needs IPython. Install it: pip install 'socklab[notebooks]'")

from ._extension import load, unload
from .asking import Failure
from .child import Stopped
from .results import Checks, Mistakes, Result
from .scenes import Scene
from .submitting import submit

__all__ = ["Checks", "Failure", "Mistakes", "Result", "Scene", "Stopped", "load", "submit", "unload"]
