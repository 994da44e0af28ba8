"""What is right may be other clothing, no clothing or a wrong outline, not only one of the ten classes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LABELS = "predicted between 0 and 11 and right_label between 0 and 12"


def upgrade() -> None:
    """Widen what the labels may be."""
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        op.drop_constraint("ten_classes", "corrections", type_="check")
        op.create_check_constraint("known_labels", "corrections", _LABELS)


def _upgrade_sqlite() -> None:
    """Copy the table, which is how SQLite changes a constraint; the rows stay, and no id is given a second time."""
    connection = op.get_bind()
    last = connection.scalar(sa.text("select seq from sqlite_sequence where name = 'corrections'"))
    with op.batch_alter_table("corrections", recreate="always", copy_from=_widened()):
        pass
    if last is not None:
        connection.execute(sa.text("delete from sqlite_sequence where name = 'corrections'"))
        connection.execute(
            sa.text("insert into sqlite_sequence (name, seq) values ('corrections', :last)"), {"last": last}
        )


def _widened() -> sa.Table:
    return sa.Table(
        "corrections",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_key", sa.String(64), sa.ForeignKey("consents.user_key", ondelete="CASCADE"), nullable=False),
        sa.Column("photo", sa.LargeBinary, nullable=False),
        sa.Column("photo_digest", sa.String(64), nullable=False),
        sa.Column("garment", sa.SmallInteger, nullable=False),
        sa.Column("box", sa.JSON),
        sa.Column("predicted", sa.SmallInteger, nullable=False),
        sa.Column("right_label", sa.SmallInteger, nullable=False),
        sa.Column("probabilities", sa.JSON, nullable=False),
        sa.Column("model_version", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("user_key", "photo_digest", "garment", name="one_label_per_garment"),
        sa.CheckConstraint(_LABELS, name="known_labels"),
        sa.CheckConstraint("status in ('pending', 'accepted', 'rejected')", name="known_status"),
        sa.Index("corrections_by_status", "status", "id"),
        sqlite_autoincrement=True,
    )
