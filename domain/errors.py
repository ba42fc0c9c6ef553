"""What can go wrong in the domain, said for the reader: what, where, what to do.

DomainError
├── NotFound            a key that names nothing
├── NotAllowed          the rules forbid it for this person or at this time
├── InvalidTransition   a status that does not lead there
└── Stale               somebody else changed the thing meanwhile
"""


class DomainError(Exception):
    """A refusal with a sentence for the reader; nothing was changed."""


class NotFound(DomainError):
    """Nothing has this key."""


class NotAllowed(DomainError):
    """The rules forbid it here, now or for this person."""


class InvalidTransition(DomainError):
    """The thing's status does not lead to the wanted one."""


class Stale(DomainError):
    """Somebody else changed the thing after it was read."""
