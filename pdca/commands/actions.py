"""Deciding about actions: edited, released, accepted, moved, reported, verified; one transaction for each command."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from cyclopts import App, Parameter

from domain import actions, deadlines, drafts, ladder, releases, rights, verifications
from domain.actions import Action
from domain.drafts import Edit
from domain.method.due import check_on
from domain.verifications import Verdict, Verification
from domain.words import _
from pdca.commands.register import list_, show_
from pdca.console import show
from pdca.deciding import Decision, deciding, here
from pdca.parameters import DAY, AsOf, Because, By, Number

app = App(name="actions", help=_("See and decide about improvement actions."))
app.command(list_, name="list", help=_("List actions: number, topic, owner, status, due and check date."))
app.command(show_, name="show", help=_("Show one action with its history."))


@app.command(help=_("Change a draft: what it is, how it is measured, who and when; later, who verifies it and when."))
def edit(  # noqa: PLR0913 - a command has an option for each thing it can change
    number: Number,
    /,
    *,
    title: Annotated[str | None, Parameter(help=_("What will be different, for whom."))] = None,
    why: Annotated[str | None, Parameter(help=_("What it rests on."))] = None,
    measure: Annotated[str | None, Parameter(help=_("How somebody else will see it."))] = None,
    owner: Annotated[str | None, Parameter(help=_("Who does it (id or address)."))] = None,
    verifier: Annotated[str | None, Parameter(help=_("Who looks whether it worked; not the owner."))] = None,
    due: Annotated[date | None, Parameter(help=_("By when (2027-02-28)."), **DAY)] = None,
    check: Annotated[date | None, Parameter(help=_("When the verifier looks."), **DAY)] = None,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Change a draft; a new due date moves the check date with it unless one is given."""
    with deciding(as_of, by) as decision:
        session = decision.session
        action = actions.action(session, number)
        rights.require_decider(session, decision.places, decision.person, action)
        calendar = decision.places.calendar(action.unit_id)
        for day in (each for each in (due, check) if each is not None):
            deadlines.refuse_out_of_reach(day, decision.day(action.unit_id))
        if due is not None and check is None:
            check = check_on(calendar, due, releases.numbers_of(session, action))
        wanted = Edit(
            title=title,
            why=why,
            measure=measure,
            owner_id=here(session, owner, decision.places.today).id if owner else None,
            verifier_id=here(session, verifier, decision.places.today).id if verifier else None,
            due_on=due,
            check_on=check,
        )
        today = decision.day(action.unit_id)
        changed = drafts.edit(session, action, wanted, today=today, by=decision.by, now=decision.now)
    show(_("Action {number} is changed.").format(number=number) if changed else _("Nothing changed."))


