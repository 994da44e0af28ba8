"""What people told the bot, and what its replicas must agree on.

Start at :mod:`storage`: it opens everything that shares one database. :mod:`store` keeps consents and corrections,
:mod:`languages` who is answered in which, :mod:`networks`, :mod:`class_tables`, :mod:`quizzes` and
:mod:`course_places` what people do in the course, :mod:`updates` which updates were handled, :mod:`albums` the parts
of an album, :mod:`models` the sets of networks that replicas fetch (:mod:`model_sharing` puts them there).
:mod:`retention` says how long each is kept. :mod:`database` is the only module that knows how SQLite and PostgreSQL
differ.
"""
