"""Composing: the same bytes every time, ids whole, seven bits, nothing from a person's text becomes markup."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from domain.people import Person
from notifications import compose
from notifications.assignments import Assigned, Assignment
from notifications.compose import Mail, Stationery
from notifications.headers import MOST_REFERENCES, UnusableAddress, address
from tests.builders import at
from tests.notifications.post import html_of, text_of

AS_OF = at("2026-04-07", 9)
PAPER = Stationery("Qualität <quality@quality.a-hospital-with-a-rather-long-name.example.org>", "Miriam Falk", "Firm")
ACTION = Assigned(
    number=17,
    title="Handover <b>list</b> & more",
    unit="Ward 3",
    why=(),
    measure="The last three leavers used it",
    due="Friday 15 May",
    verifier="Maria Müller",
    check="Friday 10 July",
)
VIEW = Assignment(
    name="Jörg Größer",
    threads=("action/17",),
    actions=(ACTION,),
    count="1 action",
    these="this action",
    command="pdca actions accept 17",
    answer_by="Tuesday 14 April",
    answer_by_short="Tue 14 Apr",
    otherwise="Without an answer Helene Brandt decides on Wednesday 15 April.",
)


def a_reader(mail: str = "joerg@example.org") -> Person:
    return Person(key="joerg", name="Jörg Größer", mail=mail)


def composed(view: Assignment = VIEW, *, mail: str = "joerg@example.org", known_id: str | None = None) -> Mail:
    return compose.compose(
        "assignment", view, a_reader(mail), PAPER, key="assignment/joerg", as_of=AS_OF, known_id=known_id
    )


def parsed(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.content, policy=policy.default)


def raw_header(mail: Mail, name: str) -> list[str]:
    head = mail.content.split(b"\r\n\r\n")[0].decode("ascii")
    return [line.removeprefix(f"{name}: ") for line in head.split("\r\n") if line.startswith(f"{name}: ")]


def test_a_mail_is_the_same_bytes_every_time_in_seven_bits() -> None:
    one, other = composed(), composed()

    assert one == other
    assert one.content.isascii()
    assert max(len(line) for line in one.content.split(b"\r\n")) <= 998
    assert not re.search(rb"[^\r]\n", one.content)


def test_the_headers_name_sender_reader_moment_and_that_a_machine_wrote() -> None:
    mail = parsed(composed())

    assert {name: str(mail[name]) for name in ("From", "To", "Subject", "Date", "Auto-Submitted")} == {
        "From": "Qualität <quality@quality.a-hospital-with-a-rather-long-name.example.org>",
        "To": "Jörg Größer <joerg@example.org>",
        "Subject": "1 action for you: please answer by Tue 14 Apr",
        "Date": "Tue, 07 Apr 2026 09:00:00 +0000",
        "Auto-Submitted": "auto-generated",
    }
    assert mail["List-Unsubscribe"] is None


def test_ids_and_list_headers_are_never_folded() -> None:
    many = tuple(f"action/{number}" for number in range(30))
    mail = composed(replace(VIEW, threads=many))

    domain = "quality.a-hospital-with-a-rather-long-name.example.org"
    assert raw_header(mail, "Message-ID") == [mail.message_id]
    assert re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(domain)}>", mail.message_id)
    assert raw_header(mail, "List-Id") == [f"<pdca.{domain}>"]
    [references] = raw_header(mail, "References")
    assert len(references.split()) == MOST_REFERENCES
    assert raw_header(mail, "In-Reply-To") == references.split()[:1]


def test_mails_about_one_thing_share_a_root_and_each_has_an_id_of_its_own() -> None:
    one = composed()
    other = compose.compose("assignment", VIEW, a_reader(), PAPER, key="other", as_of=AS_OF, known_id=None)

    assert raw_header(one, "References") == raw_header(other, "References")
    assert one.message_id != other.message_id
    assert raw_header(composed(replace(VIEW, threads=())), "References") == []


def test_a_mail_that_may_have_arrived_keeps_its_id() -> None:
    assert composed(known_id="<known@example.org>").message_id == "<known@example.org>"


def test_what_people_wrote_is_text_in_text_and_escaped_in_html() -> None:
    mail = parsed(composed())

    assert "17 Handover <b>list</b> & more (Ward 3), by Friday 15 May." in text_of(mail)
    assert "17 Handover &lt;b&gt;list&lt;/b&gt; &amp; more (Ward 3), by Friday 15 May." in html_of(mail)


def test_the_html_is_inlined_and_keeps_what_dark_screens_and_phones_need() -> None:
    html = html_of(parsed(composed()))

    assert 'class="first" style="' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html
    assert "<script" not in html
    assert "http" not in html


def test_text_and_html_open_with_the_same_words() -> None:
    mail = parsed(composed())

    first = "Jörg Größer, please say by Tuesday 14 April whether you take this action."
    assert text_of(mail).splitlines()[0] == first
    assert f">{first}<" in html_of(mail)


def test_a_domain_with_other_letters_is_written_in_ascii() -> None:
    assert composed(mail="joerg@bücher.example.org").recipient == "joerg@xn--bcher-kva.example.org"
    assert compose.recipient_of(composed().content) == "joerg@example.org"


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        ("jörg@example.org", "jörg@example.org has letters before the @ that not every mail server takes"),
        ("nobody", "nobody is no mail address"),
        ("", " is no mail address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_reason(mail: str, reason: str) -> None:
    with pytest.raises(UnusableAddress, match=f"^{re.escape(reason)}"):
        address(mail)
