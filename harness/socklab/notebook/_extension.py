"""What `%load_ext socklab` adds to a notebook, and `%unload_ext socklab` takes away."""

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_cell_magic, magics_class

from .. import catalog, i18n
from ..i18n import tr
from . import asking, scenes
from .cells import run_cell
from .results import Result
from .scenes import Scene
from .submitting import graded, submit


@magics_class
class SocklabMagics(Magics):
    """%%submit, %scene and %%scene."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._open: Scene | None = None

    @cell_magic
    def submit(self, line: str, cell: str) -> Result:
        """Grade this cell."""
        wish, name = asking.cell_wish(line, cell)
        result = graded(wish)
        if name:
            self._shell.user_ns[name] = result
        return result

    @line_cell_magic
    def scene(self, line: str, cell: str | None = None) -> object:
        """Hold what a check arranges open."""
        options = asking.parsed(asking.scene_parser(), line)
        if options.close:
            print(tr("the scene is closed") if self.close_scene() else tr("no scene is open"))
            return None
        if options.exercise is None:
            raise UsageError(tr("which exercise? Try: %scene is-port-open open-port"))
        seed = asking.typed_seed(options.seed)
        with asking.refused():
            exercise = catalog.find(options.exercise)
            check = scenes.chosen(exercise, options.check)
            self.close_scene()  # both may want the same port
            self._open = scene = scenes.opened(exercise, check, seed)
        if cell is None:
            return scene
        with scene:
            self._shell.user_ns["port"] = scene.port
            return run_cell(self._shell, cell)

    def close_scene(self) -> bool:
        """Close the scene that is open; whether one was."""
        scene, self._open = self._open, None
        was_open = scene is not None and scene.is_open
        if scene:
            scene.close()
        return was_open


def load(shell: InteractiveShell) -> None:
    """Register the magics, and `submit` in the notebook's namespace."""
    i18n.choose(None)
    SocklabMagics.submit.__doc__ = asking.submit_parser().format_help()
    SocklabMagics.scene.__doc__ = asking.scene_parser().format_help()
    shell.register_magics(SocklabMagics)
    shell.push({"submit": submit}, interactive=False)


def unload(shell: InteractiveShell) -> None:
    """Close the scene that is open, if one is, and take all of it away again."""
    shell.magics_manager.registry["SocklabMagics"].close_scene()
    for kind, name in (("cell", "submit"), ("line", "scene"), ("cell", "scene")):
        shell.magics_manager.magics[kind].pop(name, None)
    shell.drop_by_id({"submit": submit})
