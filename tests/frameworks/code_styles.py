"""Networks of torch as people write them, and networks drawn at random in several styles; inputs without the batch."""

from __future__ import annotations

import random
from textwrap import indent

HEAD = "import copy, math\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n"

# The text, what is made of it, and the shape that goes in.
WRITTEN: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "attention by hand, deep copies, a part frozen": (
        """
class Block(nn.Module):
    def __init__(self, d, h=4):
        super().__init__()
        self.qkv, self.proj, self.h = nn.Linear(d, 3*d), nn.Linear(d, d), h
        self.scale = nn.Parameter(torch.ones(d))
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).reshape(B, T, 3, self.h, C // self.h).permute(2, 0, 3, 1, 4)
        a = ((q @ k.transpose(-2, -1)) * (C // self.h) ** -0.5).softmax(dim=-1)
        return self.scale * self.proj((a @ v).transpose(1, 2).reshape(B, T, C)) + x
class Net(nn.Module):
    def __init__(self, d=32, n=3):
        super().__init__()
        b = Block(d)
        self.blocks = nn.ModuleList([copy.deepcopy(b) for _ in range(n)])
        for p in self.blocks[0].parameters(): p.requires_grad = False
    def forward(self, x):
        for b in self.blocks: x = b(x)
        return x
""",
        "Net()",
        (7, 32),
    ),
    "a convolution of one's own class, padded as it needs": (
        """
class SameConv(nn.Conv2d):
    def forward(self, x):
        h, w = x.size()[-2:]
        s, k = self.stride, self.kernel_size
        ph = max((math.ceil(h / s[0]) - 1) * s[0] + k[0] - h, 0)
        pw = max((math.ceil(w / s[1]) - 1) * s[1] + k[1] - w, 0)
        x = F.pad(x, [pw // 2, pw - pw // 2, ph // 2, ph - ph // 2])
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = SameConv(3, 8, 3, stride=2)
        self.b = SameConv(8, 8, 5, groups=4, bias=False)
    def forward(self, x):
        return self.b(torch.relu(self.a(x))).mean((2, 3))
""",
        "Net()",
        (3, 15, 18),
    ),
    "weights shared, tied, and never used": (
        """
class Net(nn.Module):
    def __init__(self, v=50, d=16):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        self.cell = nn.Linear(d, d)
        self.spare = nn.Conv2d(3, 4, 3)
        self.left = nn.Parameter(torch.zeros(5, 2))
        self.out = nn.Linear(d, v, bias=False)
        self.out.weight = self.emb.weight
        for p in self.spare.parameters(): p.requires_grad_(False)
    def forward(self, t):
        x = self.emb(t)
        for _ in range(3): x = F.gelu(self.cell(x))
        return self.out(x)
""",
        "Net()",
        (9,),
    ),
    "tied to what comes later": (
        """
class Net(nn.Module):
    def __init__(self, v=30, d=8):
        super().__init__()
        self.out = nn.Linear(d, v)
        self.emb = nn.Embedding(v, d)
        self.emb.weight = self.out.weight
        self.second = nn.Linear(d, v, bias=False)
        self.second.weight = self.out.weight
    def forward(self, t):
        x = self.emb(t)
        return self.out(x) + self.second(x)
""",
        "Net()",
        (6,),
    ),
    "recurrent layers and their states": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 10, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(20, 7, batch_first=True)
        self.head = nn.Linear(20 + 7, 3)
    def forward(self, x):
        out, (h, c) = self.lstm(x)
        _, last = self.gru(out)
        return self.head(torch.cat([h[-2], h[-1], last.squeeze(0)], dim=1))
""",
        "Net()",
        (5, 6),
    ),
    "a table of settings, a dictionary of modules, a generator": (
        """
from dataclasses import dataclass
@dataclass
class Config:
    width: int = 12
    depths: tuple = (1, 2)
    use_bn: bool = True
def widths(c):
    w = c.width
    for d in c.depths:
        for i in range(d):
            yield w * 2 ** i
