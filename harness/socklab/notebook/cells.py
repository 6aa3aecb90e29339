"""Runs a cell's code inside a cell magic, so that it behaves as a cell does: its last value comes back, errors show its lines."""

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def run_cell(shell: "InteractiveShell", cell: str) -> object:
    """Run `cell` in the notebook's namespace; the value of its last line, if that is an expression.

    Raises whatever the code raises, whose traceback then begins in the cell.
    """
    source = shell.transform_cell(cell)
    name = shell.compile.cache(source, shell.execution_count)
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    body = tree.body[:-1] if isinstance(last, ast.Expr) else tree.body
    try:
        exec(compile(ast.Module(body, []), name, "exec"), shell.user_ns)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), name, "eval"), shell.user_ns)
    except BaseException as error:
        step = error.__traceback__.tb_next if error.__traceback__ else None
        shown = shell.InteractiveTB.structured_traceback(type(error), error, step)
        error._render_traceback_ = lambda: shown  # type: ignore[attr-defined]  # else it begins with our own lines
        raise
    return None
