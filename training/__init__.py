"""How an admin makes and refreshes the model: ``python -m training``."""
