"""What a turn did, in the words of those who read it."""

from domain.words import _


def counted(name: str) -> str:
    """Return what a count of a turn is called in the reader's language."""
    return _names().get(name, name)


def _names() -> dict[str, str]:
    return {
        "cycles begun": _("cycles begun"),
        "assessments opened": _("assessments opened"),
        "assessments skipped": _("assessments skipped"),
        "units without an owner": _("units without an owner"),
        "actions left alone": _("actions left alone"),
        "blind rounds closed": _("blind rounds closed"),
        "agreed rounds closed": _("agreed rounds closed"),
        "assessments scored": _("assessments scored"),
        "findings": _("findings"),
        "drafts": _("drafts"),
        "continued": _("continued"),
        "not now": _("not now"),
        "actions resumed": _("actions resumed"),
        "owners told": _("owners told"),
        "leads asked": _("leads asked"),
        "put on the agenda": _("put on the agenda"),
        "mails sent": _("mails sent"),
        "mails put off": _("mails put off"),
        "mails dead": _("mails given up"),
        "mails dropped": _("mails dropped"),
    }
