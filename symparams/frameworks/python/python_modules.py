"""Modules of Python, as the code that is read has them; what they do not have is not known."""

from __future__ import annotations

import ast
import itertools
import json
import math
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_symbolic
from . import attributes
from .code_objects import MISSING, CodeFunction, Descriptor, Native, PyClass, PyObject, Unknown
from .numbers_read import MAX_ITEMS, exact
from .record_classes import object_of, record_classes

MAX_OF_SMALL = 1_000
# Functions of numbers alone.
_OF_MATH = """acos asin atan atan2 copysign cos cosh degrees erf fabs fmod fsum hypot isclose isfinite isinf isnan
    isqrt log10 log1p radians remainder sin sinh tan tanh trunc""".split()  # noqa: SIM905
# Operators by their names in the module `operator`; in underscores, these are the names of the methods.
NAMED_OPERATORS: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "sub": ast.Sub,
    "mul": ast.Mult,
    "truediv": ast.Div,
    "floordiv": ast.FloorDiv,
    "mod": ast.Mod,
    "pow": ast.Pow,
}


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

    identity = Native(lambda value=None, *a, **k: value)
    decorating = Native(lambda *a, **k: identity)

    def reduce(work: Any, values: Any, *start: Any) -> Any:
        several = [*start, *items(values)]
        found = several[0]
        for value in several[1:]:
            found = call(work, [found, value], {})
        return found

    def wrapping(function: Any, *ignored: Any, **named: Any) -> Native:
        def named_alike(wrapper: Any) -> Any:
            if isinstance(wrapper, CodeFunction):
                wrapper.name = getattr(function, "name", wrapper.name)
            return wrapper

        return Native(named_alike)

    def deep_copy(value: Any, memo: Any = None) -> Any:
        return copied(value, {})

    def operation(kind: type[ast.operator]) -> Callable[..., Any]:
        return lambda a, b: interpreter.operation(kind, a, b)

    def counted(values: Any = ()) -> Any:
        found = DefaultDict(lambda: 0)
        for value in items(values):
            found[value] += 1
        return found

    chain = Native(lambda *lists: [v for values in lists for v in items(values)])
    chain.names["from_iterable"] = Native(lambda lists: [v for values in items(lists) for v in items(values)])
    records = record_classes(interpreter)
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
            **{name: symbolic_or(getattr(math, name)) for name in _OF_MATH},
            **{name: symbolic_or(_of_small(getattr(math, name))) for name in ("factorial", "comb", "perm")},
            "e": math.e,
            "nan": math.nan,
        },
        "functools": {
            "partial": partial_kind,
            "reduce": Native(reduce),
            "wraps": Native(wrapping),
            "lru_cache": Native(lambda work=None, **k: work if isinstance(work, CodeFunction) else identity),
            "cache": identity,
            "cached_property": Native(lambda work: Descriptor("property", work)),
        },
        "collections": {
            **records.pop("collections"),
            "OrderedDict": interpreter.builtins["dict"],
            "defaultdict": Native(lambda factory=None, *a, **k: DefaultDict(lambda: call(factory, [], {}), *a, **k)),
            "Counter": Native(counted),
        },
        "contextlib": {"contextmanager": identity, "nullcontext": identity, "suppress": decorating},
        "operator": {name: Native(operation(sign), name) for name, sign in NAMED_OPERATORS.items()}
        | {
            "itemgetter": Native(lambda key: Native(lambda value: interpreter.get_item(value, key))),
            "attrgetter": Native(lambda name: Native(lambda value: attributes.get(interpreter, value, name))),
        },
        "json": {"loads": Native(json.loads)},
        **records,
        "copy": {"deepcopy": Native(deep_copy), "copy": Native(deep_copy)},
        "itertools": {
            "chain": chain,
            "pairwise": Native(lambda values: list(itertools.pairwise(items(values)))),
            "islice": Native(lambda values, *ends: list(items(values))[slice(*ends)]),
            "starmap": Native(lambda work, values: [call(work, list(items(v)), {}) for v in items(values)]),
            "zip_longest": Native(
                lambda *lists, fillvalue=None: list(itertools.zip_longest(*map(items, lists), fillvalue=fillvalue))
            ),
            "combinations": Native(lambda values, r: _some(itertools.combinations(items(values), r))),
            "permutations": Native(lambda values, r=None: _some(itertools.permutations(items(values), r))),
            "repeat": Native(lambda value, times: [value] * min(times, MAX_ITEMS)),
            "product": Native(lambda *lists: _some(itertools.product(*map(items, lists)))),
            "accumulate": Native(lambda values: list(itertools.accumulate(items(values)))),
        },
        "abc": {"ABC": PyClass("ABC", (), {}), "abstractmethod": identity},
        "typing": {
            **records.pop("typing"),
            "cast": Native(lambda kind, value: value),
            "TYPE_CHECKING": False,
            "Iterable": PyClass("Iterable", (), {}),
            "Sequence": PyClass("Sequence", (), {}),
        },
        "argparse": {
            "ArgumentParser": Native(lambda *a, **k: argument_parser()),
            "Namespace": Native(lambda **k: object_of(k)),
        },
        "os": {"environ": environment, "getenv": Native(of_environment)},
        "types": {"SimpleNamespace": Native(lambda **k: object_of(k))},
    }
    tables["collections.abc"] = tables["typing"]
    return {name: finder(table) for name, table in tables.items()}


class DefaultDict(dict):  # type: ignore[type-arg]
    """A dictionary that makes a value for a key that it does not have."""

    def __init__(self, make: Callable[[], Any], *values: Any, **named: Any):
        super().__init__(*values, **named)
        self.make = make

    def __missing__(self, key: Any) -> Any:
        self[key] = self.make()
        return self[key]


def _of_small(work: Callable[..., Any]) -> Callable[..., Any]:
    """A function that takes long for large numbers, for others."""

    @wraps(work)
    def either(*values: Any) -> Any:
        if any(value > MAX_OF_SMALL for value in values):
            raise LimitError(f"math.{work.__name__} of more than {MAX_OF_SMALL:,} is too large")
        return work(*values)

    return either


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
        parse_args=Native(lambda *a, **k: object_of(found)),
        parse_known_args=Native(lambda *a, **k: (object_of(found), [])),
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
