"""What values of the code hold, and whether conditions on symbols hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_condition, is_symbolic
from ...formula import text
from .code_objects import (
    MISSING,
    BoundFunction,
    CodeFunction,
    CodeIterator,
    Namespace,
    Native,
    NotRead,
    PyClass,
    PyObject,
    Raised,
    Unknown,
    plain,
)
from .interpreting import Interpreting, shown
from .known_tensors import KnownTensor
from .numbers_read import MAX_ITEMS


class KnowsValues(Interpreting):
    """Opens what holds others, and decides."""

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
                    return bool(self.call(BoundFunction(method, value), [], {}))
            return True if value.held is None else bool(value.held)
        if isinstance(value, KnownTensor) and value.numbers is not None:
            return self.truth(value.called("item", (), {}), node)
        if hasattr(value, "sizes"):
            raise SymparamsError("which way the code goes depends on the values of a tensor", self.span(node))
        return bool(value)

    def items(self, value: Any, node: Any = None) -> Iterable[Any]:
        own = value.kind.find("__iter__") if isinstance(value, PyObject) else MISSING
        if isinstance(value, PyObject) and value.held is not None and own is MISSING:
            value = value.held
        if isinstance(value, CodeIterator):
            return value.rest()
        if isinstance(value, (list, tuple, str, dict, set, frozenset)):
            self.keep(len(value))
            return list(value)
        if isinstance(value, range):
            if len(value) > MAX_ITEMS:
                raise LimitError(f"{len(value):,} turns are too many")
            return value
        if isinstance(value, Unknown):
            raise value.fault("this goes through values that are not there")
        if isinstance(value, PyClass) and "__members__" in value.names:
            return list(dict.fromkeys(value.names["__members__"].values()))
        if isinstance(value, PyObject):
            method = value.kind.find("__next__")
            if method is not MISSING:
                return self.until_stopped(BoundFunction(method, value))
            method = value.kind.find("__iter__")
            if method is not MISSING:
                return self.items(self.call(BoundFunction(method, value), [], {}))
            method = value.kind.find("__getitem__")
            length = value.kind.find("__len__")
            if method is not MISSING and length is not MISSING:
                count = self.call(BoundFunction(length, value), [], {})
                return [self.call(BoundFunction(method, value), [i], {}) for i in range(count)]
        rows = getattr(value, "rows", None)
        if rows is not None:
            return rows()
        if is_symbolic(value):
            raise SymparamsError(
                f"{text.inline(value)} is a number here, not a list", self.span(node) if node else None
            )
        raise TypeError(f"{shown(value)} is no list")

    def until_stopped(self, following: Any) -> list[Any]:
        found = []
        while True:
            self.step()
            try:
                found.append(self.call(following, [], {}))
            except Raised as error:
                if error.kind != "StopIteration":
                    raise
                return found

    def get_item(self, container: Any, key: Any) -> Any:
        if isinstance(container, Unknown):
            return container
        if isinstance(container, (PyClass, Native, CodeFunction, Namespace)):
            members = container.names.get("__members__") if isinstance(container, PyClass) else None
            return members[key] if members else container
        if isinstance(container, PyObject):
            method = container.kind.find("__getitem__")
            if method is not MISSING:
                return self.call(BoundFunction(method, container), [key], {})
            if container.kind.unknown is not None:
                return container.kind.unknown
            if container.held is None:
                raise TypeError(f"{container.kind.name} has no items")
            container = container.held
        key = plain(key)
        item = getattr(container, "item", None)
        if item is not None:
            return item(key)
        if isinstance(key, Unknown):
            raise key.fault("this is an item by a key that is not known")
        if is_symbolic(key) or (isinstance(key, slice) and any(map(is_symbolic, (key.start, key.stop)))):
            raise SymparamsError("which item this is depends on symbols")
        return container[key]

    def delete_item(self, container: Any, key: Any) -> None:
        method = container.kind.find("__delitem__") if isinstance(container, PyObject) else MISSING
        if method is not MISSING:
            self.call(BoundFunction(method, container), [key], {})
        elif isinstance(container, (list, dict)):
            del container[key]
        elif not isinstance(container, Unknown):
            raise TypeError("this cannot be deleted")

    def set_item(self, container: Any, key: Any, value: Any) -> None:
        if isinstance(container, PyObject):
            method = container.kind.find("__setitem__")
            if method is not MISSING:
                self.call(BoundFunction(method, container), [key, value], {})
                return
            container = plain(container) if container.kind.unknown is None else container.kind.unknown
        if isinstance(container, (list, dict)):
            container[plain(key)] = list(self.items(value)) if isinstance(key, slice) else value
        elif hasattr(container, "sizes"):
            container.changed()
        elif not isinstance(container, Unknown):
            raise TypeError("this cannot be set")


def _is_generic(condition: Any) -> bool:
    """Whether a condition is that sizes differ, one or another of them."""
    return all(getattr(part, "operator", "") == "!=" for part in getattr(condition, "conditions", (condition,)))
