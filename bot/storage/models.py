"""Published sets of networks for replicas: a platform throws their disks away, so the sets come from the database."""

from collections.abc import Collection

from sqlalchemy import delete, select

from bot.registry.model_set import ModelSet, card_bytes, sha256
from bot.storage import retention
from bot.storage.database import Database
from bot.storage.schema import model_files, models
from bot.storage.types import SharedModel


class ModelTable:
    """The sets that were published to this database; the newest one counts.

    Raises, from every method:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_model(self, published: ModelSet) -> None:
        """Publish a set to every replica; also an older one again, to roll back. Files that are there stay."""
        files = {name: sha256(data) for name, data in published.networks.items()}
        row = models.insert().values(
            version=published.version,
            files=files,
            card=card_bytes(published.card).decode(),
            published_at=self._database.now(),
        )
        newest = select(models.c.id, models.c.files).order_by(models.c.id.desc()).limit(retention.MODELS_KEPT)
        with self._database.write() as connection:
            self._database.lock(connection, "models")
            stored = select(model_files.c.sha256).where(model_files.c.sha256.in_(files.values()))
            there = set(connection.scalars(stored))
            for name, digest in files.items():
                if digest not in there:
                    connection.execute(model_files.insert().values(sha256=digest, data=published.networks[name]))
                    there.add(digest)
            connection.execute(row)
            kept = connection.execute(newest).all()
            connection.execute(delete(models).where(models.c.id < min(each.id for each in kept)))
            needed = {digest for each in kept for digest in each.files.values()}
            connection.execute(delete(model_files).where(model_files.c.sha256.not_in(needed)))

    def latest_model(self) -> SharedModel | None:
        """The newest set, without its files; None when there is none."""
        newest = select(models).order_by(models.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(newest).first()
        return None if row is None else SharedModel(row.id, row.version, dict(row.files), row.card)

    def read_files(self, digests: Collection[str]) -> dict[str, bytes]:
        """Files by SHA-256 in hex; one of a set that was dropped meanwhile is left out."""
        with self._database.read() as connection:
            rows = connection.execute(select(model_files).where(model_files.c.sha256.in_(list(digests)))).all()
        return {row.sha256: bytes(row.data) for row in rows}
