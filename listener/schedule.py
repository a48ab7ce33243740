"""Every hour, for as long as the process lives: one turn at a time, the missed ones made up for by one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, tzinfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine, func, select

from database.engine import reading
from database.tables import runs

log = structlog.get_logger()

# After a pause of the machine the turn is still wanted, however late; the default would drop it after a second.
_GRACE_SECONDS = 3600
# A turn that does not come to a page's end within this many seconds is left behind: it can be killed anywhere.
LAST_WAIT_SECONDS = 30


def last_complete_run(engine: Engine) -> datetime | None:
    """When a search last came to its end."""
    query = select(func.max(runs.c.finished_at)).where(runs.c.kind == "search", runs.c.status == "complete")
    with reading(engine) as connection:
        last: datetime | None = connection.execute(query).scalar_one()
        return last


def keep_listening(
    turn: Callable[[], object], stop: threading.Event, *, zone: tzinfo, minute: int, interval: int | None = None
) -> None:
    """Take a turn now, which makes up for what was missed, then each hour at `minute`, or each `interval` minutes.

    Returns once `stop` is set and the turn under way has ended, or has had its last wait.
    """
    idle = threading.Event()
    idle.set()

    def guarded() -> None:
        idle.clear()
        try:
            turn()
        except Exception:
            log.exception("the turn failed")
        finally:
            idle.set()

    scheduler = BackgroundScheduler(timezone=zone)
    trigger = IntervalTrigger(minutes=interval) if interval else CronTrigger(minute=minute, timezone=zone)
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS}
    scheduler.add_job(guarded, trigger, next_run_time=datetime.now(zone), **options)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=False)
    if not idle.wait(LAST_WAIT_SECONDS):
        log.warning("left in the middle of a page; the next run finishes it")
