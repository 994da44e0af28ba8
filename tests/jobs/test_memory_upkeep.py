"""Memory is given back once after the start and after each burst of photos, and never while photos come."""

from types import SimpleNamespace
from typing import cast

from bot.jobs.memory_upkeep import MemoryUpkeep
from bot.jobs.photo_queue import PhotoQueue


def test_memory_is_given_back_once_after_the_start_and_after_each_burst() -> None:
    photos, given_back = SimpleNamespace(begun_ever=0), []
    upkeep = MemoryUpkeep(cast("PhotoQueue", photos), lambda: given_back.append(photos.begun_ever))
    for begun in (0, 1, 3, 3, 3, 3, 4, 4, 4):
        photos.begun_ever = begun
        upkeep.look()
    assert given_back == [0, 3, 4]
