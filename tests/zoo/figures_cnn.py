"""The figures of the convolutional networks, counted on the frameworks' own models.

    python tests/zoo/figures_cnn.py           writes figures_cnn.json again
    python tests/zoo/figures_cnn.py --check   prints what differs from it, and writes nothing

Models stand on the meta device, so no memory and no weights are needed. A case from another framework than the
network's dialect has the trainable parameters alone, which both count alike.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("KERAS_BACKEND", "torch")

FILE = Path(__file__).with_name("figures_cnn.json")

Figures = dict[str, Any]
NO_STAGES: Mapping[str, str] = {}


class Case(NamedTuple):
    """A network of the zoo with the values put in, and the model of a framework that it equals."""

    net: str
    values: dict[str, Any]
    source: str
    model: Callable[[], Any]
    image: tuple[int, int, int] = (3, 224, 224)
    stages: Mapping[str, str] = NO_STAGES  # rows of symparams, and the modules of the model that put out the same
    published: int | None = None


def by_hand() -> Iterator[Case]:
    """The models of reference_models, with the totals that torchvision and the papers publish."""
    import reference_models as reference

    odd = {"H": 203, "W": 231}  # where it matters how a window at the edge is treated

    def case(
        net: str, published: int | None, side: int = 224, rows: str = "", channels: int = 3, **values: Any
    ) -> Case:
        arguments = {name: value for name, value in values.items() if name not in ("H", "W")}
        build = getattr(reference, net)
        if net == "mobilenet_v3":
            arguments["size"] = "large" if arguments.pop("large", True) else "small"
        if net == "shufflenet_v2":
            build, arguments = reference.shufflenet_v2, {"width": SHUFFLENET[values.get("c", 116)]}
        stages = {row.split("=")[0]: row.split("=")[-1] for row in rows.split()}
        source = "tests/zoo/reference_models"
        image = (channels, values.get("H", side), values.get("W", side))
        return Case(net, values, source, lambda: build(**arguments), image, stages, published)

    yield case("lenet5", 61_706, 32, "C1 S2 C3 S4 C5 F6", 1)
    yield case("lenet5_original", None, 32, "C1 S2 C3 S4 C5 F6", 1)
    rows = "conv1 pool1 conv2 pool2 conv3 conv4 conv5 pool5 fc6 fc7"
    yield case("alexnet", 61_100_840, 224, rows)
    yield case("alexnet", 61_100_840, 224, rows, **odd)
    yield case("alexnet_groups", 60_965_224, 227, rows)
    rows = "stage1 stage2 stage3 stage4 stage5 fc6 fc7"
    for depth, plain, batchnorm in [
        (11, 132_863_336, 132_868_840),
        (13, 133_047_848, 133_053_736),
        (16, 138_357_544, 138_365_992),
        (19, 143_667_240, 143_678_248),
    ]:
        yield case("vgg", plain, 224, rows, depth=depth)
        yield case("vgg", batchnorm, 224, rows, depth=depth, batchnorm=True)
    yield case("vgg", 138_357_544, 224, rows, **odd)
    rows = "conv1 pool1 conv2 pool2 pool3 pool4 " + " ".join(reference.GOOGLENET)
    yield case("googlenet", 6_624_904, 224, rows)
    yield case("googlenet", 13_004_888, 224, rows, aux=True)
    yield case("googlenet", 13_004_888, 224, rows, aux=True, **odd)
    rows = "stem1 stem2 A1 A2 A3 B1=B C1 C2 C3 grid17=C4 D1=D E1 E2"
    yield case("inception_v3", 23_834_568, 299, rows)
    yield case("inception_v3", 27_161_264, 299, rows, aux=True)
    yield case("inception_v3", 23_834_568, 299, rows, **odd)
    rows = "conv1 pool1 stage1 stage2 stage3 stage4"
    for depth, published in [
        (18, 11_689_512),
        (34, 21_797_672),
        (50, 25_557_032),
        (101, 44_549_160),
        (152, 60_192_808),
    ]:
        yield case("resnet", published, 224, rows, depth=depth)
    yield case("resnet", 25_557_032, 224, rows, **odd)
    yield case("wide_resnet", 68_883_240, 224, rows)
    yield case("wide_resnet", 126_886_696, 224, rows, depth=101)
    yield case("resnext", 25_028_904, 224, rows)
    yield case("resnext", 88_791_336, 224, rows, depth=101, d=8)
    yield case("resnext", 83_455_272, 224, rows, depth=101, cardinality=64)
    rows = "conv1 pool1 dense_block1 transition1 dense_block2 transition2 dense_block3 transition3 dense_block4"
    yield case("densenet", 7_978_856, 224, rows)
    yield case("densenet", 28_681_000, 224, rows, depth=161, k=48)
    yield case("densenet", 14_149_480, 224, rows, depth=169)
    yield case("densenet", 20_013_928, 224, rows, depth=201)
    yield case("densenet", 7_978_856, 224, rows, **odd)
    rows = "conv1 pool1 fire2 fire3 fire4 fire5 fire6 fire7 fire8 fire9 pool2 pool3 conv10"
    yield case("squeezenet", 1_248_424, 224, rows)
    yield case("squeezenet", 1_235_496, 224, rows, version=1.1)
    yield case("squeezenet", 1_248_424, 224, rows, **odd)
    rows = "conv1 stage1 stage2 stage3 stage4 stage5 stage6 stage7 conv2"
    yield case("mobilenet_v2", 3_504_872, 224, rows)
    yield case("mobilenet_v2", 1_968_680, 224, rows, α=0.5)
    yield case("mobilenet_v2", 3_504_872, 224, rows, **odd)
    rows = "conv1 conv2 fc1 fc2 " + " ".join(f"bneck{i}" for i in range(1, 12))
    yield case("mobilenet_v3", 5_483_032, 224, rows + " bneck12 bneck13 bneck14 bneck15")
    yield case("mobilenet_v3", 2_542_856, 224, rows, large=False)
    yield case("mobilenet_v3", None, 224, rows + " bneck12 bneck13 bneck14 bneck15", α=0.75)
    rows = "conv1 pool1 stage2 stage3 stage4 conv5"
    yield case("shufflenet_v2", 1_366_792, 224, rows, c=48)
    yield case("shufflenet_v2", 2_278_604, 224, rows)
    yield case("shufflenet_v2", 3_503_624, 224, rows, c=176)
    yield case("shufflenet_v2", 7_393_996, 224, rows, c=244, last=2048)
    yield case("shufflenet_v2", 2_278_604, 224, rows, **odd)
    rows = "conv1 stage1 stage2 stage3 stage4 stage5 stage6 stage7 conv2"
    totals = [5_288_548, 7_794_184, 9_109_994, 12_233_232, 19_341_616, 30_389_784, 43_040_704, 66_347_960]
    for b, (published, side) in enumerate(zip(totals, [224, 240, 260, 300, 380, 456, 528, 600])):
        yield case("efficientnet", published, side, rows, b=b)
    rows = "down1 down2 down3 down4 down5 upconv4 up4 upconv3 up3 upconv2 up2 upconv1 up1"
    yield case("unet", None, 572, rows, 1)
    yield case("unet", None, 256, rows, 1, p=1, H=256, W=256)


SHUFFLENET = {48: 0.5, 116: 1.0, 176: 1.5, 244: 2.0}


def of_transformers() -> Iterator[Case]:
    import transformers as hf
    from reference_models import BLOCKS

    for depth, blocks in BLOCKS.items():
        small = {"layer_type": "basic", "hidden_sizes": [64, 128, 256, 512]} if depth < 50 else {}
        config = hf.ResNetConfig(depths=list(blocks), num_labels=1000, **small)
        stages = {f"stage{i + 1}": f"resnet.encoder.stages.{i}" for i in range(4)} | {"pool1": "resnet.embedder"}
        source = "transformers.ResNetForImageClassification"
        yield Case(
            "resnet", {"depth": depth}, source, lambda c=config: hf.ResNetForImageClassification(c), stages=stages
        )
    for c, b, published in [
        (96, 9, 28_589_128),
        (96, 27, 50_223_688),
        (128, 27, 88_591_464),
        (192, 27, 197_767_336),
        (256, 27, 350_196_968),
    ]:
        config = hf.ConvNextConfig(hidden_sizes=[c, 2 * c, 4 * c, 8 * c], depths=[3, 3, b, 3], num_labels=1000)
        stages = {f"stage{i + 1}": f"convnext.encoder.stages.{i}" for i in range(4)} | {"stem": "convnext.embeddings"}
        yield Case(
            "convnext",
            {"C": c, "B": b},
            "transformers.ConvNextForImageClassification",
            lambda c=config: hf.ConvNextForImageClassification(c),
            stages=stages,
            published=published,
        )
    config = hf.MobileNetV2Config(num_labels=1000)
    source = "transformers.MobileNetV2ForImageClassification"
    yield Case("mobilenet_v2", {}, source, lambda: hf.MobileNetV2ForImageClassification(config))


def of_keras() -> Iterator[Case]:
    from keras import applications

    odd = {"H": 203, "W": 231}

    def case(
        net: str, model: str, rows: str = "", side: int = 224, published: int | None = None, **values: Any
    ) -> Case:
        arguments: dict[str, Any] = {}
        image = (values.get("H", side), values.get("W", side), 3)
        if "H" in values:
            arguments["input_shape"] = image
        if "α" in values:
            arguments["alpha"] = values["α"]
        stages = dict(row.split("=") for row in rows.split())
        build = getattr(applications, model)
        source = f"keras.applications.{model}"
        return Case(net, values, source, lambda: build(weights=None, **arguments), image, stages, published)

    for depth, c3, c4 in [(50, 4, 6), (101, 4, 23), (152, 8, 36)]:
        rows = f"conv1=conv1_conv pool1=pool1_pool stage1=conv2_block3_out stage2=conv3_block{c3}_out"
        rows += f" stage3=conv4_block{c4}_out stage4=conv5_block3_out"
        yield case("resnet50v2", f"ResNet{depth}V2", rows, depth=depth)
        if depth == 50:
            yield case("resnet50v2", "ResNet50V2", rows, **odd)
    rows = "conv1=conv1_relu " + " ".join(f"separable_block{i}=conv_pw_{j}_relu" for i, j in MOBILENET_ROWS)
    yield case("mobilenet_v1", "MobileNet", rows, published=4_253_864)
    yield case("mobilenet_v1", "MobileNet", rows, **odd)
    yield case("mobilenet_v1", "MobileNet", rows, α=0.25, H=128, W=128)
    yield case("mobilenet_v1", "MobileNet", rows, α=0.5, H=128, W=128)
    rows = "conv1=block1_conv1_act conv2=block1_conv2_act down1=add down2=add_1 down3=add_2 middle1=block12_sepconv3_bn"
    rows += " down4=add_11 separable_bn1=block14_sepconv1_bn separable_bn2=block14_sepconv2_bn"
    yield case("xception", "Xception", rows, 299, 22_910_480)
    yield case("xception", "Xception", rows, **odd)
    # networks of the dialect torch: the trainable parameters
    yield case("vgg", "VGG16", depth=16)
    yield case("vgg", "VGG19", depth=19)
    for depth in (121, 169, 201):
        yield case("densenet", f"DenseNet{depth}", depth=depth)
    yield case("mobilenet_v2", "MobileNetV2")
    yield case("mobilenet_v2", "MobileNetV2", α=1.4)
    yield case("mobilenet_v3", "MobileNetV3Large")
    yield case("mobilenet_v3", "MobileNetV3Small", large=False)
    for b in range(8):
        yield case("efficientnet", f"EfficientNetB{b}", b=b)
    for model, c, b in [("Tiny", 96, 9), ("Small", 96, 27), ("Base", 128, 27), ("Large", 192, 27), ("XLarge", 256, 27)]:
        yield case("convnext", f"ConvNeXt{model}", C=c, B=b)


MOBILENET_ROWS = [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 11), (8, 12), (9, 13)]
KERAS_NETS = ("resnet50v2", "mobilenet_v1", "xception")


def count_torch(case: Case) -> Figures:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        model = case.model().eval()
        found: dict[str, list[int]] = {}

        def note(row: str) -> Callable[..., None]:
            def hook(module: Any, inputs: Any, output: Any) -> None:
                found[row] = list(getattr(output, "last_hidden_state", output).shape[1:])

            return hook

        for row, module in case.stages.items():
            model.get_submodule(module).register_forward_hook(note(row))
        with FlopCounterMode(display=False) as counter:
            output = model(torch.empty(1, *case.image))
    params = sum(p.numel() for p in model.parameters())
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return {
        "params": params,
        "trainable": trainable,
        "non_trainable": params - trainable,
        "state": sum(b.numel() for name, b in model.named_buffers() if not name.endswith("num_batches_tracked")),
        "macs": counter.get_total_flops() // 2,
        "output": list(getattr(output, "logits", output).shape[1:]),
        "stages": {row: found[row] for row in case.stages},
    }


def count_keras(case: Case) -> Figures:
    import keras
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    keras.backend.clear_session()
    with keras.device("meta"):
        model = case.model()
    trainable = sum(prod(weight.shape) for weight in model.trainable_weights)
    if case.net not in KERAS_NETS:
        return {"trainable": trainable, "output": list(model.output.shape[1:])}
    with keras.device("meta"), FlopCounterMode(display=False) as counter:
        model(torch.empty(1, *case.image, device="meta"))
    state = [w for layer in model.layers for w in layer.weights if w.name in ("moving_mean", "moving_variance")]
    return {
        "params": model.count_params(),
        "trainable": trainable,
        "non_trainable": model.count_params() - trainable,
        "state": sum(prod(weight.shape) for weight in state),
        "macs": counter.get_total_flops() // 2,
        "output": list(model.output.shape[1:]),
        "stages": {row: list(model.get_layer(name).output.shape[1:]) for row, name in case.stages.items()},
    }


def figures(case: Case) -> Figures:
    """One entry of the file, counted anew."""
    counted = (count_keras if case.source.startswith("keras.") else count_torch)(case)
    entry = {"net": case.net, "set": case.values, "source": case.source}
    return entry | ({"published": case.published} if case.published else {}) | counted


def cases() -> Iterator[Case]:
    yield from by_hand()
    yield from of_transformers()
    yield from of_keras()


def main() -> None:
    counted = [figures(case) for case in cases()]
    if "--check" in sys.argv:
        known = json.loads(FILE.read_text(encoding="utf-8"))
        for entry in counted:
            if entry not in known:
                print("differs:", json.dumps(entry, ensure_ascii=False))
        sys.exit(counted != known)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in counted)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for entry in counted:
        values = ",".join(f"{name}={value}" for name, value in entry["set"].items())
        wrong = entry.get("published", entry.get("params")) != entry.get("params")
        params = entry.get("params", entry["trainable"])
        print(f"{entry['net']:18} {values:26} {params:>12,} {'!!' * wrong} {entry['source']}")


if __name__ == "__main__":
    main()
