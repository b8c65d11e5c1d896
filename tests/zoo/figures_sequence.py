"""Figures of the zoo's sequence networks, from the frameworks' own model code on torch's meta device.

    python tests/zoo/figures_sequence.py            what the frameworks give beside what symparams gives
    python tests/zoo/figures_sequence.py --write    the same, and write figures_sequence.json anew

Nothing is downloaded: every model is built from its configuration, without values. Tensors are counted by shape,
without the sizes of 1; what is kept fused (query, key and value in one) or transposed is listed in its parts. State is
what the model saves in buffers of real numbers. `macs` is half of what torch's FlopCounterMode counts, attention being
written out in matrix products.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("figures_sequence.json")

Shape = tuple[int, ...]
Inputs = dict[str, tuple[Shape, str]]


class Model(NamedTuple):
    """A model's class, in transformers where it has a configuration, else in reference_sequences.py."""

    name: str
    configuration: str | None
    settings: dict[str, Any]

    def __str__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        if self.configuration:
            return f"transformers.{self.name}({self.configuration}({settings}))"
        return f"reference_sequences.{self.name}({settings})"

    def build(self) -> Any:
        if not self.configuration:
            import reference_sequences

            return getattr(reference_sequences, self.name)(**self.settings)
        import transformers

        configuration = getattr(transformers, self.configuration)(**self.settings)
        configuration._attn_implementation = "eager"
        configuration._experts_implementation = "batched_mm"
        return getattr(transformers, self.name)(configuration)


def whole(name: str, shape: Shape) -> list[Shape]:
    return [shape]


class Case(NamedTuple):
    """A network of the zoo with values set, its model, the model's inputs and the output that is meant.

    `parts` gives the tensors that symparams has for a tensor of the model.
    """

    name: str
    values: dict[str, Any]
    model: Model
    inputs: Inputs
    output: str | None = "logits"
    parts: Callable[[str, Shape], list[Shape]] = whole


def ids(*names: str, length: int) -> Inputs:
    return dict.fromkeys(names, ((length,), "long"))


