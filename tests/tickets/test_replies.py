"""What citizens are answered: in their register, once, with the channels told once, and nothing posted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from city import City
from city.reading_replies import load_replies
from city.x_length import LIMIT, links_in, x_length
from classifier import Post
from classifier.lexicon import Lexicon, load_lexicon
from classifier.normalise import normalise
from database.care import purge
from database.engine import reading, writing
from database.tables import audit, replies
from tests.tickets.builder import NOON, Desk, RuleReader
from tests.tickets.test_workflow import ADMIN, BUDI, DPU, act, take_back
from tickets.errors import ChangedMeanwhile, Incomplete, NotAllowed, NothingToUndo
from tickets.queue import show
from tickets.replies import NewReply, begin_reply, settle, settle_by_hand
from tickets.reply_drafts import Saying, Talk, talks
from tickets.steps import Accept, Close, Correct, Merge, Reject, Reopen, Step
from tickets.undoing import undo, undoable
from tickets.workflow import Done

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 3)


@cache
def lexicon() -> Lexicon:
    return load_lexicon(ROOT / "training_data" / "language")


@dataclass
class ListeningReader(RuleReader):
    """Reads by rules, and hears Javanese as the classifier does."""

    pictures: list[str] = field(default_factory=list)

    def _content(self, post: Post) -> dict[str, object]:
        heard = normalise(post.text, lexicon())
        trace = [[each.original, each.became, each.rule] for each in heard.trace]
        return super()._content(post) | {"rewrites": trace, "normalised": heard.text}


@pytest.fixture
def desk(engine: Engine, city: City) -> Desk:
    return Desk(engine, city, reader=ListeningReader())


def drafts(desk: Desk, ticket_id: int, *, link: bool = False) -> list[Talk]:
    texts = load_replies(ROOT / "city" / "semarang" / "replies.toml", desk.city)
    saying = Saying(desk.city, texts, {"laporsemar"}, TODAY, link)
    with reading(desk.engine) as connection:
        view = show(connection, desk.ticket(ticket_id)["number"])
        assert view is not None
        return talks(connection, view, saying)


def answer(desk: Desk, ticket_id: int, talk: Talk, *, way: Any = "clipboard", by: Any = ADMIN, **changes: Any) -> int:
    assert talk.occasion is not None
    given = {"text": talk.text, "occasion": talk.occasion, "told_channels": talk.tells_channels, "seen": talk.seen}
    reply = NewReply(talk.post.id, way=way, **given | changes)
    with writing(desk.engine) as connection:
        return begin_reply(connection, desk.ticket(ticket_id)["number"], reply, by, desk.now)


def told(desk: Desk, reply_id: int) -> Mapping[str, Any]:
    with reading(desk.engine) as connection:
        return dict(connection.execute(select(replies).where(replies.c.id == reply_id)).mappings().one())


def one(desk: Desk, text: str = "lampu mati di jl. Gajah", author: str = "siti", **columns: Any) -> int:
    post_id = desk.post(text, author, **columns)
    desk.read()
    return int(desk.ticket_of(post_id)["id"])


def test_a_draft_has_nothing_to_tell_yet_and_neither_has_what_is_no_complaint(desk: Desk) -> None:
    ticket = one(desk)
    assert drafts(desk, ticket)[0].occasion is None
    act(desk, ticket, Reject("no_complaint"))
    assert drafts(desk, ticket)[0].occasion is None


def test_an_accepted_ticket_says_its_number_whose_it_is_and_until_when(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    assert talk.text.startswith(f"Terima kasih sudah melapor. Laporan {desk.ticket(ticket)['number']} ")
    assert "Dinas Perumahan dan Kawasan Permukiman" in talk.text
    assert "24 jam" in talk.text, "the shortest rule for lamps"
    assert x_length(talk.text) <= LIMIT == talk.limit


def test_the_category_decides_the_deadline_and_the_words(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    act(desk, ticket, Correct(category="jalan_rusak", opd="dpu"))
    (talk,) = drafts(desk, ticket)
    assert "Dinas Pekerjaan Umum" in talk.text
    assert "5 hari kerja" in talk.text
    assert "perbaikannya" not in talk.text


def test_whoever_wrote_javanese_is_greeted_so(desk: Desk) -> None:
    ticket = one(desk, "lampu jl. Gajah peteng ndedet, nyuwun tulung pak")
    act(desk, ticket, Accept())
    assert drafts(desk, ticket)[0].text.startswith("Matur nuwun sampun lapor, nggih.")


def test_each_of_an_incident_is_answered_in_its_own_register_and_told_of_the_channels_once(desk: Desk) -> None:
    first, second = one(desk, "lampu mati di jl. Gajah"), one(desk, "banjir di jl. Kuda peteng, nyuwun tulung", "agus")
    again = desk.post("lubang di jl. Singa", "siti", channel="x")
    desk.read()
    for other in (second, desk.ticket_of(again)["id"]):
        act(desk, other, Merge(first))
    act(desk, first, Accept())
    act(desk, first, Close())
    plain, javanese, same_author = drafts(desk, first)
    assert (plain.register, javanese.register) == ("plain", "javanese")
    assert len({talk.text for talk in (plain, javanese, same_author)}) == 3, "X refuses the same text twice"
    assert plain.tells_channels
    assert javanese.tells_channels
    assert not same_author.tells_channels
    assert "Lain kali" not in same_author.text
    answer(desk, first, plain)
    assert [talk.is_answered for talk in drafts(desk, first)] == [True, False, False]


def test_the_channels_are_told_once_to_a_citizen_over_all_tickets_and_never_to_whoever_uses_one(desk: Desk) -> None:
    earlier = one(desk)
    act(desk, earlier, Accept())
    (talk,) = drafts(desk, earlier)
    assert "aplikasi Lapor Semar" in talk.text
    reply_id = answer(desk, earlier, talk)
    later = one(desk, "lubang di jl. Merak", "siti")
    official = one(desk, "sampah di jl. Kutilang", "siti2", channel="whatsapp")
    for ticket in (later, official):
        act(desk, ticket, Accept())
        assert "Lain kali" not in drafts(desk, ticket)[0].text
    # It was not said after all: then they do not know yet.
    with writing(desk.engine) as connection:
        (made, *_) = undoable(connection, ADMIN)[2:]
        undo(connection, desk.city, made.audit_id, ADMIN, desk.now)
    assert told(desk, reply_id)["state"] == "withdrawn"
    assert "Lain kali" in drafts(desk, later)[0].text


def test_no_link_stands_in_a_draft_unless_it_was_asked_for(desk: Desk) -> None:
    ticket = one(desk, "lampu mati di jl. Gajah", channel="instagram")
    act(desk, ticket, Accept())
    assert links_in(drafts(desk, ticket)[0].text) == []
    assert links_in(drafts(desk, ticket, link=True)[0].text) == ["https://laporsemar.semarangkota.go.id"]


def test_an_accepted_ticket_is_in_work_once_that_was_told(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    answer(desk, ticket, drafts(desk, ticket)[0])
    (talk,) = drafts(desk, ticket)
    assert (talk.occasion, talk.is_answered) == ("in_work", True)
    desk.later(60)
    act(desk, ticket, Close("menunggu tiang baru"))
    (talk,) = drafts(desk, ticket)
    assert (talk.occasion, talk.is_answered) == ("conditional", False)
    assert "dengan catatan: menunggu tiang baru." in talk.text


@pytest.mark.parametrize("condition", ["hubungi 0812-3456-7890", "tanya @budi_dpu", "lihat dpu.semarangkota.go.id"])
def test_a_condition_that_names_a_person_is_told_to_nobody(desk: Desk, condition: str) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    act(desk, ticket, Close(condition))
    text = drafts(desk, ticket)[0].text
    assert condition.rsplit(maxsplit=1)[-1] not in text
    assert "dengan catatan." in text


def test_who_said_too_little_is_asked_for_what_is_missing(desk: Desk) -> None:
    bare = one(desk, "lampu mati")
    placed = one(desk, "banjir di jl. Merak", media=["https://pbs.twimg.example/1.jpg"])
    for ticket in (bare, placed):
        act(desk, ticket, Reject("too_little"))
    assert "lokasinya (nama jalan, kelurahan, dan patokan terdekat) dan fotonya" in drafts(desk, bare)[0].text
    assert "lokasinya" not in drafts(desk, placed)[0].text
    assert "apa yang terjadi" in drafts(desk, placed)[0].text


def test_what_is_not_ours_says_where_to_turn_to_and_the_number_to_call_in_danger(desk: Desk) -> None:
    ticket = one(desk, "listrik kebakaran di jl. Gajah")
    act(desk, ticket, Reject("not_ours", authority="pln"))
    text = drafts(desk, ticket)[0].text
    assert "PT PLN (Persero) UP3 Semarang" in text
    assert "call center PLN 123 atau aplikasi PLN Mobile" in text
    assert "hubungi 112" in text


def test_a_reply_is_in_the_history_without_its_words_and_answers_the_ticket(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    desk.later(5)
    (talk,) = drafts(desk, ticket)
    version = desk.ticket(ticket)["version"]
    reply_id = answer(desk, ticket, talk, text="Sudah kami teruskan, ya.", told_channels=False)
    lines = [line for line in desk.history(ticket) if line["action"] in ("reply", "answered")]
    assert [(line["actor"], line["action"]) for line in lines] == [("ratna", "reply"), ("simak", "answered")]
    assert lines[0]["after"] == {"reply": reply_id, "way": "clipboard", "occasion": "accepted"}
    assert lines[0]["origin"] == "desk 10.0.0.7"
    assert desk.ticket(ticket)["answered_at"] == desk.now
    assert desk.ticket(ticket)["version"] == version, "whoever has it open may still decide"


def test_a_copied_reply_is_taken_back_and_neither_blocks_what_came_before(desk: Desk) -> None:
    ticket = one(desk)
    accepted = act(desk, ticket, Accept())
    answer(desk, ticket, drafts(desk, ticket)[0])
    with reading(desk.engine) as connection:
        assert [each.action for each in undoable(connection, ADMIN)] == ["reply", "accept"]
        line = undoable(connection, ADMIN)[0].audit_id
    take_back(desk, Done(line, ticket))
    assert desk.ticket(ticket)["answered_at"] is None
    assert not drafts(desk, ticket)[0].is_answered
    with pytest.raises(NothingToUndo, match="undone_already"):
        take_back(desk, Done(line, ticket))
    answer(desk, ticket, drafts(desk, ticket)[0])
    take_back(desk, accepted)
    assert desk.ticket(ticket)["status"] == "belum_terverifikasi", "a reply that was given stops no undo"


def test_two_who_answer_at_once_are_told_of_each_other(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    answer(desk, ticket, talk, by=BUDI)
    with pytest.raises(ChangedMeanwhile) as raised:
        answer(desk, ticket, talk, way="x")
    assert (raised.value.who, raised.value.action) == ("budi", "reply")


def test_only_the_city_desk_answers_and_only_what_stands_there(desk: Desk) -> None:
    ticket, other = one(desk, "lubang di jl. Merak"), one(desk, "lampu mati di jl. Gajah", "agus")
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    with pytest.raises(NotAllowed, match="not_for_this_role"):
        answer(desk, ticket, talk, by=DPU)
    with pytest.raises(Incomplete, match="posts_are_gone"):
        answer(desk, other, talk)
    with pytest.raises(Incomplete, match="reply_empty"):
        answer(desk, ticket, talk, text="  \n ")
    desk.remove(talk.post.id)
    assert drafts(desk, ticket)[0].occasion is None
    with pytest.raises(Incomplete, match="post_was_removed"):
        answer(desk, ticket, talk)
    with reading(desk.engine) as connection:
        assert connection.execute(select(replies)).all() == []


def test_a_reply_through_x_is_written_before_it_leaves_and_marked_after(desk: Desk) -> None:
    ticket = one(desk, "lampu mati di jl. Gajah @LaporSemar")
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    assert talk.may_go_to_x
    reply_id = answer(desk, ticket, talk, way="x")
    assert told(desk, reply_id)["state"] == "sending"
    assert desk.ticket(ticket)["answered_at"] is None, "nobody knows yet"
    with writing(desk.engine) as connection:
        settle(connection, reply_id, desk.now, source_id="2001")
    assert (told(desk, reply_id)["state"], told(desk, reply_id)["source_id"]) == ("given", "2001")
    assert desk.ticket(ticket)["answered_at"] is not None
    with reading(desk.engine) as connection:
        assert [each.action for each in undoable(connection, ADMIN)] == ["accept"], "what is published stays"
    line = next(line for line in desk.history(ticket) if line["action"] == "reply")
    with pytest.raises(NothingToUndo, match="reply_is_out"):
        take_back(desk, Done(line["id"], ticket))


def test_what_x_refused_was_never_said(desk: Desk) -> None:
    ticket = one(desk, "lampu mati di jl. Gajah @laporsemar")
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    reply_id = answer(desk, ticket, talk, way="x")
    with writing(desk.engine) as connection:
        settle(connection, reply_id, desk.now, problem="X answered 403")
    (talk,) = drafts(desk, ticket)
    assert (talk.is_answered, talk.occasion, talk.given[0].problem) == (False, "accepted", "X answered 403")
    assert talk.tells_channels
    answer(desk, ticket, talk)


@pytest.mark.parametrize("is_out", [True, False])
def test_after_a_lost_answer_only_a_person_says_whether_it_was_posted(desk: Desk, is_out: bool) -> None:
    ticket = one(desk, "lampu mati di jl. Gajah @laporsemar")
    act(desk, ticket, Accept())
    (talk,) = drafts(desk, ticket)
    reply_id = answer(desk, ticket, talk, way="x")
    with writing(desk.engine) as connection:
        settle(connection, reply_id, desk.now)
    (talk,) = drafts(desk, ticket)
    assert talk.unsettled is not None
    assert talk.is_answered, "it may be there: nothing asks for a second one"
    with writing(desk.engine) as connection:
        settle_by_hand(connection, reply_id, BUDI, desk.now, is_out=is_out)
    (talk,) = drafts(desk, ticket)
    assert (talk.unsettled, talk.is_answered) == (None, is_out)
    with pytest.raises(NothingToUndo, match="reply_is_settled"), writing(desk.engine) as connection:
        settle_by_hand(connection, reply_id, BUDI, desk.now, is_out=True)


@pytest.mark.parametrize(
    ("text", "columns", "may"),
    [
        ("lampu mati @laporsemar", {}, True),
        ("@LAPORSEMAR lampu mati", {}, True),
        ("lampu mati @laporsemar_smg", {}, False),
        ("lampu mati #laporhendi", {}, False),
        ("lampu mati @perkimsemarang", {}, False),  # that office's account could answer, ours could not
        ("lampu mati tulis ke x@laporsemar", {}, False),
        ("lampu mati @laporsemar", {"channel": "instagram"}, False),
        ("lampu mati @laporsemar", {"source_id": "sha256:ab"}, False),
    ],
)
def test_x_takes_an_answer_only_to_whoever_mentioned_us(
    desk: Desk, text: str, columns: dict[str, Any], may: bool
) -> None:
    ticket = one(desk, text, **columns)
    act(desk, ticket, Accept())
    assert drafts(desk, ticket)[0].may_go_to_x == may


def test_a_ticket_that_was_opened_and_closed_again_is_to_be_answered_again(desk: Desk) -> None:
    ticket = one(desk)
    act(desk, ticket, Accept())
    act(desk, ticket, Close())
    answer(desk, ticket, drafts(desk, ticket)[0])
    act(desk, ticket, Reopen("masih gelap"))
    desk.later(60)
    act(desk, ticket, Close())
    assert not drafts(desk, ticket)[0].is_answered


@pytest.mark.parametrize("steps", [(Accept(), Close()), (Reject("too_little"),)], ids=["closed", "rejected"])
def test_the_words_of_a_reply_are_forgotten_with_the_matter(desk: Desk, steps: tuple[Step, ...]) -> None:
    ticket = one(desk)
    for step in steps:
        act(desk, ticket, step)
    reply_id = answer(desk, ticket, drafts(desk, ticket)[0])
    later: datetime = NOON + timedelta(days=400)
    purge(desk.engine, later, later)
    assert told(desk, reply_id)["text"] == ""
    with reading(desk.engine) as connection:
        kept = [str(row) for row in connection.execute(select(audit.c.before, audit.c.after, audit.c.reason))]
    assert not any("Terima kasih" in row for row in kept)
    (talk,) = drafts(desk, ticket)
    assert (talk.occasion, [each.id for each in talk.given]) == (None, [reply_id])
