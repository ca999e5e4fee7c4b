"""An index of the facts of one kind since an instant, by which a young rule is measured.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FACTS = sa.text("kind = 'fact'")


def upgrade() -> None:
    op.create_index(
        "ix_entry_tag_position",
        "entry",
        ["tag", "position"],
        sqlite_where=FACTS,
        postgresql_where=FACTS,
    )
