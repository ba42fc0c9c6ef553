"""What an administrator asks: is everything well, and bring the database up to date."""

from cyclopts import App

from config import settings
from config.settings import origins
from domain.words import _, ngettext
from pdca import checkup, migrations
from pdca.console import show, show_json, table
from pdca.deciding import database
from pdca.failures import Exit
from pdca.parameters import AsJson

db = App(name="db", help=_("Look after the database."))


def doctor(*, as_json: AsJson = False) -> int:
    """Examine the installation; ends with 1 if there is any fault."""
    known = settings.load()
    found = list(checkup.examine(known))
    faults = [each for each in found if each.todo is not None]
    if as_json:
        show_json(
            {
                "settings": [each._asdict() for each in origins(known)],
                "findings": [{"part": each.part, "said": each.said, "todo": each.todo} for each in found],
            }
        )
    else:
        show(
            table((_("Setting"), _("Value"), _("From")), origins(known)),
            table(("", _("Part"), _("Found"), _("What to do")), (_row(each) for each in found)),
            ngettext("{count} fault.", "{count} faults.", len(faults)).format(count=len(faults))
            if faults
            else _("All is well."),
        )
    return Exit.SOMETHING_IS_WRONG if faults else Exit.DONE


@db.command(help=_("Bring the database up to date; a new one gets everything."))
def upgrade() -> None:
    """Bring the database up to date."""
    engine = database()
    before = migrations.current(engine)
    migrations.upgrade(engine)
    after = migrations.current(engine)
    if before == after:
        show(_("The database is up to date (step {step}).").format(step=after))
    else:
        show(
            _("The database is up to date now (from step {before} to {after}).").format(before=before or 0, after=after)
        )


def _row(found: checkup.Found) -> tuple[object, ...]:
    return _("fault") if found.todo else _("well"), found.part, found.said, found.todo
