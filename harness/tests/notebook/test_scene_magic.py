"""%scene and %%scene: a check's scene on this machine's loopback, for cells that probe it."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import kernels
import pytest
from kernels import Kernel


@pytest.fixture(autouse=True)
def _closed(kernel: Kernel) -> Iterator[None]:
    """No test leaves a scene to another one."""
    yield
    kernel.ok("%scene --close")


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_scene_is_open_until_it_is_closed(kernel: Kernel) -> None:
    """What is arranged can be probed from the next cells; then the port is free again, and no process stays."""
    cell = kernel.ok("s = %scene is-port-open open-port --seed 3\ns")
    port = int(kernel.ok("s.port").text)
    assert kernel.ok("s.arranged").text == f"('a listener on 127.0.0.1:{port}',)"
    assert re.search(rf"arranged +a listener on 127\.0\.0\.1:{port}\n", cell.text)
    assert f"<dd>a listener on 127.0.0.1:{port}</dd>" in cell.result["text/html"]
    assert is_open(port)
    assert kernel.ok("%scene --close").printed == "the scene is closed\n"
    assert not is_open(port)
    kernel.wait_until_alone()
    assert kernel.ok("s.is_open").text == "False"
    assert "this scene is closed" in kernel.ok("s").text
    assert kernel.ok("%scene --close").printed == "no scene is open\n"


def test_the_same_seed_gives_the_same_port(kernel: Kernel) -> None:
    """As for grades."""
    ports = [kernel.ok(f"s = %scene is-port-open closed-port --seed {seed}\ns.port").text for seed in (3, 3, 4)]
    assert ports[0] == ports[1] != ports[2]


def test_a_scene_takes_the_place_of_the_one_before(kernel: Kernel) -> None:
    """There is one at a time."""
    first = int(kernel.ok("a = %scene is-port-open open-port --seed 3\na.port").text)
    second = int(kernel.ok("b = %scene is-port-open open-port --seed 4\nb.port").text)
    assert (is_open(first), is_open(second)) == (False, True)
    assert kernel.ok("a.is_open, b.is_open").text == "(False, True)"


def test_a_scene_is_a_context_manager(kernel: Kernel) -> None:
    """Closed where the block ends, be it by an error."""
    kernel.ok("s = %scene is-port-open open-port")
    cell = kernel.run("with s:\n    assert s.is_open\n    1 / 0")
    assert "ZeroDivisionError" in cell.error
    assert kernel.ok("s.is_open").text == "False"


def test_a_cell_runs_inside_of_a_scene(kernel: Kernel) -> None:
    """It finds the port's number in `port`; its last value is the cell's, and the scene is closed then."""
    code = (
        "import socket\nwith socket.create_connection(('127.0.0.1', port)) as c:\n    there = c.getpeername()[1]\nthere"
    )
    cell = kernel.ok(f"%%scene is-port-open open-port --seed 3\n{code}")
    assert cell.text == kernel.ok("port").text == kernel.ok("there").text
    assert not is_open(int(cell.text))
    assert kernel.ok("%%scene is-port-open open-port\nquiet = 1").of("execute_result") == []
    assert kernel.ok("%%scene is-port-open open-port\n# nothing").of("execute_result") == []


def test_an_error_inside_of_a_scene_is_shown_as_the_cells_own(kernel: Kernel) -> None:
    """With its line and none of ours, and the scene is closed."""
    cell = kernel.run(
        "%%scene is-port-open closed-port --seed 3\nx = 1\nimport socket\nsocket.create_connection(('127.0.0.1', port))"
    )
    assert cell.error.splitlines()[1].startswith("ConnectionRefusedError")
    assert "----> 3 socket.create_connection(('127.0.0.1', port))" in cell.error
    assert "socklab" not in cell.error
    kernel.wait_until_alone()
    assert "SyntaxError" in kernel.run("%%scene is-port-open closed-port\nx = = 1").error
    kernel.wait_until_alone()


def test_a_scene_that_needs_a_private_network_says_where_it_can_be_had(kernel: Kernel) -> None:
    """In one line, with the command for a terminal."""
    said = kernel.refused("%scene is-port-open open-port-1")
    assert "it needs a private network" in said
    assert said.endswith("socklab scene is-port-open open-port-1")
    kernel.wait_until_alone()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", ["which exercise?", "%scene is-port-open open-port"]),
        ("is-port-opn open-port", ["no exercise called", "Did you mean is-port-open?"]),
        ("is-port-open", ["which check? There is: open-port, "]),
        ("is-port-open open-prt", ["no check called 'open-prt'", "Did you mean open-port?"]),
        ("is-port-open memory", ["judges what the calls of all other checks did"]),
        ("is-port-open tries-nothing-forbidden", ["calls nothing"]),
        ("is-port-open open-port --seed x", ["'x' is no seed"]),
        ("is-port-open open-port 7777", ["unrecognized arguments: 7777"]),
    ],
)
@pytest.mark.parametrize("magic", ["%scene {}", "%%scene {}\nprint('it ran')"])
def test_wrong_usage_is_refused_in_one_line(kernel: Kernel, magic: str, line: str, parts: list[str]) -> None:
    """And nothing is opened, nor does the cell run."""
    said = kernel.refused(magic.format(line))
    for part in ("UsageError: ", *parts):
        assert part in said


def test_a_refused_scene_leaves_the_open_one_open(kernel: Kernel) -> None:
    """A slip of the pen costs nothing."""
    kernel.ok("s = %scene is-port-open open-port")
    kernel.refused("%scene is-port-open open-prt")
    assert kernel.ok("s.is_open").text == "True"


def test_a_check_that_begins_with_no_port_has_a_scene_too(kernel: Kernel) -> None:
    """Its number is the one that the check's first call is given."""
    cell = kernel.ok("s = %scene is-port-open port-65536\ns")
    assert kernel.ok("s.port").text == "65536"
    assert "the number alone matters" in cell.text


def test_a_scene_speaks_korean(tmp_path: Path) -> None:
    """What is arranged, and what comes of refusals."""
    with kernels.started(tmp_path, {"LANGUAGE": "ko", "LANG": "ko_KR.UTF-8"}) as kernel:
        said = [kernel.ok("s = %scene is-port-open open-port\ns").text, str(kernel.ok("s.arranged").text)]
        said += [
            kernel.ok("%scene --close").printed,
            kernel.ok("s").text,
            kernel.refused("%scene is-port-open open-port-1"),
        ]
    for text in said:
        for row in text.splitlines():
            assert any("가" <= letter <= "힣" for letter in row), row
