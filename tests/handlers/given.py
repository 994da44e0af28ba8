"""A conversation with the services that a test is about; it must touch no other."""

from dataclasses import MISSING, fields
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
    needed = [each.name for each in fields(handlers) if each.default is MISSING]  # type: ignore[arg-type]
    return handlers(**{name: Untouched(name) for name in needed} | services)
