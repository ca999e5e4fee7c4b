"""Mail domains where anybody opens a mailbox for an hour: our own short selection.

A host list of the operator's may know many more; these are the ones that everybody meets.
"""

from __future__ import annotations

DISPOSABLE = frozenset(
    {
        "10minutemail.com", "10minutemail.net", "20minutemail.com", "33mail.com",
        "burnermail.io", "crazymailing.com", "deadaddress.com", "discard.email",
        "discardmail.com", "dispostable.com", "emailondeck.com", "emailtemporanea.net",
        "fakeinbox.com", "fakemail.net", "getairmail.com", "getnada.com", "grr.la",
        "guerrillamail.biz", "guerrillamail.com", "guerrillamail.de", "guerrillamail.info",
        "guerrillamail.net", "guerrillamail.org", "guerrillamailblock.com", "inboxbear.com",
        "inboxkitten.com", "jetable.org", "luxusmail.org", "mail-temporaire.fr", "mailcatch.com",
        "maildrop.cc", "mailexpire.com", "mailinator.com", "mailinator.net", "mailnesia.com",
        "mailnull.com", "mailsac.com", "mailtemp.info", "meltmail.com", "mintemail.com",
        "minuteinbox.com", "moakt.com", "mohmal.com", "mytemp.email", "mytrashmail.com",
        "nada.email", "sharklasers.com", "spam4.me", "spambox.us", "spamgourmet.com",
        "temp-mail.io", "temp-mail.org", "tempail.com", "tempinbox.com", "tempmail.dev",
        "tempmail.net", "tempmailo.com", "throwawaymail.com", "tmpmail.org", "trash-mail.com",
        "trashmail.com", "trashmail.de", "wegwerfmail.de", "yopmail.com", "yopmail.fr",
        "yopmail.net",
    }
)  # fmt: skip
"""Registered domains; what stands under one of them counts as well."""
