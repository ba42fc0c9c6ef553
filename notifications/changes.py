"""Changes in words: what others did to somebody's action, as a line of the digest."""

from collections.abc import Callable, Mapping
from datetime import date

from domain.duties import Change
from domain.words import _
from notifications.dates import day


def said(change: Change, called: Mapping[int, str]) -> str:
    """Return a change as a line that begins with the action's number and title."""
    return _("{number} {title}: {what}").format(
        number=change.action_id, title=change.title, what=WORDS[change.name](change, called)
    )


def _moved(change: Change, _called: Mapping[int, str]) -> str:
    return _("now due {day}").format(day=day(date.fromisoformat(change.payload["to"])))


def _reassigned(change: Change, called: Mapping[int, str]) -> str:
    return _("now with {name}").format(name=called.get(change.payload["to"], _("somebody else")))


def _held(change: Change, _called: Mapping[int, str]) -> str:
    return _("on hold until {day}").format(day=day(date.fromisoformat(change.payload["until"])))


def _done(change: Change, _called: Mapping[int, str]) -> str:
    return _("reported done; it is checked on {day}").format(day=day(date.fromisoformat(change.payload["check_on"])))


WORDS: Mapping[str, Callable[[Change, Mapping[int, str]], str]] = {
    "action.moved": _moved,
    "action.reassigned": _reassigned,
    "action.progress": lambda _change, _called: _("progress was reported"),
    "action.in progress": lambda _change, _called: _("in progress"),
    "action.on hold": _held,
    "action.done": _done,
    "action.effective": lambda _change, _called: _("it worked"),
    "action.partly": lambda _change, _called: _("it worked in part"),
    "action.not effective": lambda _change, _called: _("it did not work; its successor is a draft"),
    "action.not assessable": lambda _change, _called: _("it could not be judged yet and is looked at again"),
    "action.no longer needed": lambda _change, _called: _("its topic has reached the target; is it still needed?"),
    "action.cancelled": lambda _change, _called: _("cancelled"),
}
