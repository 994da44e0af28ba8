"""Ten thousand photos through the whole bot while the network, Telegram and files fail: ``make soak``."""
