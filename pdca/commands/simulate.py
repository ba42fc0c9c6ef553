"""Simulating: an organisation of people who answer, act, forget and leave, over some years in a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import RenderableType

from config import clock
from config.database import engine_of
from domain.errors import NotAllowed
from domain.words import _
from pdca import migrations
from pdca.console import fields, heading, show, show_json
from pdca.labels import of
from pdca.parameters import AsJson
from pdca.simulation.drafted import Drafted
from pdca.simulation.quarter import Outcome, Quarter
from pdca.simulation.year import last_quarters, staged


def simulate(
    *,
    units: Annotated[int, Parameter(help=_("How many units are asked."), validator=Number(gte=1, lte=2000))] = 12,
    quarters: Annotated[
        int, Parameter(help=_("How many quarters, up to the last one that is over."), validator=Number(gte=1, lte=40))
    ] = 8,
    seed: Annotated[int, Parameter(help=_("The same number plays the same again."))] = 1,
    keep: Annotated[
        Path | None, Parameter(help=_("A new folder that keeps the data; without it nothing stays."))
    ] = None,
    mails: Annotated[
        Path | None,
        Parameter(help=_("A new folder that gets every mail as a text, by day; without it none is written.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play quarter by quarter and tell each when it is over; at the end, what really changed and what was measured."""
    mailbox = None if mails is None else _new(mails, "--mails")
    with _folder(keep) as folder:
        engine = engine_of(f"sqlite:///{folder / 'pdca.db'}")
        try:
            migrations.upgrade(engine)
            played = last_quarters(quarters, clock.now().date())
            play = staged(engine, folder, units=units, quarters=played, seed=seed, mailbox=mailbox)
            told = []
            for quarter in play.run():
                told.append(quarter)
                if not as_json:
                    show(*_quarter(quarter), "")
        finally:
            engine.dispose()
    if as_json:
        show_json({"quarters": [_numbers(each) for each in told], "outcome": _outcome_document(play.outcome)})
        return
    show(*_outcome(play.outcome))
    for draft in play.outcome.drafts:
        show("", *_drafted(draft))
    if keep is not None:
        show("", _("The data is kept: PDCA_DATA={folder} pdca status").format(folder=folder))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give a folder without anything in it: the one that is kept, or one that goes."""
    if keep is None:
        with TemporaryDirectory(prefix="pdca-") as folder:
            yield Path(folder)
        return
    yield _new(keep, "--keep")


def _new(folder: Path, option: str) -> Path:
    """Make a folder that an option names; raises NotAllowed where there is something in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        words = _("{folder} holds something; name a new folder ({option})")
        raise NotAllowed(words.format(folder=folder, option=option))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.absolute()


def _quarter(quarter: Quarter) -> Iterator[RenderableType]:
    yield heading(quarter.period)
    yield fields(
        [
            (
                _("Asked"),
                _(
                    "{opened} assessments opened, {answered} answered, {agreed} contested items agreed, {scored} scored"
                ).format(
                    opened=quarter.opened,
                    answered=of(quarter.answered),
                    agreed=of((quarter.agreed, quarter.contested)),
                    scored=quarter.scored,
                ),
            ),
            (
                _("Found"),
                _("{gaps} gaps: {drafts} drafts, {continued} continued, {not_now} not now").format(
                    gaps=quarter.gaps, drafts=quarter.drafts, continued=quarter.continued, not_now=quarter.not_now
                ),
            ),
            (
                _("Acted"),
                _("{released} released, {accepted} accepted, {moved} moved, {done} done, {cancelled} cancelled").format(
                    released=quarter.released,
                    accepted=quarter.accepted,
                    moved=quarter.moved,
                    done=quarter.done,
                    cancelled=quarter.cancelled,
                ),
            ),
            (
                _("Verified"),
                _(
                    "{effective} effective, {partly} partly, {not_effective} not effective, {open} not assessable"
                ).format(
                    effective=quarter.verified["effective"],
                    partly=quarter.verified["partly"],
                    not_effective=quarter.verified["not effective"],
                    open=quarter.verified["not assessable"],
                ),
            ),
            (
                _("At its end"),
                _("{living} actions living; people who left: {left}; mails wanted: {mails}").format(
                    living=quarter.living, left=quarter.left, mails=sum(quarter.mails.values())
                ),
            ),
        ]
    )


def _outcome(outcome: Outcome) -> Iterator[RenderableType]:
    yield heading(_("What really changed, and what was measured, in levels"))
    yield fields(
        [
            (
                _("Planted"),
                _("{actions:+} by actions, {drift:+} by drift").format(
                    actions=outcome.planted["actions"], drift=outcome.planted["drift"]
                ),
            ),
            (_("Judged again"), _("{levels:+} of it").format(levels=outcome.judged_again)),
            (
                _("Measured"),
                _("{changed:+} changed, {seen:+} seen differently, {mistake:+} mistake").format(
                    changed=outcome.measured["changed"],
                    seen=outcome.measured["seen differently"],
                    mistake=outcome.measured["mistake"],
                ),
            ),
        ]
    )
    yield ""
    yield heading(_("Drafted actions, as they were released"))


def _drafted(draft: Drafted) -> Iterator[RenderableType]:
    yield heading(f"{draft.number} {draft.unit}, {draft.topic}")
    yield fields(
        [
            (_("What"), draft.title),
            (_("Why"), "\n".join(draft.why)),
            (_("Measure"), draft.measure),
            (
                _("Who"),
                _("{owner} by {due}; {verifier} looks on {check}").format(
                    owner=draft.owner, due=draft.due_on, verifier=draft.verifier, check=draft.check_on
                ),
            ),
        ]
    )


def _numbers(quarter: Quarter) -> dict[str, Any]:
    return asdict(quarter) | {"answered": list(quarter.answered)}


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"drafts": [_draft_document(each) for each in outcome.drafts]}


def _draft_document(draft: Drafted) -> dict[str, Any]:
    document = asdict(draft)
    return {key: each.isoformat() if isinstance(each, date) else each for key, each in document.items()}
