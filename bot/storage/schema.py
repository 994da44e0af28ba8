"""The tables. Changing one means adding a file to ``migrations/versions``; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, whatever the database hands back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; it would be read as another one elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


KEY = String(64)
"""An HMAC-SHA256 in hex: the only reference to a person or chat."""

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts only INTEGER columns up by itself."""

metadata = MetaData()

store_facts = Table(
    "store_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("user_key", KEY, primary_key=True),
    Column("wording", String(40), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("user_key", KEY, primary_key=True),
    Column("refused_at", UtcDateTime, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("user_key", KEY, ForeignKey("consents.user_key", ondelete="CASCADE"), nullable=False),
    Column("photo", LargeBinary, nullable=False),
    Column("photo_digest", String(64), nullable=False),
    Column("garment", SmallInteger, nullable=False),
    Column("box", JSON(none_as_null=True)),
    Column("predicted", SmallInteger, nullable=False),
    Column("right_label", SmallInteger, nullable=False),
    Column("probabilities", JSON, nullable=False),
    Column("model_version", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("status", String(10), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("without_heads", Boolean, nullable=False, server_default=false()),
    Column("asked_version", String(120)),
    Column("asked_share", Float),
    Column("outline", LargeBinary),
    UniqueConstraint("user_key", "photo_digest", "garment", name="one_label_per_garment"),
    CheckConstraint("predicted between 0 and 11 and right_label between 0 and 12", name="known_labels"),
    CheckConstraint("status in ('pending', 'accepted', 'rejected')", name="known_status"),
    Index("corrections_by_status", "status", "id"),
    Index("corrections_with_heads", "without_heads", "id"),
    sqlite_autoincrement=True,
)
"""``outline``: which pixels of the segmenter's square, 192x192 bits row by row, are the judged garment, packed by zlib
(some hundred bytes); null of photos without a garment found, of pictures of the data set, and of rows of before.
"""

answer_counts = Table(
    "answer_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("predicted", SmallInteger, primary_key=True, autoincrement=False),
    Column("right_label", SmallInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

languages = Table(
    "languages",
    metadata,
    Column("chat_key", KEY, primary_key=True),
    Column("language", String(20), nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
)

handled_updates = Table(
    "handled_updates",
    metadata,
    Column("update_key", KEY, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("payload", LargeBinary),
    Column("owner", String(32), nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    CheckConstraint("state in ('received', 'answered')", name="known_state"),
    Index("updates_by_state", "state", "lease_until"),
)

albums = Table(
    "albums",
    metadata,
    Column("album_key", KEY, primary_key=True),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("owner", String(32)),
    Column("lease_until", UtcDateTime),
    Column("attempts", SmallInteger, nullable=False),
    Column("answered_at", UtcDateTime),
)

album_parts = Table(
    "album_parts",
    metadata,
    Column("album_key", KEY, ForeignKey("albums.album_key", ondelete="CASCADE"), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("version", String(120), nullable=False),
    Column("files", JSON, nullable=False, server_default="{}"),
    Column("card", Text, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

model_files = Table(
    "model_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

own_networks = Table(
    "own_networks",
    metadata,
    Column("user_key", KEY, primary_key=True),
    Column("weights", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("record", JSON, nullable=False),
    Column("trained_at", UtcDateTime, nullable=False),
    Index("networks_by_age", "trained_at"),
)

class_tables = Table(
    "class_tables",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("language", String(20), nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "thread_id", name="one_table_per_topic"),
    sqlite_autoincrement=True,
)

class_results = Table(
    "class_results",
    metadata,
    Column("table_id", SERIAL, ForeignKey("class_tables.id", ondelete="CASCADE"), primary_key=True),
    Column("user_key", KEY, primary_key=True),
    Column("first_name", String(64), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("neurons", SmallInteger),
    Column("epochs", SmallInteger),
    Column("normalised", Boolean),
    Column("train_accuracy", Float),
    Column("test_accuracy", Float),
    Index("results_by_person", "user_key"),
)

quiz_polls = Table(
    "quiz_polls",
    metadata,
    Column("poll_id", String(40), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("image", Integer, nullable=False),
    Column("label", SmallInteger, nullable=False),
    Column("model_right", Boolean, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index("polls_by_chat", "chat_id", "thread_id", "asked_at"),
)

quiz_votes = Table(
    "quiz_votes",
    metadata,
    Column("poll_id", String(40), ForeignKey("quiz_polls.poll_id", ondelete="CASCADE"), primary_key=True),
    Column("user_key", KEY, primary_key=True),
    Column("is_right", Boolean, nullable=False),
)

course_places = Table(
    "course_places",
    metadata,
    Column("chat_key", KEY, primary_key=True),
    Column("step", String(20), nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
)

trainings = Table(
    "trainings",
    metadata,
    Column("user_key", KEY, primary_key=True),
    Column("place_key", KEY, nullable=False),
    Column("owner", String(32), nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Index("trainings_by_place", "place_key"),
)

last_answers = Table(
    "last_answers",
    metadata,
    Column("user_key", KEY, primary_key=True),
    Column("file_id", Text, nullable=False),
    Column("caption", Text, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
)
