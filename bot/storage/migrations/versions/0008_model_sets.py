"""What is published is a set of networks; a file that several sets have is kept once, by its SHA-256."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CLASSIFIER = "classifier.tflite"


def upgrade() -> None:
    """Move the classifiers of earlier models into the table of files."""
    files = op.create_table(
        "model_files",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.add_column("models", sa.Column("files", sa.JSON, nullable=False, server_default="{}"))
    models = sa.table("models", sa.column("id"), sa.column("sha256"), sa.column("tflite"), sa.column("files", sa.JSON))
    connection, kept = op.get_bind(), set()
    for row in connection.execute(sa.select(models.c.id, models.c.sha256, models.c.tflite)).all():
        if row.sha256 not in kept:
            connection.execute(files.insert().values(sha256=row.sha256, data=row.tflite))
            kept.add(row.sha256)
        described = models.update().where(models.c.id == row.id).values(files={_CLASSIFIER: row.sha256})
        connection.execute(described)
    op.drop_column("models", "sha256")
    op.drop_column("models", "tflite")
