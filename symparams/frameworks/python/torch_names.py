"""What `torch` and its modules offer to the code that is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from . import einops_names
from .code_modules import OF_OTHER_PACKAGES
from .code_objects import Native, PyClass, Unknown
from .code_tensors import CodeTensor
from .known_tensors import lifted
from .numpy_names import numpy_names
from .python_modules import finder
from .tensor_functions import FUNCTIONS, concatenated, meshed, stacked
from .torch_functions import TorchFunctions
from .torch_modules import TorchModules
from .torch_norms import norms

# Functions of torch.nn.functional that are layers, by the name of the layer and the arguments that they share.
_AS_LAYERS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "hardtanh": "Hardtanh",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "glu": "GLU",
    "dropout": "Dropout",
    "dropout2d": "Dropout2d",
    "dropout1d": "Dropout1d",
    "dropout3d": "Dropout3d",
    "logsigmoid": "LogSigmoid",
    "celu": "CELU",
    "max_pool1d": "MaxPool1d",
    "max_pool2d": "MaxPool2d",
    "max_pool3d": "MaxPool3d",
    "avg_pool1d": "AvgPool1d",
    "avg_pool2d": "AvgPool2d",
    "avg_pool3d": "AvgPool3d",
    "adaptive_avg_pool1d": "AdaptiveAvgPool1d",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
    "adaptive_avg_pool3d": "AdaptiveAvgPool3d",
    "adaptive_max_pool1d": "AdaptiveMaxPool1d",
    "adaptive_max_pool2d": "AdaptiveMaxPool2d",
    "pixel_shuffle": "PixelShuffle",
    "pixel_unshuffle": "PixelUnshuffle",
    "channel_shuffle": "ChannelShuffle",
    "unfold": "Unfold",
    "local_response_norm": "LocalResponseNorm",
    "lp_pool1d": "LPPool1d",
    "lp_pool2d": "LPPool2d",
}
# Those that stand in `torch` itself as well.
_COMPUTED = ("zeros", "ones", "empty", "rand", "randn", "randint", "FloatTensor")
_LIKE = ("zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "full_like", "bernoulli")
_BARE = ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "dropout", "conv1d", "conv2d", "conv3d", "selu", "celu")

# Modules of torch.nn.modules, each of which has some of the layers.
_PARTS_OF_NN = tuple(
    f".{part}"
    for part in """activation batchnorm container conv dropout flatten fold instancenorm linear loss module
    normalization padding pixelshuffle pooling rnn sparse transformer upsampling""".split()  # noqa: SIM905
)

_IDENTITY = Native(lambda value=None, *a, **k: value, "identity")
_NEVER = Native(lambda *a, **k: False, "never")
_WITHOUT_GRADIENT = Native(lambda *a: a[0] if a else _IDENTITY, "no_grad")


def torch_modules(modules: TorchModules) -> dict[str, Callable[[str], Any]]:
    """The modules of torch by name, each as a function that finds a name in it."""
    program, interpreter = modules.program, modules.interpreter
    functions = TorchFunctions(modules)
    functional: dict[str, Any] = {
        name: functions.as_layer(layer)
        for name, layer in _AS_LAYERS.items()
        if "torch" in modules.library.calls.get(layer, {})
    }
    functional.update(
        linear=Native(functions.linear),
        **{f"conv{n}d": Native(functions.convolution(n)) for n in (1, 2, 3)},
        **{f"conv_transpose{n}d": Native(functions.transposed_convolution(n)) for n in (1, 2, 3)},
        interpolate=Native(functions.interpolate),
        upsample=Native(functions.interpolate),
        pad=Native(functions.pad),
        affine_grid=Native(functions.grid),
        grid_sample=Native(functions.sampled),
        gumbel_softmax=lifted(program, "gumbel_softmax", FUNCTIONS["gumbel_softmax"]),
        cosine_similarity=lifted(program, "cosine_similarity", FUNCTIONS["cosine_similarity"]),
        embedding=Native(functions.embedding),
        scaled_dot_product_attention=Native(functions.attention),
        layer_norm=Native(functions.layer_norm),
        **norms(functions),
        normalize=Native(lambda x, *a, **k: x),
        alpha_dropout=Native(lambda x, *a, **k: x),
        one_hot=Native(lambda x, n: x.like(None, (*x.sizes, n))),
    )
    bare: dict[str, Any] = {
        name: lifted(program, name, work) for name, work in FUNCTIONS.items() if not name.endswith("_")
    }
    bare.update({name: functional[name] for name in _BARE})
    bare.update({name: Native(functions.computed, name) for name in _COMPUTED})
    bare.update({name: Native(functions.like, name) for name in _LIKE})
    bare.update(
        cat=Native(concatenated),
        concat=Native(concatenated),
        concatenate=Native(concatenated),
        hstack=Native(lambda several: concatenated(several, min(len(several[0].sizes) - 1, 1))),
        stack=Native(stacked),
        meshgrid=Native(meshed, "meshgrid"),
        **einops_names.products(),
        full=Native(functions.filled),
        arange=Native(functions.places),
        linspace=Native(functions.spread, "linspace"),
        **dict.fromkeys(("tensor", "as_tensor", "from_numpy"), Native(functions.tensor)),
        LongTensor=Native(functions.tensor),
        eye=Native(lambda n, m=None, **k: CodeTensor(program, None, (n, m or n))),
        addmm=Native(lambda bias, a, b: combining.combined("add", combining.multiplied(a, b), bias)),
        baddbmm=Native(lambda bias, a, b, **k: combining.combined("add", combining.multiplied(a, b), bias)),
        is_tensor=Native(lambda x: isinstance(x, CodeTensor)),
        Tensor=PyClass("Tensor", (), {}),
        Size=interpreter.builtins["tuple"],
        no_grad=_WITHOUT_GRADIENT,
        inference_mode=_WITHOUT_GRADIENT,
        compile=_IDENTITY,
        manual_seed=Native(lambda *a: None),
        device=Native(lambda *a: Unknown("a device")),
    )

    parameter = {"Parameter": Native(functions.parameter, "Parameter")}
    of_modules = {**parameter, "Buffer": _IDENTITY, "DataParallel": _IDENTITY}
    same = modules.get("Identity")
    dropped_path = PyClass(
        "StochasticDepth",
        (modules.module,),
        {"__init__": Native(lambda m, *a, **k: None), "forward": Native(lambda m, x: x)},
    )
    quantized = PyClass(
        "FloatFunctional",
        (modules.module,),
        {
            **{name: Native(lambda m, *v, work=bare[name]: work.work(*v), name) for name in ("add", "mul", "cat")},
            "add_relu": Native(lambda m, *v: functional["relu"].work(bare["add"].work(*v))),
        },
    )
    stochastic = {"StochasticDepth": dropped_path, "DropPath": dropped_path, "stochastic_depth": _IDENTITY}
    others = {**stochastic, "_log_api_usage_once": Native(lambda *a: None), "trunc_normal_": _IDENTITY}

    def unpacked(x: Any, batch_first: Any = False, *more: Any, **named: Any) -> Any:
        in_front = getattr(x, "batch_axis", None) == 0
        return (x if in_front == bool(batch_first) else shaping.swapped(x, 0, 1)), Unknown("how long sequences are")

    normed = {
        "spectral_norm": _IDENTITY,
        "weight_norm": Native(modules.with_norm_of_weight, "weight_norm"),
        "remove_weight_norm": Native(modules.without_norm_of_weight, "remove_weight_norm"),
    }
    tuples = {
        f"{before}{name}": Native(lambda value, n=n: value if isinstance(value, (tuple, list)) else (value,) * n)
        for n, words in enumerate((("single",), ("pair", "2tuple"), ("triple", "3tuple"), ("quadruple", "4tuple")), 1)
        for name in words
        for before in ("_", "to_")
    }
    others.update(tuples)
    tables: dict[str, dict[str, Any]] = {
        "torch": bare,
        "torch.nn.functional": functional,
        "torch.nn.parameter": parameter,
        "torch.autograd": {"Variable": _IDENTITY},
        "torch.nn.utils": normed,
        "torch.nn.utils.rnn": {
            "pack_padded_sequence": Native(lambda x, *a, **k: x, "pack_padded_sequence"),
            "pad_packed_sequence": Native(unpacked, "pad_packed_sequence"),
        },
        "torch.nn.utils.parametrizations": normed,
        "torch.cuda": {"is_available": _NEVER},
        "torch.backends.mps": {"is_available": _NEVER},
        "torch.jit": {
            **dict.fromkeys(("is_scripting", "is_tracing"), _NEVER),
            **dict.fromkeys(("script", "ignore", "unused", "export"), _IDENTITY),
        },
        "torch.fx": {"wrap": _IDENTITY},
        **{f"torch.{place}": {"QuantStub": same, "DeQuantStub": same} for place in ("quantization", "ao.quantization")},
        **{f"torch.{place}": {"FloatFunctional": quantized} for place in ("nn.quantized", "ao.nn.quantized")},
        **{f"torch.{place}": {} for place in ("ao", "ao.nn")},
        **einops_names.modules(modules),
        "numpy": numpy_names(program, interpreter),
        "torch.utils.checkpoint": {"checkpoint": Native(lambda f, *a, **k: interpreter.call(f, list(a), {}))},
        "torch.backends": {},
        "torch.utils": {},
        **dict.fromkeys(("timm.layers", "timm.models.layers", "torchvision.ops.stochastic_depth"), others),
        **dict.fromkeys(("torchvision.ops", OF_OTHER_PACKAGES), others),
    }
    return {
        **{name: finder(table) for name, table in tables.items()},
        "torch.nn": lambda word: of_modules[word] if word in of_modules else modules.get(word),
        **{f"torch.nn.modules{part}": modules.get for part in ("", *_PARTS_OF_NN)},
        "torch.nn.modules.utils": finder(tuples),
        "torch.nn.init": lambda word: _IDENTITY,
    }
