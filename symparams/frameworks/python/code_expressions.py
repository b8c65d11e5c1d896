"""The expressions of Python, worked out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from ...evaluate import domain
from ...evaluate.domain import is_condition, is_symbolic
from . import attributes
from .code_objects import (
    MISSING,
    BoundFunction,
    CodeIterator,
    Environment,
    PyClass,
    PyObject,
    Unknown,
    plain,
)
from .interpreting import Interpreting, shown
from .numbers_read import SIGNS, exact, is_number, operate


class RunsExpressions(Interpreting):
    """Works out expressions."""

    def of_Constant(self, node: ast.Constant, env: Environment) -> Any:
        return node.value

    def of_Name(self, node: ast.Name, env: Environment) -> Any:
        where: Environment | None = env
        shared = env.shared.get(node.id, env)
        if shared is None:
            where = None
        while where is not None:
            if node.id in where.names and not (where is not env and "__qualname__" in where.names):
                return where.names[node.id]
            where = where.outer
        if node.id in env.globals:
            return env.globals[node.id]
        if node.id in self.builtins:
            return self.builtins[node.id]
        return self.missing(node)

    def missing(self, node: ast.Name) -> Any:
        """What a name that is bound nowhere stands for: a symbol."""
        return self.program.symbol(node.id)

    def of_Attribute(self, node: ast.Attribute, env: Environment) -> Any:
        return attributes.get(self, self.value(node.value, env), node.attr)

    def of_Subscript(self, node: ast.Subscript, env: Environment) -> Any:
        container = self.value(node.value, env)
        key = self.value(node.slice, env)
        return self.get_item(container, key)

    def of_Slice(self, node: ast.Slice, env: Environment) -> Any:
        return slice(*(self.value(part, env) if part else None for part in (node.lower, node.upper, node.step)))

    def of_Tuple(self, node: ast.Tuple, env: Environment) -> Any:
        return tuple(self.elements(node.elts, env))

    def of_List(self, node: ast.List, env: Environment) -> Any:
        return list(self.elements(node.elts, env))

    def of_Set(self, node: ast.Set, env: Environment) -> Any:
        return set(self.elements(node.elts, env))

    def elements(self, nodes: Iterable[Any], env: Environment) -> Iterator[Any]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self.items(self.value(node.value, env))
            else:
                yield self.value(node, env)

    def of_Dict(self, node: ast.Dict, env: Environment) -> Any:
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values):
            if key is None:
                inner = plain(self.value(value, env))
                if isinstance(inner, Unknown):
                    return inner
                made.update(inner)
            else:
                made[self.value(key, env)] = self.value(value, env)
        return made

    def of_BinOp(self, node: ast.BinOp, env: Environment) -> Any:
        return self.operation(type(node.op), self.value(node.left, env), self.value(node.right, env))

    def operation(self, kind: type[ast.operator], a: Any, b: Any) -> Any:
        for one, other, reverse in ((a, b, False), (b, a, True)):
            work = getattr(one, "operate", None)
            if work:
                return work(kind, other, reverse)
            if isinstance(one, PyObject):
                name = f"__{'r' if reverse else ''}{METHODS.get(kind, '')}__"
                method = one.kind.find(name)
                if method is not MISSING:
                    return self.call(BoundFunction(method, one), [other], {})
        if isinstance(a, Unknown) or isinstance(b, Unknown):
            return a if isinstance(a, Unknown) else b
        a, b = plain(a), plain(b)
        for number, other in ((a, b), (b, a)):
            if is_symbolic(number) and isinstance(other, float) and exact(other) != Fraction(other):
                self.program.note(
                    f"{other!r} stands for the decimal; Python's own number is not quite that, and rounds"
                )
        made = operate(kind, a, b)
        if isinstance(made, (list, str, tuple)):
            self.keep(len(made))
        return made

    def of_UnaryOp(self, node: ast.UnaryOp, env: Environment) -> Any:
        value = self.value(node.operand, env)
        if isinstance(node.op, ast.Not):
            if isinstance(value, Unknown):
                return value
            if is_condition(value) and not isinstance(value, bool):
                return domain.negate(value)
            return not self.truth(value, node.operand)
        if isinstance(value, Unknown) or hasattr(value, "sizes"):
            return value
        method = value.kind.find(_UNARY[type(node.op)]) if isinstance(value, PyObject) else MISSING
        if method is not MISSING:
            return self.call(BoundFunction(method, value), [], {})
        value = plain(value)
        if isinstance(node.op, ast.USub):
            return domain.multiply(-1, value) if is_symbolic(value) else -value
        return (
            +value
            if isinstance(node.op, ast.UAdd) and not is_symbolic(value)
            else value
            if is_symbolic(value)
            else ~value
        )

    def of_BoolOp(self, node: ast.BoolOp, env: Environment) -> Any:
        is_and = isinstance(node.op, ast.And)
        open_conditions: list[Any] = []
        value: Any = is_and
        for part in node.values:
            value = self.value(part, env)
            if is_condition(value) and not isinstance(value, bool):
                settled = self.program.settled(value)
                if not isinstance(settled, bool):
                    open_conditions.append(settled)
                    continue
                value = settled
            if isinstance(value, Unknown):
                return value
            if self.truth(value, part) is not is_and:
                return value
        if open_conditions:
            return (domain.all_of if is_and else domain.any_of)(tuple(open_conditions))
        return value

    def of_Compare(self, node: ast.Compare, env: Environment) -> Any:
        left = self.value(node.left, env)
        found: list[Any] = []
        for operator, right_node in zip(node.ops, node.comparators):
            right = self.value(right_node, env)
            found.append(self.compared(operator, left, right))
            if found[-1] is False:
                return False
            left = right
        if len(found) == 1 or any(isinstance(part, Unknown) for part in found):
            return found[0]
        return domain.all_of(tuple(found))

    def compared(self, operator: ast.cmpop, a: Any, b: Any) -> Any:
        if isinstance(operator, (ast.Is, ast.IsNot)):
            if isinstance(a, Unknown) or isinstance(b, Unknown):
                return a if isinstance(a, Unknown) else b
            same = a is b or (type(a) is type(b) and isinstance(a, (int, str)) and a == b)
            return same is isinstance(operator, ast.Is)
        if isinstance(a, Unknown) or isinstance(b, Unknown):
            return a if isinstance(a, Unknown) else b
        if isinstance(operator, (ast.In, ast.NotIn)):
            found = self.contains(b, a)
            return found if isinstance(operator, ast.In) else domain.negate(found) if is_condition(found) else not found
        sign = SIGNS[type(operator)]
        if hasattr(a, "sizes") or hasattr(b, "sizes"):
            return a.compared(sign, b, False) if hasattr(a, "sizes") else b.compared(sign, a, True)
        if isinstance(a, (tuple, list)) and type(a) is type(b) and sign in ("==", "!="):
            same = len(a) == len(b) and domain.all_of(tuple(self.compared(ast.Eq(), x, y) for x, y in zip(a, b)))
            return same if sign == "==" else domain.negate(same)
        if is_symbolic(a) or is_symbolic(b):
            if not is_number(a) or not is_number(b):
                return sign == "!="
            return self.program.settled(domain.compare(sign, exact(a), exact(b)))
        for one, other, word in ((a, b, _COMPARING[sign]), (b, a, _COMPARING[_TURNED[sign]])):
            method = one.kind.find(word) if isinstance(one, PyObject) else MISSING
            if method is not MISSING:
                return self.call(BoundFunction(method, one), [other], {})
        if isinstance(a, PyObject) and sign == "!=" and a.kind.find("__eq__") is not MISSING:
            return not self.call(BoundFunction(a.kind.find("__eq__"), a), [b], {})
        return _COMPARED[sign](plain(a), plain(b))

    def contains(self, container: Any, value: Any) -> Any:
        if isinstance(container, (list, tuple, set, frozenset)) and (
            is_symbolic(value) or any(map(is_symbolic, container))
        ):
            return domain.any_of(tuple(self.compared(ast.Eq(), value, item) for item in container))
        method = container.kind.find("__contains__") if isinstance(container, PyObject) else MISSING
        if method is not MISSING:
            return self.truth(self.call(BoundFunction(method, container), [value], {}), None)
        if isinstance(container, (PyObject, PyClass, CodeIterator)):
            return value in list(self.items(container))
        return plain(value) in container

    def of_IfExp(self, node: ast.IfExp, env: Environment) -> Any:
        condition = self.value(node.test, env)
        if isinstance(condition, Unknown) and not self.strict:
            return condition
        return self.value(node.body if self.truth(condition, node.test) else node.orelse, env)

    def of_NamedExpr(self, node: ast.NamedExpr, env: Environment) -> Any:
        value = self.value(node.value, env)
        self.bind(node.target.id, value, env)
        return value

    def of_Lambda(self, node: ast.Lambda, env: Environment) -> Any:
        return self.function(node, env, "<lambda>")

    def of_Await(self, node: ast.Await, env: Environment) -> Any:
        return self.value(node.value, env)

    def of_JoinedStr(self, node: ast.JoinedStr, env: Environment) -> Any:
        return "".join(str(self.value(part, env)) for part in node.values)

    def of_FormattedValue(self, node: ast.FormattedValue, env: Environment) -> Any:
        value = self.value(node.value, env)
        if isinstance(value, (int, float)) and node.format_spec is not None:
            form = self.value(node.format_spec, env)
            return format(value, form) if len(form) < 8 else str(value)
        return value if isinstance(value, str) else shown(value)

    def comprehended(self, generators: Sequence[ast.comprehension], env: Environment) -> Iterator[Environment]:
        inner = Environment(env, env.globals)

        def turns(rest: Sequence[ast.comprehension]) -> Iterator[Environment]:
            if not rest:
                yield inner
                return
            for value in self.items(self.value(rest[0].iter, inner if rest is not generators else env), rest[0].iter):
                self.step()
                self.assign(rest[0].target, value, inner)
                if all(self.truth(self.value(test, inner), test) for test in rest[0].ifs):
                    yield from turns(rest[1:])

        return turns(generators)

    def of_ListComp(self, node: Any, env: Environment) -> Any:
        return [self.value(node.elt, inner) for inner in self.comprehended(node.generators, env)]

    def of_GeneratorExp(self, node: ast.GeneratorExp, env: Environment) -> Any:
        return CodeIterator(self.of_ListComp(node, env))

    def of_SetComp(self, node: ast.SetComp, env: Environment) -> Any:
        return set(self.of_ListComp(node, env))

    def of_DictComp(self, node: ast.DictComp, env: Environment) -> Any:
        return {self.value(node.key, i): self.value(node.value, i) for i in self.comprehended(node.generators, env)}

    def of_Yield(self, node: ast.Yield, env: Environment) -> Any:
        self.yielded[-1].append(self.value(node.value, env) if node.value else None)

    def of_YieldFrom(self, node: ast.YieldFrom, env: Environment) -> Any:
        self.yielded[-1].extend(self.items(self.value(node.value, env)))


METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.MatMult: "matmul",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.BitOr: "or",
    ast.BitAnd: "and",
}


_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
_COMPARING = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
