"""The same checks over whole tables, and learning their points: needs the extra ``bulk``.

>>> import pyarrow as pa
>>> from policyenforce import bulk
>>> found = bulk.relate(pa.table({"account_id": ["a", "b"], "card_token": ["tok_81", "tok_81"]}))
>>> found.pairs.select(["left", "right", "band"]).to_pylist()
[{'left': 'a', 'right': 'b', 'band': 'review'}]
"""

from policyenforce.bulk.approving import Approvals
from policyenforce.bulk.duplicates import Pair, by_several_accounts, near_duplicates
from policyenforce.bulk.events import read_events
from policyenforce.bulk.fitting import Fitted, fit
from policyenforce.bulk.relating import Related, Reviewed, relate
from policyenforce.bulk.screening import screen, screen_batches
from policyenforce.bulk.sessions import Sessions, sessions
from policyenforce.bulk.tables import (
    read_accounts,
    read_clusters,
    require_suffix,
    write_table,
    write_tables,
)

__all__ = [
    "Approvals",
    "Fitted",
    "Pair",
    "Related",
    "Reviewed",
    "Sessions",
    "by_several_accounts",
    "fit",
    "near_duplicates",
    "read_accounts",
    "read_clusters",
    "read_events",
    "relate",
    "require_suffix",
    "screen",
    "screen_batches",
    "sessions",
    "write_table",
    "write_tables",
]
