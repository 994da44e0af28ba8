"""Say /forget and yes."""

from bot.replies.callback_data import encode
from bot.replies.callback_data.actions import Forget
from telegram_playground import Chat, Message, Playground


async def forget(playground: Playground, chat: Chat) -> Message:
    """What the bot says when everything of the chat's owner is deleted."""
    sent = await playground.send_text(chat, "/forget")
    asking = await playground.wait_for(lambda: [each for each in playground.from_bot(chat, after=sent) if each.buttons])
    question: Message = asking[0]  # a note about a training that took long may come before it
    asked = question.text
    await playground.answer_of(await playground.tap(question, encode(Forget(True))))
    await playground.wait_for(lambda: question.text != asked and not question.buttons)
    return question
