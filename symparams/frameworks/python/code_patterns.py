"""The patterns of `match`: whether a value fits one, and what it binds."""

from __future__ import annotations

import ast
from typing import Any

from ...errors import SymparamsError
from . import attributes
from .code_objects import MISSING, Environment, PyObject, Unknown, plain
from .interpreting import Interpreting


class MatchesPatterns(Interpreting):
    """Carries out `match`."""

    def do_Match(self, node: ast.Match, env: Environment) -> None:
        subject = self.value(node.subject, env)
        if isinstance(subject, Unknown):
            if self.strict:
                raise subject.fault("a value is matched")
            self.forget([statement for case in node.cases for statement in case.body], env, subject)
            return
        for case in node.cases:
            if self.fits(case.pattern, subject, env) and (
                case.guard is None or self.truth(self.value(case.guard, env), case.guard)
            ):
                self.run(case.body, env)
                return

    def fits(self, pattern: ast.pattern, value: Any, env: Environment) -> bool:
        if isinstance(pattern, ast.MatchValue):
            return self.truth(self.compared(ast.Eq(), value, self.value(pattern.value, env)), pattern)
        if isinstance(pattern, ast.MatchSingleton):
            return value is pattern.value
        if isinstance(pattern, ast.MatchOr):
            return any(self.fits(one, value, env) for one in pattern.patterns)
        if isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None and not self.fits(pattern.pattern, value, env):
                return False
            if pattern.name is not None:
                self.bind(pattern.name, value, env)
            return True
        if isinstance(pattern, ast.MatchSequence):
            return self.fits_in_order(pattern.patterns, plain(value), env)
        if isinstance(pattern, ast.MatchMapping):
            return self.fits_by_keys(pattern, plain(value), env)
        if isinstance(pattern, ast.MatchClass):
            return self.fits_class(pattern, value, env)
        raise SymparamsError("this pattern is not read", self.span(pattern))

    def fits_in_order(self, patterns: list[ast.pattern], value: Any, env: Environment) -> bool:
        if not isinstance(value, (list, tuple)):
            return False
        star = next((i for i, one in enumerate(patterns) if isinstance(one, ast.MatchStar)), None)
        values: list[Any] = list(value)
        if star is not None and len(values) >= len(patterns) - 1:
            end = len(values) - (len(patterns) - star - 1)
            name = patterns[star].name  # type: ignore[attr-defined]
            if name is not None:
                self.bind(name, values[star:end], env)
            patterns, values = [*patterns[:star], *patterns[star + 1 :]], [*values[:star], *values[end:]]
        return len(values) == len(patterns) and all(self.fits(p, v, env) for p, v in zip(patterns, values))

    def fits_by_keys(self, pattern: ast.MatchMapping, value: Any, env: Environment) -> bool:
        if not isinstance(value, dict):
            return False
        keys = [plain(self.value(key, env)) for key in pattern.keys]
        if not all(key in value and self.fits(one, value[key], env) for key, one in zip(keys, pattern.patterns)):
            return False
        if pattern.rest is not None:
            self.bind(pattern.rest, {key: inner for key, inner in value.items() if key not in keys}, env)
        return True

    def fits_class(self, pattern: ast.MatchClass, value: Any, env: Environment) -> bool:
        kind = self.value(pattern.cls, env)
        if not self.truth(self.call(self.builtins["isinstance"], [value, kind], {}), pattern):
            return False
        names = list(pattern.kwd_attrs)
        if pattern.patterns and not isinstance(value, PyObject):
            return len(pattern.patterns) == 1 and self.fits(pattern.patterns[0], value, env)
        if pattern.patterns:
            in_order = value.kind.find("__match_args__")
            in_order = value.kind.find("__fields__") if in_order is MISSING else in_order
            if in_order is MISSING:
                raise TypeError(f"{value.kind.name} has no order of its values")
            names = [*list(in_order)[: len(pattern.patterns)], *names]
        found = [attributes.lookup(self, value, name) for name in names]
        patterns = [*pattern.patterns, *pattern.kwd_patterns]
        return MISSING not in found and all(self.fits(p, v, env) for p, v in zip(patterns, found))
