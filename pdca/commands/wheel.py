"""Turning the wheel, recording what a team agreed, and computing everything again."""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import track

from config import clock, settings
from config.database import reading
from documents.answer_words import STATES
from documents.answers import ANSWERS, WITH_ITEMS
from documents.faults import one_of
from documents.headings import plain
from domain import (
    asked,
    assessments,
    closings,
    cycles,
    organisation,
    overview,
    programmes,
    recomputation,
    rights,
    turns,
)
from domain.cycles import Cycle
from domain.errors import NotAllowed
from domain.method.edition import Edition, State
from domain.recomputation import Difference
from domain.words import _, ngettext
from flows.counted import counted
from notifications.waiting import waiting
from pdca import labels
from pdca.commands.files import import_agreed
from pdca.console import busy, show, show_json, table
from pdca.deciding import as_typed, database, deciding, looking, moment
from pdca.failures import Exit
from pdca.labels import label
from pdca.parameters import AsJson, AsOf, By, InProgramme


def turn(
    *,
    programme: Annotated[str | None, Parameter(help=_("Only this programme (its id)."))] = None,
    unit: Annotated[str | None, Parameter(help=_("Only this unit (its id)."))] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Do whatever is due in a process of its own, on the Prefect server of the settings or one started for it."""
    now = _checked(programme, unit, as_of)
    # Prefect reads its environment when it is imported, and takes a second for it.
    from pdca.prefect_server import serving  # noqa: PLC0415

    with serving(settings.load()):
        from flows.turning import TurnParameters, hand_over_logs  # noqa: PLC0415
        from flows.wheel import turn as turn_wheel  # noqa: PLC0415

        wanted = TurnParameters(as_of=None if as_of is None else now, programme=programme, unit=unit)
        try:
            with busy(_("Turning the wheel")):
                outcome = asyncio.run(turn_wheel(wanted))
        finally:
            hand_over_logs()
    if as_json:
        show_json({"done": {name: count for name, count in outcome.done.items() if count}, "left": outcome.is_left})
        return
    said = [(counted(name), count) for name, count in outcome.done.items() if count]
    if outcome.is_left:
        show(_("Another process is turning the wheel at this moment and does the work."))
    if said:
        show(table((_("Done"), _("How many")), said, numbers="b"))
    elif not outcome.is_left:
        show(_("Nothing was due."))
    _tell_waiting(now)


def agree(  # noqa: PLR0913 - what was agreed, why, by whom, and how it is told
    cycle: Annotated[str, Parameter(help=_("The cycle, such as 2026-Q4."))],
    unit: Annotated[
        str, Parameter(help=_("The unit; or a file (CSV, XLSX) with what was agreed, and nothing after it."))
    ],
    item: Annotated[str | None, Parameter(help=_("The item the team talked about."))] = None,
    state: Annotated[str | None, Parameter(help=_("What holds: yes, no, don't know or n/a."))] = None,
    /,
    *,
    because: Annotated[str, Parameter(help=_("The reason, in a sentence."))] = "",
    programme: InProgramme = None,
    by: By = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record one agreed state, or a file of them."""
    if item is None or state is None:
        import_agreed(cycle, Path(unit), programme=programme, by=by, as_of=as_of, as_json=as_json)
        return
    with deciding(as_of, by) as decision:
        session = decision.session
        found = overview.cycle_of(session, cycle, programme)
        assessment = assessments.of_unit(session, found.id, organisation.unit(session, unit).id)
        rights.require_member(session, decision.places.units, decision.person, assessment)
        edition = closings.edition_of(session, assessment)
        element, said = _element(edition, item, assessment.scope), _said(edition, state)
        was_contested = item == element or item in asked.contested_at_first(session, [assessment.id])[assessment.id]
        closings.agree(
            session,
            assessment,
            {element: {item: said}} if isinstance(said, State) else {},
            {(element, item): because},
            values={} if isinstance(said, State) else {element: said},
            by=decision.by,
            now=decision.now,
        )
        left = [each.item for each in asked.contested(session, [assessment.id])[assessment.id]]
    if as_json:
        told = said if isinstance(said, State) else str(said)
        show_json({"unit": unit, "item": item, "agreed": told, "was_contested": was_contested, "left": left})
    else:
        _tell_agreed(unit, item, said, left, was_contested=was_contested)


def _tell_agreed(unit: str, item: str, said: State | Fraction, left: Sequence[str], *, was_contested: bool) -> None:
    shown = label(said) if isinstance(said, State) else str(said)
    show(_("{unit} agreed: {item} is {state}.").format(unit=unit, item=item, state=shown))
    if not was_contested:
        show(_("It was not contested; what the team agreed holds all the same."))
    if left:
        show(_("Still contested: {items}.").format(items=", ".join(left)))


def recompute(
    cycle: Annotated[str | None, Parameter(help=_("The cycle, such as 2026-Q4; all of them if empty."))] = None,
    /,
    *,
    programme: InProgramme = None,
    as_json: AsJson = False,
) -> int:
    """Compute scores, findings and drafts again from answers and kept inputs; ends with 1 if a number differs."""
    with looking() as look:
        session = look.session
        wanted = [overview.cycle_of(session, cycle, programme)] if cycle else cycles.begun(session)
        found = [each for one in _tracked(wanted) for each in recomputation.recompute(session, one)]
    _tell_differences(wanted, found, as_json=as_json)
    return Exit.SOMETHING_IS_WRONG if found else Exit.DONE


def _tell_waiting(now: datetime) -> None:
    """Say how many mails the turn left in the outbox, why, and when they are tried again."""
    with reading(database()) as session:
        left = waiting(session, now)
        again = None if left is None else labels.moment(as_typed(session, left.next_at))
    if left is not None:
        known = settings.load()
        said = ngettext(
            "{count} mail waits for the mail server {where} ({reason}); the first turn after {again} tries again.",
            "{count} mails wait for the mail server {where} ({reason}); the first turn after {again} tries again.",
            left.count,
        )
        where = f"{known.smtp_host}:{known.smtp_port}"
        show(said.format(count=left.count, where=where, reason=labels.trouble(left.reason), again=again))


def _checked(programme: str | None, unit: str | None, as_of: datetime | None) -> datetime:
    """Return the turn's moment; refuse at once what the turn would refuse after its server has started."""
    with reading(database()) as session:
        now = moment(session, as_of)
        organisation.organisation(session)
        turns.check_as_of(session, as_typed(session, now), clock.now())
        if programme is not None:
            programmes.programme(session, programme)
        if unit is not None:
            organisation.unit(session, unit)
        return now


def _element(edition: Edition, item: str, scope: Iterable[str]) -> str:
    """Return the element of an item; where the rule takes a value, the element is named itself."""
    for element in scope:
        items = [each.id for each in edition.by_id[element].items] if element in edition.by_id else []
        if item in (items or [element]):
            return element
    raise NotAllowed(_("the unit was not asked about {item} in this cycle").format(item=item))


def _said(edition: Edition, word: str) -> State | Fraction:
    """Return what a word says: a state, or a level where the rule takes one."""
    known: Mapping[str, State] = STATES
    state = known.get(plain(word))
    takes_levels = edition.rule not in WITH_ITEMS
    if takes_levels and word.isdecimal() and edition.scale.min <= int(word) <= edition.scale.max:
        return Fraction(word)
    if state is None or state not in ANSWERS[edition.rule]:
        raise NotAllowed(_("{word} is no answer; say {known}").format(word=word, known=one_of(ANSWERS[edition.rule])))
    return state


def _tracked(wanted: list[Cycle]) -> Iterable[Cycle]:
    is_quiet = not sys.stderr.isatty()
    return track(wanted, _("Computing again"), console=Console(stderr=True), transient=True, disable=is_quiet)


def _tell_differences(wanted: list[Cycle], found: list[Difference], *, as_json: bool) -> None:
    periods = [each.period for each in wanted]
    if as_json:
        show_json({"cycles": periods, "differences": [asdict(each) for each in found]})
        return
    if not periods:
        show(_("No cycle has begun; there is nothing to compute again."))
        return
    if not found:
        show(_("{cycles}: every stored number comes out again.").format(cycles=", ".join(periods)))
        return
    headings = (_("Cycle"), _("Unit"), _("Element"), _("Number"), _("Stored"), _("Computed again"))
    nothing = _("nothing")
    rows = (
        (each.period, each.unit, each.element, each.number, each.stored or nothing, each.recomputed or nothing)
        for each in found
    )
    show(table(headings, rows))
