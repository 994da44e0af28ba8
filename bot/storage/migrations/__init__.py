"""Alembic's folder. To change a table: change ``schema.py`` and add the next file to ``versions``."""
