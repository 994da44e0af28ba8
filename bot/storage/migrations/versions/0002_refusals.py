"""A no to keeping photos is remembered, so that nobody is asked again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "refusals",
        sa.Column("user_key", sa.String(64), primary_key=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
    )
