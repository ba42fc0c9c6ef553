"""Changes in words: what others did to somebody's action, as a line of the digest."""

from collections.abc import Callable, Mapping
from datetime import date

from domain.duties import RELEASED, Change
from domain.words import _, in_short
from notifications.dates import day, short_day

Called = Mapping[int, str]
Dated = Callable[[date], str]


def said(change: Change, called: Called) -> str:
    """Return a change as a line that begins with the action's number and title."""
    return _("{number} {title}: {what}").format(
        number=change.action_id, title=in_short(change.title), what=WORDS[change.name](change, called, day)
    )


def in_subject(change: Change, called: Called) -> str:
    """Return a change for a subject line: Action 7: now due Wed 22 Jan."""
    what = WORDS[change.name](change, called, short_day)
    return _("Action {number}: {what}").format(number=change.action_id, what=what)


def _released(change: Change, _called: Called, dated: Dated) -> str:
    """Return what a verifier hears when an action is released."""
    if change.check_on is None:
        return _("you look whether it worked: {measure}").format(measure=change.measure)
    words = _("you look from {day} on whether it worked: {measure}")
    return words.format(day=dated(change.check_on), measure=change.measure)


def _moved(change: Change, _called: Called, dated: Dated) -> str:
    return _("now due {day}").format(day=dated(date.fromisoformat(change.payload["to"])))


def _reassigned(change: Change, called: Called, _dated: Dated) -> str:
    return _("now with {name}").format(name=called.get(change.payload["to"], _("somebody else")))


def _held(change: Change, _called: Called, dated: Dated) -> str:
    return _("on hold until {day}").format(day=dated(date.fromisoformat(change.payload["until"])))


def _done(change: Change, _called: Called, dated: Dated) -> str:
    return _("reported done; it is checked from {day} on").format(
        day=dated(date.fromisoformat(change.payload["check_on"]))
    )


WORDS: Mapping[str, Callable[[Change, Called, Dated], str]] = {
    RELEASED: _released,
    "action.moved": _moved,
    "action.reassigned": _reassigned,
    "action.progress": lambda _change, _called, _dated: _("progress was reported"),
    "action.in progress": lambda _change, _called, _dated: _("in progress"),
    "action.on hold": _held,
    "action.done": _done,
    "action.effective": lambda _change, _called, _dated: _("it worked"),
    "action.partly": lambda _change, _called, _dated: _("it worked in part"),
    "action.not effective": lambda _change, _called, _dated: _("it did not work; its successor is a draft"),
    "action.not assessable": lambda _change, _called, _dated: _("it could not be judged yet and is looked at again"),
    "action.no longer needed": lambda _change, _called, _dated: _(
        "its topic has reached the target; is it still needed?"
    ),
    "action.cancelled": lambda _change, _called, _dated: _("cancelled"),
}
