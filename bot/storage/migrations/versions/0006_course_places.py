"""At which step of the course a chat is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "course_places",
        sa.Column("chat_key", sa.String(64), primary_key=True),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
    )
