"""Who is champion: promoting a candidate, returning to the champion before, and the judgement that stands between.

Weighing a candidate reads thousands of posts with two models; it is done once and kept beside the candidate, as
`comparison.json`, so that whoever promotes at a desk waits for nothing. Needs no model stack but to weigh.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from city import City
from classifier.errors import ClassifierError, ModelMissing, ModelRefused, NotPromoted
from classifier.objections import Objection, objection, read_objection
from classifier.registry import ARTEFACT, Move, Registry

COMPARISON = "comparison.json"
NOBODY_ELSE = "no champion could serve"  # why the first one became champion, where nobody said


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of a candidate. `objections` are empty when nothing speaks against it."""

    version: str
    champion: str | None  # beside whom it was weighed; None: there was none that could serve
    objections: tuple[Objection, ...]
    told: str  # the comparison in one line, for the history
    at: str = ""  # UTC, ISO
    differences: tuple[dict[str, Any], ...] = ()  # `comparing.Difference` of each question over all, and each loss


def promote(registry: Registry, version: str, who: str, why: str, now: datetime, gate: str = "") -> Move:
    """Make `version` the champion, and write down who wanted it and why."""
    if not registry.has_artefact(version):
        raise ModelMissing(f"{version}: {ARTEFACT} is not here; make it: train --from {version}")
    when = now.isoformat(timespec="seconds")
    return _move(registry, Move("promote", version, registry.champion(), who, when, why, gate))


def rollback(registry: Registry, who: str, why: str, now: datetime) -> Move:
    """Return to the champion before this one, without training."""
    before = registry.before()
    if before is None:
        raise ModelMissing("no former champion is here to return to")
    return _move(registry, Move("rollback", before, registry.champion(), who, now.isoformat(timespec="seconds"), why))


def _move(registry: Registry, move: Move) -> Move:
    registry.add(move)
    return move


# ── Weighing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def weigh(registry: Registry, version: str, data: Path | None, today: City | None = None) -> Judgement:
    """Judge a candidate by its papers, and beside the champion on the labelled posts in `data`, seen by neither.

    `today`: the city of this day, in whose codes labels and answers are compared, whatever changed since.

    Raises ModelMissing or ModelRefused when it cannot be loaded, or is champion already.
    """
    from classifier.gate import Papers, objections, objections_by_itself
    from classifier.labels import read_labels
    from classifier.reader import Reader
    from classifier.succession import carry_forward

    candidate = Reader.of(registry, version, today)  # what cannot be loaded cannot be champion
    papers = Papers.of(registry, version, today)
    found = tuple(objections_by_itself(papers))
    try:
        champion = Reader.load(registry.folder, today)
    except ClassifierError as error:
        return Judgement(version, None, found, f"nothing to compare with: {error}")
    if champion.model == version:
        raise ModelMissing(f"{version} is champion already")
    if data is None or not data.exists():
        return Judgement(version, champion.model, found, "no labelled posts to compare on")
    beside = Papers.of(registry, champion.model, today)
    posts = read_labels(data)[0]
    if today:
        posts = carry_forward(posts, today).posts
    more, comparison = objections(champion, candidate, posts, beside, papers)
    overall = [one for one in comparison.differences if one.label is None]
    told = ", ".join(f"{one.question} {one.change[0] or 0:+.3f} (n = {one.n})" for one in overall)
    shown = tuple(asdict(one) for one in (*overall, *comparison.significant_losses()))
    line = f"on {data.name} against {champion.model}: {told}"
    return Judgement(version, champion.model, found + tuple(more), line, differences=shown)


def weigh_and_keep(models: Path, version: str, data: Path | None, at: str, today: City | None = None) -> None:
    """Weigh, and keep what was found beside the candidate; why it could not be weighed is an objection, too."""
    registry = Registry(models)
    try:
        found = weigh(registry, version, data, today)
    except ClassifierError as error:
        found = Judgement(version, registry.champion(), (_unusable(error),), "")
    told = [each.as_dict() for each in found.objections]
    content = json.dumps(asdict(found) | {"objections": told, "at": at}, ensure_ascii=False, indent=1)
    path = registry.path(version) / COMPARISON
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(content + "\n", encoding="utf-8")
    unfinished.replace(path)


def _unusable(error: ClassifierError) -> Objection:
    code = {ModelMissing: "missing", ModelRefused: "refused"}.get(type(error), "other")
    return objection(code, told=str(error))


def kept_judgement(registry: Registry, version: str) -> Judgement | None:
    """What was found when the candidate was weighed beside the present champion; None if it was not, or not by it."""
    try:
        told = json.loads((registry.path(version) / COMPARISON).read_text(encoding="utf-8"))
        held = tuple(read_objection(each) for each in told["objections"])
        found = Judgement(**told | {"objections": held, "differences": tuple(told["differences"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.version == version and found.champion == registry.champion() else None


def promote_weighed(registry: Registry, version: str, who: str, why: str, now: datetime) -> Move:
    """Promote a candidate that was weighed and has nothing against it.

    Raises NotPromoted with what speaks against it, or ModelMissing or ModelRefused where it cannot serve.
    """
    found = kept_judgement(registry, version)
    if found is None:
        raise NotPromoted(f"{version}: was not weighed beside {registry.champion()} yet", ())
    if found.objections:
        raise NotPromoted(f"{version}: {'; '.join(map(str, found.objections))}", found.objections)
    registry.verify(version)
    return promote(registry, version, who, why, now, found.told)
