"""What the commands share: the program that they are about, its values, and how faults are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

import click

from ..errors import UNPRINTABLE, Source, SymparamsError, meant_or_known
from ..evaluate.engines import CLOSED, ENGINES
from ..language.dialects import DIALECTS
from . import completers
from .output import echo
from .program_sources import program_source

Command = Callable[..., None]


def program_options(command: Command) -> Command:
    """What every command that reads a program takes."""
    options = (
        click.argument("file", required=False, shell_complete=completers.program),
        click.option("-e", "text", metavar="PROGRAM", help="The program itself, instead of a file."),
    )
    return _with(options, value_options(command))


def value_options(command: Command) -> Command:
    """What is given to a program: the shapes of its inputs, values, parameters that are freed, the dialect."""
    options = (
        click.option(
            "--input",
            "inputs",
            metavar="SHAPE",
            multiple=True,
            help="The shape of an input of Python code, or of a summary, without the batch: 3,H,W or name=3,H,W.",
        ),
        click.option(
            "--set",
            "settings",
            metavar="NAME=VALUE,...",
            multiple=True,
            help="Put values in.",
            shell_complete=completers.in_list(completers.names_in_program, "="),
        ),
        click.option(
            "--free",
            "freed",
            metavar="NAME,...",
            multiple=True,
            help="Make parameters symbols again.",
            shell_complete=completers.in_list(completers.parameters_of_program),
        ),
        click.option("--dialect", type=click.Choice([*DIALECTS]), help="Count as this framework does."),
    )
    return _with(options, command)


def _with(options: Iterable[Callable[[Command], Command]], command: Command) -> Command:
    for option in reversed([*options]):
        command = option(command)
    return command


def engine_option(command: Callable[..., None]) -> Callable[..., None]:
    choice = click.Choice(ENGINES)
    return click.option("--engine", type=choice, default=CLOSED, help="What works the formulas out.")(command)


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def network(
    file: str | None,
    text: str | None,
    settings: tuple[str, ...],
    freed: tuple[str, ...],
    dialect: str | None,
    engine: str = CLOSED,
    inputs: tuple[str, ...] = (),
) -> Any:
    """The network that a command is about."""
    from ..core.values import read_values

    return network_of(program_source(file, text, inputs, read_values(settings)), settings, freed, dialect, engine)


def network_of(
    source: Source, settings: tuple[str, ...], freed: tuple[str, ...], dialect: str | None, engine: str = CLOSED
) -> Any:
    """The network of a source, with its warnings shown."""
    from ..api import from_source
    from ..core.values import read_names, read_values

    net = from_source(source, dialect, read_values(settings), read_names(freed), engine)
    for warning in net.warnings:
        echo(warning.show("warning"), err=True)
    return net


def networks(
    programs: Sequence[str],
    settings: tuple[str, ...],
    freed: tuple[str, ...],
    dialect: str | None,
    inputs: tuple[str, ...] = (),
) -> list[Any]:
    """Several networks, files or texts, with the values and freed parameters that each of them has a name for.

    Raises SymparamsError for a name that none of them has.
    """
    from ..core.values import read_names, read_values

    values, names = read_values(settings), read_names(freed)
    nets = [network_of(_source_or_text(program, inputs), (), (), dialect) for program in programs]
    known = [{*net.program.names, *(parameter.name for parameter in net.program.parameters)} for net in nets]
    for name in (*values, *names):
        if not any(name in one for one in known):
            hint = meant_or_known(name, sorted(set().union(*known)), "they have")
            raise SymparamsError(f"none of the networks has a symbol or parameter {name!r}", None, hint)
    found = []
    for net, own in zip(nets, known):
        net = net.free(*(name for name in names if name in own))
        found.append(net(**{name: value for name, value in values.items() if name in own}))
    return found


def _source_or_text(program: str, inputs: tuple[str, ...]) -> Source:
    is_text = "->" in program and not os.path.exists(program)
    return program_source(None, program, inputs) if is_text else program_source(program, None, inputs)


class reported:
    """Shows a fault of the program, its values or the options, as JSON or as text, and ends with its status."""

    def __init__(self, as_json: bool):
        self.as_json = as_json

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, SymparamsError):
            self.fail(error)
        if isinstance(error, (RecursionError, MemoryError)):
            self.fail(SymparamsError("the program is too large or nested too deeply"))

    def fail(self, error: SymparamsError) -> NoReturn:
        if self.as_json:
            print_json({"error": error.as_dict()})
        else:
            echo(error.show(), err=True)
        sys.exit(error.status)


def print_json(record: Any) -> None:
    import json

    text = json.dumps(record, ensure_ascii=False, indent=2)
    echo(UNPRINTABLE.sub(lambda found: json.dumps(found.group())[1:-1], text))
