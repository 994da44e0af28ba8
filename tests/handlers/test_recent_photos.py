import datetime

from telegram import Chat, Message, PhotoSize

from bot.handlers.recent_photos import RecentPhotos

ANN, BEN = Chat(2, Chat.PRIVATE), Chat(3, Chat.PRIVATE)


def photo(number: int, chat: Chat = ANN, *, covered: bool = False) -> Message:
    sizes = (PhotoSize(f"file{number}", "unique", 640, 480),)
    return Message(number, datetime.datetime.now(datetime.UTC), chat, photo=sizes, has_media_spoiler=covered)


def test_the_last_photo_of_each_chat_counts() -> None:
    recent = RecentPhotos()
    for message in (photo(5), photo(6, covered=True), photo(7, BEN)):
        recent.note(message)
    last = recent.of(ANN.id)
    assert last is not None
    assert (last.message_id, last.image.file_id, last.covered) == (6, "file6", True)
    recent.forget(ANN.id)
    assert recent.of(ANN.id) is None
    assert recent.of(BEN.id) is not None


def test_text_is_no_photo() -> None:
    recent = RecentPhotos()
    recent.note(photo(5))
    recent.note(Message(6, datetime.datetime.now(datetime.UTC), ANN, text="hello"))
    last = recent.of(ANN.id)
    assert last is not None
    assert last.message_id == 5


def test_after_a_while_it_was_not_just_sent() -> None:
    recent = RecentPhotos(remembered_s=0)
    recent.note(photo(5))
    assert recent.of(ANN.id) is None
