"""Networks, layers and tables as a notebook shows them: short documents, with every formula set as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import meant
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..derive.document import Code, Display, Document, Element, Line, Math, Paragraph, Table, flat, separated
from ..derive.steps import Chain, Place, Step
from ..evaluate.figures import MACS, OUTPUT, PARAMS
from ..evaluate.model import Shape, Tensor
from ..formula import text
from ..formula.latex import LatexNotation
from ..formula.spelling import spelled
from ..formula.text import TextNotation
from ..formula.textbook_order import condition_tree, total_tree, tree
from ..formula.tree import Add, Identifier, Indexed, Mul, Numeral, Order, ShapeOf, Tree
from ..render.markdown_page import Markdown
from .printed import trained_text
from .record import shown_counts

# What a page shows of a long table, and of a long formula in signs: MathJax reads no more than about 5,000.
FIRST_ROWS, LAST_ROWS, MOST_SIGNS = 40, 10, 1_500
MOST_MACS_SIGNS = 24

DISPLAY, FRACTION, CONTINUED = "\\displaystyle ", "\\frac", "\\quad {}"
# What keeps the brackets of one line from those of the next.
APART = "\\rule[-1em]{0pt}{2.5em} "

ROW = ("layer", "kind", OUTPUT.name, PARAMS.name, "formula")
TOTALS = ("figure", "value")
TENSOR = ("tensor", "shape", "count", "trainable")
LISTED = ("layer", "kind", OUTPUT.name, PARAMS.name, "total", "running total", "share", MACS.name)
RIGHT = frozenset({PARAMS.name, MACS.name, "total", "running total", "share", "count"})


class _Markdown(Markdown):
    """Fractions in a line of text are as large as those that stand alone; a wide formula is several, one below another.

    Front ends do not break a formula by themselves, and those that read Markdown first take two backslashes for one.
    """

    notation: LatexNotation

    def inline(self, formula: Math) -> str:
        lines = self.notation.lines(formula.node, self.notation.limit)
        style = DISPLAY if any(FRACTION in line for line in lines) else ""
        style += APART if style and len(lines) > 1 else ""
        return "<br>".join(f"${style}{CONTINUED if i else ''}{line}$" for i, line in enumerate(lines))


class NotebookPage:
    """A document without a title, in the forms that front ends ask for.

    `expression` is what it comes to, `layer` the name of the layer that it is about.
    """

    def __init__(self, net: CoreNetwork, elements: Iterable[Element], expression: Tree | None = None, layer: str = ""):
        self.net = net
        self.layer = layer
        self.document = Document((), tuple(elements), "en")
        self.expression = expression

    def notation(self) -> LatexNotation:
        notation = LatexNotation(names=self.net.spellings)
        notation.indices = {self.layer: notation.index_of(self.layer) or "layer"}
        return notation

    def text(self) -> str:
        from ..render.text_page import TextPage

        return TextPage(TextNotation()).body(self.document)

    def markdown(self) -> str:
        """With a line that says which names are written in another way in formulas."""
        markdown = _Markdown(self.notation())
        body = markdown.body(self.document)
        used = [name for name, shown in self.net.spellings.items() if shown != spelled(name) and shown in body]
        pairs = [flat((Math(Identifier(name)), " is ", Code(name))) for name in used]
        if not pairs:
            return body
        return f"{body}\n{markdown.line(flat(('In the formulas ', separated(pairs, ', '), '.')))}\n"

    def fragment(self) -> str:
        from ..render.html_page import Html

        return Html(self.notation()).body(self.document)

    def formula(self) -> str | None:
        return f"${DISPLAY}{self.notation().show(self.expression)}$" if self.expression is not None else None


# Networks


def network_page(net: CoreNetwork) -> NotebookPage:
    """The table with blocks folded, the totals, and the conditions under which they hold."""
    heading = Paragraph((Code(net.name) if net.name else "network", f" ({net.dialect})"))
    tables = [_table(ROW, net.rows(0), _row, _inputs(net)), _table(TOTALS, _totals(net))]
    return NotebookPage(net, [heading, *tables], _total(net, net.quantity(PARAMS.name)))


def _inputs(net: CoreNetwork) -> Iterator[Sequence[Line]]:
    for name, shape in net.input_shapes.items():
        yield (Code(name),), ("input",), _shape(shape, net.order), (), ()


def _row(layer: CoreLayer) -> Sequence[Line]:
    params = layer.quantity(PARAMS.name)
    formula = _weights(layer)
    shown: Line = () if formula is None or formula == total_tree(params) else _math(formula)
    ties = [flat(("tied to ", Code(t.tied))) for t in layer.tensors if t.tied]
    count = _math(_count(params, layer.network.order))
    return *_who(layer), count, separated([part for part in (shown, *ties) if part], "; ")


def _who(layer: CoreLayer) -> tuple[Line, Line, Line]:
    order = layer.network.order
    times = layer.count_quantity
    node = tree(times, order)
    count: Line = (" × (", Math(node), ")") if isinstance(node, Add) else (" × ", Math(node))
    name = flat((Code(layer.name), count if times != 1 else ()))
    return name, (layer.layer,), _shape(layer.output_shape, order)


def _totals(net: CoreNetwork) -> Iterator[Sequence[Line]]:
    for name, value in shown_counts(net):
        yield (name,), _math(_total(net, value))
    yield (OUTPUT.name,), separated([_shape(shape, net.order) for shape in net.output_shapes], ", ")
    if net.guards:
        yield ("valid when",), _conditions(net.guards, net.order)


def _total(net: CoreNetwork, value: Quantity) -> Tree:
    return total_tree(value, net.order, net.output_shape)


# Layers


def layer_page(layer: CoreLayer, net: CoreNetwork) -> NotebookPage:
    """What a layer puts out, how its parameters come about, its tensors; of a block, the layers in it."""
    order = net.order
    name, kind, output = _who(layer)
    elements: list[Element] = [Paragraph(flat((name, ": ", *kind, ", output ", output)))]
    value = layer.quantity(PARAMS.name)
    target = Indexed("P", layer.name)
    rows = [formula for formula in dict.fromkeys((_weights(layer), _count(value, order))) if formula is not None]
    place = Place(layer.name, layer.row.stage.span)
    steps = tuple(Step(before, after, "", place) for before, after in pairwise([target, *rows]))
    elements.append(Display(Chain((target,), steps, value)))
    if layer.tensors:
        elements.append(_table(TENSOR, layer.tensors, lambda tensor: _tensor(tensor, order)))
    if layer.row.stage.children is not None:
        depth = layer.name.count(".") + 1
        inside = (inner for inner in net.rows(depth) if inner.name.startswith(f"{layer.name}."))
        elements.append(_table(ROW, inside, _row))
    asked = {guard.condition for guard in layer.row.stage.all_guards}
    guards = [condition for condition in net.guards if condition in asked]
    if guards:
        elements.append(Paragraph(flat(("Valid when ", _conditions(guards, order), "."))))
    return NotebookPage(net, elements, _count(value, order), layer.name)


def _weights(layer: CoreLayer) -> Tree | None:
    """The parameters as the sum of the products of the tensors' sizes."""
    counted = [t for t in layer.tensors if t.counts_as(PARAMS.name, layer.dialect)]
    products = [_product([tree(size, layer.network.order) for size in t.factors]) for t in counted]
    if len(products) < 2:
        return products[0] if products else None
    return Add(tuple((False, product) for product in products))


