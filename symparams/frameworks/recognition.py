"""What a text is: Python code, a summary, a printed module, a saved configuration; else a program of the language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Source, SourceParts, SymparamsError
from ..evaluate.axes import Value
from .summaries.summary_text import looks_like_summary

Inputs = Sequence[str]
Values = Mapping[str, Value]

# What `print(model)` of torch begins with.
_LOOKS_PRINTED = re.compile(r"\s*[^\W\d]\w*\(\s*\n\s*\([\w.\-]+\): ")
# Words without one of which a text is no code of a network, and need not be parsed.
_IN_CODE = ("import ", "class ", "self.", "nn.", "layers.", "keras.", "Sequential", "Model(", "def ")
_PACKAGES = frozenset(["nn", "torch", "keras", "tf", "tensorflow", "layers", "models", "torchvision"])
_MODELS = frozenset(["Sequential", "Model"])
FENCES = ("```", "~~~")
CELL = re.compile(r"\s*(In|Out) ?\[\d*\]:\s?")
TYPED = (">>> ", "... ")


class TextKind(NamedTuple):
    """A kind of text: how it is recognised, and how it is read as a program."""

    is_it: Callable[[str], bool]
    read: Callable[[Source, Inputs, Values], Source]


def is_python(text: str) -> bool:
    """Whether a text is Python code that makes a network, rather than a program of the language."""
    import ast
    from textwrap import dedent

    if not any(word in text for word in _IN_CODE):
        return False
    try:
        tree = ast.parse(dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return begins_as_python(text)
    return any(_makes_a_network(statement) for statement in tree.body)


def only_imports(text: str) -> bool:
    """Whether code has nothing but imports in it, which a network does not need."""
    import ast

    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in body)


def calls_what_is_in(code: str, line: str) -> bool:
    """Whether a line gives a name what something of the code before it puts out: `x = block(x, 64)`."""
    import ast

    try:
        statements = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    values = [s.value for s in statements if isinstance(s, ast.Assign) and isinstance(s.value, ast.Call)]
    names = [node.id for value in values for node in ast.walk(value.func) if isinstance(node, ast.Name)]
    return any(name in code for name in names)


def begins_as_python(text: str) -> bool:
    """Whether the first line can only be one of Python: an import, or the head of a class or a function."""
    first = next((line.split("#")[0].strip() for line in text.split("\n") if line.split("#")[0].strip()), "")
    word = first.split(" ")[0]
    if word == "from":
        return " import " in first
    is_head = word in ("class", "def", "async") and first.endswith((":", ",", "("))
    return is_head or (word == "import" and first != word) or first.startswith("@")


def _makes_a_network(statement: Any) -> bool:
    import ast

    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return False
    return any(isinstance(target, ast.Attribute) for target in statement.targets) or _is_layer(statement.value)


def _is_layer(call: Any) -> bool:
    """Whether what is called is of a framework: nn.Linear(3, 4), Sequential([...]), Dense(10)(x)."""
    import ast

    function = call.func
    if isinstance(function, ast.Call):
        return _is_layer(function)
    if isinstance(function, ast.Name):
        return function.id in _MODELS
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in _PACKAGES


def _is_config(text: str) -> bool:
    return text.lstrip()[:1] == "{" and '"class_name"' in text


def _summary(source: Source, inputs: Inputs, values: Values) -> Source:
    from .summaries.summary_source import source_of_summary

    return source_of_summary(source, inputs)


def _printed(source: Source, inputs: Inputs, values: Values) -> Source:
    from .printed_modules import source_of_printed

    return source_of_printed(source)


def _config(source: Source, inputs: Inputs, values: Values) -> Source:
    from .keras_config import program_of

    try:
        program = program_of(json.loads(source.text))
    except (ValueError, RecursionError) as error:
        raise SymparamsError(f"{source.name}: this is no JSON: {error}") from None
    except SymparamsError as error:
        raise SymparamsError(f"{source.name}: {error.message}", None, error.hint) from None
    return Source(source.name, program, parts=SourceParts(program, {}))


def _code(source: Source, inputs: Inputs, values: Values) -> Source:
    from .python.reader import source_of_code

    return source_of_code(source, None, inputs, values)


SUMMARY = TextKind(looks_like_summary, _summary)
PRINTED = TextKind(lambda text: _LOOKS_PRINTED.match(text) is not None, _printed)
CONFIG = TextKind(_is_config, _config)
CODE = TextKind(is_python, _code)
KINDS = (SUMMARY, PRINTED, CONFIG, CODE)


def kind_of(text: str) -> TextKind | None:
    """What a text is, None for a program of the language."""
    return next((kind for kind in KINDS if kind.is_it(text)), None)


def source_of_text(source: Source, inputs: Inputs = (), values: Values | None = None) -> Source:
    """The program of a text, whatever it is. Raises SymparamsError where it is not as what it is has to be.

    `inputs` are the shapes of the inputs of code, or of a summary, `values` are put in for the names of code.
    """
    for text in _readings(source.text):
        kind = kind_of(text)
        if kind is not None:
            if inputs and kind not in (CODE, SUMMARY):
                break
            return kind.read(Source(source.name, text), inputs, values or {})
    if inputs:
        fault = "an input's shape is given for Python code and for summaries alone"
        raise SymparamsError(fault, None, "--set H=224 puts a value in")
    return source


def _readings(text: str) -> Iterator[str]:
    """The text, and what is in the fences of a page or behind the prompts of a session, on the same lines."""
    lines = text.split("\n")
    starts = [line.lstrip()[:3] in FENCES for line in lines]
    if sum(starts) > 1:
        first, *rest = (i for i, is_fence in enumerate(starts) if is_fence)
        for begin, end in zip([first, *rest][::2], rest[::2]):
            yield "\n" * (begin + 1) + "\n".join(lines[begin + 1 : end])
    if any(line.startswith(TYPED[0]) for line in lines):
        typed = [line[4:] if line.startswith(TYPED) else "" for line in lines]
        yield "\n".join(typed)
    elif any(map(CELL.match, lines)):
        yield "\n".join(CELL.sub("", line) for line in lines)
    yield text
