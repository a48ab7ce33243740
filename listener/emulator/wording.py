"""What X makes of the text that a person typed.

Links become t.co links, pictures and quoted posts are a link at the end, `&`, `<` and `>` are escaped, and a text of
more than 280 characters is cut, its whole standing in a note. Entities are found in the text as it is delivered, and
their positions count its code points.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from listener.emulator.accounts import account_of

LONGEST = 280
_LONGEST_REPOST = 140
_ROOM_FOR_LINK = 25  # "… " and a t.co link
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]")
_TAG = re.compile(r"(?<![\w&])[#＃](?=\w*[^\W\d_])(\w+)")
_CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6})\b")
_MENTION = re.compile(r"(?<![\w@])@(\w{1,15})\b", re.ASCII)
_WORD = re.compile(  # what _TAG, _MENTION and _CASHTAG find, words, emoji; in folded text
    r"(?<![\w&])[#＃](?=\w*[^\W\d_])\w+|(?<![\w@])@[a-z0-9_]{1,15}\b|(?<![\w$])\$[a-z]{1,6}\b"
    r"|[^\W_]+|[\U0001F000-\U0001FAFF\u2600-\u27BF]"
)

Entities = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Link:
    short: str
    target: str
    media_key: str | None = None


@dataclass(frozen=True)
class Wording:
    """A text in all the forms in which X hands it out or searches it."""

    text: str
    note: str | None
    links: tuple[Link, ...]
    searched: str  # what was typed, without links, for search
    searched_cut: str  # the same of what stands before the cut

    @cached_property
    def entities(self) -> Entities:
        return entities_of(self.text, self.links)

    @cached_property
    def note_entities(self) -> Entities:
        return entities_of(self.note or "", self.links)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of(self.searched)

    @cached_property
    def words_before_cut(self) -> tuple[str, ...]:
        return words_of(self.searched_cut)


def word(typed: str, key: str, media: tuple[str, ...] = (), quoted_url: str | None = None) -> Wording:
    """The wording of `typed`; `key` tells its t.co links from all others, `media` are keys of pictures."""
    links = [Link(_short(target), target) for target in _LINK.findall(typed)]
    body = _LINK.sub(lambda found: _short(found[0]), typed)
    if quoted_url:
        links.append(Link(_short(quoted_url), quoted_url))
        body = f"{body} {links[-1].short}"
    page = f"https://x.com/i/status/{key}"
    tail = ""
    for media_key in media:
        links.append(Link(_short(page + "/photo"), f"{page}/photo/1", media_key))
        tail = f" {_short(page + '/photo')}"
    searched = _LINK.sub(" ", typed)
    if len(body) + len(tail) <= LONGEST:
        return Wording(_escape(body + tail), None, tuple(links), searched, searched)
    cut = _cut(body, LONGEST - _ROOM_FOR_LINK)
    links.append(Link(_short(page), page))
    return Wording(_escape(f"{cut}… {links[-1].short}"), _escape(body), tuple(links), searched, _LINK.sub(" ", cut))


def word_repost(handle: str, typed: str) -> Wording:
    """The wording of a repost: the other's text behind `RT @handle: `, cut."""
    text = f"RT @{handle}: {typed}"
    cut = text if len(text) <= _LONGEST_REPOST else text[: _LONGEST_REPOST - 1] + "…"
    return Wording(_escape(cut), None, (), cut, cut)


def entities_of(text: str, links: tuple[Link, ...]) -> Entities:
    """Where tags, mentions and links stand in a delivered text; kinds that it lacks are left out."""
    found: Entities = {
        "hashtags": [_span(hit, tag=hit[1]) for hit in _TAG.finditer(text)],
        "cashtags": [_span(hit, tag=hit[1]) for hit in _CASHTAG.finditer(text)],
        "mentions": [_span(hit, username=hit[1], id=str(account_of(hit[1]).id)) for hit in _MENTION.finditer(text)],
        "urls": [_link_entity(text, link) for link in links if link.short in text],
    }
    return {kind: hits for kind, hits in found.items() if hits}


def handles_in(typed: str) -> list[str]:
    """The handles that a text mentions."""
    return _MENTION.findall(typed)


def fold(text: str) -> str:
    """`text` as search compares it: neither case nor accents count."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The folded tokens of a text in their order: words, and tags, mentions and cashtags with their sign."""
    return tuple(word.replace("＃", "#") for word in _WORD.findall(fold(text)))


def _span(hit: re.Match[str], **more: object) -> dict[str, object]:
    return {"start": hit.start(), "end": hit.end(), **more}


def _link_entity(text: str, link: Link) -> dict[str, object]:
    start = text.index(link.short)
    display = re.sub(r"^https?://(www\.)?", "", link.target)
    entity: dict[str, object] = {
        "start": start,
        "end": start + len(link.short),
        "url": link.short,
        "expanded_url": link.target,
        "display_url": display if len(display) <= 27 else display[:26] + "…",
    }
    return entity | ({"media_key": link.media_key} if link.media_key else {})


def _short(target: str) -> str:
    return "https://t.co/" + hashlib.sha256(target.encode()).hexdigest()[:10]


def _cut(text: str, longest: int) -> str:
    cut = text[:longest]
    at_word = cut.rsplit(" ", 1)[0]
    return at_word if len(at_word) > longest // 2 else cut


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