class Net(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.parts = nn.ModuleDict()
        ch = 3
        for i, w in enumerate(widths(c)):
            self.parts[f"conv{i}"] = nn.Conv2d(ch, w, 3, padding=1, bias=not c.use_bn)
            if c.use_bn:
                self.parts[f"bn{i}"] = nn.BatchNorm2d(w)
            ch = w
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(ch, 10)
    def forward(self, x):
        for name, part in self.parts.items():
            x = part(x) if name.startswith("conv") else F.relu(part(x), inplace=True)
        return self.fc(self.pool(x).flatten(1))
""",
        "Net(Config())",
        (3, 9, 9),
    ),
    "parts cut, stacked and put together": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(2, 6, 1)
        self.fc = nn.Linear(8 * 3, 2)
    def forward(self, x):
        one, two = x.chunk(2, dim=1)
        x = torch.cat((self.a(torch.cat([two, one], 1)), self.b(one)), dim=1)[:, 2:, ::2, :-1]
        x = torch.stack([x, x * 2], dim=1).amax(dim=1)
        return self.fc(x.mean(-1).view(x.size(0), -1))
""",
        "Net()",
        (4, 6, 5),
    ),
}


# What __init__ makes, what forward does, and the shape that goes in.
SHORT: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "a weight in two parts": ("self.c = torch.nn.utils.weight_norm(nn.Linear(3, 8))", "return self.c(x)", (3,)),
    "tensors in lists of parameters": (
        "self.l = nn.ParameterList(torch.zeros(s) for s in (3, 4)); self.d = nn.ParameterDict({'a': torch.zeros(5)})",
        "return x * self.l[0]",
        (3,),
    ),
    "a linear map by tensors of one's own": (
        "self.w, self.b = nn.Parameter(torch.zeros(4, 8)), nn.Parameter(torch.zeros(4))",
        "return F.linear(x, self.w, self.b)",
        (5, 8),
    ),
    "a convolution by tensors of one's own": (
        "self.w, self.b = nn.Parameter(torch.zeros(4, 3, 3, 3)), nn.Parameter(torch.zeros(4))",
        "return F.conv2d(x, self.w, self.b, padding=1)",
        (3, 8, 8),
    ),
    "a norm by tensors of one's own": (
        "self.w, self.b = nn.Parameter(torch.ones(8)), nn.Parameter(torch.zeros(8))",
        "return F.layer_norm(x, (8,), self.w, self.b)",
        (5, 8),
    ),
    "the function of a layer": (
        "self.fc = nn.Linear(8, 4)",
        "return F.linear(x, self.fc.weight, self.fc.bias)",
        (5, 8),
    ),
    "a weight without its bias": ("self.fc = nn.Linear(8, 4)", "return F.linear(x, self.fc.weight)", (5, 8)),
    "a weight of a layer that is not called": (
        "self.e = nn.Embedding(6, 3)",
        "return F.linear(x, self.e.weight)",
        (2, 3),
    ),
    "a weight of a layer that is called": (
        "self.fc = nn.Linear(8, 8)",
        "return F.linear(self.fc(x), self.fc.weight) + x @ self.fc.weight",
        (5, 8),
    ),
    "a bias of a layer that is not called": (
        "self.fc = nn.Linear(8, 4)\nself.fc.weight.requires_grad = False",
        "return F.linear(x, self.fc.weight * 2) + self.fc.bias",
        (5, 8),
    ),
    "a bias taken away": ("self.fc = nn.Linear(8, 4)\nself.fc.bias = None", "return self.fc(x)", (5, 8)),
    "a weight put in": (
        "self.w = nn.Parameter(torch.zeros(4, 8))\nself.fc = nn.Linear(8, 4)\nself.fc.weight = self.w",
        "return self.fc(x)",
        (5, 8),
    ),
    "a stride set later": (
        "self.c = nn.Conv2d(3, 4, 3, 2)\nself.c.stride, self.c.in_channels = (1, 1), 9",
        "return self.c(x)",
        (3, 8, 8),
    ),
    "frozen, tied and called later": (
        "self.e, self.o = nn.Embedding(6, 8), nn.Linear(8, 6)\nself.e.weight.requires_grad_(False)",
        "return self.e(F.linear(x, self.e.weight).argmax(-1))",
        (5, 8),
    ),
    "a gate along the channels": ("self.c = nn.Conv2d(3, 8, 1)", "return F.glu(self.c(x), dim=1)", (3, 6, 6)),
    "the number of samples": (
        "self.c = nn.Linear(3, 8)",
        "if x.size(0) == 1: x = x * 2\nassert x.shape[0] % 2 == 0\nreturn self.c(x)",
        (3,),
    ),
    "lists that grow": (
        "self.l = nn.ModuleList()\nself.l += [nn.Linear(3, 3), nn.Linear(3, 3)]",
        "for l in self.l: x = l(x)\nreturn x",
        (3,),
    ),
    "in place": ("self.c = nn.Linear(3, 3)", "y = self.c(x)\ny.add_(x)\nreturn y.mul_(2)", (3,)),
    "a mask of two tensors": (
        "self.c = nn.Linear(3, 3)",
        "m = x[:, :, None] == x[:, None, :]\nreturn self.c(m.float())",
        (3,),
    ),
    "states of another width": (
        "self.l = nn.LSTM(3, 8, proj_size=4, batch_first=True)",
        "o, (h, c) = self.l(x)\nreturn torch.cat([h[-1], c[-1]], 1)",
        (5, 3),
    ),
    "a decoder and what it reads": (
        "one = nn.TransformerDecoderLayer(4, 2, 8, batch_first=True)\n"
        "self.d, self.l = nn.TransformerDecoder(one, 2), nn.Linear(4, 4)",
        "return self.d(x, self.l(x))",
        (5, 4),
    ),
    "a number first": ("self.l = nn.Linear(3, 5)", "return torch.mul(0.5, self.l(x))", (4, 3)),
    "parameters in arithmetic": (
        "self.a, self.c = nn.Parameter(torch.zeros(3)), nn.Linear(3, 3)",
        "return self.c(x) * torch.exp(self.a) + self.a.sigmoid().unsqueeze(0)",
        (3,),
    ),
    "queries that are learned": (
        "self.q = nn.Parameter(torch.zeros(1, 4, 3))\nself.m = nn.MultiheadAttention(3, 1, batch_first=True)",
        "return self.m(self.q.expand(x.size(0), -1, -1), x, x)[0]",
        (5, 3),
    ),
    "steps before samples": ("self.g = nn.GRU(3, 5)", "o, h = self.g(x.transpose(0, 1))\nreturn o[-1]", (4, 3)),
    "a list of places": ("self.l = nn.Linear(3, 5)", "return self.l(x[:, [-1], :]) + self.l(x[:, [0, 2]])", (4, 3)),
    "places on a later axis": ("self.l = nn.Linear(2, 5)", "return self.l(x[:, 1, None, [-1, 0]])", (4, 3)),
    "the largest by name": ("self.l = nn.Linear(3, 5)", "return self.l(x).max(-1).values", (4, 3)),
    "patches": ("self.l = nn.Linear(12, 5)", "return self.l(F.unfold(x, 2, stride=2).transpose(1, 2))", (3, 6, 6)),
    "an Einstein sum": (
        "self.q, self.k = nn.Linear(6, 6), nn.Linear(6, 9)",
        "q, k = self.q(x).view(-1, 4, 2, 3), self.k(x).view(-1, 4, 3, 3)\n"
        "return torch.einsum('bihd,bjgd->bhgij', q, k)",
        (4, 6),
    ),
    "an Einstein sum with a parameter": (
        "self.l, self.w = nn.Linear(3, 4), nn.Parameter(torch.zeros(5, 4))",
        "return torch.einsum('btd,ed->bet', self.l(x), self.w)",
        (7, 3),
    ),
    "the largest few": ("self.l = nn.Linear(3, 5)", "v, i = self.l(x).topk(2, dim=-1)\nreturn v", (4, 3)),
    "in order": ("self.l = nn.Linear(3, 5)", "v, i = self.l(x).sort(dim=1)\nreturn v", (4, 3)),
    "one or the other": (
        "self.l, self.w = nn.Linear(3, 5), nn.Parameter(torch.zeros(5))",
        "return torch.where(x[..., :1] > 0, self.w, self.l(x))",
        (4, 3),
    ),
    "what an attention looks at": (
        "self.m = nn.MultiheadAttention(4, 2, batch_first=True)",
        "out, looks = self.m(x, x[:, :3], x[:, :3])\nreturn torch.cat([out, looks], -1)",
        (5, 4),
    ),
    "joined with nothing": ("self.l = nn.Linear(3, 5)", "return torch.cat([torch.tensor([]), self.l(x)], 1)", (4, 3)),
    "a norm by its function": (
        "self.w, self.b = nn.Parameter(torch.ones(3)), nn.Parameter(torch.zeros(3))",
        "return F.group_norm(x, 1, self.w, self.b)",
        (3, 4, 5),
    ),
}

