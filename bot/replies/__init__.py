"""What a reply says and shows, in both languages.

Knows nothing of handlers, stores or the network; only the keyboards import Telegram's types. Texts without blanks come
from :mod:`~bot.replies.texts`; everything with numbers or names from a function of :mod:`~bot.replies.messages` or
:mod:`~bot.replies.captions` (HTML, at most 1024 characters). :mod:`~bot.replies.cards` draws the pictures (JPEG bytes),
:mod:`~bot.replies.keyboards` makes the buttons, and :mod:`~bot.replies.callback_data` what they carry.
"""
