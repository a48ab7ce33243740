"""The counts beside the choices, made once for each state of the store: from draft to draft nothing is counted anew."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection

from tickets.search import Facets, Search, facets
from tickets.trail import newest_line

_MOST_KEPT = 64


class Counting:
    """Whatever changes a ticket adds a line to the trail: the newest line names the state that was counted."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, Search], Facets] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: Connection, search: Search) -> Facets:
        key = (newest_line(connection), search)
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        counted = facets(connection, search)
        with self._lock:
            self._kept[key] = counted
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return counted
