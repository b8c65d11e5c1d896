"""What torch prints of a module, read back: every weight of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import symparams as sp

torch = pytest.importorskip("torch")
nn = torch.nn


def _drawn(rng: random.Random, depth: int = 0) -> object:
    """A module, of layers and of others within it."""
    if depth < 3 and rng.random() < 0.4:
        parts = [_drawn(rng, depth + 1) for _ in range(rng.randint(1, 3))]
        alike = [nn.Linear(3, 3) for _ in range(rng.randint(1, 4))]
        return rng.choice([nn.Sequential(*parts), nn.ModuleList([*parts, *alike]), nn.ModuleDict({"a_b": parts[0]})])
    c, n = rng.choice([4, 6, 8]), rng.choice([2, 4, 10])
    bias = rng.choice([True, False])
    makers = (
        lambda: nn.Conv2d(c, n, rng.choice([3, (1, 5)]), stride=2, padding=rng.choice([1, "valid"]), bias=bias),
        lambda: nn.Conv1d(c, 2 * c, 3, groups=c, dilation=2),
        lambda: nn.ConvTranspose2d(c, n, 2, stride=2, output_padding=1, bias=bias),
        lambda: nn.Linear(c, n, bias=bias),
        lambda: nn.BatchNorm2d(c, affine=bias),
        lambda: nn.GroupNorm(2, c),
        lambda: nn.LayerNorm((c, n), elementwise_affine=bias),
        lambda: nn.InstanceNorm1d(c, affine=bias),
        lambda: nn.Embedding(n, c, padding_idx=0),
        lambda: nn.LSTM(c, n, num_layers=2, bidirectional=bias, batch_first=True),
        lambda: nn.GRU(c, n, bias=bias),
        lambda: nn.PReLU(n),
        lambda: nn.MultiheadAttention(c, 2, bias=bias),
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(c, 2, n), 2),
        lambda: nn.Sequential(nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.1), nn.Softmax(dim=1)),
        lambda: nn.AdaptiveAvgPool2d((1, None)),
    )
    return rng.choice(makers)()


@pytest.mark.parametrize("seed", range(30))
def test_a_printed_module_has_its_weights(seed: int, tmp_path: Path) -> None:
    module = nn.ModuleDict({"first": _drawn(random.Random(seed)), "last": nn.Linear(2, 2)})
    file = tmp_path / "net.txt"
    file.write_text(f"{module}\n", encoding="utf-8")
    net = sp.load(file)
    assert net.params == sum(p.numel() for p in module.parameters())
    assert net.output == () and any("a module holds itself" in note.message for note in net.warnings)
    wanted = {name.rpartition(".")[0] for name, p in module.named_parameters() if "out_proj" not in name}
    assert wanted == {layer.name for layer in net.rows() if layer.params}


def test_what_is_not_printed_so_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "net.txt"
    for text, says in (
        ("Net(\n  (a): Linear(in_features=3,, bias=True)\n)", "not as torch prints"),
        ("Net(\n  (a): Odd(width=3)\n)", "Odd"),
        ("Net(\n  (0-9999999): 10000000 x Linear(in_features=3, out_features=3, bias=True)\n)", "layers"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(sp.SymparamsError, match=says):
            sp.load(file)
