"""A conversation with the services that a test is about; it must touch no other."""

from dataclasses import fields
from typing import Any, TypeVar

Handlers = TypeVar("Handlers")


class Untouched:
    """Stands where a service would be that the test is not about."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{self._name}.{name} was touched, which this test does not give")


def given(handlers: type[Handlers], **services: Any) -> Handlers:
    """Make a conversation of these services."""
    others = {each.name: Untouched(each.name) for each in fields(handlers)}  # type: ignore[arg-type]
    assert services.keys() <= others.keys()
    return handlers(**others | services)
