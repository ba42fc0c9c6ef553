"""Decisions about actions that are refused: in one sentence each, and nothing is stored."""

import shlex

import pytest

from domain.actions import ActionStatus
from tests.pdca.conftest import Command, Stored

NOW = ("--as-of", "2026-04-08T10:00")

EDITS = {
    "--verifier u1.ben": "the owner of action 1 cannot verify it; name somebody else",
    "--due 2026-04-01": "2026-04-01 lies in the past; give a day from 2026-04-08 on",
    "--check 2026-05-01": "action 1 cannot be checked on 2026-05-01, before it is due on 2026-05-15",
    "--title ' '": "action 1 needs a title (--title)",
    "--owner nobody": "nobody has the id or address nobody; `pdca status --people` lists them",
    "--title x --by u1.ben": "u1.ben is no quality manager and no administrator; one of them decides this (--by)",
}

DECISIONS = {
    "accept 1 --by u2.ben": "u2.ben does not own action 1; its owner or the quality team says this (--by)",
    "decline 1 --because '' --by u1.ben": "give the reason why action 1 is declined (--because)",
    "decline 1 --because x --by u2.ben": "u2.ben does not own action 1; its owner or the quality team says this (--by)",
    "accept 999": "no action has the number 999; `pdca actions list` shows them",
    "release 1": "action 1 is released already, since 2026-04-07",
    "edit 1 --title x": (
        "action 1 is open; only a draft is edited, and until an action is verified, "
        "who verifies it and when (--verifier, --check)"
    ),
    "move 1 --due 2026-06-01 --because x --by u2.ann": (
        "u2.ann does not own action 1; its owner or the quality team says this (--by)"
    ),
    "move 1 --due 2026-04-01 --because x --by u1.ben": "2026-04-01 lies in the past; give a day from 2026-04-08 on",
    "move 1 --due 2026-06-01 --because ' ' --by u1.ben": "give the reason why action 1 moves (--because)",
    "reassign 1 --to u1.ann --because x": (
        "that person verifies action 1; name another verifier first (edit --verifier)"
    ),
    "reassign 1 --to u1.cem --because ''": "give the reason why action 1 changes hands (--because)",
    "reassign 1 --to u1.cem --because x --by u1.ben": (
        "u1.ben is no quality manager and no administrator; one of them decides this (--by)"
    ),
    "hold 1 --until 2026-05-01 --because '' --by u1.ben": "give the reason why action 1 rests (--because)",
    "hold 1 --until 2099-01-01 --because x --by u1.ben": "2099-01-01 is too far ahead; give a day up to 2028-04-07",
    "move 1 --due 9999-12-31 --because x --by u1.ben": "9999-12-31 is too far ahead; give a day up to 2028-04-07",
    "edit 1 --due 9999-12-31": "9999-12-31 is too far ahead; give a day up to 2028-04-07",
    "hold 1 --until 2026-04-01 --because x --by u1.ben": "2026-04-01 lies in the past; give a day from 2026-04-08 on",
    "done 1 --what '' --by u1.ben": "say what was done on action 1, so that its verifier can look",
    "verify 1 --verdict effective --seen x --by u1.ben": (
        "u1.ben does not verify action 1; its verifier does (--by), or name another (edit --verifier)"
    ),
    "verify 1 --verdict effective --seen x --by u1.ann": ("action 1 is open; it is verified once it was reported done"),
    "cancel 1 --because ''": "give the reason why action 1 is cancelled (--because)",
    "cancel 1 --because x --by u1.ben": (
        "u1.ben is no quality manager and no administrator; one of them decides this (--by)"
    ),
}


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("change", EDITS)
def test_a_wrong_edit_is_refused(pdca: Command, stored: Stored, change: str) -> None:
    columns = ("title", "owner_id", "verifier_id", "due_on", "check_on", "version")
    before = stored(1, *columns)

    ran = pdca("actions", "edit", "1", *shlex.split(change), *NOW)

    assert (ran.code, ran.out, ran.err) == (2, "", EDITS[change] + "\n")
    assert stored(1, *columns) == before


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_wrong_decision_is_refused(pdca: Command, stored: Stored, decision: str) -> None:
    ran = pdca("actions", *shlex.split(decision), *NOW)

    assert (ran.code, ran.out, ran.err) == (2, "", DECISIONS[decision] + "\n")
    assert stored(1, "status", "version") == (ActionStatus.OPEN, 2)


def test_release_asks_for_a_number(pdca: Command) -> None:
    ran = pdca("actions", "release", *NOW)

    assert (ran.code, ran.err) == (2, 'Command "actions release" parameter NUMBERS requires an argument.\n')
