"""Networks that people train in the chat, and what a class reached with them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.String(64)
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "own_networks",
        sa.Column("user_key", _KEY, primary_key=True),
        sa.Column("weights", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("trained_at", _MOMENT, nullable=False),
    )
    op.create_index("networks_by_age", "own_networks", ["trained_at"])
    op.create_table(
        "class_tables",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("shown_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("chat_id", "thread_id", name="one_table_per_topic"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "class_results",
        sa.Column("table_id", _SERIAL, sa.ForeignKey("class_tables.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_key", _KEY, primary_key=True),
        sa.Column("first_name", sa.String(64), nullable=False),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.Column("neurons", sa.SmallInteger),
        sa.Column("epochs", sa.SmallInteger),
        sa.Column("normalised", sa.Boolean),
        sa.Column("train_accuracy", sa.Float),
        sa.Column("test_accuracy", sa.Float),
    )
    op.create_index("results_by_person", "class_results", ["user_key"])
