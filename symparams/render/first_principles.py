"""One layer derived from first principles, in every format of a derivation."""

from __future__ import annotations

from typing import Any

from ..core.network import CoreNetwork
from ..derive.document import Document
from ..derive.general_layers import general_layer
from ..derive.general_page import GeneralPage
from ..derive.outline import Reader
from ..errors import Source
from ..evaluate.figures import DERIVED
from ..formula.printer import Notation
from .derivation import Derivation


class FirstPrinciples(Derivation):
    """Why a layer has its output size, its parameters and its work. Raises UsageFault for a layer without such a page.

    `options` are those of a derivation: lang, thousands, typesetting.
    """

    def __init__(self, layer: str, dialect: str | None = None, **options: Any):
        self.kind, self.general = general_layer(layer)
        self.dialect = dialect
        self.options = options
        source = Source(self.kind, self.general.program)
        super().__init__(CoreNetwork.from_source(source, dialect), DERIVED, **options)
        self.example = CoreNetwork.from_source(source, dialect, self.general.numbers)

    def document(self, notation: Notation) -> Document:
        page = GeneralPage(self.net, self.catalogue, self.messages, notation.symbol, pictures=False)
        page.layer, page.general = self.kind, self.general
        page.example = Reader(self.example, self.what, self.detail)
        return page.document()

    def _made_from(self) -> tuple[Any, ...]:
        return self.kind, self.dialect, tuple(self.options.items())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._made_from()


def _again(layer: str, dialect: str | None, options: tuple[tuple[str, Any], ...]) -> FirstPrinciples:
    return FirstPrinciples(layer, dialect, **dict(options))
