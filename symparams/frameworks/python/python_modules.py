"""Modules of Python, as the code that is read has them; what they do not have is not known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_symbolic
from .code_objects import MISSING, BoundFunction, CodeFunction, Descriptor, Native, PyClass, PyObject, Unknown
from .numbers_read import MAX_ITEMS, exact


def modules(interpreter: Any) -> dict[str, Callable[[str], Any]]:
    """What each of Python's modules that code uses offers, by name."""
    call, items = interpreter.call, interpreter.items

    def symbolic_or(work: Callable[..., Any], symbolic: Callable[..., Any] | None = None) -> Native:
        def either(*values: Any) -> Any:
            if any(map(is_symbolic, values)):
                if symbolic is None:
                    raise SymparamsError(f"math.{work.__name__} of symbols is not read")
                return symbolic(*map(exact, values))
            return work(*values)

        return Native(either, work.__name__)

    def dataclass(kind: Any = None, **options: Any) -> Any:
        if kind is None:
            return Native(lambda inner: dataclass(inner))
        fields = []
        for one in reversed(kind.order):
            fields += [f for f in one.names.get("__annotations__", []) if f not in fields]

        def init(self: Any, *values: Any, **named: Any) -> None:
            given = {**dict(zip(fields, values)), **named}
            for field in fields:
                if field in given:
                    self.names[field] = given[field]
                else:
                    default = kind.find(field)
                    if default is MISSING:
                        raise TypeError(f"{kind.name}() needs its argument {field!r}")
                    factory = default.names.get("default_factory") if isinstance(default, PyObject) else None
                    value = (
                        default.names.get("default")
                        if isinstance(default, PyObject) and default.kind is field_kind
                        else default
                    )
                    self.names[field] = call(factory, [], {}) if factory else value
            after = kind.find("__post_init__")
            if after is not MISSING:
                call(BoundFunction(after, self), [], {})

        kind.names.setdefault("__init__", Native(init))
        return kind

    field_kind = PyClass("field", (), {})

    def field(**options: Any) -> PyObject:
        made = PyObject(field_kind)
        made.names.update(options)
        return made

    def partial(function: Any, *before: Any, **named: Any) -> Native:
        made = Native(lambda *a, **k: call(function, [*before, *a], {**named, **k}), "partial")
        made.names = {"func": function, "args": before, "keywords": named}
        made.kind = partial_kind
        return made

    partial_kind = PyClass("partial", (), {"__new__": Native(lambda kind, *a, **k: partial(*a, **k))})

    def of_environment(name: Any, default: Any = None) -> Any:
        interpreter.program.note(f"the environment is not read: {name} is taken as not set")
        return default

    environment = PyObject(PyClass("Environment", (Unknown("os.environ"),), {}))
    environment.names["get"] = Native(of_environment)

    def named_tuple(name: str, fields: Any, **more: Any) -> PyClass:
        words = (
            fields.replace(",", " ").split()
            if isinstance(fields, str)
            else [f if isinstance(f, str) else f[0] for f in items(fields)]
        )
        kind = PyClass(name, (), {"__annotations__": words})
        kind.names["__iter__"] = Native(lambda self: [self.names[word] for word in words])
        return dataclass(kind)

    def prepare_tuple(kind: PyClass) -> None:
        dataclass(kind)
        words = kind.names["__annotations__"]
        kind.names.setdefault("__iter__", Native(lambda self: [self.names[word] for word in words]))

    def prepare_enum(kind: PyClass) -> None:
        members = {}
        for name, value in list(kind.names.items()):
            if not name.startswith("_") and not isinstance(value, (CodeFunction, Native, Descriptor)):
                member = PyObject(kind)
                member.names.update(name=name, value=value)
                kind.names[name] = members[name] = member
        kind.names["__members__"] = members

    enum = PyClass("Enum", (), {"__prepare_class__": Native(prepare_enum)})
    identity = Native(lambda value=None, *a, **k: value)
    decorating = Native(lambda *a, **k: identity)

    def reduce(work: Any, values: Any, *start: Any) -> Any:
        several = [*start, *items(values)]
        found = several[0]
        for value in several[1:]:
            found = call(work, [found, value], {})
        return found

    def wraps(function: Any, *ignored: Any, **named: Any) -> Native:
        def named_alike(wrapper: Any) -> Any:
            if isinstance(wrapper, CodeFunction):
                wrapper.name = getattr(function, "name", wrapper.name)
            return wrapper

        return Native(named_alike)

    def deep_copy(value: Any, memo: Any = None) -> Any:
        return copied(value, {})

    tables: dict[str, dict[str, Any]] = {
        "math": {
            "ceil": symbolic_or(math.ceil, domain.ceiling),
            "floor": symbolic_or(math.floor, domain.floor),
            "sqrt": symbolic_or(math.sqrt, domain.square_root),
            "log2": symbolic_or(math.log2, lambda v: domain.logarithm(v)),
            "log": symbolic_or(math.log),
            "exp": symbolic_or(math.exp),
            "prod": Native(lambda v: product_of(items(v))),
            "pi": math.pi,
            "inf": math.inf,
            "gcd": symbolic_or(math.gcd),
            "pow": symbolic_or(math.pow),
            "cos": symbolic_or(math.cos),
            "sin": symbolic_or(math.sin),
        },
        "functools": {
            "partial": partial_kind,
            "reduce": Native(reduce),
            "wraps": Native(wraps),
            "lru_cache": decorating,
            "cache": identity,
        },
        "collections": {
            "OrderedDict": interpreter.builtins["dict"],
            "namedtuple": Native(named_tuple),
            "defaultdict": interpreter.builtins["dict"],
        },
        "dataclasses": {"dataclass": Native(dataclass), "field": Native(field)},
        "enum": {"Enum": enum, "IntEnum": enum, "auto": Native(lambda: 0)},
        "copy": {"deepcopy": Native(deep_copy), "copy": Native(deep_copy)},
        "itertools": {
            "chain": Native(lambda *lists: [v for values in lists for v in items(values)]),
            "repeat": Native(lambda value, times: [value] * min(times, MAX_ITEMS)),
            "product": Native(lambda *lists: _some(itertools.product(*map(items, lists)))),
            "accumulate": Native(lambda values: list(itertools.accumulate(items(values)))),
        },
        "abc": {"ABC": PyClass("ABC", (), {}), "abstractmethod": identity},
        "typing": {
            "NamedTuple": PyClass("NamedTuple", (), {"__prepare_class__": Native(prepare_tuple)}),
            "cast": Native(lambda kind, value: value),
            "TYPE_CHECKING": False,
            "Iterable": PyClass("Iterable", (), {}),
            "Sequence": PyClass("Sequence", (), {}),
        },
        "argparse": {
            "ArgumentParser": Native(lambda *a, **k: argument_parser()),
            "Namespace": Native(lambda **k: _object_of(k)),
        },
        "os": {"environ": environment, "getenv": Native(of_environment)},
        "types": {"SimpleNamespace": Native(lambda **k: _object_of(k))},
    }
    tables["collections.abc"] = tables["typing"]
    return {name: finder(table) for name, table in tables.items()}


