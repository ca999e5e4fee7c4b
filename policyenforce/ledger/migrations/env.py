"""Run by Alembic: migrates the connection that ``schema.migrate`` hands over."""

from alembic import context

from policyenforce.ledger.schema import VERSION_TABLE
from policyenforce.ledger.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