@app.command(help=_("Release drafts to their owners, who say yes or no within five working days."))
def release(
    numbers: Annotated[tuple[int, ...], Parameter(help=_("The numbers of the drafts."))],
    /,
    *,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Release drafts, all or none; dates that nobody edited are counted from today."""
    with deciding(as_of, by) as decision:
        session = decision.session
        rights.require_team(session, decision.person)
        released = [actions.action(session, number) for number in dict.fromkeys(numbers)]
        for action in released:
            releases.release(session, action, decision.places, by=decision.by, now=decision.now)
    for action in released:
        show(
            _("Action {number} is released: answer by {answer}, due on {due}, checked on {check}.").format(
                number=action.id, answer=action.answer_by, due=action.due_on, check=action.check_on
            )
        )


@app.command(help=_("Take an action on, as its owner."))
def accept(number: Number, /, *, by: By = None, as_of: AsOf = None) -> None:
    """Say yes to an action; twice changes nothing."""
    with deciding(as_of, by) as decision:
        action = actions.action(decision.session, number)
        rights.require_owner(decision.session, decision.person, action)
        before, today = action.accepted_on, decision.day(action.unit_id)
        actions.accept(decision.session, action, today=today, by=decision.by, now=decision.now)
    said = _("Action {number} is accepted already, since {day}.") if before else _("Action {number} is accepted.")
    show(said.format(number=number, day=before))


@app.command(help=_("Say that an action is not yours, as its owner; the lead decides who does it."))
def decline(number: Number, /, *, because: Because, by: By = None, as_of: AsOf = None) -> None:
    """Say "not me"."""
    with deciding(as_of, by) as decision:
        action = actions.action(decision.session, number)
        rights.require_owner(decision.session, decision.person, action)
        ladder.decline(decision.session, action, because, by=decision.by, now=decision.now)
    show(_("Action {number} is declined; who decides about it is asked.").format(number=number))


@app.command(help=_("Move the due date: once by the owner, again by the unit's lead."))
def move(
    number: Number,
    /,
    *,
    due: Annotated[date, Parameter(help=_("The new date (2027-02-28)."), **DAY)],
    because: Because,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Move an action's due date and its check date with it."""
    with deciding(as_of, by) as decision:
        action = _set_day(decision, number, due, because, deadlines.reschedule)
    show(
        _("Action {number} is due on {due}, checked on {check}.").format(number=number, due=due, check=action.check_on)
    )


@app.command(help=_("Give an action to another owner, who has to say yes."))
def reassign(
    number: Number,
    /,
    *,
    to: Annotated[str, Parameter(help=_("The new owner (id or address)."))],
    because: Because,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Give an action to another owner."""
    with deciding(as_of, by) as decision:
        session = decision.session
        action = actions.action(session, number)
        rights.require_decider(session, decision.places, decision.person, action)
        owner = here(session, to, decision.places.today)
        releases.reassign(session, action, owner.id, because, decision.places, by=decision.by, now=decision.now)
    show(_("Action {number} belongs to {owner}.").format(number=number, owner=owner.key))


@app.command(help=_("Let an action rest until a day, for a reason; beyond its due date that moves it."))
def hold(
    number: Number,
    /,
    *,
    until: Annotated[date, Parameter(help=_("When it goes on by itself (2027-02-28)."), **DAY)],
    because: Because,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Put an action on hold."""
    with deciding(as_of, by) as decision:
        _set_day(decision, number, until, because, deadlines.rest)
    show(_("Action {number} rests until {day}.").format(number=number, day=until))


@app.command(help=_("Report progress."))
def progress(
    number: Number,
    text: Annotated[str, Parameter(help=_("How far it is, what is in the way."))],
    /,
    *,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Report progress; the first report puts an action in progress."""
    with deciding(as_of, by) as decision:
        action = actions.action(decision.session, number)
        rights.require_owner(decision.session, decision.person, action)
        actions.progress(decision.session, action, text, by=decision.by, now=decision.now)
    show(_("Action {number} is in progress.").format(number=number))


@app.command(help=_("Report an action done; its verifier looks at the check date."))
def done(
    number: Number,
    /,
    *,
    what: Annotated[str, Parameter(help=_("What was done."))],
    evidence: Annotated[str, Parameter(help=_("Where somebody else sees it."))] = "",
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Report an action done."""
    with deciding(as_of, by) as decision:
        session = decision.session
        action = actions.action(session, number)
        rights.require_owner(session, decision.person, action)
        today = decision.day(action.unit_id)
        calendar = decision.places.calendar(action.unit_id)
        check = releases.check_after_done(calendar, action, today, releases.numbers_of(session, action))
        actions.done(session, action, what, today=today, check_on=check, by=decision.by, now=decision.now)
        actions.say(session, action, "evidence", evidence, by=decision.by, now=decision.now)
    show(_("Action {number} is done and proves itself until {day}.").format(number=number, day=check))


@app.command(help=_("Say whether an action worked, as its verifier."))
def verify(
    number: Number,
    /,
    *,
    verdict: Annotated[Verdict, Parameter(help=_("What came of it."))],
    seen: Annotated[str, Parameter(help=_("What you saw of the action's measure."))],
    by: By = None,
    as_of: AsOf = None,
) -> None:
    """Write a verdict; an action that did not work is followed by another."""
    with deciding(as_of, by) as decision:
        session = decision.session
        action = actions.action(session, number)
        rights.require_verifier(decision.person, action)
        today = decision.day(action.unit_id)
        calendar = decision.places.calendar(action.unit_id)
        due, again = releases.dates_after_verdict(
            calendar, action, verdict, today, releases.numbers_of(session, action)
        )
        level, without_owner = verifications.levels(session, action)
        look = Verification(
            action_id=action.id,
            verdict=verdict,
            by=decision.by,
            on=today,
            level=level,
            level_without_owner=without_owner,
        )
        successor = verifications.verify(session, action, look, seen, again_on=again, due_on=due, now=decision.now)
    if successor is not None:
        show(_("Action {number} was not effective; action {next} follows it.").format(number=number, next=successor.id))
    elif verdict is Verdict.NOT_ASSESSABLE:
        show(_("Action {number} is looked at again on {day}.").format(number=number, day=again))
    else:
        show(_("Action {number} is verified.").format(number=number))


@app.command(help=_("Stop an action for a reason."))
def cancel(number: Number, /, *, because: Because, by: By = None, as_of: AsOf = None) -> None:
    """Stop an action."""
    with deciding(as_of, by) as decision:
        action = actions.action(decision.session, number)
        rights.require_decider(decision.session, decision.places, decision.person, action)
        actions.cancel(decision.session, action, because, by=decision.by, now=decision.now)
    show(_("Action {number} is cancelled.").format(number=number))


def _set_day(decision: Decision, number: int, day: date, because: str, change: Callable[..., None]) -> Action:
    """Let an action be due or rest another day, by whoever may move it; its check date goes with it."""
    session, where = decision.session, decision.places
    action = actions.action(session, number)
    rights.require_mover(session, where, decision.person, action)
    deadlines.refuse_out_of_reach(day, decision.day(action.unit_id))
    change(
        session,
        action,
        day,
        check_on(where.calendar(action.unit_id), day, releases.numbers_of(session, action)),
        because,
        by=decision.by,
        is_lead=rights.leads(session, where, action, decision.person),
        now=decision.now,
    )
    return action
