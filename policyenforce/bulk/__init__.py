"""The same checks over whole tables, and learning their points: needs the extra ``bulk``.

>>> import pyarrow as pa
>>> from policyenforce import bulk
>>> found = bulk.relate(pa.table({"account_id": ["a", "b"], "card_token": ["tok_81", "tok_81"]}))
>>> found.pairs.select(["left", "right", "band"]).to_pylist()
[{'left': 'a', 'right': 'b', 'band': 'review'}]
"""

from policyenforce.bulk.approving import Approvals
from policyenforce.bulk.fitting import Fitted, fit
from policyenforce.bulk.relating import Related, Reviewed, relate
from policyenforce.bulk.tables import read_accounts, read_clusters, write_tables

__all__ = [
    "Approvals",
    "Fitted",
    "Related",
    "Reviewed",
    "fit",
    "read_accounts",
    "read_clusters",
    "relate",
    "write_tables",
]
