"""Questions at the prompt: expressions of the language, with the network's figures and sympy's functions in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..api import Network
from ..core.layer import CoreLayer
from ..errors import Span, SymparamsError, did_you_mean
from ..evaluate.axes import axiswise
from ..evaluate.domain import is_number, is_symbolic
from ..evaluate.figures import COUNTS, FIGURES, OUTPUT, PARAMS
from ..formula import latex, text
from ..language import syntax
from ..language.syntax import Node
from ..tables.counted_by import counted_by
from ..tables.one_figure import expression
from .limits import Patience, arithmetic, explained
from .meanings import Meanings
from .state import State
from .vocabulary import FUNCTIONS
from .whole_answers import asks_for_whole_numbers, in_latex_text, is_whole_answer, whole_answer


def answer(question: Node, state: State) -> str:
    """The value of a question as text. Raises SymparamsError for one that has none."""
    with Patience():
        value = Calculator(state).value(question)
        if isinstance(value, CoreLayer):
            return "\n".join(layer_lines(value, state.network()))
        return _written(value, state, latex=False)


def answer_in_latex(question: Node, state: State) -> str:
    with Patience():
        return _written(Calculator(state).value(question), state, latex=True)


def figure(name: str, state: State, tool: str = "") -> str:
    """A figure of the network as text, as a tool counts it where one is named. Raises SymparamsError."""
    net = state.network()
    if tool:
        net = net.counted_as(tool)
        return f"{expression(net, name, 'text')}\ncounted by {counted_by(net, name)}"
    if FIGURES[name].of_use:
        return expression(net, name, "text")
    return _written(Meanings(state).figure(name), state, latex=False)


def _written(value: Any, state: State, latex: bool) -> str:
    """Figures as the tables write them, and what sympy worked out in the same notation."""
    order = state.net.order if state.net else {}
    notation = _NOTATIONS[latex]
    names: dict[str, Any] = {"names": state.net.spellings} if latex and state.net else {}
    if isinstance(value, int) and not isinstance(value, bool):
        return text.number(value)
    if is_symbolic(value):
        sizes = state.net.output_shape if state.net else ()
        return notation.total(value, order, sizes, **names)
    if isinstance(value, tuple) and value and all(map(is_number, value)):
        return notation.tuple_of([notation.inline(item, order, **names) for item in value])
    if isinstance(value, tuple) and value and all(isinstance(item, tuple) for item in value):
        return notation.tuple_of([_written(item, state, latex) for item in value])
    if is_whole_answer(value):
        return in_latex_text(str(value)) if latex else str(value)
    value = arithmetic().as_sympy(value)
    from .answers import in_latex, shown

    with explained("the answer", ""):
        return (in_latex if latex else shown)(value, order, **names)


_NOTATIONS: dict[bool, Any] = {False: text, True: latex}


def layer_lines(layer: CoreLayer, net: Network) -> Iterator[str]:
    """A layer or block with its figures, one a line."""
    yield f"{layer.name}: {layer.layer}"
    for tensor in layer.tensors:
        yield f"  {tensor.name:<14} {text.shape(tensor.shape, net.order)}"
    for name in (*COUNTS, OUTPUT.name):
        value = None if name == OUTPUT.name else layer.quantity(name)
        if value is None:
            yield f"  {name:<14} {text.shape(layer.output_shape, net.order)}"
        elif name == PARAMS.name or (value != 0 and value != layer.quantity(PARAMS.name)):
            yield f"  {name:<14} {text.total(value, net.order)}"


class Calculator:
    """Works out expressions: figures as the tool has them, everything that is done with them by sympy."""

    def __init__(self, state: State, local: dict[str, Any] | None = None):
        self.state = state
        self.names = Meanings(state, self.value)
        self.local = local or {}

    def value(self, node: Node) -> Any:
        """The value of an expression. Raises SymparamsError at the part that has none."""
        work = _VALUES.get(type(node))
        if work is None:
            raise SymparamsError("this has no place in a calculation", node.span)
        try:
            return work(self, node)
        except SymparamsError as error:
            raise error.located(node.span) from None

    def name(self, node: syntax.Name) -> Any:
        return self.local[node.name] if node.name in self.local else self.names.look_up(node)

    def items(self, node: syntax.Tuple | syntax.List) -> Any:
        return tuple(map(self.value, node.items))

    def member(self, node: syntax.Member) -> Any:
        owner = self.names.layer_named(node.value.name) if isinstance(node.value, syntax.Name) else None
        return self.names.member(owner or self.value(node.value), node)

    def layer_name(self, node: Node) -> str:
        """The name of a layer as it is printed, `b[2]`, of an expression in that form; else nothing."""
        if isinstance(node, syntax.Name):
            known = self.names.symbol(node.name) is not None or self.names.figure(node.name) is not None
            return "" if known or node.name in self.local else node.name
        base = self.layer_name(node.value) if isinstance(node, syntax.Index) else ""
        return f"{base}[{self.value(node.index)}]" if base else ""  # type: ignore[attr-defined]

    def index(self, node: syntax.Index) -> Any:
        layer = self.names.layer_named(self.layer_name(node))
        if layer is not None:
            return layer
        owner, index = self.value(node.value), arithmetic().as_sympy(self.value(node.index))
        if not getattr(index, "is_Integer", False):
            raise SymparamsError("an element is counted by a whole number, from 0", node.index.span)
        if is_whole_answer(owner):
            owner = arithmetic().as_sympy(owner)
        if isinstance(owner, CoreLayer):
            return self.names.layer(f"{owner.name}[{index}]", node)
        if not isinstance(owner, tuple):
            raise SymparamsError("only shapes and lists have elements", node.value.span)
        if not -len(owner) <= index < len(owner):
            raise SymparamsError(f"there are {len(owner)} elements, counted from 0", node.index.span)
        return owner[int(index)]

    # Arithmetic

    def operation(self, operator: str, a: Any, b: Any) -> Any:
        own = arithmetic()
        with explained(operator, ""):
            return axiswise(own.OPERATORS[operator], own.as_sympy(a), own.as_sympy(b))

    def chain(self, node: syntax.Addition | syntax.Multiplication) -> Any:
        value = self.value(node.first)
        for operator, operand in node.rest:
            value = self.operation(operator, value, self.value(operand))
        return value

    def sign(self, node: syntax.Sign) -> Any:
        return self.operation(node.operator, 0, self.value(node.value))

    def exponent(self, node: syntax.Exponent) -> Any:
        return self.operation("**", self.value(node.base), self.value(node.exponent))

    def series(self, node: syntax.SigmaSum) -> Any:
        own = arithmetic()
        index = own.counter(node.index)
        term = Calculator(self.state, {**self.local, node.index: index}).value(node.term)
        bounds = (own.as_sympy(self.value(bound)) for bound in (node.first, node.last))
        with explained("Σ", "Σ[i=0..n - 1] i**2"):
            return own.series(own.as_sympy(term), index, *bounds)

    def comparison(self, node: syntax.Comparison) -> Any:
        if len(node.rest) > 1:
            raise SymparamsError("one comparison at a time", node.span)
        ((operator, right),) = node.rest
        return self.operation(operator, self.value(node.first), self.value(right))

    def keyword(self, node: syntax.Keyword) -> Any:
        hint = f"an equation is written {node.name} == {node.value.span.text}"
        raise SymparamsError("'=' puts a value in; it has no place here", node.span, hint)

    def junction(self, node: syntax.And | syntax.Or) -> Any:
        return self.connected("and" if isinstance(node, syntax.And) else "or", node.items)

    def connected(self, connective: str, nodes: Iterable[Node]) -> Any:
        own = arithmetic()
        conditions = [own.as_sympy(self.value(node)) for node in nodes]
        with explained(connective, "params > 1e6 and k == 3"):
            return own.connected(connective, conditions)

    def conditional(self, node: syntax.Conditional) -> Any:
        condition = self.connected("if", [node.condition])
        if condition not in (True, False):
            shown = _written(condition, self.state, latex=False)
            raise SymparamsError(f"values are missing to tell whether {shown}", node.condition.span)
        return self.value(node.then if condition else node.otherwise)

    # Functions: the program's own, then sympy's

    def apply(self, node: syntax.Apply) -> Any:
        program = self.state.program
        own = next((f for f in program.functions if f.name == node.function), None) if program else None
        if own is None and self.names.symbol(node.function) is not None:
            raise SymparamsError(f"{node.function!r} is a symbol of the network here, not a function")
        if own is None and node.function not in FUNCTIONS:
            hint = did_you_mean(node.function, [*FUNCTIONS, *self.names.layers_and_blocks()])
            span = Span(node.span.source, node.span.start, node.span.start + len(node.function))
            raise SymparamsError(f"there is no layer or function {node.function!r}", span, hint)
        if node.function == "subs":
            return self.substituted(node)
        if node.function == "solve" and not own:
            return self.solved(node)
        arguments = [self.value(argument) for argument in node.arguments]
        if own:
            return self.apply_own(own, arguments)
        return self.apply_known(node.function, arguments, self.valued(node) or FUNCTIONS[node.function][0])

    def valued(self, node: syntax.Apply) -> str | None:
        """A hint on an argument that has a value, where a symbol may have been meant."""
        names = [a.name for a in node.arguments if isinstance(a, syntax.Name)]
        given = {**self.names.definitions(), **self.state.values}
        name = next((name for name in names if name in given), None)
        return f"{name} has a value; '{name} =' makes a symbol of it" if name else None

    def solved(self, node: syntax.Apply) -> Any:
        """solve(f == 3, C), within the conditions of the network; what is no equation over whole numbers."""
        if self.state.net and asks_for_whole_numbers(node, self.state.net):
            return whole_answer(node, self.state.network())
        for argument in node.arguments:
            if isinstance(argument, syntax.Comparison) and argument.rest[0][0] != "==":
                fault = "'solve' takes an inequality where there is a network, and asks for one of its symbols"
                raise SymparamsError(fault, argument.span, FUNCTIONS["solve"][0])
        try:
            arguments = [arithmetic().as_sympy(self.value(argument)) for argument in node.arguments]
        except SymparamsError:
            answer = self.in_whole_numbers(node)
            if answer is None:
                raise
            return answer
        conditions = self.state.net.conditions if self.state.net else ()
        with explained("solve", self.valued(node) or FUNCTIONS["solve"][0]):
            return arithmetic().solve(*arguments, conditions=conditions, otherwise=lambda: self.in_whole_numbers(node))

    def in_whole_numbers(self, node: syntax.Apply) -> Any:
        """The whole numbers that solve an equation, None where that is not known."""
        try:
            return whole_answer(node, self.state.network())
        except SymparamsError:
            return None

    def apply_own(self, function: syntax.FunctionDefinition, arguments: list[Any]) -> Any:
        local = {p.name: value for p, value in zip(function.parameters, arguments)}
        inner = Calculator(self.state, local)
        for parameter in function.parameters:
            if parameter.name not in local:
                if parameter.default is None:
                    raise SymparamsError(f"{function.name!r} needs its argument {parameter.name!r}")
                local[parameter.name] = inner.value(parameter.default)
        return inner.value(function.value)

    def apply_known(self, name: str, arguments: list[Any], hint: str) -> Any:
        own = arithmetic()
        with explained(name, hint):
            return own.FUNCTIONS[name](*map(own.as_sympy, arguments))

    def substituted(self, node: syntax.Apply) -> Any:
        """subs(f, C=3), or subs(f, C, 3)."""
        usage = FUNCTIONS["subs"][0]
        named = [a for a in node.arguments if isinstance(a, syntax.Keyword)]
        values = [self.value(a) for a in node.arguments if not isinstance(a, syntax.Keyword)]
        if len(values) % 2 == 0:
            raise SymparamsError("'subs' takes a formula, and values by name", None, usage)
        own = arithmetic()
        formula, *pairs = map(own.as_sympy, values)
        replacements = dict(zip(pairs[::2], pairs[1::2]))
        for argument in named:
            symbol = self.names.look_up(syntax.Name(argument.name, span=argument.span))
            replacements[own.as_sympy(symbol)] = own.as_sympy(self.value(argument.value))
        with explained("subs", usage):
            return own.substituted(formula, replacements)


_VALUES: dict[type[Node], Callable[[Calculator, Any], Any]] = {
    syntax.Number: lambda calculator, node: node.value,
    syntax.Truth: lambda calculator, node: node.value,
    syntax.Name: Calculator.name,
    syntax.Tuple: Calculator.items,
    syntax.List: Calculator.items,
    syntax.Member: Calculator.member,
    syntax.Index: Calculator.index,
    syntax.Apply: Calculator.apply,
    syntax.Sign: Calculator.sign,
    syntax.Addition: Calculator.chain,
    syntax.Multiplication: Calculator.chain,
    syntax.Exponent: Calculator.exponent,
    syntax.SigmaSum: Calculator.series,
    syntax.Comparison: Calculator.comparison,
    syntax.Keyword: Calculator.keyword,
    syntax.And: Calculator.junction,
    syntax.Or: Calculator.junction,
    syntax.Not: lambda calculator, node: calculator.connected("not", [node.value]),
    syntax.Conditional: Calculator.conditional,
}
