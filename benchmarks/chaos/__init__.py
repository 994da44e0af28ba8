"""The whole bot while processes are killed and servers go away: ``make chaos``."""
