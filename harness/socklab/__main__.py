"""`python -m socklab` is the command `socklab`."""

import sys

from .cli import main

sys.exit(main())
