"""What people type after `python -m tickets list`, as values."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from city import City
from database.tables import STATUSES
from tickets.errors import WrongArgument
from tickets.queue import Filter

_AGO = re.compile(r"(\d+)([hd])")


@dataclass(frozen=True, slots=True)
class Arguments:
    """Reads arguments by the city's codes, its time zone, and what time it is."""

    city: City
    zone: tzinfo
    now: datetime

    def filter(
        self,
        statuses: Collection[str] | None = None,
        opds: Collection[str] | None = None,
        categories: Collection[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Filter:
        """Raises WrongArgument for a status or code that there is not, or a time that is none."""
        for status in statuses or ():
            if status not in STATUSES:
                raise WrongArgument(f"{status!r} is no status; a ticket is {', '.join(STATUSES)}")
        for code in opds or ():
            if code not in self.city.opds and code not in {*self.city.authorities, *self.city.former}:
                known = ", ".join(self.city.opds)
                raise WrongArgument(f"{code!r} is no OPD or other authority of {self.city.name}; the OPDs are {known}")
        for code in categories or ():
            if code not in {*self.city.categories, *self.city.former}:
                raise WrongArgument(f"{code!r} is no category; the categories are {', '.join(self.city.categories)}")
        chosen = (tuple(statuses or ()), tuple(opds or ()), tuple(categories or ()))
        return Filter(*chosen, self.moment(since), self.moment(until), hides_blind=True)

    def moment(self, text: str | None) -> datetime | None:
        """A date or time of the city's zone, or how long ago ("24h", "7d"). Raises WrongArgument."""
        if text is None:
            return None
        try:
            if ago := _AGO.fullmatch(text.strip()):
                return self.now - (timedelta(hours=int(ago[1])) if ago[2] == "h" else timedelta(days=int(ago[1])))
            at = datetime.fromisoformat(text.strip())
        except (ValueError, OverflowError):
            raise WrongArgument(f"{text!r} is no time; write 2026-11-01, 2026-11-01T08:00, 24h or 7d") from None
        return at if at.tzinfo else at.replace(tzinfo=self.zone)
