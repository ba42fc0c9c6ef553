"""How alembic runs our steps: inside the transaction that `pdca.migrations` has opened."""

from alembic import context

from pdca.migrations import OPTIONS, metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata(), **OPTIONS)
context.run_migrations()
