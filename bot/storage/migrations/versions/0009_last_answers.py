"""The last answer that somebody got, to share it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "last_answers",
        sa.Column("user_key", sa.String(64), primary_key=True),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("caption", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )
