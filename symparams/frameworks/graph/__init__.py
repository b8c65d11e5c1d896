"""Networks as graphs of operations on tensors, grown one operation at a time, and written as programs."""
