"""Layers that torch itself does not have, against the models of Hugging Face's transformers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from oracle import Draw, compare, demand

torch = demand("torch")
demand("transformers")

from oracle import Case  # noqa: E402
from torch_cases import look, values  # noqa: E402
from transformers import MixtralConfig  # noqa: E402
from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock  # noqa: E402

from symparams.frameworks.torch_parts import Experts  # noqa: E402


@given(data=st.data())
def test_mixture_of_experts_is_that_of_mixtral(data: st.DataObject) -> None:
    d = Draw(data)
    shape, experts, ff = d.shape(2, 2), d.number(1, 5), d.number(1, 6)
    active = d.number(1, experts + d.rarely())
    sizes = {"hidden_size": shape[-1], "intermediate_size": ff, "num_attention_heads": 1, "num_key_value_heads": 1}

    def make() -> tuple[object, tuple[object, ...]]:
        config = MixtralConfig(**sizes, num_local_experts=experts, num_experts_per_tok=active)
        return MixtralSparseMoeBlock(config), (values(*shape),)

    arguments = {"experts": experts, "active": active, "ff": ff}
    compare(Case("moe", arguments, shape, make), "torch", look, {"Experts": Experts})
