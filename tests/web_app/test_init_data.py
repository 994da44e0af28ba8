from types import ModuleType

import pytest

from bot.web_app.init_data import MAX_AGE_S, MAX_LENGTH, InitDataError, Refusal, check_init_data
from tests.web_app.signing import ANN, NOW, TOKEN, signed


def refusal(init_data: str, *, token: str = TOKEN, now: float = NOW) -> Refusal:
    with pytest.raises(InitDataError) as caught:
        check_init_data(init_data, token, now)
    return caught.value.refusal


def test_whoever_telegram_sent_is_let_in() -> None:
    assert check_init_data(signed(), TOKEN, NOW).user_id == ANN["id"]
    assert check_init_data(signed(), TOKEN, NOW + MAX_AGE_S).user_id == ANN["id"]
    assert check_init_data(signed(start_param="a+b%20c&d=e", chat_type=""), TOKEN, NOW - 60).user_id == ANN["id"]


def test_another_library_agrees_on_what_is_signed(aiogram: ModuleType) -> None:
    check_webapp_signature = aiogram.utils.web_app.check_webapp_signature
    assert check_webapp_signature(TOKEN, signed())
    assert not check_webapp_signature(TOKEN, signed().replace("5000000123", "5000000124"))


@pytest.mark.parametrize(
    "init_data",
    [
        signed().replace("5000000123", "5000000124"),
        signed().replace("third-party", "another"),
        signed() + "&extra=1",
        signed() + "&user=%7B%22id%22%3A1%7D",
        signed()[:-1] + ("0" if signed()[-1] != "0" else "1"),
        signed().partition("&hash=")[0],
        signed().partition("&hash=")[0] + "&hash=",
        signed("987654321:AAE-another_token_for_tests_only_01234"),
        "hash=" + "0" * 64,
        "no query string",
        "a=%ff&hash=1",
        "&".join(f"a{number}=1" for number in range(100)),
        "hash=é",
        "x=" + "1" * MAX_LENGTH,
    ],
)
def test_what_telegram_has_not_signed_for_this_bot_is_forged(init_data: str) -> None:
    assert refusal(init_data) is Refusal.FORGED


def test_an_hour_later_it_is_old() -> None:
    assert refusal(signed(), now=NOW + MAX_AGE_S + 1) is Refusal.OLD


def test_a_day_of_the_future_is_not_believed() -> None:
    assert refusal(signed(at=NOW + 86_400)) is Refusal.OLD


def test_nothing_is_missing() -> None:
    assert refusal("") is Refusal.MISSING


@pytest.mark.parametrize("user", [None, "", "[]", "{}", '{"id": "x"}', "{"])
def test_signed_for_nobody_is_missing(user: str | None) -> None:
    assert refusal(signed(user=user)) is Refusal.MISSING
