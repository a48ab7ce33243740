"""What is written through the API: an answer in the name of an account, by the rules of February 2026.

X takes one only from an account that the author of the answered post mentioned, or whose post they quoted; never the
same text twice; and charges more for one with a link.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from city.x_length import LIMIT, links_in, x_length
from listener.emulator import refusals
from listener.emulator.accounts import Account
from listener.emulator.billing import Bill
from listener.emulator.posts import Shown
from listener.emulator.refusals import Json
from listener.emulator.timeline import Draft, Timeline

NAME = "create"  # of the endpoint, among the limits and for faults


@dataclass
class Writers:
    """Whose tokens are known, and what each account has written. Not locked: the service that holds it is."""

    accounts: dict[str, Account] = field(default_factory=dict)  # by token
    _written: set[tuple[int, str]] = field(default_factory=set)

    def log_in(self, account: Account) -> str:
        """A token that acts for `account`."""
        token = f"user-{account.id}"
        self.accounts[token] = account
        return token

    def write(self, sent: bytes, author: Account, timeline: Timeline, bill: Bill, now: datetime) -> Json:
        """Publish what was sent; returns the body of the 201. Raises Refusal."""
        text, answered = _parsed(sent)
        if x_length(text) > LIMIT:
            raise refusals.forbidden("Your Tweet text is too long.")
        if (author.id, text) in self._written:
            raise refusals.forbidden("You are not allowed to create a Tweet with duplicate content.")
        if answered is not None:
            _check_summoned(timeline.version(answered, now), author)
        identity = timeline.publish(Draft(text, author.handle, now, reply_to=answered))
        self._written.add((author.id, text))
        bill.charge_writing(linked=bool(links_in(text)), summoned=answered is not None)
        return {"data": {"edit_history_tweet_ids": [str(identity)], "id": str(identity), "text": text}}


def _parsed(sent: bytes) -> tuple[str, int | None]:
    """The text, and the id of the post that it answers."""
    try:
        told = json.loads(sent or b"{}")
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(text := told.get("text"), str) or not text.strip():
        raise refusals.invalid_request("text: is required", text="")
    for name in told:
        if name not in ("text", "reply"):
            raise refusals.invalid_request(f"$.{name}: is not defined in the schema", **{name: str(told[name])})
    reply = told.get("reply")
    if reply is None:
        return text, None
    answered = str(reply.get("in_reply_to_tweet_id", "")) if isinstance(reply, dict) else ""
    if not answered.isdecimal() or len(answered) > 19:
        raise refusals.invalid_request("$.reply.in_reply_to_tweet_id: does not match the regex pattern", reply=answered)
    return text, int(answered)


def _check_summoned(answered: Shown | None, author: Account) -> None:
    if answered is None:
        raise refusals.forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    post = answered.post
    own = post.author.id == author.id
    mentioned = f"@{author.handle.casefold()}" in answered.tokens
    quoted = post.quotes is not None and post.quotes.author.id == author.id
    if not (own or mentioned or quoted):
        raise refusals.forbidden(
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
            "author of the post you are replying to."
        )
