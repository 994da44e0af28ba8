import pytest
from telegram import Chat, User

from bot.handlers.languages import Languages
from bot.replies.texts import Language
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage

CHAT = Chat(7, "private")


def user(code: str | None) -> User:
    return User(7, "Ann", is_bot=False, language_code=code)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, Language.ZH_HANT),
        ("zh-hans", Language.ZH_HANT),
        ("zh", Language.ZH_HANT),
        ("en-US", Language.EN),
        ("fr", Language.EN),
    ],
)
async def test_telegrams_language_decides_without_a_choice(storage: Storage, code: str | None, language: Language):
    assert await Languages(storage).of(CHAT, user(code)) is language


async def test_a_choice_is_kept_for_the_next_process(storage: Storage):
    await Languages(storage).choose(CHAT, Language.EN)
    assert await Languages(storage).of(CHAT, user(None)) is Language.EN
    other = User(8, "Bea", is_bot=False)
    assert await Languages(storage).of(Chat(8, "private"), other) is Language.ZH_HANT


async def test_a_choice_goes_with_its_person_into_groups(storage: Storage):
    languages, group = Languages(storage), Chat(-100_1, "supergroup")
    await languages.choose(CHAT, Language.EN)
    assert await languages.of(group, user(None)) is Language.EN
    await languages.choose(CHAT, Language.ZH_HANT)
    assert await languages.of(group, user("en")) is Language.ZH_HANT
    assert await languages.of(group, User(8, "Bea", is_bot=False, language_code="en")) is Language.EN
    assert await languages.of(group, None) is Language.ZH_HANT


async def test_without_the_store_people_are_answered_all_the_same(storage: Storage, monkeypatch: pytest.MonkeyPatch):
    languages = Languages(storage, remembered_s=0.0)
    await languages.choose(CHAT, Language.EN)

    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(storage, "run", away)
    assert await languages.of(CHAT, user(None)) is Language.EN
    assert await languages.of(Chat(8, "private"), User(8, "Bea", is_bot=False, language_code="de")) is Language.EN
