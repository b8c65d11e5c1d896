"""Summaries of a network that Keras, torchinfo and torchsummary print, as programs."""
