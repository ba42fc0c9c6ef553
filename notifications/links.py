"""Links that stand in for an account: a random token, of which only the hash is kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, choice


class Scope(StrEnum):
    """What a link opens, and nothing else."""

    SIGN_IN = "sign-in"
    RESPONSE = "response"
    ACTION = "action"


class Link(Base):
    """A link given to a person; it opens one subject until it expires, is used up or is revoked."""

    __tablename__ = "link"
    __table_args__ = (Index(None, "scope", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[Scope] = mapped_column(choice(Scope, "scope"))
    subject_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
