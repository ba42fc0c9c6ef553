"""Mails: each working morning the rules decide which are wanted; none is sent, but all can be written to a folder."""

from pathlib import Path

from notifications import claims, compose, rules
from notifications.compose import Stationery
from notifications.outbox import Message, MessageStatus
from notifications.views import Desk, Gone, View, desk
from pdca.simulation.firm import NAME
from pdca.simulation.world import Scene

CONTACT = ""
PAPER = Stationery("quality@example.org", CONTACT, NAME)
HOLDER = "simulation"
AT_ONCE = 200


def ask(scene: Scene) -> None:
    """Decide the mails that events and the hour ask for, and do so again on the next working day."""
    top = scene.places.units.top.id
    scene.plan(top, scene.working_day(top, 1), scene.world.chance.of("mails"), ask)
    while rules.route(scene.session, scene.now):
        pass
    rules.due_messages(scene.session, scene.now)
    if scene.world.mailbox is not None:
        _write(scene, scene.world.mailbox)


def _write(scene: Scene, folder: Path) -> None:
    """Write every mail that is due into a folder, as its reader would get it, and drop what is no longer true."""
    session, now = scene.session, scene.now
    while claimed := claims.claim(session, HOLDER, now=now, clock=now, limit=AT_ONCE):
        at = desk(session, claimed, CONTACT, now)
        views = rules.views(session, claimed, at)
        for message in claimed:
            view = views[message.id]
            if isinstance(view, Gone):
                claims.end(session, message, MessageStatus.DROPPED, now, view.reason)
            else:
                content = _text(scene, at, message, view)
                covers = {**view.covers, "as_of": now.isoformat()}
                claims.freeze(session, message, message_id=message.key, composed=content, covers=covers)
                claims.end(session, message, MessageStatus.SENT, now)
                name = f"{now:%Y-%m-%d}-{message.id:06}-{message.template}-{at.readers[message.person_id].key}.txt"
                (folder / name).write_bytes(content)


def _text(scene: Scene, at: Desk, message: Message, view: View) -> bytes:
    with at.speaking_to(message.person_id) as reader:
        subject, text = compose.written(message.template, view, PAPER)
    day = scene.now.astimezone(at.zone(message.person_id))
    return f"To: {reader.name} <{reader.mail}>\nDate: {day:%Y-%m-%d %H:%M}\nSubject: {subject}\n\n{text}".encode()
