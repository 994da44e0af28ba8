"""Published models for replicas: a platform throws their disks away, so the model comes from the database."""

import hashlib

from sqlalchemy import delete, select

from bot.corrections import retention
from bot.corrections.database import Database
from bot.corrections.schema import models
from bot.corrections.types import StoredModel


class ModelTable:
    """The models that were published to this database; the newest one counts.

    Raises, from every method:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_model(self, model: StoredModel) -> None:
        """Publish a model to every replica; also an older one again, to roll back.

        Raises:
            ValueError: the file is not the one that ``sha256`` names.
        """
        if hashlib.sha256(model.tflite).hexdigest() != model.sha256:
            raise ValueError("the model's sha256 is not that of its file")
        row = models.insert().values(
            version=model.version,
            sha256=model.sha256,
            tflite=model.tflite,
            card=model.card,
            published_at=self._database.now(),
        )
        newest = select(models.c.id).order_by(models.c.id.desc()).limit(retention.MODELS_KEPT)
        with self._database.write() as connection:
            self._database.lock(connection, "models")
            connection.execute(row)
            kept = connection.execute(newest).scalars().all()
            connection.execute(delete(models).where(models.c.id < min(kept)))

    def latest_model(self, *, unless_sha256: str | None = None) -> StoredModel | None:
        """The newest model.

        Args:
            unless_sha256: the file that the caller has; it is not sent again.

        Returns:
            None when there is none, or when it is the one the caller has.
        """
        newest = select(models.c.id, models.c.sha256).order_by(models.c.id.desc()).limit(1)
        with self._database.read() as connection:
            found = connection.execute(newest).first()
            if found is None or found.sha256 == unless_sha256:
                return None
            row = connection.execute(select(models).where(models.c.id == found.id)).first()
        return None if row is None else StoredModel(row.version, row.sha256, bytes(row.tflite), row.card)
