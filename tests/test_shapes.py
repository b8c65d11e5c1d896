"""What flows into a layer and out of it, in symbols: allowed just where those values are."""

from __future__ import annotations

from math import prod

import pytest
from checks import in_domain, shape_at, symbolic
from hypothesis import given
from hypothesis import strategies as st

from symparams import SymparamsError

NAMES = ["a", "b", "c", "d"]
VALUES = st.fixed_dictionaries({name: st.integers(1, 8) for name in NAMES})
SIZES = st.one_of(st.integers(1, 8).map(str), st.sampled_from([*NAMES, "2*a", "b*c", "a + 1", "d - 2"]))


@given(before=st.lists(SIZES, min_size=1, max_size=3), at=VALUES, data=st.data())
def test_a_reshape_is_allowed_where_the_elements_fill_it(
    before: list[str], at: dict[str, int], data: st.DataObject
) -> None:
    """With all sizes given, their product is that of the input; -1 stands for a quotient that is whole."""
    after = data.draw(st.one_of(st.lists(SIZES, max_size=3), st.permutations(before)))
    place = data.draw(st.integers(0, len(after)))
    sizes = [*after[:place], "-1", *after[place:]] if not after or data.draw(st.booleans()) else after
    elements = prod(eval(size, {}, at) for size in before)
    numbers = [eval(size, {}, at) for size in sizes]
    rest, left_over = divmod(elements, prod(n for n in numbers if n != -1) or 1)
    filled = tuple(rest if size == "-1" else n for size, n in zip(sizes, numbers))
    allowed = not left_over and prod(filled) == elements and min(*filled, *(eval(s, {}, at) for s in before)) >= 1
    try:
        net = symbolic(f"input({', '.join(before)}) -> reshape({', '.join(sizes)})")
    except SymparamsError:
        assert not allowed
        return
    assert in_domain(net, at) == allowed
    if allowed:
        assert shape_at(net.output_shape, at) == filled


def test_a_number_of_axes_is_asked_for_by_name() -> None:
    """How many axes a layer goes over decides which sizes its weights have: no symbol can stand for it."""
    for layer in ("layernorm", "rmsnorm"):
        with pytest.raises(SymparamsError) as caught:
            symbolic(f"input(C, H, W) -> {layer}(axes=n)")
        assert "n" in caught.value.message.split()


def test_a_memory_stands_for_those_after_it() -> None:
    """The values of attention are the keys where they are not named; without keys they cannot be."""
    inputs = "k: input(U, e)\nv: input(U, f)\nx: input(T, d)\n"
    both = [symbolic(f"{inputs}attention(h, {named})") for named in ("memory=k", "memory=k, value=k")]
    assert both[0].params == both[1].params
    with pytest.raises(SymparamsError, match="'value' beside 'memory'") as caught:
        symbolic(f"{inputs}attention(h, value=v)")
    assert caught.value.hint == "name memory as well"


def test_functions_of_a_program_are_not_those_of_the_standard_rules() -> None:
    """A program may call a function as the library calls one of its own: the rules go on to use theirs."""
    programs = ("input(3, H, W) -> conv(8, 3)", "input(T, d) -> attention(h)", "input(C, H, W) -> layernorm(axes=2)")
    own = "fn windows(n, k, s, p, d) = n\nfn padded(n, p) = 0\nfn last(S, n) = (7, 7)\nfn first(S, n) = (7, 7)\n"
    for program in programs:
        there, here = symbolic(program), symbolic(own + program)
        assert (here.params, here.macs, here.output) == (there.params, there.macs, there.output)


@pytest.mark.parametrize(("layer", "turns"), [("transformer_encoder(4, 6, layers=L)", 3), ("lstm(5, layers=L)", 3)])
def test_a_stack_is_its_layers_one_after_the_other(layer: str, turns: int) -> None:
    """A symbolic number of layers counts what as many of them count; each reads what the one before puts out."""
    stack = symbolic(f"input(T, 8) -> {layer}")
    single = layer.replace(", layers=L", "")
    apart = symbolic("input(T, 8) -> " + " -> ".join([single] * turns))
    together = stack(L=turns)
    assert (together.params, together.macs, together.output) == (apart.params, apart.macs, apart.output)


def test_a_text_is_asked_for_in_quotes() -> None:
    with pytest.raises(SymparamsError) as caught:
        symbolic("input(T, d) -> dot_attention(mode=concat)")
    assert caught.value.hint == 'write "concat" in quotes'
