"""The page inside Telegram (a Mini App): 25 test images to tap, and a pad to draw on, answered by the live model.

Threats: strangers who call it without Telegram (every answer asks for ``initData``, which Telegram signs for the bot
and which is good for an hour), people who ask too often (a limit for each), bodies that fill the memory, foreign pages
that frame it or make a visitor's browser call it (there are no cookies; only Telegram's pages may frame it).

The web server mounts :func:`bot.web_app.routes.make_web_app` at ``/app``; the playground does the same.
"""
