"""What a text is: Python code, a saved configuration, a summary, a printed module; else a program of the language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import Source, SourceParts, SymparamsError
from ..evaluate.axes import Value
from ..language.parser import MAX_SOURCE
from .pasted_texts import readings, unfenced
from .python.code_texts import begins_as_code, is_bare_sequence, is_code, is_meant_as_code, line_at_fault, tree_of
from .summaries.summary_text import looks_like_summary

Inputs = Sequence[str]
Values = Mapping[str, Value]

_CONFIG = re.compile(r'\s*\{\s*"')
# What `print(model)` of torch begins with.
_PRINTED = re.compile(r"\s*[^\W\d]\w*\(\s*\n\s*\([\w.\-]+\): ")


class TextKind(NamedTuple):
    """A kind of text: how it is recognised, and how it is read as a program."""

    is_it: Callable[[str], bool]
    read: Callable[[Source, Inputs, Values], Source]


class Recognised(NamedTuple):
    """What a text is, None for a program, and the text without the marks that it was copied with."""

    kind: TextKind | None
    text: str


def _code(source: Source, inputs: Inputs, values: Values) -> Source:
    from .python.reader import source_of_code

    try:
        return source_of_code(source, None, inputs, values)
    except SymparamsError as error:
        if tree_of(source.text) is None and not begins_as_code(source.text):
            error.hint = "what stands around code is left out where the code stands between lines of ```"
        raise


def _config(source: Source, inputs: Inputs, values: Values) -> Source:
    from .keras_config import program_of

    try:
        program = program_of(json.loads(source.text))
    except (ValueError, RecursionError) as error:
        raise SymparamsError(f"{source.name}: this is no JSON: {error}") from None
    except SymparamsError as error:
        raise SymparamsError(f"{source.name}: {error.message}", None, error.hint) from None
    return Source(source.name, program, parts=SourceParts(program, {}))


def _summary(source: Source, inputs: Inputs, values: Values) -> Source:
    from .summaries.summary_source import source_of_summary

    return source_of_summary(source, inputs)


def _printed(source: Source, inputs: Inputs, values: Values) -> Source:
    from .printed_modules import source_of_printed

    return source_of_printed(source)


CODE = TextKind(lambda text: is_code(text) or is_bare_sequence(text), _code)
CONFIG = TextKind(lambda text: _CONFIG.match(text) is not None, _config)
SUMMARY = TextKind(looks_like_summary, _summary)
PRINTED = TextKind(lambda text: _PRINTED.match(text) is not None, _printed)
PRINTED_KINDS = (CONFIG, SUMMARY, PRINTED)


def recognised(text: str) -> Recognised:
    """What a text is, by the first of its readings that is something else than a program.

    Code comes first, also where it is wrong somewhere: what models print may be quoted in it.
    """
    if len(text) > MAX_SOURCE and not CONFIG.is_it(text):
        return Recognised(None, text)
    ways = readings(text)
    code = next(filter(CODE.is_it, ways), None) or _furthest(filter(begins_as_code, ways))
    if code is None:
        for kind in PRINTED_KINDS:
            for way in filter(kind.is_it, ways):
                return Recognised(kind, way)
        code = _furthest(filter(is_meant_as_code, ways))
    return Recognised(None, unfenced(text)) if code is None else Recognised(CODE, code)


def _furthest(ways: Iterable[str]) -> str | None:
    """The text that is Python for the longest."""
    return max(ways, key=line_at_fault, default=None)


def source_of_text(source: Source, inputs: Inputs = (), values: Values | None = None) -> Source:
    """The program of a text, whatever it is. Raises SymparamsError where it is not as what it is has to be.

    `inputs` are the shapes of the inputs of code, or of a summary, `values` are put in for the names of code.
    """
    kind, text = recognised(source.text)
    if kind not in (CODE, SUMMARY):
        check_has_shapes(inputs)
    said = source if text == source.text else Source(source.name, text)
    return said if kind is None else kind.read(said, inputs, values or {})


def check_has_shapes(inputs: Inputs) -> None:
    """Raises SymparamsError where shapes are given for what has its own."""
    if inputs:
        fault = "an input's shape is given for Python code and for summaries alone"
        raise SymparamsError(fault, None, "--set H=224 puts a value in")
