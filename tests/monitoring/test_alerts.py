import asyncio

from telegram.error import Forbidden

from bot.jobs.detached_tasks import DetachedTasks
from bot.monitoring.alerts import Alerts
from bot.replies.texts import Language


class Bot:
    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []

    async def send_message(self, chat_id: int, text: str, parse_mode: str) -> None:
        if chat_id == 13:
            raise Forbidden("bot was blocked by the user")
        self.told.append((chat_id, text))


class Languages:
    async def of_admin(self, admin_id: int) -> Language:
        return Language.EN if admin_id == 2 else Language.ZH_HANT


async def test_each_kind_of_trouble_is_told_once_to_every_admin_in_their_language():
    bot, detached_tasks = Bot(), DetachedTasks()
    alerts = Alerts(bot, (1, 13, 2), Languages().of_admin, detached_tasks.start)  # type: ignore[arg-type]
    for _ in range(3):
        alerts.tell_of_kind("OSError", lambda language: f"disk ({language})")
    alerts.tell_of_kind("ValueError", lambda language: "value")
    await asyncio.wait_for(detached_tasks.drain(), 5)
    assert sorted(bot.told) == [(1, "disk (zh-hant)"), (1, "value"), (2, "disk (en)"), (2, "value")]
