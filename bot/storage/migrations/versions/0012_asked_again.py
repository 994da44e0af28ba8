"""Which set was asked about a correction after the one that answered, and what it left for what the person says."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; about what is kept no other set was asked yet."""
    op.add_column("corrections", sa.Column("asked_version", sa.String(120)))
    op.add_column("corrections", sa.Column("asked_share", sa.Float))
