"""An ordinary bot, unchanged, talks to the server over real HTTP."""

from telegram_playground import Chat, Playground
from tests.telegram_playground.pictures import picture
from tests.telegram_playground.small_bot import small_bot


async def test_a_bot_talks(playground: Playground, chat: Chat) -> None:
    async with small_bot(playground):
        hello = await playground.next_from_bot(playground.messages(chat)[0])
        assert "你好" in hello.text

        photo = await playground.send_photo(chat, picture())
        answer = await playground.answer_to(photo)
        assert answer.text.startswith("T恤/上衣 92.1 %")
        assert photo.reactions[playground.state.bot.id] == ["👀"]

        assert (await playground.answer_of(await playground.tap(answer, "對")))["text"] == "謝謝你告訴我"
        await playground.tap(answer, "為什麼")
        await playground.wait_for(lambda: answer.text == "因為領口")

        album = await playground.send_album(chat, [picture(), picture()])
        for message in album:
            await playground.answer_to(message)
    assert {request.status for request in playground.requests} == {200}
