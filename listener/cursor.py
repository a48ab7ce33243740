"""How far each term of the watch-list has been read without a hole.

X answers newest first, so a window counts only once its last page is in. Asking is `sources`' work, saving `keeping`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Window:
    """Ids greater than `after`, up to and including `up_to`; those below `oldest_read` are still to be read."""

    after: int
    up_to: int
    oldest_read: int | None = None  # pages come newest first; empty: nothing read yet

    @property
    def until(self) -> int:
        """The id below which X is to search on."""
        return self.up_to + 1 if self.oldest_read is None else self.oldest_read

    @property
    def is_empty(self) -> bool:
        return self.until <= self.after + 1

    def read_down_to(self, oldest: int | None) -> Window:
        """The window after a page whose oldest id is `oldest` (None: a page without posts)."""
        return self if oldest is None else replace(self, oldest_read=min(oldest, self.until))

    def cut_at(self, floor: int) -> Window:
        """The part of it that X still answers for: what is not older than `floor`."""
        return replace(self, after=max(self.after, min(floor, self.until - 1)))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Every post of `term` up to and including the id `read_to` is in the store."""

    term: str
    read_to: int  # an X post id: ids grow with time, and never tie as clocks do
    checked_to: int  # up to here, posts that went away were looked for, too; the next run reads again from there
    unfinished: Window | None = None  # begun, not read to its end: finished before a new one is begun
    is_first: bool = False  # no window was finished yet: where reading began was X's choice, and leaves no hole

    def past(self, window: Window) -> Cursor:
        """The cursor after `window` was read to its end: at its edge.

        The edge, not the newest post: a term that nobody used moves on too, and never grows too old to ask for.
        Raises PostsWouldBeLost if the window began later than this cursor.
        """
        if window.after > self.read_to:
            raise PostsWouldBeLost(f"{self.term}: search began after {window.after}; search again from {self.read_to}")
        return Cursor(self.term, max(self.read_to, window.up_to), self.checked_to)

    def checked(self) -> Cursor:
        """The cursor after everything up to it was read again, and what had gone was found out."""
        return replace(self, checked_to=self.read_to)

    def within(self, window: Window) -> Cursor:
        """The cursor while `window` is being read: where it was, remembering how far the window is."""
        return replace(self, unfinished=window)


class PostsWouldBeLost(Exception):
    """A cursor was to move over a stretch that nobody read."""
