"""A tiny python-telegram-bot bot that uses what the real one uses, for testing the server and its page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReplyParameters,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from telegram_playground import Playground
from tests.telegram_playground.pictures import picture

Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> None:
    await update.effective_message.reply_html(
        "<b>你好！</b>傳一張衣服的照片給我。\n試試 /sample 或 <a href='https://example.org'>說明</a>。\n"
        "<blockquote>引用的一段</blockquote><code>1 &lt; 2 &amp; 3</code>"
    )


async def gallery(update: Update, context: Context) -> None:
    rows = [
        [InlineKeyboardButton(f"{5 * r + c + 1}", callback_data=f"v1:n:{5 * r + c}") for c in range(5)]
        for r in range(5)
    ]
    await update.effective_message.reply_photo(
        picture(1000, 1000, "navy"), caption="25 張", reply_markup=InlineKeyboardMarkup(rows)
    )


async def photo(update: Update, context: Context) -> None:
    message = update.effective_message
    await message.set_reaction("👀")
    await message.reply_chat_action("upload_photo")
    file = await (message.photo[-1] if message.photo else message.document).get_file()
    data = bytes(await file.download_as_bytearray())
    buttons = [
        [
            InlineKeyboardButton("👍 對", callback_data="v1:right"),
            InlineKeyboardButton("更正", callback_data="v1:wrong"),
        ],
        [
            InlineKeyboardButton("為什麼", callback_data="v1:why"),
            InlineKeyboardButton("說明", url="https://example.org"),
        ],
    ]
    await message.reply_photo(
        picture(1280, 800, "slategray"),
        caption=f"<b>T恤/上衣</b> 92.1 %\n檔案 {len(data)} bytes <i>&lt;script&gt;</i>",
        parse_mode="HTML",
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
        reply_markup=InlineKeyboardMarkup(buttons),
    )


async def tapped(update: Update, context: Context) -> None:
    query = update.callback_query
    if query.data == "v1:right":
        await query.answer("謝謝你告訴我")
    elif query.data == "v1:wrong":
        await query.answer("只有傳照片的人可以更正。", show_alert=True)
    elif query.data == "v1:why":
        await query.answer()
        await query.edit_message_media(
            InputMediaPhoto(picture(1280, 800, "firebrick"), caption="因為領口"),
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("返回", callback_data="v1:back")]]),
        )
    else:
        await query.answer()
        await query.edit_message_caption(f"第 {query.data} 號", reply_markup=query.message.reply_markup)


async def offered(update: Update, context: Context) -> None:
    query = update.inline_query
    words = InputTextMessageContent(f"第 {query.query} 張")
    await query.answer([InlineQueryResultArticle("1", f"測試圖片 {query.query}", words, description="十類之一")])


async def share(update: Update, context: Context) -> None:
    buttons = [[InlineKeyboardButton("分享", switch_inline_query="42")]]
    await update.effective_message.reply_text("給你", reply_markup=InlineKeyboardMarkup(buttons))


async def quotations(update: Update, context: Context) -> None:
    await update.effective_message.reply_html(
        "<blockquote expandable>短的</blockquote>\n<blockquote expandable>一\n二\n三\n四</blockquote>"
    )


async def anything_else(update: Update, context: Context) -> None:
    message = update.effective_message
    kinds = ("sticker", "voice", "video", "live_photo", "location", "contact", "poll")
    await message.reply_text(f"收到 {next((kind for kind in kinds if getattr(message, kind)), '?')}")


async def text(update: Update, context: Context) -> None:
    message = update.effective_message
    elsewhere = "，回覆的是別處的照片" if message.external_reply and message.external_reply.photo else ""
    await message.reply_text(f"你說：{message.text}{elsewhere}", do_quote=True)


@asynccontextmanager
async def small_bot(playground: Playground) -> AsyncIterator[Application]:
    """The bot, polling the playground."""
    application = (
        Application.builder()
        .token(playground.token)
        .base_url(f"{playground.api_url}/bot")
        .base_file_url(f"{playground.api_url}/file/bot")
        .build()
    )
    application.add_handlers(
        [
            CommandHandler("start", start),
            CommandHandler("gallery", gallery),
            CommandHandler("share", share),
            CommandHandler("quotations", quotations),
            CallbackQueryHandler(tapped),
            InlineQueryHandler(offered),
            MessageHandler(filters.VIA_BOT, lambda update, context: asyncio.sleep(0)),
            MessageHandler(filters.PHOTO | filters.Document.ALL, photo),
            MessageHandler(filters.TEXT, text),
            MessageHandler(filters.ALL, anything_else),
        ]
    )
    async with application:
        await application.bot.set_my_commands(
            [("start", "開始"), ("sample", "看一張測試圖片"), ("gallery", "25 張測試圖片")]
        )
        await application.bot.set_my_commands([("start", "Start"), ("sample", "A test image")], language_code="en")
        await application.bot.set_my_description("傳一張衣服的照片，我會說出它是什麼、有多確定,以及我看到了什麼。")
        await application.start()
        await application.updater.start_polling(timeout=5)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()