def _some(values: Any) -> list[Any]:
    """So many values as are kept at most."""
    found = list(itertools.islice(values, MAX_ITEMS + 1))
    if len(found) > MAX_ITEMS:
        raise LimitError(f"more than {MAX_ITEMS:,} values are too many")
    return found


def finder(table: Mapping[str, Any]) -> Callable[[str], Any]:
    """A function that finds a name of a module."""
    return lambda word: table.get(word, MISSING)


def product_of(values: Any) -> Any:
    return domain.product(tuple(map(exact, values)))


def _object_of(names: dict[str, Any]) -> PyObject:
    made = PyObject(PyClass("Namespace", (), {}))
    made.names.update(names)
    return made


def argument_parser() -> PyObject:
    """What gives the defaults of a command line."""
    found: dict[str, Any] = {}
    made = PyObject(PyClass("ArgumentParser", (Unknown("argparse"),), {}))

    def add(*names: str, default: Any = None, dest: str | None = None, action: str = "", **more: Any) -> None:
        word = next((n for n in names if n.startswith("--")), names[0])
        value = default if default is not None else {"store_true": False, "store_false": True}.get(action)
        if value is None and not word.startswith("-"):
            value = Unknown(f"the argument {word} of the command line")
        found[dest or word.lstrip("-").replace("-", "_")] = value

    made.names.update(
        add_argument=Native(add),
        parse_args=Native(lambda *a, **k: _object_of(found)),
        parse_known_args=Native(lambda *a, **k: (_object_of(found), [])),
        add_argument_group=Native(lambda *a, **k: made),
    )
    return made


def copied(value: Any, known: dict[int, Any]) -> Any:
    """A deep copy."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, PyObject):
        made = known[id(value)] = PyObject(value.kind)
        made.names.update({name: copied(inner, known) for name, inner in value.names.items()})
        more = {name: inner for name, inner in vars(value).items() if name not in ("kind", "names", "weights")}
        vars(made).update({name: copied(inner, known) for name, inner in more.items()})
        if "weights" in vars(value):
            vars(made)["weights"] = None
        return made
    if type(value) in (list, tuple):
        return type(value)(copied(inner, known) for inner in value)
    if type(value) is dict:
        return {key: copied(inner, known) for key, inner in value.items()}
    own = getattr(value, "copied", None)
    return own(known) if own else value
