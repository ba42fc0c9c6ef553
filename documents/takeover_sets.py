"""Rows that say nothing but that they are there: brought to what a document lists."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from domain.base import Base

Key = TypeVar("Key", bound=Hashable)


def bring(session: Session, stored: Mapping[Key, Base], wanted: Mapping[Key, Base]) -> None:
    """Take away the rows that are not wanted and add those that are not there; rows are the same by their keys."""
    for key, row in stored.items():
        if key not in wanted:
            session.delete(row)
    session.flush()
    session.add_all(row for key, row in wanted.items() if key not in stored)
