"""Onward: to whom an action goes that its owner leaves lying, as the end of a sentence."""

from domain.deciders import Deciders
from domain.duties import Owed
from domain.rungs import Rung, Standing
from domain.words import _
from notifications.dates import day


def decider_of(owed: Owed, owner_id: int, who: Deciders) -> int | None:
    """Return who decides how an action goes on, or who will be asked once its owner was told."""
    standing = owed.standing
    if standing is None:
        return None
    if standing.rung is Rung.OWNER_TOLD and standing.asked_on is not None:
        return who.decider(owed.unit_id, owner_id, standing.asked_on)
    return standing.decider_id


def onward(standing: Standing, name: str | None) -> str:
    """Return to whom an action goes, or has gone, and when; `name` is who decides, if anybody does."""
    if standing.rung is Rung.OWNER_TOLD and standing.asked_on is not None:
        words = _("{name} is asked on {day} how it goes on")
        if name is None:
            words = _("on {day} it goes on the management review's agenda")
        return words.format(name=name, day=day(standing.asked_on))
    if standing.rung is Rung.LEAD_ASKED and standing.decide_by is not None:
        return _("{name} decides by {day} how it goes on").format(
            name=name or _("somebody"), day=day(standing.decide_by)
        )
    return _("it is on the management review's agenda")
