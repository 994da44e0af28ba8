"""What a bot costs that does nothing: it downloads each photo and sends a fixed picture back.

Run by :mod:`benchmarks.serving.load`, with BOT_TOKEN, BOT_API_URL and PICTURE (a file) in the environment.
"""

import os
from pathlib import Path

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

PICTURE = Path(os.environ["PICTURE"]).read_bytes()


async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        await (await update.message.photo[-1].get_file()).download_as_bytearray()
        await update.message.reply_photo(PICTURE, do_quote=True)


url = os.environ["BOT_API_URL"]
builder = Application.builder().token(os.environ["BOT_TOKEN"]).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
application = builder.concurrent_updates(True).build()
application.add_handler(MessageHandler(filters.PHOTO, answer))
application.run_polling()
