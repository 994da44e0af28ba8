"""What the bot does when somebody writes, sends a photo or taps a button: one file for each conversation.

A handler is a coroutine of a message or a tap: a method of a class whose fields are the services that it needs, or a
function where it needs none. :mod:`bot.conversations` makes them, :mod:`bot.routing` lists them all. The main story
is :mod:`~bot.handlers.photos`.
"""
