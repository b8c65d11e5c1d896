"""What the shell may complete an argument to: networks of the zoo, program files, names in the program, layers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def program(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The networks of the zoo, program files, and the folders that may have some."""
    from .. import zoo

    networks = [f"zoo:{name}" for name in zoo.names()]
    return [CompletionItem(name) for name in (*networks, *_paths(incomplete)) if name.startswith(incomplete)]


def _paths(incomplete: str) -> list[str]:
    from ..frameworks.sources import ENDINGS

    folder, beginning = os.path.split(incomplete)
    try:
        entries = sorted(os.scandir(folder or "."), key=lambda entry: entry.name)
    except OSError:
        return []
    shown = [e for e in entries if e.name.startswith(beginning) and (beginning or not e.name.startswith("."))]
    return [
        os.path.join(folder, entry.name + ("/" if entry.is_dir() else ""))
        for entry in shown
        if entry.is_dir() or os.path.splitext(entry.name)[1] in ENDINGS
    ]


def output_file(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def words(*known: str) -> Completer:
    """A completer for one of these words."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(word) for word in known if word.startswith(incomplete)]

    return complete


def in_list(known: Callable[[click.Context], Iterable[str]], ending: str = "") -> Completer:
    """A completer for one more word of a list with commas."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, word = incomplete.rpartition(",")
        given = {part.partition("=")[0] for part in before.split(",")}
        names = (name for name in known(context) if name.startswith(word) and name not in given)
        return [CompletionItem(f"{before}{comma}{name}{ending}") for name in names]

    return complete


def names_in_program(context: click.Context) -> list[str]:
    """The parameters and symbols of the program that is on the command line already."""
    net = _network(context)
    return [] if net is None else list(dict.fromkeys([*(p.name for p in net.program.parameters), *net.symbols]))


def parameters_of_program(context: click.Context) -> list[str]:
    net = _network(context)
    return [] if net is None else [p.name for p in net.program.parameters if p.default is not None]


def layer_of_program(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The layers and blocks of the program that is on the command line already."""
    names = [row.name for depth in (0, None) for row in _rows(context, depth)]
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete)]


def subject(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `why` can be asked about."""
    from ..evaluate.figures import EXPLAINED, PARTS

    known = [*names_in_program(context), *(row.name for row in _rows(context, None)), *PARTS, *EXPLAINED]
    return [CompletionItem(name) for name in dict.fromkeys(known) if name.startswith(incomplete)]


def layer(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The layers that the language has, with the sentences of their rules."""
    from ..language.library import standard_library
    from ..tables.reference import documentation

    library = standard_library()
    names = [name for name in sorted(library.entries) if name.startswith(incomplete)]
    aliases = [name for name in sorted(library.names) if name.startswith(incomplete) and name not in library.entries]
    return [CompletionItem(name, help=documentation(library.rule(library.names[name]))) for name in names or aliases]


def _rows(context: click.Context, depth: int | None) -> list[Any]:
    from ..errors import SymparamsError

    net = _network(context)
    try:
        return [] if net is None else list(net.rows(depth))
    except SymparamsError:
        return []


def _network(context: click.Context) -> Any:
    """The network that is on the command line, None where there is none or it is not in order yet."""
    from ..api import from_source
    from ..errors import SymparamsError
    from .program_sources import program_source

    text = context.params.get("text")
    file = None if text else context.params.get("file") or next(iter(context.args), None)
    if file == "-" or not (file or text):
        return None
    try:
        return from_source(program_source(file, text), context.params.get("dialect"))
    except (SymparamsError, click.UsageError):
        return None