def fused(count: int, *endings: str) -> Callable[[str, Shape], list[Shape]]:
    """The parts of tensors that hold `count` equal ones, one after the other along the first axis."""

    def parts(name: str, shape: Shape) -> list[Shape]:
        return [(shape[0] // count, *shape[1:])] * count if name.endswith(endings) else [shape]

    return parts


def gpt2_parts(name: str, shape: Shape) -> list[Shape]:
    """GPT-2 keeps its matrices transposed, and query, key and value in one."""
    turned = tuple(reversed(shape)) if ".c_" in name else shape
    return fused(3, "c_attn.weight", "c_attn.bias")(name, turned)


def renamed(values: dict[str, Any], **names: str) -> dict[str, Any]:
    """Our parameters by the framework's names."""
    return {names[name]: value for name, value in values.items() if name in names}


def cases() -> Iterator[Case]:
    yield from images()
    yield from encoders_and_decoders()
    yield from encoders()
    yield from decoders()
    yield from recurrent()


def images() -> Iterator[Case]:
    picture: Inputs = {"pixel_values": ((3, 224, 224), "float")}
    words = {"L": "num_hidden_layers", "D": "hidden_size", "k": "num_attention_heads", "h": "num_attention_heads"}
    vits: list[dict[str, Any]] = [
        {},
        {"D": 384, "k": 6},
        {"L": 24, "D": 1024, "k": 16},
        {"L": 32, "D": 1280, "k": 16, "P": 14},
    ]
    for values in vits:
        settings = renamed(values, **words, P="patch_size") | {"intermediate_size": 4 * values.get("D", 768)}
        model = Model("ViTForImageClassification", "ViTConfig", {**settings, "num_labels": 1000})
        yield Case("vit", values, model, picture)
    for values in [{}, {"D": 384, "h": 6}, {"D": 192, "h": 3}]:
        settings = renamed(values, **words) | {"intermediate_size": 4 * values.get("D", 768)}
        model = Model("DeiTForImageClassificationWithTeacher", "DeiTConfig", {**settings, "num_labels": 1000})
        yield Case("deit", values, model, picture)
    for values in [{}, {"L": 18}, {"C": 128, "L": 18}, {"C": 192, "L": 18}]:
        C, L = values.get("C", 96), values.get("L", 6)
        settings = {"embed_dim": C, "depths": [2, 2, L, 2], "num_heads": [C // 32 * 2**i for i in range(4)]}
        model = Model("SwinForImageClassification", "SwinConfig", {**settings, "num_labels": 1000})
        yield Case("swin", values, model, picture)


def encoders_and_decoders() -> Iterator[Case]:
    base = {"N": 6, "d_model": 512, "d_ff": 2048, "h": 8, "V": 37000}
    for values in [{}, {"tied": False}, {"d_model": 1024, "d_ff": 4096, "h": 16}]:
        parts = fused(3, "in_proj_weight", "in_proj_bias")
        inputs = ids("source", "target", length=512)
        yield Case("transformer", values, Model("Transformer", None, base | values), inputs, None, parts)

    words = {"L": "num_layers", "d": "d_model", "h": "num_heads", "d_kv": "d_kv", "d_ff": "d_ff"}
    t5s: list[dict[str, Any]] = [
        {},
        {"L": 12, "d": 768, "h": 12, "d_ff": 3072},
        {"L": 24, "d": 1024, "h": 16, "d_ff": 4096},
        {"L": 24, "d": 1024, "h": 32, "d_kv": 128, "d_ff": 16384},
        {"L": 24, "d": 1024, "h": 128, "d_kv": 128, "d_ff": 65536},
    ]
    for values in t5s:
        model = Model("T5ForConditionalGeneration", "T5Config", renamed(values, **words))
        yield Case("t5", values, model, ids("input_ids", "decoder_input_ids", length=512))

    sizes = [(4, 384, 6), (6, 512, 8), (12, 768, 12), (24, 1024, 16), (32, 1280, 20)]
    for L, d, h in sizes:
        settings = {"d_model": d}
        for side in ("encoder", "decoder"):
            settings |= {f"{side}_layers": L, f"{side}_attention_heads": h, f"{side}_ffn_dim": 4 * d}
        model = Model("WhisperForConditionalGeneration", "WhisperConfig", settings)
        inputs: Inputs = {"input_features": ((80, 3000), "float"), **ids("decoder_input_ids", length=448)}
        yield Case("whisper", {} if d == 384 else {"L": L, "d": d, "h": h}, model, inputs)


def encoders() -> Iterator[Case]:
    roberta = {"vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1}
    for large in ({}, {"L": 24, "H": 1024, "A": 16}):
        settings = renamed(large, L="num_hidden_layers", H="hidden_size", A="num_attention_heads")
        settings |= {"intermediate_size": 4096} if large else {}
        inputs = ids("input_ids", "token_type_ids", length=512)
        yield Case("bert", large, Model("BertModel", "BertConfig", settings), inputs, "pooler_output")
        values = {**large, "V": 50265, "P": 514, "S": 1}
        model = Model("RobertaModel", "RobertaConfig", {**settings, **roberta})
        yield Case("bert", values, model, inputs, "pooler_output")

    model = Model("DistilBertModel", "DistilBertConfig", {})
    yield Case("distilbert", {}, model, ids("input_ids", length=512), "last_hidden_state")

    for values in [{}, {"d": 768, "h": 12}]:
        settings = renamed(values, d="hidden_size", h="num_attention_heads")
        if values:
            settings |= {"intermediate_size": 3072, "projection_dim": 768}
        model = Model("CLIPTextModelWithProjection", "CLIPTextConfig", settings)
        yield Case("clip_text", values, model, ids("input_ids", length=77), "text_embeds")


def decoders() -> Iterator[Case]:
    gpts: list[dict[str, Any]] = [
        {},
        {"L": 24, "d": 1024, "h": 16},
        {"L": 36, "d": 1280, "h": 20},
        {"L": 48, "d": 1600, "h": 25},
    ]
    for values in gpts:
        model = Model("GPT2LMHeadModel", "GPT2Config", renamed(values, L="n_layer", d="n_embd", h="n_head"))
        yield Case("gpt2", values, model, ids("input_ids", length=1024), parts=gpt2_parts)

    words = {
        "L": "num_hidden_layers",
        "d": "hidden_size",
        "h": "num_attention_heads",
        "g": "num_key_value_heads",
        "f": "intermediate_size",
        "V": "vocab_size",
    }
    llamas: list[dict[str, Any]] = [
        {},
        {"L": 40, "d": 5120, "h": 40, "f": 13824},
        {"L": 80, "d": 8192, "h": 64, "g": 8, "f": 28672},
    ]
    for values in llamas:
        model = Model("LlamaForCausalLM", "LlamaConfig", renamed(values, **words))
        yield Case("llama2", values, model, ids("input_ids", length=4096))
    for values in [{}, {"L": 56, "d": 6144, "h": 48, "f": 16384}]:
        model = Model("MixtralForCausalLM", "MixtralConfig", renamed(values, **words))
        yield Case("mixtral", values, model, ids("input_ids", length=4096))

    pythias: list[dict[str, Any]] = [
        {},
        {"L": 6, "d": 512, "h": 8},
        {"L": 24, "d": 1024, "h": 16},
        {"L": 16, "d": 2048, "h": 8},
        {"L": 24, "d": 2048, "h": 16},
        {"L": 32, "d": 2560, "h": 32},
        {"L": 32, "d": 4096, "h": 32, "V": 50432},
        {"L": 36, "d": 5120, "h": 40, "V": 50688},
        {"L": 44, "d": 6144, "h": 64, "V": 50432},
    ]
    for values in pythias:
        settings = renamed({"L": 12, "d": 768, "h": 12, "V": 50304} | values, **words)
        settings |= {"intermediate_size": 4 * settings["hidden_size"]}
        parts = fused(3, "query_key_value.weight", "query_key_value.bias")
        model = Model("GPTNeoXForCausalLM", "GPTNeoXConfig", settings)
        yield Case("gpt_neox", values, model, ids("input_ids", length=2048), parts=parts)


def recurrent() -> Iterator[Case]:
    for values in [{}, {"d": 1500, "p": 0.65}]:
        model = Model("LanguageModel", None, {"L": 2, "d": values.get("d", 650), "V": 10000})
        yield Case("lstm_lm", values, model, ids("words", length=35), None)

    sizes = {"n": 1000, "m": 620, "n_a": 1000, "l": 500, "K_x": 30000, "K_y": 30000}
    yield Case("seq2seq", {}, Model("RNNsearch", None, sizes), ids("source", "target", length=50), None)


# What they give


def of_framework(case: Case) -> dict[str, Any]:
    import torch

    with torch.device("meta"):
        model = case.model.build().eval()
    tensors: Counter[Shape] = Counter()
    trainable = non_trainable = 0
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            trainable += parameter.numel()
        else:
            non_trainable += parameter.numel()
        tensors.update(map(without_ones, case.parts(name, tuple(parameter.shape))))
    saved = model.state_dict()
    buffers = [buffer for name, buffer in model.named_buffers() if name in saved and buffer.is_floating_point()]
    output, macs = run(case, model)
    return {
        "name": case.name,
        "set": case.values,
        "params": trainable + non_trainable,
        "trainable": trainable,
        "non_trainable": non_trainable,
        "state": sum(buffer.numel() for buffer in buffers),
        "output": output,
        "macs": macs,
        "tensors": listed(tensors),
        "source": str(case.model),
    }


def run(case: Case, model: Any) -> tuple[list[int], int]:
    """The shape of the output for one input, and half the operations that torch counts on the way."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    inputs = {
        name: torch.zeros(1, *shape, dtype=getattr(torch, kind), device="meta")
        for name, (shape, kind) in case.inputs.items()
    }
    with torch.no_grad(), torch.device("meta"), FlopCounterMode(display=False) as counter:
        result = model(**inputs)
    output = getattr(result, case.output) if case.output else result
    return list(output.shape[1:]), counter.get_total_flops() // 2


def of_symparams(name: str, values: dict[str, Any]) -> dict[str, Any]:
    import symparams

    net = symparams.load(f"zoo:{name}")(**values)
    own_parts = fused(3, "query_key_value", "query_key_value_bias")
    tensors: Counter[Shape] = Counter()
    for layer in net.layers.values():
        for tensor in layer.tensors:
            if tensor.kind == "weight" and not tensor.tied:
                for part in own_parts(tensor.name, tensor.shape):
                    tensors[without_ones(part)] += layer.count
    return {
        "name": name,
        "set": values,
        "params": net.params,
        "trainable": net.trainable,
        "non_trainable": net.non_trainable,
        "state": net.state,
        "output": list(net.output),
        "macs": net.macs,
        "tensors": listed(tensors),
    }


def without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def listed(tensors: Counter[Shape]) -> list[list[Any]]:
    return sorted([list(shape), count] for shape, count in tensors.items())


def stored() -> list[dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> int:
    found, wrong = [], 0
    for case in cases():
        figures, own = of_framework(case), of_symparams(case.name, case.values)
        found.append(figures)
        different = [key for key in own if own[key] != figures[key]]
        wrong += bool(different)
        print(
            f"{case.name:12}{figures['params']:>16,}  {'equal' if not different else 'DIFFERENT'}  {case.values or ''}"
        )
        for key in different:
            print(f"    {key}: framework {figures[key]}, symparams {own[key]}")
    if "--write" in sys.argv:
        lines = ",\n".join(json.dumps(figures, ensure_ascii=False) for figures in found)
        FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    elif found != stored():
        print(f"{FILE.name} does not say the same")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
