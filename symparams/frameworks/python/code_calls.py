"""Calls in expressions, with the functions that mean something by where they stand."""

from __future__ import annotations

import ast
from typing import Any

from ...errors import Source, SymparamsError
from .code_objects import CodeFunction, Environment, PyClass, Raised, Super, Unknown, plain
from .interpreting import Interpreting

_OF_ITS_PLACE = {"super": "above", "eval": "evaluated", "globals": "names_here", "locals": "names_here"}


class RunsCalls(Interpreting):
    """Carries out calls."""

    def of_Call(self, node: ast.Call, env: Environment) -> Any:
        function = self.value(node.func, env)
        word = getattr(node.func, "id", "")
        if word in _OF_ITS_PLACE and function is self.builtins.get(word):
            return getattr(self, _OF_ITS_PLACE[word])(node, env)
        arguments = list(self.elements(node.args, env))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, env)
            if keyword.arg is None:
                value = plain(value)
                if isinstance(value, Unknown):
                    return self.with_unknown(value)
                named.update(value)
            else:
                named[keyword.arg] = value
        source, place = self.source, node
        try:
            return self.call(function, arguments, named)
        except SymparamsError as error:
            self.source = source
            raise self.located(error, place) from None

    def with_unknown(self, named: Unknown) -> Unknown:
        """What a function gives that is called with arguments by names that are not known."""
        if self.strict:
            raise named.fault("a function gets arguments")
        return named

    def names_here(self, node: ast.Call, env: Environment) -> Any:
        """`globals()` and `locals()`."""
        return env.globals if node.func.id == "globals" else env.names  # type: ignore[attr-defined]

    def evaluated(self, node: ast.Call, env: Environment) -> Any:
        """`eval` of an expression, which is worked out as any other is."""
        text = self.value(node.args[0], env) if len(node.args) == 1 else None
        if not isinstance(text, str):
            raise SymparamsError("this is not read: eval", self.span(node))
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Raised("SyntaxError", "eval of what is no expression") from None
        source, self.source = self.source, Source("<eval>", text.strip())
        try:
            return self.value(tree.body, env)
        finally:
            self.source = source

    def above(self, node: ast.Call, env: Environment) -> Super:
        around: Environment | None = env
        while around is not None and not (isinstance(around.function, CodeFunction) and around.function.owner):
            around = around.outer
        if around is None:
            raise SymparamsError("super() stands outside of a class", self.span(node))
        if node.args:
            after = self.value(node.args[0], env)
            if isinstance(after, PyClass):
                return Super(after, self.value(node.args[1], env) if len(node.args) > 1 else None)
        parameters = around.function.node.args
        first = [*parameters.posonlyargs, *parameters.args][0].arg
        return Super(around.function.owner, around.names[first])
