"""Who answers in an open round: somebody can't this time, somebody else answers in their place."""

from typing import Annotated, TypeAlias

from cyclopts import App, Parameter

from domain import assessments, organisation, overview, people, respondents, rights
from domain.assessments import Assessment
from domain.people import Person
from domain.words import _
from pdca.console import show
from pdca.deciding import Decision, deciding, here
from pdca.parameters import AsOf, Because, By, InProgramme

Cycle: TypeAlias = Annotated[str, Parameter(help=_("The cycle, such as 2026-Q4."))]
Unit: TypeAlias = Annotated[str, Parameter(help=_("The unit (its id)."))]
Who: TypeAlias = Annotated[str, Parameter(help=_("The respondent (id or address)."))]

app = App(name="respondents", help=_("Change who answers in an open round."))


@app.command(help=_("Record that somebody can't answer this time: the round goes on and nobody asks them again."))
def decline(
    cycle: Cycle,
    unit: Unit,
    person: Who,
    /,
    *,
    because: Because,
    programme: InProgramme = None,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Let a respondent not answer this time; the respondent, the unit's lead or the quality team says so."""
    with deciding(as_of, by) as decision:
        session = decision.session
        assessment, who = _asked(decision, cycle, programme, unit, person)
        if who.id != decision.by:
            rights.require_lead(session, decision.places.units, decision.person, assessment)
        respondents.decline(session, assessment, who, because, by=decision.by, now=decision.now)
    show(_("{who} is not asked again in {cycle} of {unit}.").format(who=who.key, cycle=cycle, unit=unit))


@app.command(help=_("Ask somebody else the same in a respondent's place; a mail invites them."))
def replace(
    cycle: Cycle,
    unit: Unit,
    person: Who,
    new: Annotated[str, Parameter(help=_("Who answers instead (id or address)."))],
    /,
    *,
    because: Because,
    programme: InProgramme = None,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Put somebody else in a respondent's place, as the unit's lead or the quality team."""
    with deciding(as_of, by) as decision:
        session = decision.session
        assessment, who = _asked(decision, cycle, programme, unit, person)
        rights.require_lead(session, decision.places.units, decision.person, assessment)
        instead = here(session, new, decision.places.today)
        respondents.replace(session, assessment, who, instead, because, by=decision.by, now=decision.now)
        is_without_mail = not instead.mail
    show(_("{new} answers in the place of {who}.").format(new=instead.key, who=who.key))
    if is_without_mail:
        show(_("{new} has no mail address: hand over the answer sheet yourself.").format(new=instead.key))


def _asked(decision: Decision, cycle: str, programme: str | None, unit: str, person: str) -> tuple[Assessment, Person]:
    session = decision.session
    found = overview.cycle_of(session, cycle, programme)
    assessment = assessments.of_unit(session, found.id, organisation.unit(session, unit).id)
    return assessment, people.person(session, person)
