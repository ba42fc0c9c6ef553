"""Headers of a mail: addresses, ids that thread mails, and a policy that sends ids as they are written."""

import hashlib
from collections.abc import Sequence
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email

from domain.words import _

WHOLE = frozenset({"message-id", "references", "in-reply-to"})
MOST_REFERENCES = 10
"""More would pass the longest line that mail may have, 998 characters."""


class MailPolicy(EmailPolicy):
    """Fold as the standard library does, but leave ids and List headers whole.

    The library breaks long ids into encoded words, which no mail program reads: https://bugs.python.org/issue35805.
    """

    def fold(self, name: str, value: Any) -> str:
        """Return a header as it is sent."""
        return f"{name}: {value}{self.linesep}" if _stays_whole(name) else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it is sent, in bytes."""
        return self.fold(name, value).encode("ascii") if _stays_whole(name) else super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")


class UnusableAddress(ValueError):
    """No mail can be sent to this address; the sentence says why."""


def address(mail: str, name: str = "") -> Address:
    """Return an address that every mail server takes; raises UnusableAddress with the reason for any other."""
    try:
        checked = validate_email(mail, check_deliverability=False)
    except EmailNotValidError as error:
        raise UnusableAddress(_("{mail} is no mail address: {reason}").format(mail=mail, reason=error)) from error
    if checked.ascii_email is None:
        raise UnusableAddress(
            _("{mail} has letters before the @ that not every mail server takes; use an address without them").format(
                mail=mail
            )
        )
    return Address(name, addr_spec=checked.ascii_email)


def sender_of(sender: str) -> Address:
    """Return the address that mails come from, of a setting such as Quality team <quality@example.org>."""
    name, mail = parseaddr(sender)
    local, _at, domain = mail.rpartition("@")
    return Address(name, local, domain)


def message_id(key: str, as_of: str, domain: str) -> str:
    """Return the id of a mail, the same for every attempt at it."""
    return f"<{_digest(key, as_of)}@{domain}>"


def thread_ids(threads: Sequence[str], domain: str) -> list[str]:
    """Return the root ids under which mail programs gather all mails about the same things."""
    return [f"<{_digest('thread', thread)}@{domain}>" for thread in threads[:MOST_REFERENCES]]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _stays_whole(name: str) -> bool:
    return name.lower() in WHOLE or name.lower().startswith("list-")
