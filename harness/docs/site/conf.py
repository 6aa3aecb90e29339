"""How Sphinx makes the site; build.py puts its sources together."""

from cell_lexer import CellLexer
from sphinx.application import Sphinx

import socklab

project = "socklab"
release = socklab.__version__
extensions = ["myst_nb"]
exclude_patterns = ["README.md"]  # parts of it are included
nitpicky = True
suppress_warnings = ["mystnb.unknown_mime_type"]  # reports are in outputs as JSON too, for programs
smartquotes = False  # "--hints" is to be typed
highlight_language = "none"

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline", "deflist"]

nb_execution_in_temp = True
nb_execution_timeout = 600
nb_merge_streams = True

html_theme = "furo"
html_title = "socklab"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False


def setup(app: Sphinx) -> None:
    """Cells are in one language where a walkthrough was run, and in another where it was not."""
    for language in ("python", "ipython3"):
        app.add_lexer(language, CellLexer)
