"""The names in emitted programs: from one allocator, so that none hides another or what Python and torch have."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from unicodedata import normalize

# What a torch module has already, and what the program around it speaks of. A Keras program sets no attributes.
_TORCH = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
    extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory
    state_dict to to_empty train training type xpu zero_grad self super torch nn Tensor math re
"""
_KERAS = "keras layers Own Padded build"
RESERVED = {
    target: frozenset([*keyword.kwlist, *keyword.softkwlist, *names.split()])
    for target, names in (("torch", _TORCH), ("keras", _KERAS))
}


class AllocatedNames:
    """Gives each thing of an emitted program a name that no other has; `reserved` are those that nothing may have."""

    def __init__(self, reserved: Iterable[str]):
        self.taken = set(reserved)
        self.given: dict[str, int] = {}

    def give(self, label: str | None, kind: str) -> str:
        """The label where it is free, else the label or the kind with a number."""
        base = normalize("NFKC", re.sub(r"\W+", "_", (label or kind).rstrip("]")))
        if base.startswith("_"):
            base = f"{kind}{base}"
        name = base
        if label is None or base in self.taken:
            name = self.numbered(base)
        self.taken.add(name)
        self.given.setdefault(base, 1)
        return name

    def numbered(self, base: str) -> str:
        while (name := f"{base}{self.given.get(base, 0) + 1}") in self.taken:
            self.given[base] = self.given.get(base, 0) + 1
        self.given[base] = self.given.get(base, 0) + 1
        return name
