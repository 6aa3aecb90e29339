"""Commands that look closely at one run: replay, scene, run."""

import argparse
from typing import TYPE_CHECKING

from ..i18n import tr
from .parsing import add_exercise, add_hidden, add_lang, add_seed, add_tier, command

if TYPE_CHECKING:
    from .parsing import Commands

_REPLAY_EXAMPLES = """\
examples:
  socklab replay is-port-open closed-port is_port_open.c                what it does, call by call
  socklab replay is-port-open closed-port is_port_open.c -- gdb         a debugger, stopped in the function
  socklab replay is-port-open closed-port is_port_open.c -- strace -f   every system call
  socklab replay is-port-open closed-port is_port_open.py -- python3 -m pdb
  socklab replay is-port-open closed-port is_port_open.c -- bash        a shell, with ./call PORT"""

_SCENE_EXAMPLES = """\
examples:
  socklab scene is-port-open open-port                   a shell in which ss, nc and curl meet the scene
  socklab scene is-port-open open-port -- ss -tln        one command in it
  socklab scene is-port-open open-port --tier shared     on this machine's own loopback, until Ctrl-C"""


def add_replay(commands: "Commands") -> None:
    """The words of `socklab replay`."""
    parser = command(
        commands,
        "replay",
        tr("run one check and tell what happens, or debug its call"),
        run_replay,
        tr(_REPLAY_EXAMPLES),
    )
    _add_scene_options(parser, "replay", " FILE")


def add_scene(commands: "Commands") -> None:
    """The words of `socklab scene`."""
    parser = command(
        commands,
        "scene",
        tr("hold what a check arranges open, to look at it yourself"),
        run_scene,
        tr(_SCENE_EXAMPLES),
    )
    _add_scene_options(parser, "scene", "")


def _add_scene_options(parser: argparse.ArgumentParser, name: str, file: str) -> None:
    parser.usage = (
        f"socklab {name} [-h] [--seed N] [--tier {{private,shared}}] [--hidden] [--lang LANGUAGE]\n"
        f"         {'':<{len(name)}}EXERCISE CHECK{file} [-- COMMAND …]"
    )
    add_exercise(parser)
    parser.add_argument("check", metavar="CHECK", help=tr("one of its checks, as reports in json name it"))
    if file:
        parser.add_argument("file", metavar="FILE", help=tr("the file whose function is called"))
    add_seed(parser, tr("the ports; a report names its own"))
    add_tier(parser)
    add_hidden(parser)
    parser.add_argument_group("-- COMMAND …", tr("what is run inside, with the scene held open; private tier only"))
    add_lang(parser)


def run_replay(options: argparse.Namespace) -> int:
    """`socklab replay`."""
    from ..grading import Options
    from ..replay import replay

    wanted = Options(options.seed, options.tier, hidden=options.hidden)
    return replay(options.exercise, options.check, options.file, options.command, wanted)


def run_scene(options: argparse.Namespace) -> int:
    """`socklab scene`."""
    from ..grading import Options
    from ..replay import hold_scene

    wanted = Options(options.seed, options.tier, hidden=options.hidden)
    return hold_scene(options.exercise, options.check, options.command, wanted)


def add_run(commands: "Commands") -> None:
    """The words of `socklab run`."""
    examples = """\
examples:
  socklab run echo_server.c 7777      then, in another terminal: nc 127.0.0.1 7777"""
    summary = tr("run a whole program, such as a server, to talk to it yourself; its calls are told")
    parser = command(commands, "run", summary, run_program, tr(examples))
    parser.add_argument("file", metavar="FILE", help=tr("the program's source"))
    parser.add_argument("arguments", metavar="PORT", nargs="*", help=tr("its arguments, usually the port to listen on"))
    add_tier(parser)
    add_lang(parser)


def run_program(options: argparse.Namespace) -> int:
    """`socklab run`."""
    from ..grading import Options
    from ..replay import run

    return run(options.file, tuple(options.arguments), Options(None, options.tier))
