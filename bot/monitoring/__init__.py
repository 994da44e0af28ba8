"""How the bot is: figures, health, and what admins are told without asking."""
