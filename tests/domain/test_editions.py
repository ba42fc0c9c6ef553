"""Model editions: kept once; new words are an editorial revision, anything else a new edition."""

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import editions
from domain.editions import ModelEdition
from domain.errors import NotAllowed, NotFound
from domain.method.edition import edition_from
from tests.builders import MODEL
from tests.conftest import Database


def a_revision(**changes: Any) -> dict[str, Any]:
    document = deepcopy(MODEL)
    document.update(changes)
    return document


def kept(session: Session) -> list[tuple[str, str]]:
    return [(each.model, each.edition) for each in session.scalars(select(ModelEdition).order_by(ModelEdition.id))]


def test_a_model_is_kept_once_and_read_back_as_values(database: Database) -> None:
    with transaction(database.engine) as session:
        first, again = (editions.keep(session, MODEL) for _time in range(2))

        assert (again, kept(session)) == (first, [("small", "1")])
        assert editions.edition(session, first.id) == edition_from(MODEL)


def test_new_words_replace_the_old_ones(database: Database) -> None:
    reworded = a_revision()
    reworded["elements"][0]["title"] = {"en": "A better title"}
    with transaction(database.engine) as session:
        first = editions.keep(session, MODEL)
        before = editions.edition(session, first.id)
        second = editions.keep(session, reworded)
        session.flush()

        after = editions.edition(session, second.id)
        assert (second.id, after.digest) == (first.id, before.digest)
        assert (before.by_id["1"].title, after.by_id["1"].title) == ({"en": "Topic 1"}, {"en": "A better title"})


def test_other_items_under_the_same_edition_are_refused(database: Database) -> None:
    heavier = a_revision()
    heavier["elements"][0]["weight"] = "2"
    with transaction(database.engine) as session:
        first = editions.keep(session, MODEL)

        with pytest.raises(NotAllowed) as refusal:
            editions.keep(session, heavier)

        assert str(refusal.value) == (
            "model small, edition 1 is in use with other items, levels or weights; give it a new edition"
        )
        assert editions.edition(session, first.id) == edition_from(MODEL)


def test_another_edition_stands_beside_the_first(database: Database) -> None:
    with transaction(database.engine) as session:
        for edition in ("1", "2"):
            editions.keep(session, a_revision(edition=edition))

        assert kept(session) == [("small", "1"), ("small", "2")]


def test_a_number_that_names_no_edition_is_said(database: Database) -> None:
    with reading(database.engine) as session, pytest.raises(NotFound) as refusal:
        editions.edition(session, 17)

    assert str(refusal.value) == "no model edition has the number 17"
