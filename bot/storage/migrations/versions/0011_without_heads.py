"""Whether the heads in a kept photo are coarsened: those that were kept before it was done at once have to be yet."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of all that is kept it is not known to have been done."""
    op.add_column("corrections", sa.Column("without_heads", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("corrections_with_heads", "corrections", ["without_heads", "id"])
