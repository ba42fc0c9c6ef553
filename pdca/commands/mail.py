"""The outbox as it is looked at: what waits, what went out, what was given up and why."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter
from rich.console import RenderableType
from rich.text import Text

from domain import people
from domain.people import Person
from domain.words import _
from notifications import outbox
from notifications.outbox import Message, MessageStatus
from pdca.console import clean, fields, heading, show, show_json, table
from pdca.deciding import deciding, looking
from pdca.labels import moment, reason, trouble
from pdca.parameters import AsJson, AsOf, By

app = App(name="mail", help=_("See the outbox."))

LINK = re.compile(r"(https?://[^/\s]+)/\S+")
"""A link with more than its host: what follows can stand in for an account."""

MailNumber = Annotated[int, Parameter(help=_("The number of the mail."))]


@app.command(name="list", help=_("List mails, the newest first."))
def list_(
    *,
    status: Annotated[tuple[MessageStatus, ...], Parameter(help=_("Only those that stand there."))] = (),
    limit: Annotated[int, Parameter(help=_("At most so many."))] = 100,
    as_json: AsJson = False,
) -> None:
    """List mails with what became of them."""
    with looking() as look:
        found = outbox.listed(look.session, *status, limit=limit)
        to = people.by_ids(look.session, {each.person_id for each in found})
        zone = look.places.zone(None)
    if as_json:
        show_json({"mails": [_document(each, to[each.person_id]) for each in found]})
        return
    if not found:
        show(_("No mail fits."))
        return
    rows = (
        (
            each.id,
            to[each.person_id].key,
            _templates().get(each.template, each.template),
            _statuses()[each.status],
            _local(each.due_at, zone),
            _local(each.ended_at or _next_try(each), zone),
            each.attempts,
            trouble(each.reason),
        )
        for each in found
    )
    moments = (_("Due"), _("Ended, or next attempt"))
    headings = (_("No."), _("To"), _("About"), _("Status"), *moments, _("Attempts"), _("Reason"))
    show(table(headings, rows, numbers="ag"), _("Times are those of {zone}.").format(zone=zone.key))


@app.command(name="show", help=_("Show one mail; links in it are masked."))
def show_(number: MailNumber, /, *, as_json: AsJson = False) -> None:
    """Show a mail; its text is kept only until the mail server has taken it."""
    with looking() as look:
        found = outbox.message(look.session, number)
        to = people.by_ids(look.session, [found.person_id])[found.person_id]
        zone = look.places.zone(None)
    subject, text = _opened(found)
    if as_json:
        show_json(_document(found, to) | {"mail_subject": subject, "text": text})
        return
    show(heading(f"{found.id} {subject or found.template}"), _fields(found, to, zone), _text(found, text))


@app.command(help=_("Try a mail again that waits or was given up."))
def retry(number: MailNumber, /, *, by: By = None, as_of: AsOf = None) -> None:
    """Put a mail back into the queue."""
    with deciding(as_of, by) as decision:
        outbox.retry(decision.session, number)
    show(_("Mail {number} is tried again at the next turn.").format(number=number))


def _fields(found: Message, to: Person, zone: ZoneInfo) -> RenderableType:
    return fields(
        [
            (_("To"), f"{to.name} ({to.key})"),
            (_("About"), _templates().get(found.template, found.template)),
            (_("Status"), _statuses()[found.status]),
            (_("Due"), moment(found.due_at.astimezone(zone))),
            (_("Attempts"), found.attempts),
            (_("Next attempt"), moment(_in(zone, _next_try(found)))),
            (_("Ended"), moment(_in(zone, found.ended_at))),
            (_("Reason"), reason(found.reason)),
        ]
    )


def _next_try(found: Message) -> datetime | None:
    """Return from when on a turn tries a mail again that was put off."""
    return found.next_at if found.status is MessageStatus.QUEUED else None


def _in(zone: ZoneInfo, at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _text(found: Message, text: str | None) -> RenderableType:
    if text is not None:
        return Text(clean(text))
    if found.ended_at is None:
        return _("It is written when its time has come.")
    return _("Its text was blanked when it had come to its end.")


def _opened(found: Message) -> tuple[str | None, str | None]:
    """Return a composed mail's subject and its text part with links masked; nothing where there are no bytes."""
    if found.composed is None:
        return None, None
    mail = message_from_bytes(found.composed, policy=policy.default)
    part = mail.get_body(preferencelist=("plain",))
    text = "" if part is None else str(part.get_content())
    return str(mail["Subject"]), LINK.sub(r"\1/…", text)


def _document(found: Message, to: Person) -> dict[str, Any]:
    return {
        "number": found.id,
        "key": found.key,
        "to": to.key,
        "template": found.template,
        "subject": found.subject,
        "status": found.status,
        "due_at": _iso(found.due_at),
        "attempts": found.attempts,
        "next_at": _iso(found.next_at),
        "ended_at": _iso(found.ended_at),
        "reason": found.reason,
        "message_id": found.message_id,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _statuses() -> dict[MessageStatus, str]:
    return {
        MessageStatus.QUEUED: _("queued"),
        MessageStatus.SENDING: _("sending"),
        MessageStatus.SENT: _("sent"),
        MessageStatus.DEAD: _("dead"),
        MessageStatus.DROPPED: _("dropped"),
    }


def _templates() -> dict[str, str]:
    return {
        "invitation": _("invitation"),
        "reminder": _("reminder"),
        "contested": _("contested statements"),
        "summary": _("summary"),
        "assignment": _("assignment"),
        "digest": _("digest"),
        "decision": _("decision"),
        "alarm": _("alarm"),
    }
