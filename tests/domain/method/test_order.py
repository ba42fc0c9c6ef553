"""Ids stand in the order people expect."""

from domain.method.order import natural_key


def test_runs_of_digits_are_compared_as_numbers() -> None:
    ids = ["u10", "U2", "u2", "u02", "10.1", "9.2", "ward-b", "", "u"]

    assert sorted(ids, key=natural_key) == ["", "9.2", "10.1", "U2", "u", "u02", "u2", "u10", "ward-b"]


def test_numbers_and_words_can_be_compared() -> None:
    assert sorted(["a1", "1a", "²"], key=natural_key) == ["1a", "a1", "²"]
