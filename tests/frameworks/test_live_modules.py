"""Live modules of torch, read as networks, against what torch counts of them and puts out."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from click.testing import CliRunner
from code_styles import HEAD, SHORT, WRITTEN, drawn, module_of

import symparams as sp
from symparams.cli import main

torch = pytest.importorskip("torch")

from live_modules import (  # noqa: E402
    IMAGE,
    IN_PART,
    WHOLE,
    Branching,
    ByValues,
    Choosy,
    Convolutional,
    Endless,
    InTraining,
    Leaves,
    Listed,
    Raises,
    altered,
)

nn = torch.nn


def made(text: str, call: str) -> Any:
    names: dict[str, object] = {"__name__": "code"}
    exec(HEAD + text, names)
    return eval(call, names)


def counts(module: Any) -> tuple[int, int, int]:
    """What is trained, what is frozen, and what is kept."""
    trained = sum(p.numel() for p in module.parameters() if p.requires_grad)
    frozen = sum(p.numel() for p in module.parameters() if not p.requires_grad)
    kept = sum(b.numel() for name, b in module.named_buffers() if not name.endswith("num_batches_tracked"))
    return trained, frozen, kept


def of_net(net: sp.Network) -> tuple[Any, Any, Any]:
    return net.trainable, net.non_trainable, net.state


def agrees(module: Any, shape: tuple[int, ...], tokens: bool = False) -> sp.Network:
    net = sp.from_torch(module, shape)
    given = torch.zeros(2, *shape, dtype=torch.long if tokens else None)
    with torch.no_grad():
        wanted = module.eval()(given)
    assert of_net(net) == counts(module), str(net)
    assert net.output == tuple(wanted.shape[1:]), str(net)
    assert not [warning for warning in net.warnings if "compared" in warning.message]
    again = sp.parse(str(net))
    assert (of_net(again), again.output) == (of_net(net), net.output)
    return net


@pytest.mark.parametrize("name", WRITTEN)
def test_code_as_people_write_it(name: str) -> None:
    text, call, shape = WRITTEN[name]
    assert not agrees(made(text, call), shape, len(shape) == 1 and "nn.Embedding" in text).opaque


@pytest.mark.parametrize("name", SHORT)
def test_short_code(name: str) -> None:
    inside, runs, shape = SHORT[name]
    assert not agrees(made(module_of(inside, runs), "Net()"), shape).opaque


@pytest.mark.parametrize("seed", range(20))
def test_drawn_code(seed: int) -> None:
    text, call, shape = drawn(random.Random(seed))
    assert not agrees(made(text, call), shape, len(shape) == 1 and "nn.Embedding" in text).opaque


def _shapes_of(found: Any, axis: int) -> list[tuple[int, ...]]:
    several = found if isinstance(found, tuple) else (found,)
    return [tuple(size for place, size in enumerate(t.shape) if place != min(axis, t.dim() - 1)) for t in several]


@pytest.mark.parametrize("name", WHOLE)
def test_closed_forms_are_what_torch_puts_out(name: str) -> None:
    make, shapes = WHOLE[name]
    module = make()
    net = sp.from_torch(module, *shapes)
    assert (of_net(net), net.opaque) == (counts(module), ()), str(net)
    assert of_net(sp.parse(str(net))) == of_net(net)
    real = Convolutional() if name.startswith("compiled") else make()
    first = next(real.eval().parameters())
    kind = torch.long if name.endswith("tokens") else first.dtype
    axis = 1 if name == "transformer" else 0
    for height, width, time in ((12, 8, 4), (17, 23, 6), (31, 30, 9)):
        sizes = {"H": height, "W": width, "T": time}
        inputs = [tuple(eval(str(size), dict(sizes)) for size in shape) for shape in shapes]  # type: ignore[union-attr]
        given = [torch.zeros(*s[:axis], 2, *s[axis:], dtype=kind, device=first.device) for s in inputs]
        with torch.no_grad():
            wanted = _shapes_of(real(*given), axis)
        concrete = net(**{str(symbol): sizes[str(symbol)] for symbol in net.symbols}) if net.symbols else net
        assert list(concrete.output_shapes) == wanted, (sizes, str(net))


@pytest.mark.parametrize("name", IN_PART)
def test_what_is_not_read_is_counted_and_named(name: str) -> None:
    make, shapes, opaque = IN_PART[name]
    module = make()
    net = sp.from_torch(module, *shapes)
    with torch.no_grad():
        wanted = module.eval()(torch.zeros(2, *shapes[0]))  # type: ignore[misc]
    assert (of_net(net), net.opaque) == (counts(module), opaque), str(net)
    assert net.output == tuple(wanted.shape[1:])
    assert of_net(sp.parse(str(net))) == counts(module)


def test_verify_says_what_was_not_compared(tmp_path: Any) -> None:
    path = tmp_path / "part.arch"
    path.write_text(str(sp.from_torch(IN_PART["by values within"][0](), (3,))))
    result = CliRunner().invoke(main, ["verify", str(path)])
    assert (result.exit_code, "not compared: not read: inside\n" in result.output) == (1, True)
    assert json.loads(CliRunner().invoke(main, [str(path), "--json"]).output)["opaque"] == ["inside"]
    whole = tmp_path / "whole.arch"
    whole.write_text(str(sp.from_torch(Convolutional(), (3, 8, 8))))
    assert CliRunner().invoke(main, ["verify", str(whole)]).exit_code == 0


@pytest.mark.parametrize("training", [True, False])
def test_the_module_stays_as_it_is(training: bool) -> None:
    module = Leaves().train(training)
    tensors = [tensor.clone() for tensor in (*module.parameters(), *module.buffers())]
    versions = [tensor._version for tensor in (*module.parameters(), *module.buffers())]
    before = {path: (vars(inner).keys(), inner.training) for path, inner in module.named_modules()}
    mode, random_state = torch.is_grad_enabled(), torch.get_rng_state()
    module.conv.register_forward_hook(lambda layer, given, out: called.append(layer))
    called: list[object] = []
    sp.from_torch(module, IMAGE)
    after = {path: (vars(inner).keys(), inner.training) for path, inner in module.named_modules()}
    assert after == before and module.seen == [] and not hasattr(module, "last")
    assert module.conv not in called
    for kept, version, tensor in zip(tensors, versions, (*module.parameters(), *module.buffers()), strict=True):
        assert torch.equal(kept, tensor) and tensor.grad is None and tensor._version == version
    assert torch.is_grad_enabled() is mode and torch.equal(random_state, torch.get_rng_state())


def test_a_part_that_is_run_changes_nothing() -> None:
    module = ByValues()
    module.norm = nn.BatchNorm1d(4)
    tensors = [tensor.clone() for tensor in (*module.parameters(), *module.buffers())]
    random_state = torch.get_rng_state()
    assert sp.from_torch(module, (3,)).opaque == ("ByValues",)
    for kept, tensor in zip(tensors, (*module.parameters(), *module.buffers()), strict=True):
        assert torch.equal(kept, tensor)
    assert module.training and torch.equal(random_state, torch.get_rng_state())


def test_code_that_depends_on_symbols_gives_its_conditions() -> None:
    net = sp.from_torch(Choosy(), IMAGE)
    assert {str(c) for c in net.conditions} >= {"Ne(Mod(H, 2), 0)", "Eq(Mod(W, 2), 0)", "H >= 7"}
    for height, width in ((9, 4), (15, 10)):
        wanted = Choosy()(torch.zeros(1, 3, height, width)).shape[1:]
        assert net(H=height, W=width).output == tuple(wanted)
    with pytest.raises(sp.SymparamsError, match="whether H ≤ 9"):
        sp.from_torch(Branching(), IMAGE)
    assert sp.from_torch(Branching(), (3, 12, "W")).params == counts(Branching())[0]


def test_what_is_done_in_training_alone_is_noted() -> None:
    assert [w.message for w in sp.from_torch(InTraining(), ("T", 3)).warnings] == [
        "the module is read as it is in evaluation: in training, its code does something else"
    ]
    assert not sp.from_torch(InTraining().eval(), ("T", 3)).warnings
    assert not sp.from_torch(Convolutional(), IMAGE).warnings


def test_shapes_by_name_and_none() -> None:
    module = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
    assert sp.from_torch(module, {"tgt": (5, 8), "src": ("T", 8)}).output == (5, 8)
    assert sp.from_torch(Convolutional()).params == counts(Convolutional())[0]
    assert [w.message for w in sp.from_torch(Convolutional(), (1, 3, 8, 8)).warnings] == [
        "the batch, 1, is left out of (1, 3, 8, 8): shapes are those of one sample"
    ]


def _quantized() -> Any:
    return torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(8, 4)), {nn.Linear}, dtype=torch.qint8)


@pytest.mark.parametrize(
    "make, shapes, said",
    [
        (Raises, ((3,),), "forward of Raises raises RuntimeError: no such luck"),
        (
            ByValues,
            (("d",),),
            "ByValues: which way the code goes depends on the values of a tensor; the sizes",
        ),
        (altered(torch.jit.script), (IMAGE,), "Convolutional is compiled by torch.jit"),
        (lambda: nn.Sequential(nn.LazyLinear(4)), ((3,),), "0, a LazyLinear, is lazy and has no shapes yet"),
        (_quantized, ((8,),), "0, a Linear, is quantized"),
        (Listed, ((3,),), "a parameter is used that is no part of the module"),
        (Endless, ((3,),), "the modules of the network call each other too deeply"),
        (Convolutional, ((4, 8, 8),), "forward of conv raises RuntimeError: Given groups=1"),
        (Convolutional, ((3, 8, 8), (3,)), "there are more shapes than inputs"),
        (Convolutional, ({"y": (3, 8, 8)},), "forward has no input 'y'"),
        (Convolutional, ((3, -1, 8),), "is no shape"),
        (Convolutional, ((3.5, 8, 8),), "is no shape"),
        (Convolutional, ("a b",), "is no shape"),
        (lambda: Convolutional, ((3, 8, 8),), "from_torch takes a module of torch, not Convolutional"),
        (lambda: "resnet18", ((3, 8, 8),), "from_torch takes a module of torch, not str"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(make: Any, shapes: Any, said: str) -> None:
    with pytest.raises(sp.SymparamsError) as caught:
        sp.from_torch(make(), *shapes)
    assert said in caught.value.message and "\n" not in caught.value.message
