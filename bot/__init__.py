"""The Telegram bot that names garments in photos."""
