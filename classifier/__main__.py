"""`python -m classifier`: the data team's tool. Results on stdout, everything else on stderr."""

from __future__ import annotations

import logging
import sys

import typer

import settings
from classifier.commands import judge, keep, learn, look, read
from classifier.commands.surroundings import Folders, stop

app = typer.Typer(
    help="Reads posts with a trained model, trains models from labels, and keeps them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _surroundings(context: typer.Context) -> None:
    try:
        found, _ = settings.load()
    except settings.ConfigurationError as error:
        stop(str(error), 2)
    context.obj = Folders(
        models=found.models_dir,
        labels=found.training_data_dir / "labels",
        language=found.training_data_dir / "language",
        city=found.city,
    )


for command in (
    read.predict,
    read.explain,
    read.evaluate,
    look.check,
    look.doubts,
    look.label,
    learn.split,
    learn.train,
    learn.learning_curve,
    keep.models,
    judge.compare,
    judge.promote,
    keep.rollback,
    keep.shadow,
):
    app.command()(command)

if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, format="classifier: %(message)s")
    app()
