"""The demo: two complete quarters of the sample organisation, from nothing to verified actions."""

from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from config import clock
from config.database import engine_of
from domain.words import _
from pdca.console import WIDTH, complain
from pdca.demo import report, story
from pdca.demo.ground import ground
from pdca.demo.sample import at
from pdca.demo.stage import Stage
from pdca.failures import Exit


def demo(
    *,
    serve: Annotated[
        bool, Parameter(negative="--no-serve", help=_("Whether the pages are served at the end, once there are some."))
    ] = True,
) -> int:
    """Play the last two complete quarters by the commands people use; ends with 1 if a step of the wheel is missing."""
    del serve
    quarters = story.last_two_quarters(clock.now().date())
    with ground() as settings:
        console = Console(width=WIDTH, markup=False, highlight=False)
        stage = Stage(settings, console, at(quarters[0].starts_on, hour=7))
        stage.look("db", "upgrade")
        story.play(stage, *quarters)
        report.show_results(stage, quarters)
    missing = report.missing_steps(engine_of(settings.database_url))
    if missing:
        complain(
            _("The wheel did not turn wholly; the events know nothing of: {steps}").format(steps=", ".join(missing))
        )
        return Exit.SOMETHING_IS_WRONG
    return Exit.DONE
