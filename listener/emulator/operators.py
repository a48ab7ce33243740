"""What each operator of the query language finds in a post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from listener.emulator.habits import Habits
from listener.emulator.posts import Post, Reference, Shown
from listener.emulator.wording import fold, words_of

Matches = Callable[[Shown], bool]
Refers = Callable[[Post], Reference | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """`make` turns the value behind the colon into a match, or raises ValueError; dependent ones never stand alone."""

    make: Callable[[str], Matches]
    dependent: bool = False
    only_negated: bool = False


def keyword(value: str, habits: Habits) -> Matches:
    """A token of the text, or several in a row where `value` has several."""
    wanted = words_of(value)
    if len(wanted) != 1:
        return phrase(value, habits)
    token = wanted[0]
    if habits.keywords_find_tags:
        return lambda shown: token in _tokens(shown, habits) or f"#{token}" in _tokens(shown, habits)
    return lambda shown: token in _tokens(shown, habits)


def phrase(value: str, habits: Habits) -> Matches:
    """Those tokens in a row. What has none, such as punctuation alone, finds nothing."""
    wanted = words_of(value)

    def matches(shown: Shown) -> bool:
        if not wanted or not _tokens(shown, habits).issuperset(wanted):
            return False
        words = shown.wording.words if habits.reads_notes else shown.wording.words_before_cut
        return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))

    return matches


def _tokens(shown: Shown, habits: Habits) -> frozenset[str]:
    return shown.tokens if habits.reads_notes else shown.tokens_before_cut


def _from(value: str) -> Matches:
    wanted = value.removeprefix("@").casefold()
    return lambda shown: wanted in (shown.post.author.handle.casefold(), str(shown.post.author.id))


def _author_of(reference: Refers) -> Callable[[str], Matches]:
    def make(value: str) -> Matches:
        wanted = value.removeprefix("@").casefold()

        def matches(shown: Shown) -> bool:
            other = reference(shown.post)
            return other is not None and wanted in (other.author.handle.casefold(), str(other.author.id))

        return matches

    return make


def _id_of(reference: Refers) -> Callable[[str], Matches]:
    def make(value: str) -> Matches:
        wanted = int(value)

        def matches(shown: Shown) -> bool:
            other = reference(shown.post)
            return other is not None and other.id == wanted

        return matches

    return make


def _conversation(value: str) -> Matches:
    wanted = int(value)
    return lambda shown: shown.post.conversation == wanted


def _url(value: str) -> Matches:
    wanted = value.casefold()
    return lambda shown: any(wanted in link.target.casefold() for link in shown.wording.links)


def _place(value: str) -> Matches:
    wanted = fold(value)

    def matches(shown: Shown) -> bool:
        place = shown.post.place
        return place is not None and wanted in (place.id, fold(place.full_name))

    return matches


def _lang(value: str) -> Matches:
    return lambda shown: shown.post.lang == value


def _entity(kind: str) -> Matches:
    return lambda shown: kind in shown.wording.entities


def _one_of(choices: Mapping[str, Matches]) -> Callable[[str], Matches]:
    def make(value: str) -> Matches:
        try:
            return choices[value]
        except KeyError:
            raise ValueError(value) from None

    return make


_KINDS: dict[str, Matches] = {
    "retweet": lambda shown: shown.post.reposts is not None,
    "reply": lambda shown: shown.post.reply_to is not None,
    "quote": lambda shown: shown.post.quotes is not None,
    "verified": lambda shown: False,
}
_PARTS: dict[str, Matches] = {
    "hashtags": _entity("hashtags"),
    "cashtags": _entity("cashtags"),
    "mentions": _entity("mentions"),
    "links": _entity("urls"),
    "media": lambda shown: shown.post.photos > 0,
    "images": lambda shown: shown.post.photos > 0,
    "video_link": lambda shown: False,
    "geo": lambda shown: shown.post.place is not None,
}

# Operators of the form name:value. Of those that X knows, context:, entity:, list:, point_radius: and bounding_box: are
# not here: the emulator has nothing that they could find, and says so rather than finding nothing.
OPERATORS: dict[str, Operator] = {
    "from": Operator(_from),
    "to": Operator(_author_of(lambda post: post.reply_to)),
    "url": Operator(_url),
    "retweets_of": Operator(_author_of(lambda post: post.reposts)),
    "conversation_id": Operator(_conversation),
    "in_reply_to_tweet_id": Operator(_id_of(lambda post: post.reply_to)),
    "retweets_of_tweet_id": Operator(_id_of(lambda post: post.reposts)),
    "quotes_of_tweet_id": Operator(_id_of(lambda post: post.quotes)),
    "place": Operator(_place),
    "place_country": Operator(lambda value: lambda shown: shown.post.place is not None and value.upper() == "ID"),
    "min_likes": Operator(lambda value: _nobody_reacts(int(value))),
    "min_replies": Operator(lambda value: _nobody_reacts(int(value))),
    "min_reposts": Operator(lambda value: _nobody_reacts(int(value))),
    "is": Operator(_one_of(_KINDS), dependent=True),
    "has": Operator(_one_of(_PARTS), dependent=True),
    "lang": Operator(_lang, dependent=True),
}
NULLCAST = Operator(lambda value: lambda shown: False, dependent=True, only_negated=True)


def _nobody_reacts(least: int) -> Matches:
    return lambda shown: least <= 0
