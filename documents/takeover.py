"""Taking over an organisation's document: what is new and what differs is stored; nothing is ever deleted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from documents.models import read_model
from documents.organisation_entries import OrganisationDocument
from documents.organisation_stored import named, stored
from documents.takeover_changes import Changes, SectionChanges, differences
from documents.takeover_rows import write
from domain import editions
from domain.errors import NotAllowed
from domain.events import record
from domain.method.edition import digest, edition_from
from domain.words import _


def compare(session: Session, document: OrganisationDocument) -> Changes:
    """Return what taking over a document would change; nothing is written.

    Raises NotAllowed where a model would change under its scores, a unit that the file lacks would lose its place, or
    the address of a person it lacks would be another's too.
    """
    models = _models(document)
    return _changes(session, _resolved(document, models), models)


def take_over(session: Session, document: OrganisationDocument, by: int | None, now: datetime) -> Changes:
    """Store what is new and what differs, and return it; taken over again a document changes nothing more.

    Raises NotAllowed as `compare` does.
    """
    models = _models(document)
    resolved = _resolved(document, models)
    changes = _changes(session, resolved, models)
    if not changes.is_empty:
        organisation = write(session, resolved, models, by=by, now=now)
        record(session, "organisation.imported", organisation, by=by, now=now, counts=changes.counts)
    return changes


def _models(document: OrganisationDocument) -> dict[str, dict[str, Any]]:
    """Return the model of each programme."""
    return {each.id: read_model(each.model) for each in document.programmes}


def _resolved(document: OrganisationDocument, models: Mapping[str, Mapping[str, Any]]) -> OrganisationDocument:
    """Return a document in which nothing is left to what another entry says."""
    language = document.organisation.language
    every_unit = tuple(unit.id for unit in document.units)
    people = (each.model_copy(update={"language": each.language or language}) for each in document.people)
    programmes = (
        each.model_copy(
            update={
                "name": each.name or each.id,
                "model": named(models[each.id]["id"], models[each.id]["edition"]),
                "units": each.units or every_unit,
            }
        )
        for each in document.programmes
    )
    return document.model_copy(update={"people": tuple(people), "programmes": tuple(programmes)})


def _changes(session: Session, document: OrganisationDocument, models: Mapping[str, Mapping[str, Any]]) -> Changes:
    before = stored(session)
    if before is not None:
        _keep_in_place(before, document)
        _keep_addresses(before, document)
    return Changes(
        sections=(*differences(before, document), _of_models(session, models)),
        notes=(*_later_models(before, document), *_set_aside(document)),
    )


def _of_models(session: Session, models: Mapping[str, Mapping[str, Any]]) -> SectionChanges:
    changes = SectionChanges("models")
    by_name = {named(model["id"], model["edition"]): model for model in models.values()}
    for name, model in by_name.items():
        found = editions.kept(session, edition_from(model))
        if found is None:
            changes = replace(changes, new=(*changes.new, _("model {name} is new").format(name=name)))
        elif found.document_digest != digest(model):
            sentence = _("model {name}: its wording changes").format(name=name)
            changes = replace(changes, changed=(*changes.changed, sentence))
        else:
            changes = replace(changes, same=changes.same + 1)
    return changes


def _keep_in_place(before: OrganisationDocument, document: OrganisationDocument) -> None:
    """Refuse a document that leaves a unit it lacks without a place below the one top unit."""
    listed = {unit.id: unit for unit in document.units}
    mend = _("list it, below another unit or with its last day")
    for unit in before.units:
        if unit.id in listed or unit.valid_to is not None:
            continue
        if unit.parent is None:
            raise NotAllowed(
                _("unit {unit} is the top unit and not in the file; {mend}").format(unit=unit.id, mend=mend)
            )
        parent = listed.get(unit.parent)
        if parent is not None and parent.valid_to is not None:
            raise NotAllowed(
                _("unit {unit} is not in the file, but {parent} above it ends; {mend}").format(
                    unit=unit.id, parent=parent.id, mend=mend
                )
            )


def _keep_addresses(before: OrganisationDocument, document: OrganisationDocument) -> None:
    """Refuse a document that gives somebody the address of a person it lacks: it would no longer name one of them."""
    listed = {each.id for each in document.people}
    kept = {each.mail.casefold(): each.id for each in before.people if each.mail and each.id not in listed}
    words = _(
        "{mail} is the address of {kept}, who is not in the file, and of {new} in it; list {kept} too, with another"
    )
    twice = [
        words.format(mail=each.mail, kept=kept[each.mail.casefold()], new=each.id)
        for each in document.people
        if each.mail and each.mail.casefold() in kept
    ]
    if twice:
        raise NotAllowed("\n".join(twice))


def _later_models(before: OrganisationDocument | None, document: OrganisationDocument) -> Iterator[str]:
    """Yield which programmes get another model, and from when on."""
    models = {} if before is None else {each.id: each.model for each in before.programmes}
    for each in document.programmes:
        if models.get(each.id, each.model) != each.model:
            words = _("programme {id}: model {new} takes effect with the next cycle; what has begun goes on with {old}")
            yield words.format(id=each.id, new=each.model, old=models[each.id])


def _set_aside(document: OrganisationDocument) -> Iterator[str]:
    for name, entries in (("indicators", document.indicators), ("interested_parties", document.interested_parties)):
        if entries:
            yield _("{section}: {count} checked; nothing keeps them yet").format(section=name, count=len(entries))
