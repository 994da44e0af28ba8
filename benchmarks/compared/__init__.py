"""What the bot is compared with; run by interpreters of other virtual environments, which have none of our code."""
