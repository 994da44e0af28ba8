"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.String(64)
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table."""
    _people()
    _replicas()


def _people() -> None:
    op.create_table(
        "store_facts",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("user_key", _KEY, primary_key=True),
        sa.Column("wording", sa.String(40), nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("user_key", _KEY, sa.ForeignKey("consents.user_key", ondelete="CASCADE"), nullable=False),
        sa.Column("photo", sa.LargeBinary, nullable=False),
        sa.Column("photo_digest", sa.String(64), nullable=False),
        sa.Column("garment", sa.SmallInteger, nullable=False),
        sa.Column("box", sa.JSON),
        sa.Column("predicted", sa.SmallInteger, nullable=False),
        sa.Column("right_label", sa.SmallInteger, nullable=False),
        sa.Column("probabilities", sa.JSON, nullable=False),
        sa.Column("model_version", sa.String(120), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("decided_at", _MOMENT),
        sa.UniqueConstraint("user_key", "photo_digest", "garment", name="one_label_per_garment"),
        sa.CheckConstraint("predicted between 0 and 9 and right_label between 0 and 9", name="ten_classes"),
        sa.CheckConstraint("status in ('pending', 'accepted', 'rejected')", name="known_status"),
        sqlite_autoincrement=True,
    )
    op.create_index("corrections_by_status", "corrections", ["status", "id"])
    op.create_table(
        "answer_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("predicted", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("right_label", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "languages",
        sa.Column("chat_key", _KEY, primary_key=True),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("chosen_at", _MOMENT, nullable=False),
    )


def _replicas() -> None:
    op.create_table(
        "handled_updates",
        sa.Column("update_key", _KEY, primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.CheckConstraint("state in ('received', 'answered')", name="known_state"),
    )
    op.create_index("updates_by_state", "handled_updates", ["state", "lease_until"])
    op.create_table(
        "albums",
        sa.Column("album_key", _KEY, primary_key=True),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("lease_until", _MOMENT),
        sa.Column("answered_at", _MOMENT),
    )
    op.create_table(
        "album_parts",
        sa.Column("album_key", _KEY, sa.ForeignKey("albums.album_key", ondelete="CASCADE"), primary_key=True),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "models",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("version", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("tflite", sa.LargeBinary, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
