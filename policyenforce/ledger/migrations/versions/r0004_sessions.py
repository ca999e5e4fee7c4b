"""What is kept of each account's sessions, a step further with each fact of them.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_stream", "sessions", ["stream"])
