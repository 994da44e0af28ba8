"""Polls and quizzes as the server keeps them, and as the Bot API shows them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram_playground.chats import Person
from telegram_playground.entities import FormattedText


@dataclass(slots=True, eq=False)
class Poll:
    """A poll that hangs on a message.

    Attributes:
        question: What is asked.
        options: What can be chosen, in order.
        kind: "regular" or "quiz".
        anonymous: Whether the bot is not told who chose what.
        correct: With a quiz, which options are right.
        explanation: With a quiz, what is shown after a choice.
        media: The picture above it, as Message fields.
        explanation_media: The picture with the explanation.
        votes: What each person chose, by their id.
    """

    question: FormattedText
    options: tuple[str, ...]
    kind: str
    anonymous: bool
    correct: tuple[int, ...] = ()
    explanation: FormattedText = field(default_factory=lambda: FormattedText("", ()))
    media: dict[str, Any] | None = None
    explanation_media: dict[str, Any] | None = None
    closed: bool = False
    id: str = field(default_factory=lambda: str(secrets.randbelow(9 * 10**18) + 10**18))
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def choose(self, person: Person, chosen: Sequence[int]) -> dict[str, Any]:
        """A person chooses, once in a quiz.

        Returns:
            The PollAnswer object.

        Raises:
            LookupError: There is no such option, the poll is closed, or they have chosen before.
        """
        if self.closed or not chosen or any(not 0 <= option < len(self.options) for option in chosen):
            raise LookupError("no such option")
        if self.kind == "quiz" and person.id in self.votes:
            raise LookupError("a quiz is answered once")
        self.votes[person.id] = tuple(chosen)
        return {
            "poll_id": self.id,
            "user": person.api(),
            "option_ids": list(chosen),
            "option_persistent_ids": [str(option) for option in chosen],
        }

    def counts(self) -> list[int]:
        """How many have chosen each option."""
        return [sum(option in chosen for chosen in self.votes.values()) for option in range(len(self.options))]

    def api(self) -> dict[str, Any]:
        """The Poll object, as the bot that has made it gets it."""
        poll: dict[str, Any] = {
            "id": self.id,
            "question": self.question.text,
            "options": [
                {"persistent_id": str(place), "text": text, "voter_count": count}
                for place, (text, count) in enumerate(zip(self.options, self.counts(), strict=True))
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": self.kind,
            "allows_multiple_answers": False,
            "allows_revoting": self.kind != "quiz",
            "members_only": False,
        }
        if self.question.entities:
            poll["question_entities"] = list(self.question.entities)
        if self.correct:
            poll["correct_option_ids"] = list(self.correct)
        if self.explanation.text:
            poll["explanation"] = self.explanation.text
            poll["explanation_entities"] = list(self.explanation.entities)
        if self.media:
            poll["media"] = self.media
        if self.explanation_media:
            poll["explanation_media"] = self.explanation_media
        return poll
