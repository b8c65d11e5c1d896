"""What is made of the networks in the folder beside this file, what flows in, and what symbols may stand in them."""

from __future__ import annotations

from typing import NamedTuple

Shape = tuple[int, ...]


class NetworkCase(NamedTuple):
    """A network by what makes it.

    `inputs` are the shapes of its inputs without the batch, several times; `words` are the names of those that are
    whole numbers. `freed` makes it with symbols, of which `values` are some.
    """

    file: str
    made: str
    inputs: list[dict[str, Shape]]
    words: tuple[str, ...] = ()
    freed: str = ""
    values: tuple[dict[str, int], ...] = ()
    needs: str = "torch"


def images(*sizes: int, channels: int = 3, name: str = "x") -> list[dict[str, Shape]]:
    return [{name: (channels, size, size)} for size in sizes]


def steps(*counts: int, name: str = "x") -> list[dict[str, Shape]]:
    return [{name: (count,)} for count in counts]


TORCH_NETWORKS = [
    NetworkCase("small_gpt.py", "GPT(GPTConfig())", steps(9, 20, name="idx"), ("idx",),
                "GPT(GPTConfig(n_embd=4*d, vocab_size=v))", ({"d": 3, "v": 11}, {"d": 5, "v": 7})),
    NetworkCase("small_gpt.py", "GPT(GPTConfig(bias=False, n_layer=1))", steps(5, 6, name="idx"), ("idx",)),
    NetworkCase("patch_transformer.py",
                "ViT(image_size=16, patch_size=4, num_classes=5, dim=24, depth=2, heads=3, mlp_dim=40)",
                images(16, 16, name="img"), (),
                "ViT(image_size=16, patch_size=4, num_classes=n, dim=d, depth=2, heads=3, mlp_dim=m, pool='mean')",
                ({"n": 3, "d": 8, "m": 5}, {"n": 2, "d": 12, "m": 7}), "einops"),
    NetworkCase("wavenet.py", "WaveNet()", steps(40, 57), ("x",), "WaveNet(layers=3, res=r, skip=s)",
                ({"r": 4, "s": 6}, {"r": 8, "s": 5})),
    NetworkCase("temporal_convolutions.py", "TCN(5, [8, 8, 12], 3)", [{"x": (5, 30)}, {"x": (5, 17)}], (),
                "TCN(5, [a, b, b], 3)", ({"a": 4, "b": 6}, {"a": 6, "b": 9})),
    NetworkCase("temporal_convolutions.py", "TCN(5, [8, 12], 3, norm=True)", [{"x": (5, 30)}, {"x": (5, 17)}]),
    NetworkCase("point_net.py", "PointNetCls()", [{"x": (3, 30)}, {"x": (3, 44)}], (), "PointNetCls(k, 2*w)",
                ({"k": 3, "w": 4}, {"k": 4, "w": 6})),
    NetworkCase("generators.py", "Generator()", [{"input": (20, 1, 1)}, {"input": (20, 2, 3)}], (),
                "Generator(1, 20, g, c)", ({"g": 4, "c": 1}, {"g": 6, "c": 3})),
    NetworkCase("generators.py", "Discriminator()", images(16, 16), (), "Discriminator(d)", ({"d": 4}, {"d": 5})),
    NetworkCase("generators.py", "ResnetGenerator()", images(16, 24, name="input"), (),
                "ResnetGenerator(ngf=g, output_nc=o)", ({"g": 4, "o": 2}, {"g": 6, "o": 1})),
    NetworkCase("generators.py", "instance_generator()", images(16, 20, name="input")),
    NetworkCase("generators.py", "VAE()", images(32, 32, channels=1, name="input"), (), "VAE(latent_dim=z)",
                ({"z": 4}, {"z": 7})),
    NetworkCase("attention_in_images.py", "SEResNet()", images(16, 21), (), "SEResNet(width=4*w, num_classes=n)",
                ({"w": 2, "n": 3}, {"w": 3, "n": 4})),
    NetworkCase("attention_in_images.py", "CBAMNet()", images(16, 23), (), "CBAMNet(4*c)", ({"c": 3}, {"c": 5})),
    NetworkCase("attention_in_images.py", "CBAMNet(pool_types=('avg', 'max', 'lp'))", images(16, 20)),
    NetworkCase("attention_in_images.py", "AttU_Net()", images(16, 24), (), "AttU_Net(w=2*w)", ({"w": 2}, {"w": 5})),
    NetworkCase("sequences.py", "translator()", steps(6, 9, name="src"), ("src",), "translator(v, w)",
                ({"v": 10, "w": 6}, {"v": 13, "w": 8})),
    NetworkCase("sequences.py", "TextCNN()", steps(9, 14, name="text"), ("text",), "TextCNN(v, d, n)",
                ({"v": 10, "d": 5, "n": 3}, {"v": 8, "d": 6, "n": 2})),
    NetworkCase("sequences.py", "Siamese()", [{"input1": (1, 16, 16), "input2": (1, 16, 16)}], (), "Siamese(w)",
                ({"w": 3}, {"w": 5})),
    NetworkCase("sequences.py", "SentimentLSTM()", steps(7, 11, name="text"), ("text",), "SentimentLSTM(v, e, h)",
                ({"v": 10, "e": 5, "h": 3}, {"v": 8, "e": 6, "h": 2})),
    NetworkCase("sequences.py", "SentimentLSTM(bidirectional=False)", steps(7, 11, name="text"), ("text",)),
    NetworkCase("sequences.py", "CaptionDecoder()",
                [{"features": (20,), "captions": (6,)}, {"features": (20,), "captions": (9,)}], ("captions",),
                "CaptionDecoder(e, h, v)", ({"e": 5, "h": 3, "v": 9}, {"e": 6, "h": 2, "v": 8})),
    NetworkCase("sequences.py", "ConformerBlock()", [{"x": (9, 16)}, {"x": (13, 16)}], (),
                "ConformerBlock(4*d, 4, m)", ({"d": 4, "m": 2}, {"d": 4, "m": 3})),
    NetworkCase("image_classifiers.py", "DenseNet()", images(16, 25), (), "DenseNet(g, num_init_features=2*f)",
                ({"g": 4, "f": 5}, {"g": 6, "f": 3})),
    NetworkCase("image_classifiers.py", "MLPMixer()", images(16, 16), (), "MLPMixer(dim=d, token_dim=t)",
                ({"d": 5, "t": 3}, {"d": 6, "t": 4})),
    NetworkCase("image_classifiers.py", "ConvNeXt()", images(16, 32), (), "ConvNeXt(dims=(a, b))",
                ({"a": 4, "b": 6}, {"a": 5, "b": 3})),
    NetworkCase("image_classifiers.py", "ConvNeXt(use_checkpoint=True, drop_path_rate=0.)", images(16, 32)),
    NetworkCase("image_classifiers.py", "Shuffling.build(channels=8)", images(12, 15)),
    NetworkCase("fields.py", "NeRF()", [{"x": (6,)}, {"x": (5, 6)}], (), "NeRF(W=2*w)", ({"w": 4}, {"w": 7})),
    NetworkCase("fields.py", "NeRF(use_viewdirs=False)", [{"x": (6,)}, {"x": (3, 6)}]),
    NetworkCase("fields.py", "DiffusionUnet()", [{"x": (3, 16, 16), "time": ()}, {"x": (3, 8, 20), "time": ()}], (),
                "DiffusionUnet(8*d)", ({"d": 1}, {"d": 2})),
    NetworkCase("fields.py", "GCN(5, 8, 3)", [{"x": (6, 5), "adj": (6, 6)}, {"x": (9, 5), "adj": (9, 9)}], (),
                "GCN(5, h, n)", ({"h": 4, "n": 2}, {"h": 3, "n": 6})),
    NetworkCase("fields.py", "ArcMargin()", images(9, 12), (), "ArcMargin(f, n)", ({"f": 4, "n": 3}, {"f": 5, "n": 2})),
    NetworkCase("fields.py", "VectorQuantizer()", images(8, 12), (), "VectorQuantizer(n, e)",
                ({"n": 5, "e": 3}, {"n": 7, "e": 4})),
    NetworkCase("fields.py", "MoE()", [{"x": (8,)}, {"x": (4, 8)}], (), "MoE(8, 3, 1)", ({},)),
]  # fmt: skip

