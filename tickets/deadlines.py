"""How long a department may take with a ticket, by the city's own rules."""

from __future__ import annotations

from datetime import date

from city import City
from city.model import Deadline

# What counts as having acted: it told what it will do, it did it, or the rule sees no difference.
_ACTING = frozenset({"follow_up", "single_opd", "repair"})


def deadline_of(city: City, category: str | None, on: date) -> Deadline | None:
    """The rule to keep on that day: one of this category before those for all, and of several the shortest."""
    rules = [rule for rule in city.deadlines if rule.step in _ACTING and _holds(rule, on)]
    own = [rule for rule in rules if rule.category == category]
    return min(own or [rule for rule in rules if rule.category is None], key=_hours, default=None)


def _holds(rule: Deadline, on: date) -> bool:
    return (rule.since is None or rule.since <= on) and (rule.until is None or on <= rule.until)


def _hours(rule: Deadline) -> int:
    """A working day is at least a day of the calendar: good enough to find the shorter of two."""
    return rule.hours or (rule.working_days or 0) * 24
