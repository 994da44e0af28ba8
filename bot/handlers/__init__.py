"""What the bot does when somebody writes, sends a photo or taps a button: one file for each conversation.

Handlers are plain coroutines of the shared :class:`~bot.handlers.services.Services` and a message or a tap;
:mod:`bot.app` lists them all. The main story is :mod:`~bot.handlers.photos`.
"""