IMAGE = [{"x": (32, 32, 3)}, {"x": (23, 28, 3)}]
KERAS_NETWORKS = [
    NetworkCase("keras_networks.py", "inception()", [{"x": (32, 32, 3)}], (), "inception(classes=n, w=w)",
                ({"n": 3, "w": 4}, {"n": 2, "w": 5})),
    NetworkCase("keras_networks.py", "inception((41, 38, 3), blocks=1)", [{"x": (41, 38, 3)}]),
    NetworkCase("keras_networks.py", "ResNet()", IMAGE, (), "ResNet(width=w, num_classes=n)",
                ({"w": 4, "n": 3}, {"w": 5, "n": 2})),
    NetworkCase("keras_networks.py", "text_classifier()", [{"x": (20,)}], ("x",), "text_classifier(9, v, d, h, f)",
                ({"v": 5, "d": 4, "h": 2, "f": 7}, {"v": 6, "d": 5, "h": 3, "f": 3})),
    NetworkCase("keras_networks.py", "tickets()", [{"title": (9,), "body": (9,), "tags": (12,)}], ("title", "body"),
                "tickets(t, w, d)", ({"t": 5, "w": 9, "d": 3}, {"t": 6, "w": 4, "d": 2})),
    NetworkCase("keras_networks.py", "mlp_of_linears()", [{"x": (10,)}], (), "mlp_of_linears(f, 2*h)",
                ({"f": 5, "h": 4}, {"f": 3, "h": 7})),
    NetworkCase("keras_networks.py", "unet()", [{"x": (32, 32, 1)}], (), "unet(16, 4*b, n)",
                ({"b": 1, "n": 3}, {"b": 2, "n": 4})),
    NetworkCase("keras_networks.py", "Encoder()", [{"x": (6,), "condition": (3,)}], (), "Encoder(u, l)",
                ({"u": 5, "l": 4}, {"u": 3, "l": 2})),
    NetworkCase("keras_networks.py", "conv_lstm_text()", [{"x": (12,)}], ("x",), "conv_lstm_text(v, 12, u)",
                ({"v": 5, "u": 4}, {"v": 7, "u": 2})),
    NetworkCase("keras_networks.py", "wide_and_deep()", [{"wide": (7,), "deep": (7,)}], (), "wide_and_deep(f, 3, w)",
                ({"f": 5, "w": 4}, {"f": 7, "w": 2})),
    NetworkCase("keras_networks.py", "transfer()", [{"x": (16, 16, 3)}], (), "transfer(n)", ({"n": 5}, {"n": 7})),
]  # fmt: skip
