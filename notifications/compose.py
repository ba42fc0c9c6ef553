"""Composing: a view becomes a mail of text and HTML in its reader's language, the same bytes every time."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from domain.people import Person
from domain.words import _, ngettext, speaking
from notifications.dates import spoken
from notifications.headers import POLICY, address, message_id, sender_of, thread_ids
from notifications.views import View

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Mail:
    """A composed mail: its id, whom it goes to, its bytes as they travel."""

    message_id: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all mails of an installation share: the sender, whom to ask, the organisation's name."""

    sender: str
    contact: str
    organisation: str


def compose(
    template: str, view: View, reader: Person, paper: Stationery, *, key: str, as_of: datetime, known_id: str | None
) -> Mail:
    """Write a mail as of a moment; raises UnusableAddress where it could not be sent.

    `known_id` is the Message-ID of an attempt before, whose answer may have been lost.
    """
    to, author = address(reader.mail or "", reader.name), sender_of(paper.sender)
    id_ = known_id or message_id(key, as_of.isoformat(), author.domain)
    with speaking(reader.language):
        subject, text = written(template, view, paper)
        html = drawn(template, view, paper, subject)
    mail = _enveloped(author, to, subject, as_of)
    mail["Message-ID"] = id_
    if roots := thread_ids(view.threads, author.domain):
        mail["In-Reply-To"] = roots[0]
        mail["References"] = " ".join(roots)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"part-{id_[1:33]}")
    return Mail(id_, to.addr_spec, mail.as_bytes())


def recipient_of(content: bytes) -> str:
    """Return whom a composed mail goes to."""
    to: Any = BytesHeaderParser(policy=POLICY).parsebytes(content)["To"]
    recipient: str = to.addresses[0].addr_spec
    return recipient


def written(template: str, view: View, paper: Stationery) -> tuple[str, str]:
    """Return a mail's subject and its text; the template's first line is the subject."""
    subject, _line, text = _template(f"{template}.txt").render(_values(view, paper)).partition("\n")
    return subject.strip(), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def drawn(template: str, view: View, paper: Stationery, subject: str) -> str:
    """Return a mail's HTML with its style inlined, since many mail programs read no other."""
    html = _template(f"{template}.html").render(_values(view, paper) | {"subject": subject})
    return _inliner().inline(html)


def _values(view: View, paper: Stationery) -> dict[str, object]:
    contact = paper.contact or _("the quality team")
    return {"view": view, "contact": contact, "organisation": paper.organisation, "language": spoken()}


def _enveloped(author: Address, to: Address, subject: str, as_of: datetime) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"] = author
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(as_of)
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<pdca.{author.domain}>"
    return mail


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    # At-rules stay in a style element: the ones for dark screens and phones cannot be inlined.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
