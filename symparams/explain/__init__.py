"""Why a network has as many parameters as it has: what they depend on, and of which tensors they are made."""
