"""The networks, their conversion to TFLite, and the operators that both interpreters have."""
