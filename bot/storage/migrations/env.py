"""Runs the migrations on the connection that :func:`bot.storage.migrate.migrate` hands over."""

from alembic import context

from bot.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
