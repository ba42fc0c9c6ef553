"""The words that go with answers: reasons, comments, evidence; erasable, and nothing is computed from them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, choice


class NoteKind(StrEnum):
    """What a note to an answer is."""

    REASON = "reason"
    COMMENT = "comment"
    EVIDENCE = "evidence"


class AnswerNote(Base):
    """Words that go with an answer, or with a whole part where no element is named; erasable, never computed with."""

    __tablename__ = "answer_note"
    __table_args__ = (UniqueConstraint("response_id", "element", "item", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    element: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind, "kind"))
    text: Mapped[str]


Notes: TypeAlias = Mapping[tuple[str, str, NoteKind], str]
"""The words that go with answers, by element, item (or "") and kind."""


def keep(session: Session, response_id: int, notes: Notes) -> None:
    """Keep the words that go with answers, by (element, item or "", kind); an empty text removes one."""
    keep_all(session, {response_id: notes})


def keep_all(session: Session, notes: Mapping[int, Notes]) -> None:
    """Keep the words that go with the answers of many responses; an empty text removes one."""
    known = {
        (each.response_id, each.element, each.item, each.kind): each
        for each in session.scalars(select(AnswerNote).where(AnswerNote.response_id.in_(notes)))
    }
    for response_id, texts in notes.items():
        for (element, item, kind), words in texts.items():
            old = known.get((response_id, element, item, kind))
            if not words:
                if old is not None:
                    session.delete(old)
            elif old is None:
                new = AnswerNote(response_id=response_id, element=element, item=item, kind=kind, text=words)
                session.add(new)
            else:
                old.text = words
