"""submit(function): what it uses of the notebook comes along, with the lines that a learner sees."""

import subprocess
import sys
from pathlib import Path

import pytest
from kernels import Kernel

import socklab

LOCK = "import threading\nlock = threading.Lock()\n"

GATHER = "from socklab.notebook.gathering import gathered\nprint(gathered({name}, '{name}'), end='')"


def gathered(kernel: Kernel, *cells: str, name: str) -> str:
    """What is handed in for a function, once the cells have run."""
    for cell in cells:
        kernel.ok(cell)
    return kernel.ok(GATHER.format(name=name)).printed


def imports(tmp_path: Path, source: str) -> None:
    """The file can be read by itself."""
    file = tmp_path / "alone.py"
    file.write_text(source)
    names: dict[str, object] = {"__name__": "alone"}
    exec(compile(source, str(file), "exec"), names)


def test_a_function_that_uses_nothing_is_handed_in_as_it_stands(kernel: Kernel) -> None:
    """With its comments, on the lines of its cell; the rest of the cell stays behind."""
    cell = "x = 3\n\ndef lone(port):\n    # why\n    return port\n\nprint('hello')"
    assert gathered(kernel, cell, name="lone") == "\n\ndef lone(port):\n    # why\n    return port\n"


def test_what_it_uses_of_its_own_cell_keeps_its_lines(kernel: Kernel, tmp_path: Path) -> None:
    """Imports, constants, helpers and classes; what nobody uses is left out."""
    cell = (
        "import os\n"
        "import socket, errno\n"
        "from errno import ECONNREFUSED as REFUSED\n"
        "HOST = '127.0.0.1'\n"
        "OTHER = 5\n"
        "\n"
        "def asked(port):\n"
        "    return socket.socket().connect_ex((HOST, port))\n"
        "\n"
        "def same_cell(port):\n"
        "    return asked(port) == REFUSED"
    )
    source = gathered(kernel, cell, name="same_cell")
    assert source.split("\n") == [*cell.replace("import os", "").replace("OTHER = 5", "").split("\n"), ""]
    imports(tmp_path, source)


def test_what_comes_from_other_cells_stands_below(kernel: Kernel, tmp_path: Path) -> None:
    """As the cells say it, helpers of helpers too; the function stays where it was."""
    source = gathered(
        kernel,
        "import socket as net, struct\nfrom socket import AF_INET, SOCK_STREAM\nLIMIT = 0.5",
        "def first(port):\n    return second(port)",
        "def second(port):\n    return net.socket(AF_INET, SOCK_STREAM), LIMIT",
        "# mine\ndef elsewhere(port):\n    return first(port)",
        name="elsewhere",
    )
    above, _, below = source.partition("\n\n\n# what it uses of the notebook\n")
    assert above == "\ndef elsewhere(port):\n    return first(port)"
    for text in (
        "import socket as net, struct",
        "from socket import AF_INET, SOCK_STREAM",
        "LIMIT = 0.5",
        "def first(port):\n    return second(port)",
        "def second(port):",
    ):
        assert below.count(text) == 1
    imports(tmp_path, source)


def test_what_is_needed_while_it_is_read_stands_above(kernel: Kernel, tmp_path: Path) -> None:
    """Decorators with what they use, default values, bases of classes; in free lines, so that numbers stay if they can."""
    source = gathered(
        kernel,
        "import functools, enum\nDEFAULT = 7",
        "def loud(function):\n    return wrapped(function)",
        "def wrapped(function):\n    @functools.wraps(function)\n    def inner(*a):\n        return function(*a)\n    return inner",
        "class Answer(enum.IntEnum):\n    CLOSED = 0\n    OPEN = DEFAULT",
        "#\n" * 12 + "@loud\ndef decorated(port, more=DEFAULT):\n    return Answer.OPEN",
        name="decorated",
    )
    assert source.split("\n")[12:15] == ["@loud", "def decorated(port, more=DEFAULT):", "    return Answer.OPEN"]
    imports(tmp_path, source)


def test_numbers_shift_where_there_is_no_room_above(kernel: Kernel, tmp_path: Path) -> None:
    """A function in the first line cannot keep it if something has to come first."""
    source = gathered(kernel, "FIRST = 7", "def crowded(port, more=FIRST):\n    return 1", name="crowded")
    assert source == "FIRST = 7\ndef crowded(port, more=FIRST):\n    return 1\n"
    imports(tmp_path, source)


