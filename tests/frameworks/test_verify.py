"""The real model of every network that ships, and of every acceptance program, beside the network, layer by layer."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams import SymparamsError, zoo
from symparams.cli import main

ACCEPTANCE = Path(__file__).parents[3] / "shared" / "acceptance" / "programs"
NO_NETWORK = {"resnet_blocks"}
TOO_DEEP = {"billion"}
PROGRAMS = [path for path in sorted(ACCEPTANCE.glob("*.arch")) if path.stem not in NO_NETWORK | TOO_DEEP]
NETWORKS = [*(f"zoo:{name}" for name in zoo.names()), *map(str, PROGRAMS)]


@pytest.mark.parametrize("name", NETWORKS, ids=lambda name: Path(name).stem)
def test_network_equals_the_model(name: str) -> None:
    from symparams.frameworks.verify import verify

    net = sp.load(name)
    pytest.importorskip(net.dialect) if not _demanded() else None
    for found in verify(net, net.dialect, times=2):
        assert not found.differences, (found.values, [*map(str, found.differences)])
        assert found.layers or found.own


def _demanded() -> bool:
    import os

    return bool(os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS"))


def test_a_difference_is_found() -> None:
    """A rule whose weights are not those of the module that it names."""
    if not _demanded():
        pytest.importorskip("torch")
    from symparams.frameworks.verify import verify

    rule = (
        'layer off(out) on (*S, n) { weight kernel(out, n + 1)\noutput (*S, out)\nbuild torch "nn.Linear({n}, {out})" }'
    )
    (found,) = verify(sp.parse(f"{rule}\ninput(3) -> off(4)"), "torch")
    assert [str(d) for d in found.differences] == ["off1: weights [(4, 4)] here, [(4,), (4, 3)] there"]


@pytest.mark.parametrize("dialect", ["torch", "keras"])
def test_several_outputs_are_compared(dialect: str) -> None:
    if not _demanded():
        pytest.importorskip(dialect)
    from symparams.frameworks.verify import verify

    text = (
        f"dialect {dialect}\ndef head(c) on (C, H, W), m (D, Y, X) {{ concat(m) -> conv(c, 1) -> bn }}\n"
        "input(3, H, W) -> for i in 0..3 { p[i]: conv(8*2**i, 3, p=1) }\nfrom p[0] -> h: head(n, m=p[2])\n"
        "gap -> c: linear(5)\noutput(p[1], h, x"
    )
    net = sp.parse(f"{text}, c)")
    assert len(net.output) == 4
    for found in verify(net, dialect, times=2):
        assert not found.differences and found.layers >= 7
    if dialect == "keras":
        found = next(iter(verify(sp.parse(f"{text})"), dialect)))
        assert "c: weights" in str(found.differences[0])


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
def test_the_layout_that_keras_was_set_to_stays(layout: str) -> None:
    keras = pytest.importorskip("keras") if not _demanded() else __import__("keras")
    from symparams.frameworks.verify import verify

    keras.config.set_image_data_format(layout)
    assert list(verify(sp.parse("dialect keras\ninput(3, H, W) -> conv(8, 3) -> maxpool(2)"), "keras", times=2))
    assert keras.config.image_data_format() == layout


def test_the_other_dialect_is_refused() -> None:
    from symparams.frameworks.verify import verify

    with pytest.raises(SymparamsError, match="dialect"):
        next(verify(sp.parse("input(3) -> linear(4)"), "keras"))


def test_several_programs_have_a_line_each(tmp_path: Path) -> None:
    """Differences and faults do not keep the others from being compared, and show in the exit status."""
    if not _demanded():
        pytest.importorskip("torch")
    (tmp_path / "broken.arch").write_text("input(3) -> linar(4)\n", encoding="utf-8")
    words = ["verify", "zoo:lenet5", str(tmp_path / "broken.arch"), "zoo:alexnet", "--with", "torch"]
    result = CliRunner().invoke(main, words)
    lines = [line for line in result.stdout.splitlines() if " torch: " in line]
    assert [line.split()[0] for line in lines] == ["zoo:lenet5", "zoo:alexnet"]
    assert all("all equal" in line for line in lines)
    assert "'linar'" in result.stdout and result.exit_code == 1


def test_examples_of_the_help() -> None:
    if not _demanded():
        pytest.importorskip("torch")
    result = CliRunner().invoke(main, ["verify", "zoo:lenet5", "zoo:alexnet", "--times", "1"])
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(main, ["emit", "zoo:lenet5", "--to", "keras"])
    assert result.exit_code == 0 and "layers.Conv2D(6, " in result.output


IMAGE_LAYERS = (
    *("conv(8, 3, p=1)", "conv(8, (3, 1), g=4)", "dwconv(3, p=1)", "separable(8, 3)", "convT(8, 2, s=2)", "maxpool(2)"),
    *(
        "avgpool(3, s=1)",
        "adaptive_avgpool(5)",
        "bn",
        "groupnorm(4)",
        "instancenorm",
        "prelu(8)",
        "zeropad(((1, 0), (2, 1)))",
    ),
    *("crop(1)", "upsample(2)", "pixelunshuffle(2)", "channelshuffle(2)", "softmax", "layernorm", "linear(8)", "relu"),
    *(
        "gap(keepdims=true)",
        "gap -> linear(3)",
        "flatten -> linear(3)",
        "residual { conv(8, 1) }",
        "concat { id } { conv(4, 1) }",
    ),
)


@pytest.mark.parametrize("layer", IMAGE_LAYERS)
def test_channels_that_stand_last_are_read_so_by_the_torch_model(layer: str) -> None:
    if not _demanded():
        pytest.importorskip("torch")
    if not _demanded():
        pytest.importorskip("torch")
    from symparams.frameworks.verify import verify

    net = sp.parse(f"input(12, 10, 4, layout=channels_last) -> a: conv(8, 1) -> {layer} -> relu")
    for found in verify(net, "torch"):
        assert not found.differences, [*map(str, found.differences)]
