"""Alembic runs this file; the connection, with its transaction begun, comes from `rpa.store.migrate`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
