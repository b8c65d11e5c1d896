"""Figures compiled to Python: functions of numbers and of whole NumPy arrays, exact in both."""
