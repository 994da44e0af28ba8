"""The one place that knows a models folder: card, history, live version, probe."""
