"""What is kept in English is read in the reader's language."""

from domain.actions import Source
from domain.words import speaking
from notifications.outbox import UNSURE
from pdca.labels import label, trouble


def test_why_a_mail_did_not_go_out_is_told_in_german() -> None:
    said = ("handed in, declined or closed meanwhile", f"{UNSURE} (Unexpected EOF received)", "451 greylisted", None)
    again = "die Antwort des Servers ging verloren; dieselbe Mail geht mit derselben Message-ID noch einmal"

    with speaking("de"):
        told = [trouble(each) for each in said]

    assert told == [
        "inzwischen abgegeben, abgelehnt oder beendet",
        f"{again} (Unexpected EOF received)",
        "451 greylisted",
        "",
    ]


def test_every_source_of_an_action_has_a_german_name() -> None:
    with speaking("de"):
        told = {source: label(source) for source in Source}

    assert [source for source, words in told.items() if words == source] == []
    assert told[Source.SELF_ASSESSMENT] == "Selbstbewertung"
