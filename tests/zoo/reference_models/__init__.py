"""The convolutional networks that neither keras.applications nor transformers has, as torchvision and the papers build
them. The children of a model are its stages and bear the names of the rows that symparams prints."""

from .inception import GOOGLENET, googlenet, inception_v3
from .mobile import efficientnet, mobilenet_v2, mobilenet_v3, shufflenet_v2, squeezenet
from .plain import alexnet, alexnet_groups, lenet5, lenet5_original, vgg
from .residual import BLOCKS, densenet, resnet, resnext, unet, wide_resnet

__all__ = [
    "BLOCKS",
    "GOOGLENET",
    "alexnet",
    "alexnet_groups",
    "densenet",
    "efficientnet",
    "googlenet",
    "inception_v3",
    "lenet5",
    "lenet5_original",
    "mobilenet_v2",
    "mobilenet_v3",
    "resnet",
    "resnext",
    "shufflenet_v2",
    "squeezenet",
    "unet",
    "vgg",
    "wide_resnet",
]
