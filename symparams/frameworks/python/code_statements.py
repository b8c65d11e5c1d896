"""The statements of Python, carried out."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import is_condition
from . import attributes
from .code_expressions import METHODS
from .code_objects import (
    MISSING,
    BoundFunction,
    CodeFunction,
    CodeIterator,
    Descriptor,
    Environment,
    Namespace,
    NotRead,
    PyClass,
    PyObject,
    Raised,
    Unknown,
)
from .interpreting import Broken, Continued, Interpreting, Returned


class RunsStatements(Interpreting):
    """Carries out statements."""

    def run(self, body: Sequence[ast.stmt], env: Environment) -> None:
        for statement in body:
            self.statement(statement, env)

    def do_Expr(self, node: ast.Expr, env: Environment) -> None:
        self.value(node.value, env)

    def do_Pass(self, node: ast.Pass, env: Environment) -> None:
        pass

    def do_Import(self, node: ast.Import, env: Environment) -> None:
        for alias in node.names:
            module = self.module_named(alias.name, 0)
            head = alias.name.partition(".")[0]
            self.bind(alias.asname or head, module if alias.asname else self.imported(head, 0), env)

    def do_ImportFrom(self, node: ast.ImportFrom, env: Environment) -> None:
        module = self.module_named(node.module or "", node.level)
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

    def function(self, node: Any, env: Environment, name: str) -> CodeFunction:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        defaults = {a.arg: self.value(d, env) for a, d in zip(reversed(named), reversed(arguments.defaults))}
        defaults.update({a.arg: self.value(d, env) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d})
        return CodeFunction(node, defaults, env, name)

    def do_ClassDef(self, node: ast.ClassDef, env: Environment) -> None:
        bases = tuple(self.value(base, env) for base in node.bases)
        inside = Environment(env, env.globals)
        inside.names = {"__annotations__": [], "__qualname__": node.name}
        self.run(node.body, inside)
        known = tuple(base if isinstance(base, (PyClass, Unknown)) else Unknown("a base class") for base in bases)
        made = PyClass(node.name, known, inside.names)
        for value in made.names.values():
            function = value.function if isinstance(value, Descriptor) else value
            if isinstance(function, CodeFunction) and function.owner is None:
                function.owner = made
        prepared = made.find("__prepare_class__")
        if prepared is not MISSING:
            self.call(prepared, [made], {})
        self.tell_base(made, {k.arg: self.value(k.value, env) for k in node.keywords if k.arg is not None})
        result: Any = made
        for decorator in reversed(node.decorator_list):
            result = self.decorated(self.value(decorator, env), result)
        self.bind(node.name, result, env)

    def tell_base(self, made: PyClass, named: dict[str, Any]) -> None:
        """What happens to a class because of those that it is derived from, or of its own class."""
        meta = named.pop("metaclass", None)
        if isinstance(meta, PyClass) and meta.derives_from(self.builtins["type"]):
            made.unknown = Unknown(f"what the class of {made.name} makes of it")
        hook = made.find("__init_subclass__", made)
        if hook is not MISSING:
            self.call(hook.function if isinstance(hook, Descriptor) else hook, [made], named)

    def do_Return(self, node: ast.Return, env: Environment) -> None:
        raise Returned(self.value(node.value, env) if node.value else None)

    def do_Delete(self, node: ast.Delete, env: Environment) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                env.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                attributes.delete(self.value(target.value, env), target.attr)
            elif isinstance(target, ast.Subscript):
                container = self.value(target.value, env)
                self.delete_item(container, self.value(target.slice, env))

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
        name = f"__i{METHODS.get(type(node.op), '')}__"
        method = before.kind.find(name) if isinstance(before, PyObject) else MISSING
        if method is not MISSING:
            self.assign(target, self.call(BoundFunction(method, before), [value], {}), env)
            return
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
                target: Any = inner if isinstance(getattr(inner, "ctx", None), ast.Store) else None
                while isinstance(target, (ast.Attribute, ast.Subscript)):
                    target = target.value
                if isinstance(target, ast.Name):
                    self.bind(target.id, why, env)

    def do_For(self, node: ast.For, env: Environment) -> None:
        values = self.value(node.iter, env)
        if isinstance(values, Unknown):
            self.assign(node.target, values, env)
            self.forget(node.body, env, values)
            return
        for value in self.items(values, node.iter):
            self.step()
            self.assign(node.target, value, env)
            if not self.turn(node.body, env):
                return
        self.run(node.orelse, env)

    def turn(self, body: Sequence[ast.stmt], env: Environment) -> bool:
        """One turn of a loop; whether another may follow."""
        try:
            self.run(body, env)
        except Broken:
            return False
        except Continued:
            pass
        return True

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
            if not self.turn(node.body, env):
                return
        self.run(node.orelse, env)

    def do_Break(self, node: ast.Break, env: Environment) -> None:
        raise Broken

    def do_Continue(self, node: ast.Continue, env: Environment) -> None:
        raise Continued

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
                self.run_guarded(node, env)
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

    def run_guarded(self, node: Any, env: Environment) -> None:
        """The body of a `try`, in which a package that is not here is not found, if the code says what is done then."""
        handles = any(
            h.type is None or _IMPORTING & {n.id for n in ast.walk(h.type) if isinstance(n, ast.Name)}
            for h in node.handlers
        )
        self.without_packages += handles
        try:
            self.run(node.body, env)
        finally:
            self.without_packages -= handles

    def module_named(self, name: str, level: int) -> Any:
        module = self.imported(name, level)
        if self.without_packages and isinstance(module, Namespace) and module.is_not_here:
            self.program.note(f"{name.partition('.')[0]} is taken as not installed")
            raise Raised("ModuleNotFoundError", f"No module named {name!r}")
        return module

    def catches(self, handler: ast.ExceptHandler, error: Raised, env: Environment) -> bool:
        if handler.type is None:
            return True
        wanted = self.value(handler.type, env)
        kinds = wanted if isinstance(wanted, tuple) else (wanted,)
        own = error.value.kind if isinstance(error.value, PyObject) else None
        for kind in kinds:
            above = ("Exception", "BaseException", *_ABOVE.get(error.kind, ()), error.kind)
            named = isinstance(kind, PyClass) and kind.name in above
            if named or (own and own.derives_from(kind)):
                return True
        return False

    def do_With(self, node: Any, env: Environment) -> None:
        for item in node.items:
            value = self.value(item.context_expr, env)
            enter = value.kind.find("__enter__") if isinstance(value, PyObject) else MISSING
            if enter is not MISSING:
                value = self.call(BoundFunction(enter, value), [], {})
            elif isinstance(value, CodeIterator):
                value = value.next()
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, env)
        self.run(node.body, env)


# Exceptions by which code finds out what is not installed, and those that others are derived from.
_IMPORTING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_ABOVE = {
    "ModuleNotFoundError": ("ImportError",),
    "KeyError": ("LookupError",),
    "IndexError": ("LookupError",),
    "ZeroDivisionError": ("ArithmeticError",),
    "OverflowError": ("ArithmeticError",),
    "NotImplementedError": ("RuntimeError",),
}


def _raises(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)
