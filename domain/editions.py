"""Model editions as they are kept: the whole document, immutable once a programme uses it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json
from domain.errors import NotAllowed, NotFound
from domain.method.edition import Edition, digest, edition_from
from domain.words import _


class ModelEdition(Base):
    """A maturity model as data; its scoring digest stands in every score made with it."""

    __tablename__ = "model_edition"
    __table_args__ = (UniqueConstraint("model", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    model: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    document_digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(Json)


def keep(session: Session, document: Mapping[str, Any]) -> ModelEdition:
    """Keep a checked model document, once.

    The same edition again is found again; with other wording (an editorial revision) its texts are replaced; with
    anything else changed it is refused, because scores already rest on it.
    """
    edition = edition_from(document)
    found = kept(session, edition)
    if found is None:
        found = ModelEdition(
            model=edition.id,
            edition=edition.edition,
            digest=edition.digest,
            document_digest=digest(document),
            document=dict(document),
        )
        session.add(found)
        session.flush()
    elif found.document_digest != digest(document):
        found.document = dict(document)
        found.document_digest = digest(document)
    return found


def kept(session: Session, edition: Edition) -> ModelEdition | None:
    """Return an edition as it is kept, None if it is not; raises NotAllowed where scores would no longer follow."""
    wanted = select(ModelEdition).where(ModelEdition.model == edition.id, ModelEdition.edition == edition.edition)
    found = session.scalars(wanted).first()
    if found is not None and found.digest != edition.digest:
        raise NotAllowed(
            _(
                "model {model}, edition {edition} is in use with other items, levels or weights; give it a new edition"
            ).format(model=edition.id, edition=edition.edition)
        )
    return found


def edition(session: Session, edition_id: int) -> Edition:
    """Return a kept edition as values; parsed once per document."""
    row = session.get(ModelEdition, edition_id)
    if row is None:
        raise NotFound(_("no model edition has the number {id}").format(id=edition_id))
    key = f"{row.id}:{row.document_digest}"
    if (known := _parsed.get(key)) is None:
        known = _parsed[key] = edition_from(row.document)
    return known


_parsed: dict[str, Edition] = {}
