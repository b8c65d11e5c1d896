"""Networks out of ONNX files: their graphs of operators, read by the onnx package."""