# What torch runs and is not read: each would be counted otherwise than torch does.
REFUSED: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "a bias of a layer that is called": ("self.fc = nn.Linear(8, 8)", "return self.fc(x) + self.fc.bias", (5, 8)),
    "layers in a list": ("self.l = [nn.Linear(3, 3)]", "return self.l[0](x)", (3,)),
    "parameters in a list": ("self.l = [nn.Parameter(torch.zeros(3))]", "return x * self.l[0]", (3,)),
}


def module_of(made: str, runs: str) -> str:
    """A class with these lines in its two methods."""
    return (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        + indent(made, " " * 8)
        + "\n    def forward(self, x):\n"
        + indent(runs, " " * 8)
        + "\n"
    )


def drawn(rng: random.Random) -> tuple[str, str, tuple[int, ...]]:
    """A network for images, with its layers in one of several styles."""
    channels, size = rng.choice([1, 3, 4]), rng.choice([12, 15, 17])
    shape = (channels, size, size + rng.choice([0, 3]))
    lines, calls = [], []
    for i in range(rng.randint(1, 4)):
        out, k = rng.choice([4, 6, 8]), rng.choice([1, 2, 3])
        groups = rng.choice([1, 1, 2]) if channels % 2 == 0 else 1
        stride, bias = rng.choice([1, 1, 2]), rng.choice([True, False])
        arguments = f"{channels}, {out}, {k}, stride={stride}, padding={k // 2}, groups={groups}, bias={bias}"
        lines.append((f"conv{i}", f"nn.Conv2d({arguments})"))
        if rng.random() < 0.5:
            lines.append((f"norm{i}", rng.choice([f"nn.BatchNorm2d({out})", f"nn.GroupNorm(2, {out})"])))
        lines.append((f"act{i}", rng.choice(["nn.ReLU(inplace=True)", "nn.PReLU()", "nn.GELU()", "nn.Dropout(0.1)"])))
        channels = out
    style = rng.choice(["sequential", "attributes", "list", "residual"])
    classes = rng.randint(2, 9)
    if style == "sequential":
        body = "self.body = nn.Sequential(\n" + indent(",\n".join(call for _, call in lines), "    ") + "\n)"
        calls = ["x = self.body(x)"]
    elif style == "list":
        items = ", ".join(call for _, call in lines)
        body = f"self.body = nn.ModuleList([{items}])"
        calls = ["for layer in self.body:", "    x = layer(x)"]
    else:
        body = "\n".join(f"self.{name} = {call}" for name, call in lines)
        calls = [f"x = self.{name}(x)" for name, _ in lines]
    if style == "residual":
        body += f"\nself.side = nn.Conv2d({channels}, {channels}, 1)"
        calls.append("x = x + self.side(x) if x.shape[1] % 2 == 0 else x")
    body += f"\nself.head = nn.Linear({channels}, {classes})"
    pooled = rng.choice(
        [
            "F.adaptive_avg_pool2d(x, 1).flatten(1)",
            "x.mean([2, 3])",
            "x.flatten(2).mean(-1)",
            "torch.amax(x, dim=(2, 3))",
        ]
    )
    calls.append(f"return self.head({pooled})")
    return module_of(body, "\n".join(calls)), "Net()", shape
