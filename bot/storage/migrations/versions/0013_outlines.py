"""The outline of a corrected garment, by which training finds it again when heads in its photo are coarsened."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is kept only boxes are known."""
    op.add_column("corrections", sa.Column("outline", sa.LargeBinary))
