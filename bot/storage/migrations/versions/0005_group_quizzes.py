"""Quizzes of groups, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "quiz_polls",
        sa.Column("poll_id", sa.String(40), primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("image", sa.Integer, nullable=False),
        sa.Column("label", sa.SmallInteger, nullable=False),
        sa.Column("model_right", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("polls_by_chat", "quiz_polls", ["chat_id", "thread_id", "asked_at"])
    op.create_table(
        "quiz_votes",
        sa.Column("poll_id", sa.String(40), sa.ForeignKey("quiz_polls.poll_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_key", sa.String(64), primary_key=True),
        sa.Column("is_right", sa.Boolean, nullable=False),
    )
