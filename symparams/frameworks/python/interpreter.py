"""The statements and expressions of a Python file, carried out on its syntax tree, within limits."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ...errors import LimitError, Source, Span, SymparamsError, did_you_mean
from ...evaluate import domain
from ...evaluate.domain import is_condition, is_symbolic
from ...formula import text
from ..graph.growing_program import GrowingProgram
from . import attributes
from .numbers_read import MAX_ITEMS, SIGNS, exact, is_number, operate
from .objects import (
    MISSING,
    Bound,
    Descriptor,
    Environment,
    Function,
    Namespace,
    Native,
    NotRead,
    PyClass,
    PyObject,
    Raised,
    Super,
    Unknown,
)

MAX_STEPS = 2_000_000
MAX_SECONDS = 10
MAX_DEPTH = 80


class _Return(Exception):
    def __init__(self, value: Any):
        self.value = value


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class Interpreter:
    """Carries out the code of one source, and of the modules that it imports from beside it."""

    def __init__(self, program: GrowingProgram, builtins: dict[str, Any], imported: Callable[[str, int], Any]):
        self.program = program
        self.builtins = builtins
        self.imported = imported
        self.steps = 0
        self.depth = 0
        self.began = time.monotonic()
        self.sources: dict[int, Source] = {}
        self.source = Source("<code>", "")
        self.yielded: list[list[Any]] = []
        self.handled: list[Any] = []
        self.strict = 0

    # Faults and limits

    def span(self, node: Any, source: Source | None = None) -> Span:
        source = source or self.source
        starts = [0]
        for line in source.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        at = lambda line, column: (
            starts[line - 1] + len(source.text.split("\n")[line - 1].encode()[:column].decode(errors="ignore"))
        )
        return Span(source, at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset))

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS or (self.steps % 1000 == 0 and time.monotonic() - self.began > MAX_SECONDS):
            raise LimitError(f"the code takes more than {MAX_STEPS:,} steps, or {MAX_SECONDS} seconds")

    def located(self, error: SymparamsError, node: Any) -> SymparamsError:
        """The error at a place of the code, unless it has one there already."""
        if error.span is None or error.span.source not in self.sources.values():
            error.span = self.span(node)
            error.notes = [note for note in error.notes if "in the rule" not in note]
        return error

    # Statements

    def run(self, body: Sequence[ast.stmt], env: Environment) -> None:
        for statement in body:
            self.statement(statement, env)

    def statement(self, node: ast.stmt, env: Environment) -> None:
        self.step()
        work = getattr(self, f"do_{type(node).__name__}", None)
        if work is None:
            raise SymparamsError(f"this statement is not read: {type(node).__name__}", self.span(node))
        try:
            work(node, env)
        except SymparamsError as error:
            raise self.located(error, node) from None
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError) as error:
            raise Raised(type(error).__name__, str(error)) from None

    def do_Expr(self, node: ast.Expr, env: Environment) -> None:
        self.value(node.value, env)

    def do_Pass(self, node: ast.Pass, env: Environment) -> None:
        pass

    def do_Import(self, node: ast.Import, env: Environment) -> None:
        for alias in node.names:
            module = self.imported(alias.name, 0)
            head = alias.name.partition(".")[0]
            self.bind(alias.asname or head, module if alias.asname else self.imported(head, 0), env)

    def do_ImportFrom(self, node: ast.ImportFrom, env: Environment) -> None:
        module = self.imported(node.module or "", node.level)
        for alias in node.names:
            if alias.name == "*":
                names = module.names if isinstance(module, PyObject) else module.get("*")
                for name, value in (names if isinstance(names, dict) else {}).items():
                    if not name.startswith("_"):
                        self.bind(name, value, env)
                continue
            value = attributes.get(self, module, alias.name)
            self.bind(alias.asname or alias.name, value, env)

    def do_FunctionDef(self, node: Any, env: Environment) -> None:
        value: Any = self.function(node, env, node.name)
        for decorator in reversed(node.decorator_list):
            value = self.decorated(self.value(decorator, env), value)
        self.bind(node.name, value, env)

    do_AsyncFunctionDef = do_FunctionDef

    def decorated(self, decorator: Any, value: Any) -> Any:
        """What a decorator makes of a function or a class; one that is not read leaves it as it is."""
        if isinstance(decorator, Unknown):
            return value
        try:
            made = self.call(decorator, [value], {})
        except NotRead:
            return value
        return value if isinstance(made, Unknown) else made

    def function(self, node: Any, env: Environment, name: str) -> Function:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        defaults = {a.arg: self.value(d, env) for a, d in zip(reversed(named), reversed(arguments.defaults))}
        defaults.update({a.arg: self.value(d, env) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d})
        return Function(node, defaults, env, name)

    def do_ClassDef(self, node: ast.ClassDef, env: Environment) -> None:
        bases = tuple(self.value(base, env) for base in node.bases)
        inside = Environment(env, env.globals)
        inside.names = {"__annotations__": [], "__qualname__": node.name}
        self.run(node.body, inside)
        known = tuple(base if isinstance(base, (PyClass, Unknown)) else Unknown("a base class") for base in bases)
        made = PyClass(node.name, known, inside.names)
        for value in made.names.values():
            function = value.function if isinstance(value, Descriptor) else value
            if isinstance(function, Function) and function.owner is None:
                function.owner = made
        prepared = made.find("__prepare_class__")
        if prepared is not MISSING:
            self.call(prepared, [made], {})
        result: Any = made
        for decorator in reversed(node.decorator_list):
            result = self.decorated(self.value(decorator, env), result)
        self.bind(node.name, result, env)

    def do_Return(self, node: ast.Return, env: Environment) -> None:
        raise _Return(self.value(node.value, env) if node.value else None)

    def do_Delete(self, node: ast.Delete, env: Environment) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                env.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                attributes.delete(self.value(target.value, env), target.attr)
            elif isinstance(target, ast.Subscript):
                container = self.value(target.value, env)
                if isinstance(container, (list, dict)):
                    del container[self.value(target.slice, env)]

    def do_Assign(self, node: ast.Assign, env: Environment) -> None:
        value = self.value(node.value, env)
        for target in node.targets:
            self.assign(target, value, env)

    def do_AnnAssign(self, node: ast.AnnAssign, env: Environment) -> None:
        if isinstance(node.target, ast.Name) and "__annotations__" in env.names:
            env.names["__annotations__"].append(node.target.id)
        if node.value is not None:
            self.assign(node.target, self.value(node.value, env), env)

    def do_AugAssign(self, node: ast.AugAssign, env: Environment) -> None:
        target: Any = node.target
        before = self.value(target, env)
        value = self.value(node.value, env)
        if isinstance(before, list) and isinstance(node.op, ast.Add):
            before.extend(self.items(value))
            return
        self.assign(target, self.operation(type(node.op), before, value), env)

    def assign(self, target: Any, value: Any, env: Environment) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value, env)
        elif isinstance(target, ast.Attribute):
            attributes.put(self, self.value(target.value, env), target.attr, value)
        elif isinstance(target, ast.Subscript):
            container = self.value(target.value, env)
            key = self.value(target.slice, env)
            self.set_item(container, key, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, value, env)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, list(self.items(value)), env)

    def unpack(self, targets: Sequence[Any], value: Any, env: Environment) -> None:
        if isinstance(value, Unknown):
            for target in targets:
                self.assign(target, value, env)
            return
        values = list(self.items(value))
        star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        if star is not None:
            behind = len(targets) - star - 1
            end = len(values) - behind
            values[star:end] = [values[star:end]]
        if len(values) != len(targets):
            raise ValueError(f"{len(targets)} values are wanted, not {len(values)}")
        for target, part in zip(targets, values):
            self.assign(target.value if isinstance(target, ast.Starred) else target, part, env)

    def bind(self, name: str, value: Any, env: Environment) -> None:
        where = env.shared.get(name, env)
        (env.globals if where is None else where.names)[name] = value

    def do_Global(self, node: ast.Global, env: Environment) -> None:
        env.shared.update(dict.fromkeys(node.names))

    def do_Nonlocal(self, node: ast.Nonlocal, env: Environment) -> None:
        for name in node.names:
            around = env.outer
            while around is not None and name not in around.names:
                around = around.outer
            env.shared[name] = around

    def do_If(self, node: ast.If, env: Environment) -> None:
        condition = self.value(node.test, env)
        if isinstance(condition, Unknown) and not self.strict:
            self.forget([*node.body, *node.orelse], env, condition)
            return
        if is_condition(condition) and not isinstance(condition, bool):
            condition = self.known(condition, node.test, raises=_raises(node.body))
        self.run(node.body if self.truth(condition, node.test) else node.orelse, env)

    def forget(self, body: Sequence[ast.stmt], env: Environment, why: Unknown) -> None:
        """What a part that is not carried out binds is not known."""
        for statement in body:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                    self.bind(inner.id, why, env)

    def known(self, condition: Any, node: Any, raises: bool = False, asserted: bool = False) -> bool:
        """Whether a condition on symbols holds, as it is supposed to; what is supposed is noted.

        Raises SymparamsError where it is open which way the code goes.
        """
        settled = self.program.settled(condition)
        if isinstance(settled, bool):
            return settled
        if raises or asserted:
            self.program.assume(domain.negate(settled) if raises else settled)
            return asserted
        parts = domain.conjuncts(settled)
        unequal = domain.conjuncts(domain.negate(settled))
        if all(getattr(part, "operator", "") == "==" for part in parts):
            self.program.assume(domain.negate(settled))
            return False
        if all(getattr(part, "operator", "") == "==" for part in unequal) or _is_generic(settled):
            self.program.assume(settled)
            return True
        names = ", ".join(sorted({s.name for s in domain.symbols_in([settled])}))
        fault = f"it depends on {names} whether {text.condition(settled)}"
        raise SymparamsError(fault, self.span(node), f"give a number: --set {names.split(', ')[0]}=...")

    def truth(self, value: Any, node: Any) -> bool:
        if isinstance(value, bool):
            return value
        if is_condition(value):
            return self.known(value, node)
        if isinstance(value, Unknown):
            raise NotRead(f"which way the code goes depends on {value.what}, which is not read", self.span(node))
        if is_symbolic(value):
            return self.known(domain.compare("!=", value, 0), node)
        if isinstance(value, PyObject):
            for name in ("__bool__", "__len__"):
                method = value.kind.find(name)
                if method is not MISSING:
                    return bool(self.call(Bound(method, value), [], {}))
            return True
        if hasattr(value, "sizes"):
            raise SymparamsError("which way the code goes depends on the values of a tensor", self.span(node))
        return bool(value)

    def do_For(self, node: ast.For, env: Environment) -> None:
        values = self.value(node.iter, env)
        if isinstance(values, Unknown):
            self.assign(node.target, values, env)
            self.forget([s for s in node.body if not _has_calls_only(s)], env, values)
            return
        for value in self.items(values, node.iter):
            self.step()
            self.assign(node.target, value, env)
            try:
                self.run(node.body, env)
            except _Break:
                return
            except _Continue:
                continue
        self.run(node.orelse, env)

    def do_While(self, node: ast.While, env: Environment) -> None:
        while True:
            self.step()
            condition = self.value(node.test, env)
            if isinstance(condition, Unknown) and not self.strict:
                self.forget(node.body, env, condition)
                return
            if not isinstance(condition, bool) and is_condition(condition):
                settled = self.program.settled(condition)
                if not isinstance(settled, bool):
                    raise SymparamsError("how often this runs depends on symbols", self.span(node.test))
                condition = settled
            if not self.truth(condition, node.test):
                break
            try:
                self.run(node.body, env)
            except _Break:
                return
            except _Continue:
                continue
        self.run(node.orelse, env)

    def do_Break(self, node: ast.Break, env: Environment) -> None:
        raise _Break

    def do_Continue(self, node: ast.Continue, env: Environment) -> None:
        raise _Continue

    def do_Assert(self, node: ast.Assert, env: Environment) -> None:
        condition = self.value(node.test, env)
        if isinstance(condition, Unknown):
            return
        if is_condition(condition) and not isinstance(condition, bool):
            condition = self.known(condition, node.test, asserted=True)
        if not self.truth(condition, node.test):
            message = self.value(node.msg, env) if node.msg else ""
            raise SymparamsError(
                f"the assertion fails{f': {message}' if isinstance(message, str) and message else ''}",
                self.span(node.test),
            )

    def do_Raise(self, node: ast.Raise, env: Environment) -> None:
        if node.exc is None:
            raise self.handled[-1] if self.handled else Raised("RuntimeError", "nothing is raised")
        value = self.value(node.exc, env)
        if isinstance(value, PyClass):
            value = self.call(value, [], {})
        if isinstance(value, PyObject):
            args = value.names.get("args", ())
            raise Raised(value.kind.name, str(args[0]) if args and isinstance(args[0], (str, int)) else "", value)
        raise Raised("Exception", "")

    def do_Try(self, node: Any, env: Environment) -> None:
        try:
            try:
                self.run(node.body, env)
            except Raised as error:
                handler = next((h for h in node.handlers if self.catches(h, error, env)), None)
                if handler is None:
                    raise
                if handler.name:
                    self.bind(handler.name, error.value if error.value is not None else error.message, env)
                self.handled.append(error)
                try:
                    self.run(handler.body, env)
                finally:
                    self.handled.pop()
            else:
                self.run(node.orelse, env)
        finally:
            self.run(node.finalbody, env)

    def catches(self, handler: ast.ExceptHandler, error: Raised, env: Environment) -> bool:
        if handler.type is None:
            return True
        wanted = self.value(handler.type, env)
        kinds = wanted if isinstance(wanted, tuple) else (wanted,)
        own = error.value.kind if isinstance(error.value, PyObject) else None
        for kind in kinds:
            if isinstance(kind, PyClass):
                if kind.name in ("Exception", "BaseException", error.kind) or (own and own.derives_from(kind)):
                    return True
        return False

    def do_With(self, node: Any, env: Environment) -> None:
        for item in node.items:
            value = self.value(item.context_expr, env)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, env)
        self.run(node.body, env)

    # Expressions

    def value(self, node: Any, env: Environment) -> Any:
        self.step()
        work = getattr(self, f"of_{type(node).__name__}", None)
        if work is None:
            raise SymparamsError(f"this expression is not read: {type(node).__name__}", self.span(node))
        try:
            return work(node, env)
        except SymparamsError as error:
            raise self.located(error, node) from None

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
                inner = self.value(value, env)
                made.update(inner if isinstance(inner, dict) else {})
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
                name = f"__{'r' if reverse else ''}{_METHODS.get(kind, '')}__"
                method = one.kind.find(name)
                if method is not MISSING:
                    return self.call(Bound(method, one), [other], {})
        if isinstance(a, Unknown) or isinstance(b, Unknown):
            return a if isinstance(a, Unknown) else b
        return operate(kind, a, b)

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
            same = a is b or (type(a) is type(b) and isinstance(a, (int, str)) and a == b)
            return same is isinstance(operator, ast.Is)
        if isinstance(a, Unknown) or isinstance(b, Unknown):
            return a if isinstance(a, Unknown) else b
        if isinstance(operator, (ast.In, ast.NotIn)):
            found = self.contains(b, a)
            return found if isinstance(operator, ast.In) else domain.negate(found) if is_condition(found) else not found
        if hasattr(a, "sizes") or hasattr(b, "sizes"):
            return a if hasattr(a, "sizes") else b
        sign = SIGNS[type(operator)]
        if isinstance(a, (tuple, list)) and type(a) is type(b) and sign in ("==", "!="):
            same = len(a) == len(b) and domain.all_of(tuple(self.compared(ast.Eq(), x, y) for x, y in zip(a, b)))
            return same if sign == "==" else domain.negate(same)
        if is_symbolic(a) or is_symbolic(b):
            if not is_number(a) or not is_number(b):
                return sign == "!="
            return self.program.settled(domain.compare(sign, exact(a), exact(b)))
        if isinstance(a, PyObject) and sign in ("==", "!="):
            method = a.kind.find("__eq__")
            same = self.call(Bound(method, a), [b], {}) if method is not MISSING else a is b
            return same if sign == "==" else not same
        return _COMPARED[sign](a, b)

    def contains(self, container: Any, value: Any) -> Any:
        if isinstance(container, (list, tuple, set, frozenset)) and (
            is_symbolic(value) or any(map(is_symbolic, container))
        ):
            return domain.any_of(tuple(self.compared(ast.Eq(), value, item) for item in container))
        if isinstance(container, PyObject):
            return value in list(self.items(container))
        return value in container

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

    of_GeneratorExp = of_ListComp

    def of_SetComp(self, node: ast.SetComp, env: Environment) -> Any:
        return set(self.of_ListComp(node, env))

    def of_DictComp(self, node: ast.DictComp, env: Environment) -> Any:
        return {self.value(node.key, i): self.value(node.value, i) for i in self.comprehended(node.generators, env)}

    def of_Yield(self, node: ast.Yield, env: Environment) -> Any:
        self.yielded[-1].append(self.value(node.value, env) if node.value else None)

    def of_YieldFrom(self, node: ast.YieldFrom, env: Environment) -> Any:
        self.yielded[-1].extend(self.items(self.value(node.value, env)))

    # Items

    def items(self, value: Any, node: Any = None) -> Iterable[Any]:
        if isinstance(value, (list, tuple, str, dict, set, frozenset)):
            return list(value)
        if isinstance(value, range):
            if len(value) > MAX_ITEMS:
                raise LimitError(f"{len(value):,} turns are too many")
            return value
        if isinstance(value, Unknown):
            raise value.fault("this goes through values that are not there")
        if isinstance(value, PyClass) and "__members__" in value.names:
            return list(value.names["__members__"].values())
        if isinstance(value, PyObject):
            method = value.kind.find("__iter__")
            if method is not MISSING:
                return self.items(self.call(Bound(method, value), [], {}))
            method = value.kind.find("__getitem__")
            length = value.kind.find("__len__")
            if method is not MISSING and length is not MISSING:
                count = self.call(Bound(length, value), [], {})
                return [self.call(Bound(method, value), [i], {}) for i in range(count)]
        rows = getattr(value, "rows", None)
        if rows is not None:
            return rows()
        if is_symbolic(value):
            raise SymparamsError(
                f"{text.inline(value)} is a number here, not a list", self.span(node) if node else None
            )
        raise TypeError(f"{shown(value)} is no list")

    def get_item(self, container: Any, key: Any) -> Any:
        if isinstance(container, Unknown):
            return container
        if isinstance(container, (PyClass, Native, Function, Namespace)):
            members = container.names.get("__members__") if isinstance(container, PyClass) else None
            return members[key] if members else container
        if isinstance(container, PyObject):
            method = container.kind.find("__getitem__")
            if method is not MISSING:
                return self.call(Bound(method, container), [key], {})
            raise TypeError(f"{container.kind.name} has no items")
        item = getattr(container, "item", None)
        if item is not None:
            return item(key)
        if isinstance(key, Unknown):
            raise key.fault("this is an item by a key that is not known")
        if is_symbolic(key) or (isinstance(key, slice) and any(map(is_symbolic, (key.start, key.stop)))):
            raise SymparamsError("which item this is depends on symbols")
        return container[key]

    def set_item(self, container: Any, key: Any, value: Any) -> None:
        if isinstance(container, PyObject):
            method = container.kind.find("__setitem__")
            if method is not MISSING:
                self.call(Bound(method, container), [key, value], {})
        elif isinstance(container, (list, dict)):
            container[key] = value
        elif not isinstance(container, Unknown) and not hasattr(container, "sizes"):
            raise TypeError("this cannot be set")

    # Calls

    def of_Call(self, node: ast.Call, env: Environment) -> Any:
        function = self.value(node.func, env)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and function is self.builtins.get("super"):
            return self.above(node, env)
        arguments = list(self.elements(node.args, env))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, env)
            if keyword.arg is None:
                named.update(value if isinstance(value, dict) else {})
            else:
                named[keyword.arg] = value
        source, place = self.source, node
        try:
            return self.call(function, arguments, named)
        except SymparamsError as error:
            self.source = source
            raise self.located(error, place) from None

    def above(self, node: ast.Call, env: Environment) -> Super:
        around: Environment | None = env
        while around is not None and not (isinstance(around.function, Function) and around.function.owner):
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

    def call(self, function: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        if isinstance(function, Bound):
            return self.call(function.function, [function.first, *arguments], named)
        if isinstance(function, Native):
            return function.work(*arguments, **named)
        if isinstance(function, Function):
            return self.run_function(function, arguments, named)
        if isinstance(function, PyClass):
            return self.made(function, arguments, named)
        if isinstance(function, Unknown):
            if any(hasattr(a, "sizes") for a in [*arguments, *named.values()]):
                if self.strict:
                    raise function.fault("a tensor goes into a function")
            return function
        if isinstance(function, PyObject):
            method = function.kind.find("__call__")
            if method is not MISSING:
                return self.call(method, [function, *arguments], named)
            if function.kind.unknown is not None:
                return function.kind.unknown
        if isinstance(function, Namespace):
            return Unknown(function.name)
        if is_symbolic(function):
            raise SymparamsError(
                f"there is no function {text.inline(function)!r}",
                None,
                did_you_mean(text.inline(function), self.builtins),
            )
        raise TypeError(f"{shown(function)} is no function")

    def made(self, kind: PyClass, arguments: list[Any], named: dict[str, Any]) -> Any:
        """An object of a class."""
        new = kind.find("__new__")
        if isinstance(new, Native):
            return new.work(kind, *arguments, **named)
        made = PyObject(kind)
        init = kind.find("__init__")
        if init is not MISSING:
            self.call(init, [made, *arguments], named)
        elif arguments and kind.unknown is None and not kind.derives_from(self.builtins.get("Exception")):
            raise TypeError(f"{kind.name}() takes no arguments")
        return made

    def run_function(self, function: Function, arguments: list[Any], named: dict[str, Any]) -> Any:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError("functions call each other too deeply")
        inner = Environment(function.around, function.around.globals, function)
        self.bind_arguments(function, arguments, named, inner)
        source = self.source
        self.source = self.sources.get(id(function.around.globals), source)
        if function.is_generator:
            self.yielded.append([])
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, inner)
            self.run(function.node.body, inner)
            result = None
        except _Return as ended:
            result = ended.value
        finally:
            self.depth -= 1
            self.source = source
            produced = self.yielded.pop() if function.is_generator else None
        return produced if function.is_generator else result

    def bind_arguments(self, function: Function, arguments: list[Any], named: dict[str, Any], env: Environment) -> None:
        takes = function.node.args
        in_order = [a.arg for a in (*takes.posonlyargs, *takes.args)]
        names = env.names
        names.update(zip(in_order, arguments))
        if len(arguments) > len(in_order):
            if takes.vararg is None:
                raise TypeError(f"{function.name}() takes {len(in_order)} arguments, not {len(arguments)}")
        if takes.vararg is not None:
            names[takes.vararg.arg] = tuple(arguments[len(in_order) :])
        known = {*in_order, *(a.arg for a in takes.kwonlyargs)}
        more = {key: value for key, value in named.items() if key not in known}
        twice = [key for key in named if key in in_order[: len(arguments)]]
        if (more and takes.kwarg is None) or twice:
            wrong = next(iter(more), None) or twice[0]
            hint = did_you_mean(wrong, known)
            raise TypeError(
                f"{function.name}() has no argument {wrong!r}{f': {hint}' if hint else ''}"
                if more
                else f"{function.name}() gets its argument {wrong!r} twice"
            )
        names.update((key, value) for key, value in named.items() if key in known)
        if takes.kwarg is not None:
            names[takes.kwarg.arg] = more
        for name in known:
            if name not in names:
                if name not in function.defaults:
                    names[name] = self.absent(function, name)
                else:
                    names[name] = function.defaults[name]

    def absent(self, function: Function, name: str) -> Any:
        raise TypeError(f"{function.name}() needs its argument {name!r}")


def shown(value: Any) -> str:
    """A value in a message or a text."""
    if is_symbolic(value):
        return text.inline(value)
    if isinstance(value, PyObject):
        return f"a {value.kind.name}"
    if isinstance(value, PyClass):
        return value.name
    if isinstance(value, (int, float, str, type(None))):
        return str(value)
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(shown, value))})"
    return f"a {type(value).__name__}"


def _is_generic(condition: Any) -> bool:
    """Whether a condition is that sizes differ, one or another of them."""
    return all(getattr(part, "operator", "") == "!=" for part in getattr(condition, "conditions", (condition,)))


def _raises(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _has_calls_only(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr)


_METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.MatMult: "matmul",
}
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
