"""Manners of the public objects: equal by what they are made from, shown by notebooks, entries as attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from ..errors import meant_or_known

T = TypeVar("T")


class ByContent:
    """An object that never changes: equal to another, hashed, copied and pickled by what it is made from."""

    def _made_from(self) -> tuple[Any, ...]:
        """The arguments that make it again; all of them can be hashed."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self._made_from() == other._made_from())

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._made_from()))

    def __copy__(self: T) -> T:
        return self

    def __deepcopy__(self: T, memo: dict[int, Any]) -> T:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._made_from()


class Shown:
    """An object that a notebook shows, as Markdown with formulas: that is what every front end renders.

    Of several forms JupyterLab would take the HTML and VS Code the LaTeX, which is one formula alone. So a notebook is
    given Markdown and text; the other forms are for tools that ask for them.
    """

    def _view(self) -> Any:
        """What has the methods text, markdown, fragment (of HTML) and formula (of LaTeX)."""
        raise NotImplementedError

    def _repr_markdown_(self) -> str:
        text: str = self._view().markdown()
        return text

    def _repr_html_(self) -> str:
        text: str = self._view().fragment()
        return text

    def _repr_latex_(self) -> str | None:
        formula: str | None = self._view().formula()
        return formula

    def _ipython_display_(self) -> None:
        from IPython.display import display

        view = self._view()
        display({"text/plain": view.text().rstrip("\n"), "text/markdown": view.markdown()}, raw=True)


class Named(Mapping[str, T]):
    """A mapping whose entries are attributes too, with names that a prompt completes."""

    _kind = "entry"

    def __getattr__(self, name: str) -> T:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def _unknown(self, name: object) -> KeyError:
        hint = meant_or_known(str(name), self._ipython_key_completions_(), f"its {self._kind}s are")
        return KeyError(f"the network has no {self._kind} {name!r}" + (f"; {hint}" if hint else ""))

    def __dir__(self) -> Iterator[str]:
        return iter([*super().__dir__(), *filter(str.isidentifier, self._ipython_key_completions_())])

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)