def test_the_newest_definition_counts(kernel: Kernel, tmp_path: Path) -> None:
    """Of functions, classes and constants, in whatever order cells were run."""
    cells = [
        "def helper():\n    return 'old'\nclass Kind:\n    age = 'old'\nlevel = 1",
        "def helper():\n    return 'new'\nclass Kind:\n    age = 'new'\nlevel = 2",
    ]
    use = "def newest(port):\n    return helper(), Kind.age, level"
    source = gathered(kernel, *cells, use, name="newest")
    imports(tmp_path, source)
    assert "old" not in source
    assert "level = 2" in source
    source = gathered(kernel, cells[0], name="newest")
    assert "new'" not in source
    assert "level = 1" in source
    assert "level = 6" in gathered(kernel, "level += 5", name="newest")


@pytest.mark.parametrize(
    ("cell", "used", "text"),
    [
        ("import os.path as p1", "p1", "import os.path as p1"),
        ("import importlib; i2 = importlib.import_module('json.decoder')", "i2", "import json.decoder as i2"),
        ("import socket; f3 = socket.AF_INET", "f3", "from socket import AF_INET as f3"),
        ("import socket; c4 = socket.socket", "c4", "from socket import socket as c4"),
        ("import socket; n5 = socket.htons", "n5", "from socket import htons as n5"),
        ("import signal; s6 = signal.SIGTERM", "s6", "from signal import SIGTERM as s6"),
        ("from time import monotonic as t7", "t7", "from time import monotonic as t7"),
        ("from errno import EINTR", "EINTR", "from errno import EINTR"),
        ("a8 = 2 * 60", "a8", "a8 = 120"),
        ("b9 = {'k': [1, (2.5, None)], 'l': {True}}", "b9", "b9 = {'k': [1, (2.5, None)], 'l': {True}}"),
        ("c10 = bytes(3)", "c10", r"c10 = b'\x00\x00\x00'"),
        ("if True:\n    import errno as e11", "e11", "import errno as e11"),
        ("x12 = 5; print('printed')", "x12", "x12 = 5"),
    ],
)
def test_values_come_along_as_imports_or_as_they_are_written(
    kernel: Kernel, tmp_path: Path, cell: str, used: str, text: str
) -> None:
    """Modules, what was imported from one, members of enumerations, plain values."""
    source = gathered(kernel, cell, f"def uses(port):\n    return {used}", name="uses")
    assert text in source.split("\n")
    imports(tmp_path, source)


def test_annotations_that_are_not_evaluated_stay_so(kernel: Kernel, tmp_path: Path) -> None:
    """from __future__ import annotations comes along."""
    cell = "from __future__ import annotations\n\ndef annotated(port: NoSuch) -> Neither:\n    return 1"
    source = gathered(kernel, cell, name="annotated")
    assert source.split("\n")[0] == "from __future__ import annotations"
    assert source.split("\n")[2] == "def annotated(port: NoSuch) -> Neither:"
    imports(tmp_path, source)
    plain = "def without_any(port):\n    return 1"
    assert gathered(kernel, plain, name="without_any") == plain + "\n"


def test_two_names_for_one_function(kernel: Kernel, tmp_path: Path) -> None:
    """A helper is found under the name by which it is called."""
    source = gathered(
        kernel, "def real():\n    return 1\nother = real", "def renamed(port):\n    return other()", name="renamed"
    )
    assert "other = real" in source
    imports(tmp_path, source)


def test_functions_that_call_each_other_do_not_go_round_for_ever(kernel: Kernel, tmp_path: Path) -> None:
    """Recursion, direct and not."""
    source = gathered(
        kernel, "def ping(n):\n    return n and pong(n - 1)", "def pong(n):\n    return n and ping(n - 1)", name="pong"
    )
    assert source.count("def ping") == source.count("def pong") == 1
    imports(tmp_path, source)
    source = gathered(kernel, "def early(port, more=ping(3)):\n    return more", name="early")
    assert source.count("def ping") == source.count("def pong") == 1
    imports(tmp_path, source)


def test_open_is_pythons_own(kernel: Kernel) -> None:
    """IPython puts one of its own into a notebook."""
    cell = "def opens(port):\n    return open(port)"
    assert gathered(kernel, cell, name="opens") == cell + "\n"


