"""A turn killed after a commit and started again leaves what an undisturbed turn leaves."""

import random
import signal
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.flows.ground import CLOSED, answered, environment, picture, start_turn
from tests.servers.mail import MailServer
from tests.servers.prefect import PrefectServer

SEED = 9004
PLACES = 5


@pytest.mark.timeout(900)
def test_a_turn_killed_after_a_commit_and_started_again_ends_like_an_undisturbed_one(
    database: Database,
    request: pytest.FixtureRequest,
    prefect_server: PrefectServer,
    mail_server: MailServer,
    tmp_path: Path,
) -> None:
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}
    variables = environment(database.url, tmp_path, prefect_server, **mail)
    answered(database.engine)
    commits, expected = undisturbed(variables), picture(database.engine)
    places = sorted(random.Random(SEED).sample(range(1, commits), PLACES))
    print(f"{commits} commits; killed after {places} (seed {SEED})")

    for place in places:
        again = request.getfixturevalue("another_database")(database.kind)
        answered(again.engine)
        mine = {**variables, "PDCA_DATABASE_URL": again.url}
        killed = start_turn(CLOSED, mine, str(place))
        killed.communicate(timeout=120)
        assert killed.returncode == -signal.SIGKILL
        undisturbed(mine)
        assert picture(again.engine) == expected


def undisturbed(variables: dict[str, str]) -> int:
    """Turn the wheel once to its end and return how many commits that took."""
    turn = start_turn(CLOSED, variables)
    said, errors = turn.communicate(timeout=120)
    assert turn.returncode == 0, errors
    return int(said.split()[-1])
