"""Commands that read posts with a model: predict, explain, evaluate."""

from __future__ import annotations

import sys
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classifier.commands.surroundings import folders_of, plain_errors, print_json, say
from classifier.errors import DataRefused

if TYPE_CHECKING:
    from classifier.prediction import Prediction

_BATCH = 256
Version = Annotated[str | None, typer.Option("--model", metavar="VERSION", help="a version instead of the champion")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


class Form(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    lines = "lines"


def predict(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSONL, CSV or plain lines; - is stdin")] = "-",
    form: Annotated[Form | None, typer.Option("--format", help="what the input is, if it does not show")] = None,
    model: Version = None,
) -> None:
    """Read posts and print one JSON object a post, in the order of the input.

    \b
    echo "lampu jalan mati di depan pasar" | python -m classifier predict
    python -m classifier predict posts.jsonl > predictions.jsonl

    A bad line is named on stderr and the rest is read; the exit code is 1 then.
    """
    from classifier.foreign import existing_file
    from classifier.incoming import read_posts

    bad: list[int] = []

    def complain(line: int, what: str) -> None:
        bad.append(line)
        say(f"line {line}: {what}; passed over")

    with plain_errors():
        if file != "-":
            existing_file(Path(file), "name one with posts, or - for stdin")
        name = "stdin" if file == "-" else Path(file).name
        reader = folders_of(context).reader(model)
        with open(0 if file == "-" else file, "rb", closefd=file != "-") as stream:
            posts = read_posts(stream, complain, form.value if form else None, name)
            while batch := list(islice(posts, _BATCH)):
                for prediction in reader.read(batch):
                    print_json(prediction.as_dict())
                sys.stdout.flush()
    if bad:
        raise typer.Exit(1)


def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="the words of a post")],
    model: Version = None,
    as_json: AsJson = False,
) -> None:
    """Why a model answers as it does: words for and against, like posts, each rewrite, the place and its rule.

    \b
    python -m classifier explain "min lampu dpn pasar mati"
    """
    from classifier.post import Post
    from classifier.precedents import nearest

    with plain_errors():
        folders = folders_of(context)
        (prediction,) = folders.reader(model).read([Post(text)])
        alike = nearest(prediction.normalised, folders.labels, folders.language)
    if as_json:
        print_json({**prediction.as_dict(), "precedents": [precedent.as_dict() for precedent in alike]})
        return
    for name, value in _told(prediction):
        print(f"{name:11} {value}")
    for precedent in alike:
        label = f"{precedent.category} {precedent.opd}" if precedent.category else "no complaint"
        print(f"{'like':11} {precedent.likeness:.2f} {label}: {precedent.text}")


def _told(prediction: Prediction) -> list[tuple[str, str]]:
    threshold, place = prediction.threshold, prediction.place
    routed = "nothing is routed, a person decides all" if threshold is None else f"routed from {threshold:.3f}"
    return [
        ("decision", f"{prediction.decision} ({routed})"),
        ("complaint", "–" if prediction.actionable is None else f"{prediction.actionable:.3f}"),
        ("category", ", ".join(f"{choice.code} {choice.p:.3f}" for choice in prediction.category_top3) or "–"),
        ("opd", ", ".join(f"{choice.code} {choice.p:.3f}" for choice in prediction.opd_top3) or "–"),
        ("why", ", ".join(f"{reason.term} {reason.weight:+.2f}" for reason in prediction.why) or "–"),
        (
            "place",
            f"{place.text} → {place.kelurahan or '?'}, {place.kecamatan or '?'} ({place.found_by})" if place else "–",
        ),
        ("priority", f"{prediction.priority} ({prediction.priority_rule or 'no rule'})"),
        ("rewrites", ", ".join(f"{one.original} → {one.became} ({one.rule})" for one in prediction.rewrites) or "–"),
    ]


def evaluate(
    context: typer.Context,
    data: Annotated[Path, typer.Option(help="CSV with text and any of actionable, category, opd, opd_also")],
    model: Version = None,
    as_json: AsJson = False,
) -> None:
    """How right a model is on labelled posts, each figure with its 95 % interval.

    \b
    python -m classifier evaluate --data training_data/labels/test.csv
    python -m classifier evaluate --data real.csv --json

    Kind and OPD are scored on complaints, dropped or not; dropping is scored by itself, as `actionable`.
    """
    from classifier.evaluation import evaluate as figures_of
    from classifier.evaluation import said
    from classifier.place_figures import place_figures

    with plain_errors():
        folders = folders_of(context)
        posts = folders.labelled(data)
        if not any(post.category or post.opd or post.actionable is not None for post in posts):
            raise DataRefused(f"{data.name}: no label in it; fill one of the columns actionable, category, opd")
        reader = folders.reader(model)
        predictions = reader.read([post.post for post in posts])
        figures = figures_of(posts, [said(one) for one in predictions], reader.model, reader.error)
        figures["place"] = place_figures(posts, [one.place for one in predictions])
    if as_json:
        print_json(figures)
    else:
        _print_figures(figures)


def _print_figures(figures: dict[str, Any]) -> None:
    print(f"model {figures['model']}, {figures['rows']} rows")
    for question in ("actionable", "category", "opd", "priority", "place"):
        asked = dict(figures[question])
        promise = asked.pop("promise", None)
        print(f"{question} (n = {asked.pop('n')})")
        for name, value in asked.items():
            print(f"  {name:22} {_interval(value)}")
        if promise:
            print(f"  promised: at most {promise['error']:.0%} wrong of what is routed")
            print(f"  {'routed':10} {_interval(promise['coverage'])}\n  {'right':10} {_interval(promise['kept'])}")


def _interval(value: list[float | None]) -> str:
    return "–" if value[0] is None else f"{value[0]:.3f}  [{value[1]:.3f}, {value[2]:.3f}]"
