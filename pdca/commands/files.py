"""Files in: an organisation with its programmes, and the answers to a cycle."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from sqlalchemy.orm import Session

from config.database import reading
from documents.answers import AnswerRow, read_answers_with_faults
from documents.delivery import Delivery, delivered, refuse_strangers, take_in
from documents.faults import Fault, in_row
from documents.organisation import read_organisation
from documents.takeover import compare, take_over
from documents.takeover_changes import Changes, SectionChanges
from domain import editions, overview, turns
from domain.places import places
from domain.responses import Round
from domain.words import _
from pdca.console import fields, show, show_json, table
from pdca.deciding import database, deciding, taking_in
from pdca.parameters import AsJson, AsOf, By, DryRun, InProgramme

MOST_SENTENCES = 20
"""How many sentences of one kind and section are shown."""


def import_(
    file: Annotated[Path, Parameter(help=_("The organisation (YAML, or the same as sheets of one XLSX)."))],
    /,
    *,
    dry_run: DryRun = False,
    by: By = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Take in an organisation: what is new and what differs is stored, nothing is deleted."""
    document = read_organisation(file)
    if dry_run:
        with reading(database()) as session:
            changes = compare(session, document)
    else:
        with taking_in(as_of, by, zone=document.organisation.time_zone) as intake:
            changes = take_over(intake.session, document, intake.by, intake.now)
            if not changes.is_empty:
                turns.want(intake.session)
    if as_json:
        sections = [asdict(each) for each in changes.sections]
        show_json({"stored": not dry_run and not changes.is_empty, "sections": sections, "notes": changes.notes})
        return
    _tell(changes)
    if changes.is_empty:
        show(_("Nothing is new and nothing differs."))
    elif dry_run:
        show(_("Nothing was stored (--dry-run)."))


def import_answers(
    cycle: Annotated[str, Parameter(help=_("The cycle, such as 2026-Q4."))],
    file: Annotated[Path, Parameter(help=_("The answers, blind or agreed (CSV, XLSX)."))],
    /,
    *,
    programme: InProgramme = None,
    dry_run: DryRun = False,
    by: By = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Take in answers to a cycle: what is new is appended and handed in, the same again changes nothing."""
    answers = _read(cycle, programme, file)
    if dry_run:
        with reading(database()) as session:
            _tell_delivery(answers.delivered(session), as_json=as_json)
        if not as_json:
            show(_("Nothing was stored (--dry-run)."))
        return
    with taking_in(as_of, by) as intake:
        delivery = answers.delivered(intake.session)
        refuse_strangers(intake.session, delivery, places(intake.session, intake.now).units, intake.by)
        take_in(intake.session, delivery, intake.by, intake.now)
        if delivery.handed_in or delivery.agreed:
            turns.want(intake.session)
    _tell_delivery(delivery, as_json=as_json)


def import_agreed(
    cycle: str, file: Path, *, programme: str | None, by: str | None, as_of: datetime | None, as_json: bool
) -> None:
    """Take in what teams agreed; a file with anything else is refused."""
    answers = _read(cycle, programme, file, only=Round.AGREED)
    with deciding(as_of, by) as decision:
        delivery = answers.delivered(decision.session)
        refuse_strangers(decision.session, delivery, decision.places.units, decision.by)
        take_in(decision.session, delivery, decision.by, decision.now)
    _tell_delivery(delivery, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was read from a file for a cycle, before it is looked at whether it belongs there."""

    period: str
    programme: str | None
    file: str
    rows: Sequence[AnswerRow]
    faults: Sequence[Fault]

    def delivered(self, session: Session) -> Delivery:
        """Return what it brings; refused with all its faults."""
        cycle = overview.cycle_of(session, self.period, self.programme)
        return delivered(session, cycle, self.rows, self.file, self.faults)


def _read(period: str, programme: str | None, file: Path, *, only: Round | None = None) -> _Answers:
    """Read a file while nobody waits for the database; nobody changes the model of a cycle."""
    with reading(database()) as session:
        edition = editions.edition(session, overview.cycle_of(session, period, programme).edition_id)
    rows, faults = read_answers_with_faults(file, edition)
    faults += [
        Fault(file.name, in_row(row.row, "round"), row.round, _("{round} in every row").format(round=only))
        for row in rows
        if only is not None and row.round is not only
    ]
    return _Answers(period, programme, file.name, [row for row in rows if only in {None, row.round}], faults)


def _tell_delivery(delivery: Delivery, *, as_json: bool) -> None:
    uncontested = [f"{row.unit} {row.item}" for each in delivery.agreed for row in each.uncontested]
    units = len({each.assessment for each in delivery.agreed})
    items = sum(len(each.rows) for each in delivery.agreed)
    if as_json:
        show_json(
            {
                "changed": delivery.changed,
                "same": delivery.same,
                "handed_in": len(delivery.handed_in),
                "units_agreed": units,
                "items_agreed": items,
                "uncontested": uncontested,
            }
        )
        return
    counts = [
        (_("Topics with a new answer"), delivery.changed),
        (_("Topics answered the same"), delivery.same),
        (_("Respondents handed in"), len(delivery.handed_in)),
        (_("Units that agreed"), units),
        (_("Items agreed"), items),
        (_("Agreed, though not contested"), ", ".join(_some(uncontested))),
    ]
    show(
        fields((name, count) for name, count in counts if count)
        if any(count for _name, count in counts)
        else _("No row holds an answer.")
    )


def _tell(changes: Changes) -> None:
    counted = [each for each in changes.sections if each.new or each.changed or each.kept or each.same]
    rows = ((each.section, len(each.new), len(each.changed), each.same, len(each.kept)) for each in counted)
    headings = (_("Section"), _("New"), _("Changed"), _("The same"), _("Not in the file, kept"))
    show(table(headings, rows, numbers="bcde"))
    for each in counted:
        show(*_news(each), *_some(each.changed), *_some(each.kept))
    show(*changes.notes)


def _news(section: SectionChanges) -> list[str]:
    """Return what is new, unless all of a section is."""
    is_all_new = not (section.changed or section.kept or section.same)
    return [] if is_all_new else _some(section.new)


def _some(sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - MOST_SENTENCES
    said = list(sentences[:MOST_SENTENCES])
    return [*said, _("… and {count} more").format(count=more)] if more > 0 else said
