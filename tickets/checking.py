"""What must hold before a step is made: the ticket's status, the person's role, and what the step itself needs.

Decided from the row alone, so that a list of thousands can be told beforehand what will be refused. What else a merge
or a split needs is looked up when it is made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city import City
from database.tables import LATER
from tickets.blind import WHILE_BLIND
from tickets.errors import Incomplete, NotAllowed
from tickets.moves import Action, Move, find
from tickets.read_post import PRIORITY_RANKS
from tickets.steps import (
    ACTIONS,
    Accept,
    Actor,
    Correct,
    Later,
    Prioritise,
    Reject,
    Reopen,
    Resume,
    Retitle,
    SendBack,
    Step,
    Tag,
)
from tickets.stored_posts import is_forgotten

# What `check` looks at.
# A reopening needs words and prediction as well; it is never made on many.
CHECKED = ("number", "status", "category", "opd", "priority", "later", "tag", "merged_into", "withdrawn_at", "blind")
LONGEST_TAG = 40
_TAG = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def check(city: City, row: Mapping[str, Any], step: Step, by: Actor, now: datetime) -> Move:
    """The move that `step` makes on `row`. Raises NotAllowed or Incomplete."""
    move = _permitted(row, ACTIONS[type(step)], by)
    check_step(city, step, by, now)
    match step:
        case Accept():
            _check_accepted(city, row, step, by)
        case Resume():
            _need(row["later"] is not None, "not_put_off")
        case Tag():
            _need(step.word != row["tag"], "tagged_already", word=step.word)
        case Reopen():
            _need(not (row["text"] == "" and is_forgotten(row["prediction"])), "words_are_forgotten")
        case Prioritise():
            _need(step.priority != row["priority"], "urgent_already", priority=step.priority)
        case _:
            pass
    return move


def check_step(city: City, step: Step, by: Actor, now: datetime) -> None:
    """What the step itself must say, whatever it is done to. Raises NotAllowed or Incomplete."""
    match step:
        case Correct():
            _check_correction(city, step, by)
        case Reject(rejection="not_ours"):
            _need(step.authority in city.authorities, "authority_missing", authority=step.authority)
        case Reopen() | SendBack():
            _need(bool(step.reason.strip()), "reason_missing")
        case Retitle():
            _need(bool(step.title.strip()), "title_missing")
        case Later():
            _need(step.reason in LATER, "reason_missing")
            _need(step.until > now, "later_is_past", until=step.until.isoformat())
        case Prioritise():
            _need(step.priority in PRIORITY_RANKS, "priority_unknown", priority=step.priority)
        case Tag():
            _need(step.word is None or is_tag(step.word), "tag_is_one_word", word=step.word)
        case _:
            pass


def check_home(row: Mapping[str, Any], home: Mapping[str, Any]) -> None:
    """Whether `row` may be merged into `home`. Raises NotAllowed or Incomplete."""
    _need(home["id"] != row["id"] and not is_gone(home), "no_ticket_to_merge_into", into=home["number"])
    if home["status"] not in {row["status"], "dalam_proses"}:
        raise NotAllowed("cannot_merge_into_this_status", action="merge", status=home["status"])


def is_gone(row: Mapping[str, Any]) -> bool:
    return row["merged_into"] is not None or row["withdrawn_at"] is not None


def is_tag(word: str) -> bool:
    """One word in small letters and digits; a hyphen may stand inside.

    >>> is_tag("rapat-senin"), is_tag("rapat senin"), is_tag("")
    (True, False, False)
    """
    return len(word) <= LONGEST_TAG and word == word.lower() and _TAG.fullmatch(word) is not None


def _permitted(row: Mapping[str, Any], action: Action, by: Actor) -> Move:
    if is_gone(row):
        raise NotAllowed("merged" if row["merged_into"] else "withdrawn", number=row["number"])
    move = find(action, row["status"])
    if move is None:
        raise NotAllowed("not_in_this_status", action=action, status=row["status"])
    if by.role not in move.roles:
        raise NotAllowed("not_for_this_role", action=action, role=by.role)
    if row["blind"] and action not in WHILE_BLIND:
        raise NotAllowed("blind_first", action=action)
    return move


def _check_accepted(city: City, row: Mapping[str, Any], step: Accept, by: Actor) -> None:
    """A blind look takes nothing from the proposal, which it has not seen."""
    proposed = {} if row["blind"] else row
    _need((step.category or proposed.get("category")) in city.categories, "category_missing")
    _need((step.opd or proposed.get("opd")) in city.opds, "opd_missing")
    if step.category or step.opd:
        _check_correction(city, Correct(step.category, step.opd), by)


def _check_correction(city: City, step: Correct, by: Actor) -> None:
    _need(bool(step.category or step.opd), "nothing_to_correct")
    known = step.category is None or (step.category in city.categories and not city.categories[step.category].not_ours)
    _need(known, "category_unknown", category=step.category)
    _need(step.opd is None or step.opd in city.opds, "opd_unknown", opd=step.opd)
    if step.opd and by.role == "opd_admin" and step.opd != by.opd:
        raise NotAllowed("send_it_back_instead", action="correct", role=by.role)


def _need(given: bool, code: str, **parameters: object) -> None:
    if not given:
        raise Incomplete(code, **parameters)
