import datetime

from telegram import Chat, Message, PhotoSize, User
from telegram.constants import ChatID, ChatType

from bot.handlers.intake import sender_id
from bot.jobs.photo_rate_limit import PhotoRateLimit

PHOTO = (PhotoSize("file", "unique", 640, 480),)
GROUPS = [Chat(-100_1, ChatType.SUPERGROUP), Chat(-100_2, ChatType.SUPERGROUP)]
CHANNEL = Chat(-100_3, ChatType.CHANNEL)


def photo(group: Chat, user_id: int, speaker: Chat | None = None) -> Message:
    user = User(user_id, "Somebody", is_bot=user_id in (ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL))
    return Message(5, datetime.datetime.now(datetime.UTC), group, user, sender_chat=speaker, photo=PHOTO)


def test_whoever_speaks_has_an_allowance_of_their_own_and_not_their_stand_in():
    fair = PhotoRateLimit(photos=1)
    different = [
        photo(GROUPS[0], ChatID.ANONYMOUS_ADMIN, GROUPS[0]),
        photo(GROUPS[1], ChatID.ANONYMOUS_ADMIN, GROUPS[1]),
        photo(GROUPS[0], ChatID.FAKE_CHANNEL, CHANNEL),
        photo(GROUPS[0], ChatID.FAKE_CHANNEL, Chat(-100_4, ChatType.CHANNEL)),
        photo(GROUPS[1], ChatID.SERVICE_CHAT, Chat(-100_5, ChatType.CHANNEL)),
        photo(GROUPS[1], 7),
    ]
    assert all(fair.take(sender_id(message)) for message in different)
    forwarded = photo(GROUPS[1], ChatID.SERVICE_CHAT, CHANNEL)
    assert not fair.take(sender_id(forwarded)), "a channel is the same in every group"
    assert not fair.take(sender_id(photo(GROUPS[0], 7))), "and so is a person"
