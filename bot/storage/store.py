"""Consents, corrections and counts: what people told the bot of its answers.

Every method is one transaction and blocks until it is done; the bot calls them from threads
(:meth:`bot.storage.storage.Storage.run`). People are Telegram ids here and references in the tables.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, false, func, or_, select, update

from bot.storage import retention
from bot.storage.data_key import DataKey
from bot.storage.database import Database
from bot.storage.errors import Limit, NoConsent, StoreFull, StoreSettingsError
from bot.storage.schema import (
    answer_counts,
    class_results,
    consents,
    corrections,
    course_places,
    languages,
    last_answers,
    own_networks,
    quiz_votes,
    refusals,
    store_facts,
    trainings,
)
from bot.storage.types import (
    BEFORE_THE_FIRST,
    AcceptedPhoto,
    AnswerCount,
    Box,
    Consent,
    Correction,
    CorrectionId,
    Forgotten,
    NewCorrection,
    Permission,
    Status,
    share_of,
)

_PAGE: Final = 50
_JPEG_START: Final = b"\xff\xd8\xff"
_WAITING: Final = corrections.c.status == Status.PENDING.value
_OF_A_PERSON: Final = (
    consents.c.user_key,
    refusals.c.user_key,
    languages.c.chat_key,
    course_places.c.chat_key,
    last_answers.c.user_key,
    own_networks.c.user_key,
    class_results.c.user_key,
    quiz_votes.c.user_key,
    trainings.c.user_key,
)
"""What names a person in each table, corrections aside."""


class CorrectionStore:
    """What people told the bot, found by who they are and kept without saying who that is.

    Raises, from every method:
        StoreUnavailable: the database is away; photos are answered without it.
    """

    def __init__(self, database: Database, key: DataKey | None) -> None:
        """Use a database.

        Args:
            database: where.
            key: makes references of Telegram ids. Tools that ask for no user go without.
        """
        self._database = database
        self._key = key
        database.check_at_start(self._check_key)

    # Consent

    def grant_consent(self, user: int, wording: str) -> None:
        """Keep that a user agreed; an earlier refusal is forgotten.

        Args:
            user: Telegram id.
            wording: version of the text that the user agreed to.
        """
        row = {"wording": wording, "granted_at": self._database.now()}
        with self._database.write() as connection:
            self._database.put(connection, consents, {"user_key": self._reference(user)}, row)
            connection.execute(delete(refusals).where(refusals.c.user_key == self._reference(user)))

    def refuse_consent(self, user: int) -> Permission:
        """Keep that a user said no, and nothing else; what was agreed to before is taken back by :meth:`forget` alone.

        Returns:
            What holds now.
        """
        row = {"refused_at": self._database.now()}
        with self._database.write() as connection:
            self._database.lock(connection, "corrections")
            permission = self._permission(connection, user)
            if permission is Permission.GRANTED:
                return permission
            self._database.put(connection, refusals, {"user_key": self._reference(user)}, row)
        return Permission.REFUSED

    def forget_refusal(self, user: int) -> None:
        """Let the user be asked once more."""
        self._database.delete(refusals, refusals.c.user_key == self._reference(user))

    def permission(self, user: int) -> Permission:
        """What the user said when asked."""
        with self._database.read() as connection:
            return self._permission(connection, user)

    def consent(self, user: int) -> Consent | None:
        """What the user agreed to, and when; None without."""
        query = select(consents.c.granted_at, consents.c.wording).where(consents.c.user_key == self._reference(user))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Consent(row.granted_at, row.wording)

    # Corrections

    def record_correction(self, user: int, new: NewCorrection) -> CorrectionId:
        """Keep a photo and its label; it is on the disk when this returns.

        Saying something else about the same garment of the same photo replaces what was said before.

        Args:
            user: Telegram id of the photo's sender.
            new: the photo and what is said about it.

        Raises:
            NoConsent: the user has not agreed.
            StoreFull: a cap on pictures is reached.
            ValueError: the photo is not a JPEG, or larger than :data:`retention.MAX_PICTURE_BYTES`.
        """
        if not new.photo.startswith(_JPEG_START) or len(new.photo) > retention.MAX_PICTURE_BYTES:
            raise ValueError("a kept photo is a small JPEG: see encode_for_keeping")
        user_key = self._reference(user)
        digest = hashlib.sha256(new.photo).hexdigest()
        said = {
            "box": None if new.box is None else list(new.box),
            "predicted": new.prediction.said,
            "right_label": new.right,
            "probabilities": [float(share) for share in new.prediction.probabilities],
            "model_version": new.model_version,
            "created_at": self._database.now(),
            "status": Status.PENDING.value,
            "decided_at": None,
            "without_heads": True,
            "asked_version": None,
            "asked_share": None,
            "outline": new.outline,
        }
        same = and_(
            corrections.c.user_key == user_key,
            corrections.c.photo_digest == digest,
            corrections.c.garment == new.garment,
        )
        with self._database.write() as connection:
            self._database.lock(connection, "corrections")
            if connection.scalar(select(func.count()).where(consents.c.user_key == user_key)) == 0:
                raise NoConsent("this user has not agreed that photos are kept")
            known = connection.scalar(select(corrections.c.id).where(same))
            if known is not None:
                connection.execute(update(corrections).where(same).values(**said))
                return CorrectionId(known)
            _check_caps(connection, user_key)
            row = corrections.insert().values(
                user_key=user_key, photo=new.photo, photo_digest=digest, garment=new.garment, **said
            )
            return CorrectionId(connection.execute(row.returning(corrections.c.id)).scalar_one())

    def undo(self, user: int, correction: CorrectionId) -> bool:
        """Delete a correction and its picture.

        Args:
            user: Telegram id of whoever asks.
            correction: which.

        Returns:
            Whether there was one, of this user.
        """
        mine = and_(corrections.c.id == correction, corrections.c.user_key == self._reference(user))
        removed = self._database.delete(corrections, mine)
        if removed:
            self._database.scrub()
        return bool(removed)

    def stored(self, user: int) -> Forgotten:
        """What :meth:`forget` would delete."""
        user_key = self._reference(user)
        with self._database.read() as connection:
            pictures = _count(connection, corrections.c.user_key == user_key)
            others = sum(
                connection.scalar(select(func.count()).select_from(key.table).where(key == user_key)) or 0
                for key in _OF_A_PERSON
            )
        return Forgotten(rows=pictures + others, pictures=pictures)

    def forget(self, user: int) -> Forgotten:
        """Delete everything of a user, pictures included, from the files too."""
        user_key = self._reference(user)
        with self._database.write() as connection:
            self._database.lock(connection, "corrections")
            pictures = connection.execute(delete(corrections).where(corrections.c.user_key == user_key)).rowcount
            others = sum(connection.execute(delete(key.table).where(key == user_key)).rowcount for key in _OF_A_PERSON)
        self._database.scrub()
        return Forgotten(rows=pictures + others, pictures=pictures)

    def kept(self, user: int) -> int:
        """How many pictures of this user are kept."""
        with self._database.read() as connection:
            return _count(connection, corrections.c.user_key == self._reference(user))

    # Admins

    def pending(self, *, after: CorrectionId = BEFORE_THE_FIRST, limit: int = _PAGE) -> tuple[Correction, ...]:
        """Corrections that nobody has decided on, oldest first.

        Args:
            after: the last one seen.
            limit: at most this many.
        """
        return self.listed(Status.PENDING, after=after, limit=limit)

    def listed(
        self, status: Status, *, after: CorrectionId = BEFORE_THE_FIRST, limit: int = _PAGE
    ) -> tuple[Correction, ...]:
        """Corrections of one status, oldest first, those after ``after``."""
        query = select(corrections).where(corrections.c.status == status.value, corrections.c.id > after)
        with self._database.read() as connection:
            return tuple(map(_correction, connection.execute(query.order_by(corrections.c.id).limit(limit))))

    def surprising(self, live: str | None = None, *, limit: int = _PAGE) -> tuple[Correction, ...]:
        """Corrections that nobody has decided on, those first for which the live set has the least share left.

        Where the live one was not asked, what the set that answered had left counts.

        Args:
            live: the version of the live set; None without one.
            limit: at most this many.
        """
        left_now = case((corrections.c.asked_version == live, corrections.c.asked_share)).label("left_now")
        columns = (corrections.c.id, corrections.c.right_label, corrections.c.probabilities, left_now)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(_WAITING)).all()
            left = {
                row.id: share_of(row.probabilities, row.right_label) if row.left_now is None else row.left_now
                for row in rows
            }
            chosen = sorted(left, key=lambda each: (left[each], each))[:limit]
            query = select(corrections).where(corrections.c.id.in_(chosen), _WAITING)
            found = {row.id: _correction(row) for row in connection.execute(query)}
        return tuple(found[each] for each in chosen if each in found)

    def unasked(
        self, live: str, *, after: CorrectionId = BEFORE_THE_FIRST, limit: int = _PAGE
    ) -> tuple[Correction, ...]:
        """Corrections that nobody has decided on and the live set has said nothing of, oldest first.

        Args:
            live: the version of the live set.
            after: the last one seen.
            limit: at most this many.
        """
        query = select(corrections).where(
            _WAITING,
            corrections.c.id > after,
            corrections.c.model_version != live,
            corrections.c.asked_version.is_distinct_from(live),
        )
        with self._database.read() as connection:
            return tuple(map(_correction, connection.execute(query.order_by(corrections.c.id).limit(limit))))

    def note_asked(self, live: str, shares: Sequence[tuple[Correction, float | None]]) -> None:
        """Note what the live set left for what people say; where they have said something else since, that counts.

        Args:
            live: the version of the live set.
            shares: 0..1 by correction; None where the set finds nothing at the box.
        """
        with self._database.write() as connection:
            for asked, share in shares:
                same = and_(corrections.c.id == asked.id, corrections.c.right_label == asked.right)
                row = {"asked_version": live, "asked_share": share}
                connection.execute(update(corrections).where(same).values(**row))

    def judged_by_others(self, live: str | None) -> int:
        """How many of :meth:`surprising` stand where another set than the live one put them."""
        by_another = and_(
            corrections.c.model_version.is_distinct_from(live),
            or_(corrections.c.asked_version.is_distinct_from(live), corrections.c.asked_share.is_(None)),
        )
        with self._database.read() as connection:
            return _count(connection, _WAITING, by_another)

    def accept_agreed(self) -> int:
        """Accept every waiting correction that says what the model said; returns how many."""
        return self._decide_all(Status.ACCEPTED, corrections.c.predicted == corrections.c.right_label)

    def reject_sender(self, user_group: str) -> int:
        """Reject every waiting correction of one person; returns how many."""
        return self._decide_all(Status.REJECTED, corrections.c.user_key == user_group)

    def _decide_all(self, status: Status, which: ColumnElement[bool]) -> int:
        row = {"status": status.value, "decided_at": self._database.now()}
        with self._database.write() as connection:
            return connection.execute(update(corrections).where(_WAITING, which).values(**row)).rowcount

    def correction(self, correction: CorrectionId) -> Correction | None:
        """One correction; None when it was undone, forgotten or has expired."""
        with self._database.read() as connection:
            row = connection.execute(select(corrections).where(corrections.c.id == correction)).first()
        return None if row is None else _correction(row)

    def decide(self, correction: CorrectionId, status: Status) -> bool:
        """Accept or reject a correction, or put it back; an earlier decision may be changed.

        Returns:
            Whether it is still there.
        """
        decided = None if status is Status.PENDING else self._database.now()
        row = {"status": status.value, "decided_at": decided}
        with self._database.write() as connection:
            return bool(
                connection.execute(update(corrections).where(corrections.c.id == correction).values(**row)).rowcount
            )

    def totals(self) -> dict[Status, int]:
        """How many corrections have each status."""
        query = select(corrections.c.status, func.count()).group_by(corrections.c.status)
        with self._database.read() as connection:
            found = {Status(status): count for status, count in connection.execute(query)}
        return {status: found.get(status, 0) for status in Status}

    # Photos that were kept before heads were coarsened at once

    def with_heads(self, limit: int = _PAGE) -> dict[CorrectionId, bytes]:
        """JPEGs in which heads are not known to be coarsened, oldest first, by correction.

        Args:
            limit: at most this many.
        """
        query = select(corrections.c.id, corrections.c.photo).where(corrections.c.without_heads == false())
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(corrections.c.id).limit(limit))
            return {CorrectionId(row.id): bytes(row.photo) for row in rows}

    def replace_photos(
        self, photos: Mapping[CorrectionId, bytes], outlines: Mapping[CorrectionId, bytes | None] | None = None
    ) -> None:
        """Keep photos without heads in the place of those with them, which are wiped from the files, too.

        Where the same person has said something of the same garment of the very same photo again since, that stays.

        Args:
            photos: JPEGs by correction; one that was deleted meanwhile stays deleted.
            outlines: of the garments that were judged, as far as they are found.
        """
        with self._database.write() as connection:
            self._database.lock(connection, "corrections")
            for number, photo in photos.items():
                self._replace_photo(connection, number, photo, (outlines or {}).get(number))
        self._database.scrub()

    @staticmethod
    def _replace_photo(connection: Connection, number: CorrectionId, photo: bytes, outline: bytes | None) -> None:
        old = and_(corrections.c.id == number, corrections.c.without_heads == false())
        row = connection.execute(select(corrections.c.user_key, corrections.c.garment).where(old)).first()
        if row is None:
            return
        digest = hashlib.sha256(photo).hexdigest()
        said_again = and_(
            corrections.c.id != number,
            corrections.c.user_key == row.user_key,
            corrections.c.garment == row.garment,
            corrections.c.photo_digest == digest,
        )
        if _count(connection, said_again):
            connection.execute(delete(corrections).where(old))
            return
        changed = {"photo": photo, "photo_digest": digest, "without_heads": True, "outline": outline}
        connection.execute(update(corrections).where(old).values(**changed))

    # Training

    def accepted_photos(self, *, at_once: int = _PAGE) -> Iterator[AcceptedPhoto]:
        """Every accepted photo, oldest first, a page at a time: memory stays small, no transaction stays open."""
        last = BEFORE_THE_FIRST
        while page := self.listed(Status.ACCEPTED, after=last, limit=at_once):
            for each in page:
                yield AcceptedPhoto(each.id, each.photo, each.right, each.user_group, each.box, each.outline)
            last = page[-1].id

    # Without consent

    def count_answer(self, predicted: int, right: int) -> None:
        """Count what somebody said about an answer, and nothing else.

        Args:
            predicted: what the model had answered, 0-11.
            right: what is right, 0-12.
        """
        statement = self._database.insert(answer_counts).values(
            day=self._database.now().date(), predicted=predicted, right_label=right, count=1
        )
        with self._database.write() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["day", "predicted", "right_label"], set_={"count": answer_counts.c.count + 1}
                )
            )

    def answer_counts(self) -> tuple[AnswerCount, ...]:
        """The counts over all days, by predicted and right class."""
        pair = (answer_counts.c.predicted, answer_counts.c.right_label)
        query = select(*pair, func.sum(answer_counts.c.count)).group_by(*pair).order_by(*pair)
        with self._database.read() as connection:
            return tuple(AnswerCount(predicted, right, count) for predicted, right, count in connection.execute(query))

    # Time

    def expire(self) -> int:
        """Delete what is older than :mod:`bot.storage.retention` allows; returns how many rows."""
        now = self._database.now()
        consent_ended = consents.c.granted_at < now - retention.CONSENT_KEPT
        with self._database.write() as connection:
            self._database.lock(connection, "corrections")
            pictures = connection.execute(delete(corrections).where(_expired(now, consent_ended))).rowcount
            others = sum(
                connection.execute(delete(table).where(aged)).rowcount
                for table, aged in (
                    (consents, consent_ended),
                    (refusals, refusals.c.refused_at < now - retention.REFUSAL_KEPT),
                    (answer_counts, answer_counts.c.day < (now - retention.COUNTS_KEPT).date()),
                )
            )
        return pictures + others

    def _permission(self, connection: Connection, user: int) -> Permission:
        reference = self._reference(user)
        for table, said in ((consents, Permission.GRANTED), (refusals, Permission.REFUSED)):
            if connection.scalar(select(func.count()).select_from(table).where(table.c.user_key == reference)):
                return said
        return Permission.UNASKED

    def _reference(self, telegram_id: int) -> str:
        if self._key is None:
            raise StoreSettingsError("DATA_KEY is not set, and users are found by it")
        return self._key.reference(telegram_id)

    def _check_key(self, connection: Connection) -> None:
        """Refuse to work under a key that finds none of the people in the tables: ``/forget`` would not be true."""
        if self._key is None:
            return
        stamp = self._key.digest("this is the key")
        known = connection.scalar(select(store_facts.c.value).where(store_facts.c.name == "data_key"))
        if known == stamp:
            return
        if known is not None and connection.scalar(select(func.count()).select_from(consents)):
            raise StoreSettingsError(
                "DATA_KEY is not the one that this database was filled under, so nobody's photos could be found or "
                "forgotten: bring the old key back, or start with another database"
            )
        connection.execute(delete(store_facts).where(store_facts.c.name == "data_key"))
        connection.execute(store_facts.insert().values(name="data_key", value=stamp))


def _check_caps(connection: Connection, user_key: str) -> None:
    if _count(connection, corrections.c.user_key == user_key) >= retention.MAX_PICTURES_PER_USER:
        raise StoreFull(Limit.USER)
    if _count(connection) >= retention.MAX_PICTURES:
        raise StoreFull(Limit.TOTAL)


def _expired(now: datetime, consent_ended: ColumnElement[bool]) -> ColumnElement[bool]:
    def aged(status: Status, since: ColumnElement[datetime], kept: timedelta) -> ColumnElement[bool]:
        return and_(corrections.c.status == status.value, since < now - kept)

    return or_(
        aged(Status.PENDING, corrections.c.created_at, retention.PENDING_KEPT),
        aged(Status.REJECTED, corrections.c.decided_at, retention.REJECTED_KEPT),
        aged(Status.ACCEPTED, corrections.c.created_at, retention.ACCEPTED_KEPT),
        corrections.c.user_key.in_(select(consents.c.user_key).where(consent_ended)),
    )


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(corrections).where(*which)).scalar_one()


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        id=CorrectionId(row.id),
        photo=bytes(row.photo),
        predicted=row.predicted,
        right=row.right_label,
        probabilities=tuple(row.probabilities),
        model_version=row.model_version,
        created=row.created_at,
        status=Status(row.status),
        decided=row.decided_at,
        user_group=row.user_key,
        garment=row.garment,
        box=_box(row.box),
        asked_version=row.asked_version,
        asked_share=row.asked_share,
        outline=None if row.outline is None else bytes(row.outline),
    )


def _box(numbers: list[int] | None) -> Box | None:
    if numbers is None:
        return None
    left, top, right, bottom = numbers
    return left, top, right, bottom
