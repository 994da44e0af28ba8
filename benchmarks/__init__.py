"""What the bot is worth: how fast, how small, how right. `make bench` runs all of it."""
