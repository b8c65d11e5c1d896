"""What `torch` and its modules offer to the code that is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import divide, is_symbolic, multiply, total
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import GraphOperation, in_words
from .code_objects import MISSING, Namespace, Native, PyClass, PyObject, Unknown
from .code_tensors import FUNCTIONS, CodeParameter, CodeTensor, _cat, _stack, lifted
from .torch_layers import in_code
from .torch_modules import TorchModules

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
}
_INERT = ("relu", "silu", "gelu", "softmax", "log_softmax", "dropout", "dropout2d", "glu")


def torch_modules(modules: TorchModules) -> dict[str, Callable[[str], Any]]:
    """The modules of torch by name, each as a function that finds a name in it."""
    program, interpreter = modules.program, modules.interpreter

    def computed(*sizes: Any, **named: Any) -> Any:
        shape = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes
        if any(isinstance(s, Unknown) for s in shape):
            return Unknown("a tensor of sizes that are not known")
        return CodeTensor(program, None, named.get("size") or shape)

    def filled(size: Any, *value: Any, **named: Any) -> Any:
        return computed(size)

    def like(tensor: Any, *ignored: Any, **named: Any) -> Any:
        return tensor if isinstance(tensor, Unknown) else CodeTensor(program, None, tensor.sizes)

    def places(*ends: Any, **named: Any) -> Any:
        values = [e for e in ends if not isinstance(e, Unknown)]
        if len(values) < len(ends) or not values:
            return Unknown("torch.arange")
        start, stop, step = (
            (0, values[0], 1) if len(values) == 1 else (values[0], values[1], values[2] if len(values) > 2 else 1)
        )
        length = (
            total((stop, multiply(-1, start)))
            if not isinstance(start, float) and not isinstance(stop, float)
            else int(stop - start)
        )
        if step != 1:
            length = divide(length, step) if is_symbolic(length) else -(-int(str(length)) // step)
        return CodeTensor(program, None, (length,))

    def tensor(values: Any = (), **named: Any) -> Any:
        shape: list[int] = []
        while isinstance(values, (list, tuple, range)):
            shape.append(len(values))
            values = values[0] if len(values) else None
        return values if isinstance(values, Unknown) else CodeTensor(program, None, shape)

    def parameter(data: Any = None, requires_grad: Any = True) -> Any:
        if isinstance(data, Unknown):
            raise data.fault("a parameter is made of a value")
        if not isinstance(data, CodeTensor):
            raise SymparamsError("a parameter without a shape is not read")
        made = CodeParameter(program, data.sizes)
        made.trained = bool(requires_grad) if not isinstance(requires_grad, Unknown) else True
        return made

    def as_layer(name: str) -> Callable[..., Any]:
        _, spelling = modules.library.spelling(name, "torch")
        parameters = [p.name for p in spelling.parameters]
        counted = {p.name for p in spelling.parameters if p.kind}

        def work(x: Any, *values: Any, **named: Any) -> Any:
            if not isinstance(x, CodeTensor):
                return x
            given = {**dict(zip(parameters, values)), **named}
            if "dim" in given and isinstance(given["dim"], int) and given["dim"] < 0:
                given.pop("dim")
            words = [
                f"{k}={in_code(v, name, k)}"
                for k, v in given.items()
                if k in counted and not (v is None or k in ("dim", "_stacklevel"))
            ]
            if x.node is None and not isinstance(x, CodeParameter):
                return x
            changes = not modules.library.is_activation(modules.library.calls[name]["torch"]) and "ropout" not in name
            if not changes:
                return x.after(
                    GraphOperation(
                        f"nn.{name}",
                        tuple(words)
                        if name not in ("Softmax", "LogSoftmax", "Dropout", "Dropout2d", "Dropout1d", "Dropout3d")
                        else (),
                    ),
                    x.sizes,
                )
            made = x.after(GraphOperation(f"nn.{name}", tuple(words)), ())
            return modules.results(name, PyObject(modules.module), x, made)

        return work

    def linear(x: Any, weight: Any, bias: Any = None) -> Any:
        if not isinstance(weight, CodeParameter):
            raise SymparamsError("a linear map by a tensor that is no parameter is not read")
        out = weight.sizes[0]
        key = object() if weight.owner is not None else weight
        if weight.owner is not None:
            modules.tied[key] = weight.owner
        made = x.after(
            GraphOperation("linear", (in_words(out), "bias=true" if bias is not None else "bias=false")), (), key
        )
        return modules.results("Linear", PyObject(modules.module), x, made)

    def convolution(
        x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Any = 1
    ) -> Any:
        if not isinstance(weight, CodeParameter):
            raise SymparamsError("a convolution by a tensor that is no parameter is not read")
        owner: Any = weight.owner if weight.owner is not None else weight
        words = [
            in_words(weight.sizes[0]),
            in_code(tuple(weight.sizes[2:]), "conv", "k"),
            f"s={in_code(stride, 'conv', 's')}",
            f"p={in_code(padding, 'conv', 'p').strip(chr(34))}",
            f"d={in_code(dilation, 'conv', 'd')}",
            f"g={in_words(groups)}",
            f"bias={'true' if bias is not None else 'false'}",
        ]
        made = x.after(GraphOperation("conv", tuple(words)), (), owner)
        return modules.results("Conv", PyObject(modules.module), x, made)

    def interpolate(x: CodeTensor, size: Any = None, scale_factor: Any = None, **named: Any) -> Any:
        axes = len(x.sizes) - 2
        if size is not None:
            sizes = tuple(size) if isinstance(size, (tuple, list)) else (size,) * axes
            words = (f"size={in_code(sizes, 'interpolate', 'size')}",)
        else:
            words = (f"scale_factor={in_code(scale_factor, 'interpolate', 'scale_factor')}",)
        made = x.after(GraphOperation("nn.Upsample", words), ())
        return modules.results("Upsample", PyObject(modules.module), x, made)

    def pad(x: CodeTensor, pad: Any = (), mode: Any = "constant", value: Any = 0) -> Any:
        sizes = list(x.sizes)
        amounts = list(pad)
        front = []
        for place in range(0, len(amounts), 2):
            axis = len(sizes) - 1 - place // 2
            sizes[axis] = total((sizes[axis], amounts[place], amounts[place + 1]))
            front.append(axis)
        if x.node is None or all(a == 0 for a in amounts):
            return x.like(None if x.node is None else x.node, sizes)
        if len(x.sizes) - len(front) != 2 or any(isinstance(a, int) and a < 0 for a in amounts):
            raise SymparamsError("padding of other axes than those of an image is not read")
        pairs = [(amounts[i], amounts[i + 1]) for i in range(0, len(amounts), 2)][::-1]
        words = f"({', '.join(f'({in_words(a)}, {in_words(b)})' for a, b in pairs)}{',' * (len(pairs) == 1)})"
        return x.after(GraphOperation("zeropad", (words,)), sizes)

    def attention(query: Any, key: Any, value: Any, *more: Any, **named: Any) -> Any:
        scores = combining.multiplied(query, shaping.swapped(key, -1, -2))
        return combining.multiplied(scores, value)

    def layer_norm(x: Any, shape: Any = None, weight: Any = None, bias: Any = None, eps: Any = 0) -> Any:
        if weight is None:
            return x
        words = (str(len(shape)),) if isinstance(shape, (tuple, list)) and len(shape) > 1 else ()
        made = x.after(GraphOperation("layernorm", words), (), weight.owner if weight.owner is not None else weight)
        return modules.results("LayerNorm", PyObject(modules.module), x, made)

    def einsum(equation: Any, *tensors: Any) -> Any:
        raise SymparamsError("torch.einsum is not read yet", None, "write it as a matrix product")

    def embedding(x: Any, weight: Any, **named: Any) -> Any:
        key: Any = object() if weight.owner is not None else weight
        if weight.owner is not None:
            modules.tied[key] = weight.owner
        made = x.after(GraphOperation("embedding", tuple(map(in_words, weight.sizes))), (), key)
        return modules.results("Embedding", PyObject(modules.module), x, made)

    functional: dict[str, Any] = {
        name: Native(as_layer(layer), name)
        for name, layer in _AS_LAYERS.items()
        if "torch" in modules.library.calls.get(layer, {})
    }
    functional.update(
        linear=Native(linear),
        conv1d=Native(convolution),
        conv2d=Native(convolution),
        conv3d=Native(convolution),
        interpolate=Native(interpolate),
        upsample=Native(interpolate),
        pad=Native(pad),
        embedding=Native(embedding),
        scaled_dot_product_attention=Native(attention),
        layer_norm=Native(layer_norm),
        normalize=Native(lambda x, *a, **k: x),
        alpha_dropout=Native(lambda x, *a, **k: x),
        one_hot=Native(lambda x, n: x.like(None, (*x.sizes, n))),
    )
    identity = Native(lambda value=None, *a, **k: value)
    decorating = Native(lambda *a, **k: identity)
    table: dict[str, Any] = {name: lifted(work) for name, work in FUNCTIONS.items() if not name.endswith("_")}
    table.update(
        {
            name: functional[name]
            for name in (
                "relu",
                "sigmoid",
                "tanh",
                "softmax",
                "log_softmax",
                "dropout",
                "conv2d",
                "conv1d",
                "selu",
                "celu",
            )
            if name in functional
        }
    )
    for name in ["zeros", "ones", "empty", "rand", "randn", "randint"]:
        table[name] = Native(computed, name)
    for name in ["zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "full_like", "bernoulli"]:
        table[name] = Native(like, name)
    no_grad = Native(lambda *a: a[0] if a else identity)
    table.update(
        cat=Native(_cat),
        concat=Native(_cat),
        concatenate=Native(_cat),
        stack=Native(_stack),
        full=Native(filled),
        arange=Native(places),
        linspace=Native(lambda a, b, n=None, *r, steps=None, **k: CodeTensor(program, None, (steps or n,))),
        tensor=Native(tensor),
        eye=Native(lambda n, m=None, **k: CodeTensor(program, None, (n, m or n))),
        einsum=Native(einsum),
        Tensor=PyClass("Tensor", (), {}),
        no_grad=no_grad,
        inference_mode=no_grad,
        compile=identity,
        addmm=Native(lambda bias, a, b: combining.multiplied(a, b)),
        baddbmm=Native(lambda bias, a, b, **k: combining.multiplied(a, b)),
        is_tensor=Native(lambda x: isinstance(x, CodeTensor)),
        Size=interpreter.builtins["tuple"],
        FloatTensor=Native(computed),
        LongTensor=Native(tensor),
        manual_seed=Native(lambda *a: None),
        device=Native(lambda *a: Unknown("a device")),
    )
    init_names = Namespace("torch.nn.init", lambda word: Native(lambda value=None, *a, **k: value, word))
    parameters = Namespace("torch.nn.parameter", lambda w: Native(parameter) if w == "Parameter" else MISSING)
    nn_names = {
        "functional": Namespace("torch.nn.functional", lambda word: functional.get(word, MISSING)),
        "init": init_names,
        "Parameter": Native(parameter, "Parameter"),
        "parameter": parameters,
        "Buffer": identity,
    }
    utils = Namespace(
        "torch.nn.utils", lambda w: Native(lambda m, *a, **k: m, w) if "norm" in w and "clip" not in w else MISSING
    )
    nn_names["utils"] = utils
    nn = Namespace("torch.nn", lambda word: nn_names.get(word, MISSING) if word in nn_names else modules.get(word))
    cuda = Namespace("torch.cuda", lambda word: Native(lambda *a: False) if word == "is_available" else MISSING)
    jit = Namespace(
        "torch.jit",
        lambda word: (
            Native(lambda *a: False)
            if word == "is_scripting"
            else identity
            if word in ("script", "ignore", "unused", "export")
            else Native(lambda *a: False)
            if word == "is_tracing"
            else MISSING
        ),
    )
    fx = Namespace("torch.fx", lambda w: identity if w == "wrap" else MISSING)
    table.update(
        nn=nn,
        cuda=cuda,
        jit=jit,
        fx=fx,
        utils=Namespace(
            "torch.utils",
            lambda w: (
                Namespace(
                    "torch.utils.checkpoint",
                    lambda v: (
                        Native(lambda f, *a, **k: interpreter.call(f, list(a), {})) if v == "checkpoint" else MISSING
                    ),
                )
                if w == "checkpoint"
                else MISSING
            ),
        ),
    )
    backends = Namespace("torch.backends", lambda w: Namespace("mps", lambda v: Native(lambda: False)))
    table["backends"] = backends
    torchvision_stochastic = PyClass(
        "StochasticDepth",
        (modules.module,),
        {"__init__": Native(lambda m, *a, **k: None), "forward": Native(lambda m, x: x)},
    )
    misc: dict[str, Any] = {
        "StochasticDepth": torchvision_stochastic,
        "DropPath": torchvision_stochastic,
        "_log_api_usage_once": Native(lambda *a: None),
        "stochastic_depth": identity,
        "trunc_normal_": identity,
    }
    del decorating
    checkpoint: Namespace = table["utils"].get("checkpoint")
    return {
        "torch": lambda word: table.get(word, MISSING),
        "torch.nn": nn.get,
        "torch.nn.functional": lambda word: functional.get(word, MISSING),
        "torch.nn.init": init_names.get,
        "torch.nn.parameter": parameters.get,
        "torch.nn.utils": utils.get,
        "torch.fx": fx.get,
        "torch.jit": jit.get,
        "torch.utils.checkpoint": checkpoint.get,
        "timm.layers": lambda word: misc.get(word, MISSING),
        "timm.models.layers": lambda word: misc.get(word, MISSING),
        "torchvision.ops.stochastic_depth": lambda word: misc.get(word, MISSING),
        "torchvision.ops": lambda word: misc.get(word, MISSING),
        "misc": lambda word: misc.get(word, MISSING),
        "torch.modules": lambda word: modules.get(word),
    }
