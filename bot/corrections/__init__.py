"""What people told the bot, and what its replicas must agree on.

Start at :mod:`storage`: it opens everything that shares one database. :mod:`store` keeps consents, corrections
and languages, :mod:`updates` which updates were handled, :mod:`albums` the parts of an album, :mod:`models` the
models that replicas fetch. :mod:`database` is the only module that knows how SQLite and PostgreSQL differ.
"""
