"""What rows of an organisation file must be to each other, and to the models of the programmes."""

from collections.abc import Collection, Iterator

from documents.faults import Fault, RefusedInput, one_of, shown
from documents.models import read_edition
from documents.organisation_draft import Draft
from documents.organisation_owners import owner_faults
from documents.organisation_programmes import element_of, programme_faults
from documents.organisation_tree import loops, tree_faults
from documents.written import Path
from domain.method.edition import Edition
from domain.method.scoring import SCORED
from domain.words import _


def faults_across(draft: Draft) -> list[Fault]:
    """Return what is wrong between the rows of a draft.

    Owners are looked for where all that they follow from is sound: units, responsibilities and the programme.
    """
    faults = [*_managers(draft), *_responsibilities_twice(draft)]
    in_tree = tree_faults(draft)
    editions, of_models = _editions(draft)
    unknown = _unknown_responsibilities(draft, editions.values()) if len(editions) == draft.count("programmes") else []
    faults += [*in_tree, *of_models, *unknown]
    for number, edition in editions.items():
        in_programme = list(programme_faults(draft, number, edition))
        faults += in_programme
        if not (in_tree or unknown or in_programme) and draft.is_whole("units", "responsibilities"):
            faults += owner_faults(draft, number, edition)
    return faults


def _editions(draft: Draft) -> tuple[dict[int, Edition], list[Fault]]:
    """Return the model of each programme by the programme's number, and the faults of those that have none."""
    editions = {}
    faults: list[Fault] = []
    for number, programme in draft.programmes.items():
        place = ("programmes", number, "model")
        try:
            edition = read_edition(programme.model)
        except RefusedInput as refused:
            faults += [_of_model(draft, place, fault) for fault in refused.faults]
            continue
        if edition.rule in SCORED:
            editions[number] = edition
        else:
            found = _("{model} by the rule {rule}").format(model=edition.id, rule=edition.rule)
            expected = _("a model by a rule that is scored: {rules}").format(rules=one_of(SCORED))
            faults.append(draft.written.fault(place, found, expected))
    return editions, faults


def _of_model(draft: Draft, path: Path, fault: Fault) -> Fault:
    if not fault.place:
        return draft.written.fault(path, fault.found, fault.expected)
    found = _("{file}, {place}: {found}").format(file=fault.file, place=fault.place, found=fault.found)
    return draft.written.fault(path, found, fault.expected)


def _managers(draft: Draft) -> Iterator[Fault]:
    managers = {each.id: each.manager for each in draft.people.values() if each.manager not in {None, each.id}}
    circles = loops(managers)
    for number, each in draft.people.items():
        if loop := circles.get(each.id):
            found = _("the circle {circle}").format(circle=loop)
            yield draft.written.fault(("people", number, "manager"), found, _("managers that end with somebody"))


def _responsibilities_twice(draft: Draft) -> Iterator[Fault]:
    first: dict[tuple[str, str | None, str | None], int] = {}
    for number, each in draft.responsibilities.items():
        before = first.setdefault((each.unit, each.element, each.group), number)
        if before != number:
            found = _("{what} in {unit} as in {place}").format(
                what=each.element or each.group,
                unit=each.unit,
                place=draft.written.places.place(("responsibilities", before)),
            )
            yield draft.written.fault(("responsibilities", number), found, _("it once"))


def _unknown_responsibilities(draft: Draft, editions: Collection[Edition]) -> list[Fault]:
    """Return elements and groups that no programme's model has; without a programme no model is known."""
    if not editions:
        return []
    elements = {element: None for edition in editions for element in edition.by_id}
    groups = {group.id: None for edition in editions for group in edition.groups}
    faults = []
    for number, each in draft.responsibilities.items():
        path = ("responsibilities", number)
        if each.element is not None and each.element not in elements:
            expected = element_of(elements, each.element)
            faults.append(draft.written.fault((*path, "element"), shown(each.element), expected))
        if each.group is not None and each.group not in groups:
            expected = _("a group of the model: {known}").format(known=one_of(groups, each.group))
            faults.append(draft.written.fault((*path, "group"), shown(each.group), expected))
    return faults
