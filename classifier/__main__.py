"""`python -m classifier`: the data team's tool. Results on stdout, everything else on stderr."""

from __future__ import annotations

import getpass
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

import settings as simak_settings
from classifier.errors import ClassifierError, DataRefused
from classifier.registry import Registry

app = typer.Typer(
    help="Reads posts with a trained model, trains models from labels, and keeps them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Folders:
    models: Path
    labels: Path
    language: Path
    city: Path

    @property
    def registry(self) -> Registry:
        return Registry(self.models)


class Form(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    lines = "lines"


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _stop(message: str, code: int) -> NoReturn:
    _say(f"classifier: {message}")
    raise typer.Exit(code)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """An error of the domain is one line: 2 for data or usage, 1 for a model that is missing or refused."""
    try:
        yield
    except DataRefused as error:
        _stop(str(error), 2)
    except ClassifierError as error:
        _stop(str(error), 1)
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(0) from None


def _folders() -> Folders:
    try:
        found, _ = simak_settings.load()
    except simak_settings.ConfigurationError as error:
        _stop(str(error), 2)
    return Folders(
        models=found.models_dir,
        labels=found.training_data_dir / "labels",
        language=found.training_data_dir / "language",
        city=found.city,
    )


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _reader(version: str | None = None) -> Any:
    from classifier.reader import Reader

    folders = _folders()
    return Reader.of(folders.registry, version) if version else Reader.load(folders.models)


@app.command()
def predict(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSONL, CSV or plain lines; - is stdin")] = "-",
    form: Annotated[Form | None, typer.Option("--format", help="what the input is, if it does not show")] = None,
    model: Annotated[str | None, typer.Option(help="a version instead of the champion")] = None,
) -> None:
    """Read posts and print one JSON object a post, in the order of the input.

    \b
    echo "lampu jalan mati di depan pasar" | python -m classifier predict
    python -m classifier predict posts.jsonl > predictions.jsonl

    A bad line is named on stderr, the rest is read; exit 1 then.
    """
    from classifier.incoming import read_posts

    bad: list[int] = []

    def complain(line: int, what: str) -> None:
        bad.append(line)
        _say(f"line {line}: {what}; passed over")

    with _plain_errors():
        if file != "-" and not Path(file).is_file():
            raise DataRefused(f"{file}: no such file; name one, or - for stdin")
        reader = _reader(model)
        with open(0 if file == "-" else file, "rb", closefd=file != "-") as stream:
            posts = read_posts(stream, complain, form.value if form else None)
            while batch := list(islice(posts, _BATCH)):
                for prediction in reader.read(batch):
                    _print_json(prediction.as_dict())
                sys.stdout.flush()
    if bad:
        raise typer.Exit(1)


@app.command()
def train(
    data: Annotated[
        Path | None, typer.Option(help="CSV with text and any of actionable, category, opd; default: the project's own")
    ] = None,
    from_card: Annotated[
        str | None, typer.Option("--from", metavar="VERSION", help="make this version's artefact again")
    ] = None,
    if_missing: Annotated[bool, typer.Option(help="do nothing when a champion is there and can be loaded")] = False,
    promote: Annotated[bool, typer.Option("--promote", help="make it the champion (needs --why)")] = False,
    why: Annotated[str, typer.Option(help="reason, for the history")] = "",
    who: Annotated[str, typer.Option(help="name, for the history; default: the user's")] = "",
    seed: Annotated[int, typer.Option(help="of folds")] = 0,
) -> None:
    """Train a candidate from labels; it becomes champion when there is none.

    \b
    python -m classifier train
    python -m classifier train --data labels.csv
    python -m classifier train --data labels.csv --promote --why "300 new labels"
    python -m classifier train --from 20260102-1a2b3c4d
    """
    from classifier import making
    from classifier.recipe import Recipe

    folders = _folders()
    sources = making.Sources(
        labels=data or folders.labels / making.TRAIN_FILE,
        frozen=folders.labels,
        city=folders.city,
        language=folders.language,
        invented=data is None,
    )
    with _plain_errors():
        if promote and not why:
            raise DataRefused("--promote wants a reason; add --why")
        if if_missing and _can_serve(folders):
            _say("a champion is here; nothing to do")
            return
        champion = folders.registry.champion()
        version = from_card or (_to_make_again(folders, sources, champion) if data is None else None)
        if version:
            making.make_again(folders.registry, version, sources, _say)
            _say(f"{version} is made again")
        else:
            version = making.make_candidate(folders.registry, sources, Recipe(seed=seed), _now(), _say)
        if promote or (not from_card and not _can_serve(folders)):
            making.promote(folders.registry, version, _who(who), why or "there was no champion", _now())
            _say(f"{version} is champion")
    print(version)


def _can_serve(folders: Folders) -> bool:
    from classifier.artefact import load_artefact

    try:
        champion = folders.registry.champion()
        return champion is not None and bool(load_artefact(folders.registry, champion))
    except ClassifierError:
        return False


def _to_make_again(folders: Folders, sources: Any, champion: str | None) -> str | None:
    """The champion, when only its artefact is missing: a fresh clone has its card, and what it was made from."""
    from classifier.knowledge import knowledge_hash
    from classifier.labels import file_hash

    if champion is None or folders.registry.has_artefact(champion) or not sources.labels.is_file():
        return None
    card = folders.registry.card(champion)
    same_data = card["data"]["sha256"] == file_hash(sources.labels)
    return (
        champion if same_data and card["knowledge_sha256"] == knowledge_hash(sources.city, sources.language) else None
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _who(given: str) -> str:
    return given or getpass.getuser()


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="CSV with text and any of actionable, category, opd, opd_also")],
    model: Annotated[str | None, typer.Option(help="a version instead of the champion")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """How right the champion is on labelled posts, each figure with its 95 % interval.

    \b
    python -m classifier evaluate --data training_data/labels/test.csv
    python -m classifier evaluate --data real.csv --json
    """
    from classifier.evaluation import evaluate as figures_of
    from classifier.evaluation import said
    from classifier.labels import read_labels
    from classifier.post import Post

    with _plain_errors():
        posts, unknown = read_labels(data)
        for name in unknown:
            _say(f"column {name!r} is passed over")
        reader = _reader(model)
        predictions = reader.read([Post(post.text) for post in posts])
        figures = figures_of(posts, [said(one) for one in predictions], reader.model, reader.error)
    if as_json:
        _print_json(figures)
    else:
        _print_figures(figures)


def _print_figures(figures: dict[str, Any]) -> None:
    print(f"model {figures['model']}, {figures['rows']} rows")
    for question in ("actionable", "category", "opd"):
        asked = dict(figures[question])
        promise = asked.pop("promise", None)
        print(f"{question} (n = {asked.pop('n')})")
        for name, value in asked.items():
            print(f"  {name:10} {_interval(value)}")
        if promise:
            print(f"  promised: at most {promise['error']:.0%} wrong of what is routed")
            print(f"  {'routed':10} {_interval(promise['coverage'])}\n  {'right':10} {_interval(promise['kept'])}")


def _interval(value: list[float | None]) -> str:
    if value[0] is None:
        return "–"
    return f"{value[0]:.3f}  [{value[1]:.3f}, {value[2]:.3f}]"


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="the words of a post")],
    model: Annotated[str | None, typer.Option(help="a version instead of the champion")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Why the champion answers as it does: words for and against, each rewrite, the place and its rule.

    \b
    python -m classifier explain "min lampu dpn pasar mati"
    """
    from classifier.post import Post

    with _plain_errors():
        (prediction,) = _reader(model).read([Post(text)])
    if as_json:
        _print_json(prediction.as_dict())
        return
    threshold = "none: a person decides all" if prediction.threshold is None else f"{prediction.threshold:.3f}"
    print(f"decision    {prediction.decision} (routed from {threshold})")
    print(f"complaint   {'–' if prediction.actionable is None else f'{prediction.actionable:.3f}'}")
    for name, choices in (("category", prediction.category_top3), ("opd", prediction.opd_top3)):
        print(f"{name:11} " + ", ".join(f"{choice.code} {choice.p:.3f}" for choice in choices))
    print("why         " + ", ".join(f"{reason.term} {reason.weight:+.2f}" for reason in prediction.why))
    place = prediction.place
    print(
        "place       "
        + (f"{place.text} → {place.kelurahan or '?'}, {place.kecamatan or '?'} ({place.found_by})" if place else "–")
    )
    print(f"priority    {prediction.priority} ({prediction.priority_rule or 'no rule'})")
    print(
        "rewrites    "
        + (", ".join(f"{one.original} → {one.became} ({one.rule})" for one in prediction.rewrites) or "–")
    )


@app.command()
def models(as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False) -> None:
    """All models, which one is champion, and who promoted what when and why."""
    with _plain_errors():
        registry = _folders().registry
        champion, moves = registry.champion(), registry.history()
        for version in registry.versions():
            card = registry.card(version)
            row = {
                "version": version,
                "champion": version == champion,
                "made_at": card["made_at"],
                "rows": card["data"]["rows"],
                "artefact": registry.has_artefact(version),
                "history": [
                    {"act": move.act, "who": move.who, "when": move.when, "why": move.why}
                    for move in moves
                    if move.version == version
                ],
            }
            if as_json:
                _print_json(row)
            else:
                mark = "*" if row["champion"] else " "
                missing = "" if row["artefact"] else "  (artefact to be made: train --from)"
                print(f"{mark} {version}  {row['made_at']}  {row['rows']} rows{missing}")
                for move in moves:
                    if move.version == version:
                        print(f"    {move.when} {move.act} by {move.who}: {move.why}")


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="the candidate")],
    why: Annotated[str, typer.Option(help="the reason, kept in the history")],
    who: Annotated[str, typer.Option(help="name, for the history; default: the user's")] = "",
) -> None:
    """Make a candidate the champion.

    \b
    python -m classifier promote 20260102-1a2b3c4d --why "better on parking"
    """
    from classifier import making
    from classifier.reader import Reader

    with _plain_errors():
        registry = _folders().registry
        Reader.of(registry, version)  # what cannot be loaded cannot be champion
        making.promote(registry, version, _who(who), why, _now())
    print(version)


@app.command()
def rollback(
    why: Annotated[str, typer.Option(help="the reason, kept in the history")] = "rolled back",
    who: Annotated[str, typer.Option(help="name, for the history; default: the user's")] = "",
) -> None:
    """Return to the champion before this one; nothing is trained."""
    from classifier import making

    with _plain_errors():
        print(making.rollback(_folders().registry, _who(who), why, _now()).version)


@app.command()
def split(
    files: Annotated[list[Path], typer.Argument(help="written posts, one file a writer, fields between bars")],
    anew: Annotated[bool, typer.Option(help="make both sides from these files alone, and seal the test anew")] = False,
) -> None:
    """Take in written posts: the latest go to the frozen test with their whole event, the rest to training.

    \b
    python -m classifier split written/*.txt --anew
    python -m classifier split written/new_writer.txt
    """
    from classifier.frozen import freeze, grown
    from classifier.frozen import split as split_posts
    from classifier.written import read_written

    with _plain_errors():
        folder = _folders().labels
        posts = [post for path in files for post in read_written(path)]
        parts = split_posts(posts) if anew else grown(folder, posts)
        freeze(folder, parts)
    print(f"{len(parts.train)} posts for training, {len(parts.test)} in the frozen test")


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, format="classifier: %(message)s")
    app()
