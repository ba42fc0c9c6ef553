"""Maturity models, and what an answers file comes to by one of them; no database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import App, Parameter
from rich.console import RenderableType
from rich.table import Table

from documents.answer_groups import by_unit
from documents.answers import read_answers
from documents.faults import one_of
from documents.models import read_edition, read_model, shipped_editions
from documents.results import AssessorDocument, ElementDocument, GroupDocument, UnitDocument, WholeDocument, results
from documents.workings import explain_file
from domain.method.edition import Edition
from domain.method.respondents import Basis
from domain.method.scoring import SCORED
from domain.words import _, in_language, ngettext
from pdca.console import fields, heading, show, show_json, table
from pdca.labels import label, level, mean, of, span, step
from pdca.parameters import AsJson
from pdca.workings import working

app = App(name="model", help=_("See and check maturity models."))

Model: TypeAlias = Annotated[str, Parameter(help=_("The id of a shipped model, or a file (YAML, JSON)."))]
Answers: TypeAlias = Annotated[Path, Parameter(help=_("The answers (CSV, XLSX)."))]


@app.command(name="list", help=_("List the models that are shipped."))
def list_(*, as_json: AsJson = False) -> None:
    """List the shipped models."""
    if as_json:
        show_json(
            {
                "models": [
                    {
                        "id": each.id,
                        "edition": each.edition,
                        "title": dict(each.title),
                        "rule": each.rule,
                        "elements": len(each.elements),
                        "items": len(each.items),
                    }
                    for each in shipped_editions()
                ]
            }
        )
        return
    rows = (
        (each.id, each.edition, in_language(each.title), each.rule, len(each.elements), len(each.items))
        for each in shipped_editions()
    )
    headings = (_("Id"), _("Edition"), _("Title"), _("Rule"), _("Elements"), _("Items"))
    show(table(headings, rows, numbers="ef"))


@app.command(name="show", help=_("Show a model's elements and items."))
def show_(model: Model, /, *, as_json: AsJson = False) -> None:
    """Show a model."""
    if as_json:
        show_json(read_model(model))
        return
    edition = read_edition(model)
    show(
        heading(in_language(edition.title)),
        fields([(_("Rule"), edition.rule), (_("Source"), edition.source), (_("Digest"), edition.digest)]),
        *_elements(edition),
    )


@app.command(help=_("Say what is wrong with a model file."))
def check(file: Annotated[str, Parameter(help=_("The file (YAML, JSON)."))], /) -> None:
    """Check a model file; what is wrong is refused with its place."""
    edition = read_edition(file)
    text = ngettext(
        "{id}, edition {edition}: {count} element, {items} items, no fault.",
        "{id}, edition {edition}: {count} elements, {items} items, no fault.",
        len(edition.elements),
    )
    show(text.format(id=edition.id, edition=edition.edition, count=len(edition.elements), items=len(edition.items)))
    if edition.rule not in SCORED:
        text = _("Answers by the rule {rule} are not scored yet, so no programme can use it; by {rules} they are.")
        show(text.format(rule=edition.rule, rules=one_of(SCORED)))


def score(model: Model, answers: Answers, /, *, as_json: AsJson = False) -> None:
    """Score an answers file by a model."""
    edition = read_edition(model)
    found = results(edition, by_unit(read_answers(answers, edition)))
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    for unit in found.units:
        show(heading(unit.unit), *_score(edition, unit))
        for other in unit.others:
            show(heading(f"{unit.unit} · {other.assessor}"), *_score(edition, other))


def explain(
    model: Model,
    answers: Answers,
    /,
    *,
    unit: Annotated[str | None, Parameter(help=_("Only this unit."))] = None,
    element: Annotated[str | None, Parameter(help=_("Only this element."))] = None,
    as_json: AsJson = False,
) -> None:
    """Explain how levels came about, each so that a pencil follows it."""
    found = explain_file(model, answers, unit=unit, element=element)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    for each in found.units:
        for judged in each.elements:
            show(heading(f"{each.unit} · {judged.element} {in_language(judged.title)}"), *working(judged))


def _elements(edition: Edition) -> Iterator[RenderableType]:
    for element in edition.elements:
        yield heading(f"{element.id} {in_language(element.title)}")
        yield table(
            (_("Level"), _("Item"), _("Statement")),
            ((item.level, item.id, in_language(item.text)) for item in element.items),
        )


def _score(edition: Edition, found: UnitDocument | AssessorDocument) -> list[RenderableType]:
    """Return the elements that somebody answered, those that nobody did, and the means."""
    answered = [each for each in found.elements if each.basis is not Basis.NONE]
    silent = [each.element for each in found.elements if each.basis is Basis.NONE]
    parts: list[RenderableType] = [_element_table(edition, answered), _means(edition, found)]
    if silent:
        parts.append(_("Nobody answered: {elements}.").format(elements=", ".join(silent)))
    return parts


def _element_table(edition: Edition, elements: list[ElementDocument]) -> Table:
    headings = (_("Element"), _("Topic"), _("Level"), _("Answered"), _("Own levels"), _("Rests on"), _("Contested"))
    rows = (
        (
            each.element,
            in_language(edition.by_id[each.element].title),
            level(each.result, proven=each.proven, why=each.why),
            of(each.coverage),
            span(each.minimum, each.maximum),
            label(each.basis),
            ", ".join(each.contested),
        )
        for each in elements
    )
    return table(headings, rows)


def _means(edition: Edition, found: UnitDocument | AssessorDocument) -> Table:
    titles = {group.id: f"{group.id} {in_language(group.title)}" for group in edition.groups}
    rows = [_mean(titles[each.group], each) for each in found.groups]
    rows.append(_mean(_("Whole"), found.whole))
    return table((_("Group"), _("Mean"), _("Lowest"), _("Proven")), rows)


def _mean(title: str, found: GroupDocument | WholeDocument) -> tuple[object, ...]:
    said = mean(found.result, found.coverage, enough=found.enough)
    lowest = "" if found.minimum is None or not found.enough else step(found.minimum)
    return title, said, lowest, of(found.coverage)
