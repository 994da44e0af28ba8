"""How often an album was tried, so that one that ends every process is left alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; albums in progress begin anew."""
    op.add_column("albums", sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"))