def _product(sizes: Sequence[Tree]) -> Tree:
    return sizes[0] if len(sizes) == 1 else Mul(tuple(sizes), crossed=True)


def _tensor(tensor: Tensor, order: Order) -> Sequence[Line]:
    count = flat(("tied to ", Code(tensor.tied))) if tensor.tied else _math(_count(meant(tensor.elements), order))
    return (Code(tensor.name),), _shape(tensor.shape, order), count, (trained_text(tensor),)


# Tables


def table_page(net: CoreNetwork, layers: Sequence[tuple[CoreLayer, dict[str, Any]]]) -> NotebookPage:
    """A table of layers with its rows; running totals and shares where they are numbers.

    Totals are left out where nothing occurs more than once, multiply-accumulates where they are long formulas.
    """
    totals = any(layer.count_quantity != 1 for layer, _ in layers)
    macs = all(len(text.total(layer.quantity(MACS.name), net.order)) <= MOST_MACS_SIGNS for layer, _ in layers)
    return NotebookPage(net, [_table(LISTED, layers, lambda pair: _listed(pair[0], pair[1], totals, macs))])


def _listed(layer: CoreLayer, row: dict[str, Any], totals: bool, macs: bool) -> Sequence[Line]:
    order, params = layer.network.order, layer.quantity(PARAMS.name)
    return (
        *_who(layer),
        _math(_count(params, order)),
        _math(_count(layer.in_all(PARAMS.name), order)) if totals else (),
        _math(Numeral(row["running"])) if isinstance(row["running"], int) else (),
        (text.percent(row["share"]),) if isinstance(row["share"], Fraction) else (),
        _math(_count(layer.quantity(MACS.name), order)) if macs else (),
    )


def _table(
    columns: Sequence[str],
    items: Iterable[Any],
    row: Callable[[Any], Sequence[Line]] = tuple,
    before: Iterable[Sequence[Line]] = (),
) -> Table:
    """A table with a row for each item, of many items the first and the last; without its empty columns."""
    items = list(items)
    left_out = len(items) - FIRST_ROWS - LAST_ROWS
    if left_out > 1:
        gap = ((f"… {left_out:,} more …",), *([()] * (len(columns) - 1)))
        shown = [*map(row, items[:FIRST_ROWS]), gap, *map(row, items[-LAST_ROWS:])]
    else:
        shown = list(map(row, items))
    rows = [*before, *shown]
    used = [i for i in range(len(columns)) if any(row[i] for row in rows)] or [0]
    right = frozenset(place for place, i in enumerate(used) if columns[i] in RIGHT)
    header = tuple((columns[i],) for i in used)
    return Table(header, tuple(tuple(row[i] for i in used) for row in rows), right)


# Pieces


def _shape(sizes: Shape, order: Order) -> Line:
    return _math(ShapeOf(tuple(tree(size, order) for size in sizes)))


def _conditions(conditions: Iterable[Condition], order: Order) -> Line:
    return separated([_math(condition_tree(c, order)) for c in conditions], ", ")


def _count(value: Quantity, order: Order) -> Tree:
    return total_tree(value, order)


def _math(node: Tree) -> Line:
    """A formula in a line of text, or how long it is where no front end would set it."""
    signs = len(TextNotation().show(node))
    return (Math(node),) if signs <= MOST_SIGNS else (f"a formula of {signs:,} signs",)


def function_page(net: CoreNetwork, call: str, values: Sequence[Quantity | Shape]) -> NotebookPage:
    """A function as it is called, and what it works out."""

    def written(value: Quantity | Shape) -> Tree:
        return ShapeOf(tuple(map(written, value))) if isinstance(value, tuple) else total_tree(value, net.order)

    shown = written(values[0]) if len(values) == 1 else ShapeOf(tuple(map(written, values)))
    return NotebookPage(net, [Paragraph(flat((Code(call), " = ", _math(shown))))], shown)
