"""What `print(model)` of torch shows, read as the layers that it names: their weights, without any sizes that flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lark import Lark
from lark.exceptions import UnexpectedInput

from ..errors import LimitError, Source, SourceParts, Span, SymparamsError
from .python.reader import source_of_code

MAX_LAYERS = 20_000

_GRAMMAR = r"""
start: module
module: NAME "(" (entry+ | [argument ("," argument)*]) ")"
entry: ENTRY [INT "x"] module
argument: [NAME "="] value
?value: NAME -> word | SIGNED -> number | STRING -> text | INT -> number | tuple
tuple: "(" [value ("," value)* ","?] ")"
ENTRY.2: /\([\w.\-]+\):/
NAME: /[^\W\d][\w.]*/
INT.2: /\d+(?![.\deE])/
SIGNED: /[+\-]?\d+(\.\d*)?([eE][+\-]?\d+)?/
STRING: /'[^'\n]*'/
%ignore /\s+/
"""
# Layers that are shown with their parts, which are not all of their weights.
_ATTENTION = "MultiheadAttention"


class PrintedLayer(NamedTuple):
    """A layer by its path, its class, and what is shown in its brackets."""

    path: str
    kind: str
    shown: str


def source_of_printed(printed: Source) -> Source:
    """The program of a printed module, whose layers stand alone. Raises SymparamsError."""
    try:
        tree = _parser().parse(printed.text)
    except UnexpectedInput as error:
        place = max(getattr(error, "pos_in_stream", 0) or 0, 0)
        fault = "this is not as torch prints a module"
        raise SymparamsError(fault, Span(printed, place, place + 1)) from None
    (module,) = tree.children
    layers = list(_layers(module, ""))
    lines = [f"setattr(self, {layer.path!r}, nn.{layer.kind}({layer.shown}))" for layer in layers]
    code = Source(printed.name, "\n".join(["import torch.nn as nn", "self.training = False", *lines, ""]))
    try:
        read = source_of_code(code)
    except SymparamsError as error:
        raise SymparamsError(error.message, None, error.hint) from None
    text = re.sub(r"\Anet \w+", f"net {module.children[0]}", read.text)
    return Source(printed.name, text, read.shown, _notes(layers), SourceParts(text, {}))


def _notes(layers: Sequence[PrintedLayer]) -> list[SymparamsError]:
    """What a printed module does not show."""
    notes = [SymparamsError("torch prints layers alone: a parameter that a module holds itself is not among them")]
    if any(layer.kind == _ATTENTION for layer in layers):
        notes.append(
            SymparamsError("an attention is printed without its keys' width: it is taken to be that of the queries")
        )
    return notes


@lru_cache(maxsize=1)
def _parser() -> Any:
    return Lark(_GRAMMAR, parser="lalr")


def _layers(module: Any, path: str) -> Iterator[PrintedLayer]:
    name, *inside = (child for child in module.children if child is not None)
    kind = str(name)
    entries = [child for child in inside if child.data == "entry"]
    if kind.endswith(_ATTENTION) and entries:
        yield PrintedLayer(path, _ATTENTION, _attention(entries[0]))
    elif entries:
        for entry in entries:
            yield from _entry(entry, path)
    elif inside or kind[0].isupper():
        yield PrintedLayer(path or kind, kind, ", ".join(map(_argument, inside)))


def _entry(entry: Any, path: str) -> Iterator[PrintedLayer]:
    label, count, module = entry.children
    key = str(label)[1:-2]
    keys: Sequence[str] = [key]
    if count is not None:
        first, _, last = key.partition("-")
        if int(last or first) - int(first) + 1 != int(count) or int(count) > MAX_LAYERS:
            raise LimitError(f"{key} is not {count} layers that can be listed")
        keys = [str(i) for i in range(int(first), int(last or first) + 1)]
    for one in keys:
        yield from _layers(module, f"{path}.{one}" if path else one)


def _attention(projection: Any) -> str:
    """The arguments of an attention, of which the last projection is shown: any number of heads has these weights."""
    shown: Mapping[str, str] = dict(
        _argument(argument).split("=", 1) for argument in projection.children[2].children[1:]
    )
    return f"{shown['in_features']}, 1, bias={shown.get('bias', 'True')}"


def _argument(argument: Any) -> str:
    word, value = argument.children
    return f"{word}={_value(value)}" if word is not None else _value(value)


def _value(value: Any) -> str:
    if value.data == "tuple":
        inside = [_value(part) for part in value.children if part is not None]
        return f"({', '.join(inside)}{',' * (len(inside) == 1)})"
    text = str(value.children[0])
    return text if value.data != "word" or text in ("True", "False", "None") else repr(text)
