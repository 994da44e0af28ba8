"""Say /forget and yes."""

from bot.replies.callback_data import Forget, encode
from telegram_playground import Chat, Message, Playground


async def forget(playground: Playground, chat: Chat) -> Message:
    """What the bot says when everything of the chat's owner is deleted."""
    question = await playground.next_from_bot(await playground.send_text(chat, "/forget"), timeout=30)
    asked = question.text
    await playground.answer_of(await playground.tap(question, encode(Forget(True))), timeout=30)
    await playground.wait_for(lambda: question.text != asked and not question.buttons, timeout=30)
    return question
