"""The `build` lines of rules: calls of a framework's own classes with literals in them, and nothing else."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

from ..errors import Source, SymparamsError
from ..evaluate.expressions import evaluate
from ..evaluate.rules import Applied
from ..language.parser import parse_expression

# What a template may call, for each framework: a class of its own, or a part that the emitted program brings along.
# Layers that read a file are left out.
_TORCH = (
    "First LastStep EinsumDense Position GlobalPool Attention GroupedAttention DotAttention Experts"
    " Reshape Permute Rearrange Slice Learned ClassToken Shift Scale ResizeLike"
)
_CLASS = {
    "torch": re.compile(rf"nn\.[A-Z]\w*|{_TORCH.replace(' ', '|')}"),
    "keras": re.compile(r"layers\.(?!TFSM|TextVec|\w*Lookup)[A-Z]\w*|Padded|OneStep"),
}
_EXAMPLES = {"torch": "nn.Linear(3, 4)", "keras": "layers.Dense(4)"}
_BRACES = re.compile(r"\{([^{}]*)\}")
# What the emitted program says itself.
_SAID = ("name", "trainable")


def constructor_of(applied: Applied, target: str) -> str | None:
    """The call that makes a layer in a framework, by the rule's `build` line; None where it has none.

    Raises SymparamsError at the line where it is anything but a call of the framework's classes with literals.
    """
    template = applied.builds.get(target)
    if template is None:
        return None

    def value(match: re.Match[str]) -> str:
        return repr(_python(evaluate(parse_expression(Source("build", match.group(1))), applied.scope)))

    try:
        return _checked(_BRACES.sub(value, template.template), target)
    except SymparamsError as error:
        raise SymparamsError(error.message, template.span, error.hint) from None


def _python(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_python, value))
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, (int, str)):
        return value
    raise SymparamsError("between the braces of 'build' stand numbers, words, truth values and tuples of them")


def _checked(text: str, target: str) -> str:
    try:
        call = ast.parse(text, mode="eval").body
        if not _is_call(call, target):
            raise SyntaxError
        compile(ast.Expression(call), "build", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        fault = f"'build {target}' takes one call of the framework's classes with literals in it, such as"
        raise SymparamsError(f"{fault} {_EXAMPLES[target]!r}") from None
    return ast.unparse(call)


def _is_call(node: ast.expr, target: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and bool(_CLASS[target].fullmatch(ast.unparse(node.func)))
        and all(_is_argument(argument, target) for argument in node.args)
        and all(k.arg and k.arg not in _SAID and _is_argument(k.value, target) for k in node.keywords)
    )


def _is_argument(node: ast.expr, target: str) -> bool:
    """A literal of numbers, words and truth values, alone or in tuples and lists, or a call like the whole."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_argument(item, target) for item in node.elts)
    if isinstance(node, ast.Starred):
        return _is_argument(node.value, target)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and _is_plain(node.operand)
    return _is_plain(node) or _is_call(node, target)


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str, bool, type(None)))