@pytest.mark.parametrize(
    ("cell", "call", "parts"),
    [
        (f"{LOCK}def u0(p): return open('x'), lock", "u0", ["u0 uses lock (lock)", "%%submit"]),
        ("import nbformat\ndef u2(p): return nbformat", "u2", ["u2 uses the module nbformat", "Python's own modules"]),
        (
            "from collections import namedtuple\nPair = namedtuple('Pair', 'a')\ndef u3(p): return Pair",
            "u3",
            ["uses Pair"],
        ),
        ("double = lambda p: 2 * p\ndef u4(p): return double(p)", "u4", ["u4 uses double"]),
        ("def u5(p): return get_ipython()", "u5", ["u5 uses get_ipython"]),
        (
            "def maker():\n    def u6(p): return 1\n    return u6\nu6 = maker()",
            "u6",
            ["inside of maker", "functools.wraps"],
        ),
        ("u7 = lambda p: 1", "u7", ["lambda", "def"]),
        (f"{LOCK}def deep(): return lock\ndef u8(p): return deep()", "u8", ["u8 uses lock"]),
        ("def is_port_open(p): return 1\ndef u9(p): return is_port_open(p)", "u9", ["u9 uses another is_port_open"]),
        ("", "3", ["takes a function", "3 is none"]),
        ("", "len", ["len is no function that is written in Python"]),
    ],
)
def test_what_cannot_come_along_is_named(kernel: Kernel, cell: str, call: str, parts: list[str]) -> None:
    """In one line, with what to do."""
    kernel.ok(cell)
    said = kernel.refused(f"submit({call}, 'is-port-open')")
    for part in ("UsageError: ", *parts):
        assert part in said


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("submit(is_port_opn)", ["no exercise called 'is-port-opn'", "Did you mean is-port-open?"]),
        ("submit(is_port_opn, 'echo-server')", ["echo-server asks for a whole program", "%%submit echo-server"]),
        ("submit(is_port_opn, 'is-port-open', hints=7)", ["hints=7"]),
        ("submit(is_port_opn, 'is-port-open', tier='best')", ["tier='best'"]),
        ("submit(is_port_opn, 'is-port-open', seed='x')", ["'x' is no seed"]),
        ("submit(is_port_opn, 'is-port-open', only='frob')", ["no check called 'frob'"]),
    ],
)
def test_wrong_usage_is_refused_in_one_line(kernel: Kernel, call: str, parts: list[str]) -> None:
    """As after the magic."""
    kernel.ok("def is_port_opn(port):\n    return 1")
    said = kernel.refused(call)
    for part in ("UsageError: ", *parts):
        assert part in said


def test_a_right_function_passes(kernel: Kernel) -> None:
    """Put together over several cells; the exercise follows from its name, or is said."""
    kernel.ok("import socket\nfrom errno import ECONNREFUSED")
    kernel.ok("def answer(number):\n    return {0: 1, ECONNREFUSED: 0}.get(number, -1)")
    cell = kernel.ok(
        "def is_port_open(port):\n"
        "    if not 1 <= port <= 65535:\n"
        "        return -1\n"
        "    try:\n"
        "        s = socket.socket()\n"
        "    except OSError:\n"
        "        return -1\n"
        "    with s:\n"
        "        return answer(s.connect_ex(('127.0.0.1', port)))\n"
        "submit(is_port_open)"
    )
    assert cell.report["outcome"] == "passed", cell.text
    assert cell.report["file"] == "is_port_open.py"
    kernel.ok("def mine(port):\n    return answer(socket.socket().connect_ex(('127.0.0.1', port)))")
    report = kernel.ok("submit(mine, 'is-port-open', only=['open-port', 'closed-port'], seed=3)").report
    assert (report["outcome"], report["seed"]) == ("passed", 3)
    assert {r["slug"] for r in report["results"]} == {"open-port", "closed-port"}


def test_the_page_shows_what_was_graded(kernel: Kernel) -> None:
    """Folded away, with every line; and how to repeat it."""
    kernel.ok("def is_port_open(port):\n    return 0 if port == 12345 else 1")
    cell = kernel.ok("submit(is_port_open, only='open-port', seed=8)")
    page = cell.result["text/html"]
    assert "What was graded" in page
    assert "return 0 if port == 12345 else 1" in page
    assert "submit(is_port_open, &#39;is-port-open&#39;, seed=8)" in page


def test_it_can_be_imported_and_used_without_a_notebook(tmp_path: Path) -> None:
    """In a plain Python, from a file; errors are exceptions there."""
    script = tmp_path / "script.py"
    script.write_text(
        "from socklab.notebook import submit\n"
        "def is_port_open(port):\n"
        "    return 1\n"
        "print(submit(is_port_open, only='port-0').report.outcome)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("failed\n", "")


def test_without_ipython_the_package_says_what_to_install() -> None:
    """In a Python that has no packages at all."""
    code = f"import sys; sys.path[:0] = [{str(Path(socklab.__file__).parents[1])!r}]; import socklab.notebook"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].startswith("ImportError: socklab.notebook needs IPython.")
    assert "pip install 'socklab[notebooks]'" in done.stderr
