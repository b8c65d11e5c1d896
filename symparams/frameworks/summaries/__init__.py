"""What Keras and torchinfo print about a model, read as networks."""
