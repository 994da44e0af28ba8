"""A handler is given what it names, and names what it needs."""

import ast
import inspect
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from bot.conversations import Conversations
from bot.replies.callback_data.actions import ACTIONS
from bot.routing import taps
from bot.services import Services
from bot.settings import Settings


def conversations() -> Conversations:
    """With nothing behind them: only handing on is looked at."""
    services: Any = SimpleNamespace(**dict.fromkeys(each.name for each in fields(Services)))
    services.settings = Settings(_env_file=None)  # type: ignore[call-arg]
    return Conversations(services)


def classes() -> list[type]:
    """Every class that a conversation is made of."""
    found: list[type] = []
    waiting = list(vars(conversations()).values())
    while waiting:
        each = waiting.pop()
        if is_dataclass(each) and type(each).__module__.startswith("bot.handlers.") and type(each) not in found:
            found.append(type(each))
            waiting += [getattr(each, field.name) for field in fields(each)]
    return sorted(found, key=lambda each: each.__name__)


@pytest.mark.parametrize("handlers", classes(), ids=lambda each: each.__name__)
def test_no_service_is_given_that_is_not_needed(handlers: type) -> None:
    tree = ast.parse(inspect.getsource(inspect.getmodule(handlers) or handlers))
    (made,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == handlers.__name__]
    touched = {
        node.attr
        for node in ast.walk(made)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }
    assert {each.name for each in fields(handlers)} <= touched


def test_every_button_is_answered() -> None:
    assert taps(conversations()).keys() == {each.action for each in ACTIONS}
