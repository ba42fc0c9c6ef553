"""The one place where errors become messages and exit codes: what is wrong, and what to do."""

from enum import IntEnum

from cyclopts import CycloptsError

from domain.words import _


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    SOMETHING_IS_WRONG = 1
    REFUSED = 2
    OUT_OF_REACH = 3
    UNEXPECTED = 70
    INTERRUPTED = 130


def told(error: Exception) -> tuple[Exit, list[str]]:
    """Return the exit code of an error and what a person is told about it.

    What an error may be is imported only now: most commands end without one.
    """
    if isinstance(error, CycloptsError):
        return Exit.REFUSED, [str(error)]
    try:
        known = _refused(error) or _stopped(error)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the person hears it in a sentence
        return _unexpected(fault)
    return known or _unexpected(error)


def _refused(error: Exception) -> tuple[Exit, list[str]] | None:
    from sqlalchemy.exc import IntegrityError  # noqa: PLC0415
    from sqlalchemy.orm.exc import StaleDataError  # noqa: PLC0415

    from config.database import UnknownDatabase  # noqa: PLC0415
    from config.settings import SettingsRefused  # noqa: PLC0415
    from documents.faults import RefusedInput  # noqa: PLC0415
    from domain.errors import DomainError  # noqa: PLC0415
    from domain.method.scoring import UnknownRule  # noqa: PLC0415

    match error:
        case RefusedInput():
            return Exit.REFUSED, list(map(str, error.faults))
        case SettingsRefused():
            return Exit.REFUSED, error.faults
        case DomainError() | UnknownRule() | UnknownDatabase():
            return Exit.REFUSED, [str(error)]
        case StaleDataError() | IntegrityError() if _is_of_another(error):
            return Exit.REFUSED, [_("Somebody else changed this at the same time; look again and repeat the command.")]
    return None


def _stopped(error: Exception) -> tuple[Exit, list[str]] | None:
    from sqlalchemy.exc import DatabaseError, OperationalError  # noqa: PLC0415

    from config.database import is_busy  # noqa: PLC0415
    from flows.rounds import LeaseLost  # noqa: PLC0415
    from pdca.migrations import NewerDatabase  # noqa: PLC0415
    from pdca.prefect_server import ServerDown  # noqa: PLC0415

    match error:
        case LeaseLost():
            said = _("Another process took over the wheel; this one stopped where it was, and nothing is lost.")
            return Exit.SOMETHING_IS_WRONG, [said]
        case NewerDatabase() | ServerDown():
            return Exit.OUT_OF_REACH, [str(error)]
        case DatabaseError() if _lacks_table(str(error.orig)):
            return Exit.OUT_OF_REACH, [_("The database is not set up or not up to date; run `pdca db upgrade`.")]
        case OperationalError() if is_busy(error):
            return Exit.OUT_OF_REACH, [_("Others are changing the same at this moment; nothing was stored, try again.")]
        case OperationalError():
            said = " ".join(str(error.orig).split())
            todo = _("The database cannot be used ({reason}); see that it runs and is where `pdca doctor` says.")
            return Exit.OUT_OF_REACH, [todo.format(reason=said)]
    return None


def _is_of_another(error: Exception) -> bool:
    """Say whether a row was refused because another command was quicker: its version moved on, or its key is taken."""
    from sqlalchemy.exc import IntegrityError  # noqa: PLC0415

    return not isinstance(error, IntegrityError) or "unique constraint" in str(error.orig).lower()


def _lacks_table(said: str) -> bool:
    return "no such table" in said or "no such column" in said or ("relation" in said and "does not exist" in said)


def _unexpected(error: Exception) -> tuple[Exit, list[str]]:
    what = f"{type(error).__name__}: {error}".strip()
    todo = _("Unexpected, and no fault of yours: {what}. The same command with --debug shows where.")
    return Exit.UNEXPECTED, [todo.format(what=what)]
