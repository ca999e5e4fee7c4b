"""``CHECKS``: the table that lists every check, the only place that knows them all."""

from __future__ import annotations

from policyenforce.checks import conduct, cooperation, dealings, registration
from policyenforce.checks.account_sharing import check as account_sharing
from policyenforce.checks.multiple_accounts import check as multiple_accounts
from policyenforce.checks.table import Check
from policyenforce.checks.user_content import check as user_content

CHECKS: tuple[Check, ...] = (
    *registration.CHECKS,
    *conduct.CHECKS,
    *dealings.CHECKS,
    *cooperation.CHECKS,
    multiple_accounts.CHECK,
    account_sharing.CHECK,
    *user_content.CHECKS,
)
