"""A program that was written from another text, with its layers in the language's words, blocks and turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.network import CoreNetwork
from ..errors import Source, SymparamsError
from ..evaluate.figures import MACS, PARAMS, STATE, TRAINABLE
from ..language import ir
from ..language.unparse import unparse
from ..pipeline import compile_source
from .blocks_of_parts import Blocks
from .branches import in_branches
from .by_place import by_place
from .folded_turns import Turns
from .lifting import Lift, lifted, proposals
from .own_words import in_own_words


def translated(source: Source, wanted: Sequence[Lift] = ()) -> str:
    """The text of the program of a source, in the form that is read best, with symbols for numbers where it is wanted.

    Each form stands for the same network as the one before; one that would not is left out. Raises SymparamsError.
    """
    if source.parts is None and not wanted:
        return source.text
    program = in_parts(source)
    titles = source.parts.titles if source.parts else {}
    text, network = source.text, _network(program)
    program = in_own_words(program)
    if wanted:
        program = lifted(program, list(wanted))
        network = _network(program)
    if is_the_same(written := unparse(by_place(program)), network):
        text = written
    elif wanted:
        raise SymparamsError("the network with these symbols cannot be written as a program")
    for form in _forms(titles):
        trial = form(program)
        if is_the_same(written := unparse(by_place(trial)), network):
            program, text = trial, written
    return text


def in_parts(source: Source) -> ir.Program:
    """The program of a source, with the parts of the text that it was read from in braces."""
    return compile_source(Source(source.name, source.parts.text if source.parts else source.text))[0]


def proposed(source: Source) -> list[Lift]:
    """The numbers of a source that symbols may stand for."""
    return list(proposals(in_own_words(in_parts(source))))


def _forms(titles: Mapping[str, str]) -> tuple[Callable[[ir.Program], ir.Program], ...]:
    return (
        lambda program: program.replaced(body=in_branches(program.body)),
        lambda program: Blocks(program, titles).defined(),
        lambda program: Turns(program).folded(),
    )


def is_the_same(text: str, wanted: Any) -> bool:
    """Whether a program is of the network that is wanted, by its figures, flows and conditions."""
    try:
        return bool(_network(compile_source(Source("program", text))[0]) == wanted)
    except SymparamsError:
        return False


def _network(program: ir.Program) -> Any:
    """What makes a network: its figures, what flows in and out, and its conditions."""
    network = CoreNetwork(program)
    figures = [network.quantity(figure.name) for figure in (PARAMS, TRAINABLE, STATE, MACS)]
    return figures, network.input_shapes, network.output_shapes, set(map(str, network.guards)), len(network.opaque)
