"""Pictures of a network: where its parameters are, and the graph of its layers."""
