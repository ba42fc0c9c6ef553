"""The people: who they are, how to reach them, when they are away, who stands in for them."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, choice
from domain.errors import NotFound
from domain.words import _


class RoleName(StrEnum):
    """What somebody may do in the whole organisation; without one, a person is a member."""

    ADMINISTRATOR = "administrator"
    QUALITY_MANAGER = "quality manager"
    MANAGER = "manager"
    AUDITOR = "auditor"


class Person(Base):
    """Somebody asked, owning or deciding; erasing a person blanks name and mail and leaves the row."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    mail: Mapped[str | None] = mapped_column(String(254), default=None)
    language: Mapped[str] = mapped_column(String(10), default="en")
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    left_on: Mapped[date | None] = mapped_column(default=None)


class Role(Base):
    """A role somebody holds."""

    __tablename__ = "role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[RoleName] = mapped_column(choice(RoleName, "name"), primary_key=True)


class Absence(Base):
    """Days on which somebody is away, both ends included."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="order"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    ends_on: Mapped[date]


def person(session: Session, key: str) -> Person:
    """Return the person with this key or mail address; raises NotFound."""
    found = session.scalars(select(Person).where((Person.key == key) | (Person.mail == key))).first()
    if found is None:
        raise NotFound(_("nobody has the id or address {key}; `pdca status --people` lists them").format(key=key))
    return found


def active(session: Session, today: date) -> list[Person]:
    """Return everybody who has not left, by key."""
    here = (Person.left_on.is_(None)) | (Person.left_on > today)
    return list(session.scalars(select(Person).where(here).order_by(Person.key)))


def here(session: Session, today: date) -> frozenset[int]:
    """Return the ids of everybody who has not left."""
    return frozenset(session.scalars(select(Person.id).where((Person.left_on.is_(None)) | (Person.left_on > today))))


def holders(session: Session, role: RoleName, today: date) -> list[Person]:
    """Return the people who hold a role and have not left, by key."""
    here = (Person.left_on.is_(None)) | (Person.left_on > today)
    held = select(Role.person_id).where(Role.name == role)
    return list(session.scalars(select(Person).where(Person.id.in_(held), here).order_by(Person.key)))


def roles(session: Session) -> dict[int, list[RoleName]]:
    """Return the roles of everybody who holds one, by person id."""
    found: dict[int, list[RoleName]] = {}
    for role in session.scalars(select(Role).order_by(Role.person_id, Role.name)):
        found.setdefault(role.person_id, []).append(role.name)
    return found


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """Return people by id in one query."""
    wanted = set(ids)
    return {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(wanted)))}
