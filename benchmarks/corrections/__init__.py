"""What people's corrections bring: 30 people correct 300 garments, and the bot is refreshed."""
