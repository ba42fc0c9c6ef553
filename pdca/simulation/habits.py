"""How often people do what: so many times in a hundred, unless said otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """The odds of a simulation; the defaults are those of an organisation that tries, with the usual lapses."""

    declines: int = 3
    never_answers: int = 7
    answers_late: int = 30
    stops_halfway: int = 5
    knows_nothing_of_a_topic: int = 4
    does_not_know: int = 4
    errs: int = 2
    changes_mind: int = 1
    gives_no_reason: int = 8
    meets_to_agree: int = 90

    looks_before_releasing: int = 85
    drops_a_draft: int = 7
    leaves_a_draft: int = 6
    refuses: int = 6
    wants_another_date: int = 8
    says_nothing: int = 8
    reports_progress: int = 60
    rests: int = 4
    is_late: int = 20
    moves_the_date: int = 10
    forgets: int = 8

    does_it_well: int = 72
    does_it_halfway: int = 14
    hopes_too_much: int = 25
    """How often an owner sees what was not reached, and says that something changed."""
    lapses: int = 2
    """How often, in a quarter, a topic of a unit loses something it had reached."""
    grows: int = 1
    """How often, in a quarter, a topic of a unit gets better by itself."""

    cannot_be_seen_yet: int = 6
    is_away: int = 20
    leaves: int = 2
