"""A hashtag ends and another begins: two dates in the watch-list, nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from city.watchlist import load_watchlist
from listener.emulator import Emulator
from tests.listener.conftest import ZONE, Clock, Listener, Store

WATCHLIST = """
[[term]]
hashtag = "laporhendi"
until = 2026-03-03

[[term]]
hashtag = "laporbaru"
from = 2026-03-04
"""
CHANGE = datetime(2026, 3, 4, tzinfo=ZONE)  # midnight in the city, two days after these stories begin


def test_each_hashtag_counts_within_its_dates_and_the_new_one_needs_nobody_at_midnight(
    x: Emulator, store: Store, listener: Listener, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "watchlist.toml").write_text(WATCHLIST)
    terms = load_watchlist(tmp_path / "watchlist.toml").terms
    half_an_hour = timedelta(minutes=30)
    # Given posts with both hashtags on both sides of midnight,
    (old_before,) = x.publish("lampu mati #laporhendi", at=CHANGE - half_an_hour)
    (old_after,) = x.publish("lampu mati lagi #laporhendi", at=CHANGE + half_an_hour)
    (new_before,) = x.publish("segera: #laporbaru", at=CHANGE - half_an_hour)
    (new_after,) = x.publish("got mampet #laporbaru", at=CHANGE + half_an_hour)
    # when the hourly runs go on over midnight and for a day after it,
    listener.run(terms=terms)
    while clock() < CHANGE + timedelta(days=1):
        clock.move(hours=6)
        listener.run(terms=terms)
    # then each counts within its dates, with no hole, and nothing outside them was paid for.
    assert store.source_ids() == [old_before, new_after]
    assert store.billed().isdisjoint({old_after, new_before})
    assert store.gaps() == []
    assert store.balances()
