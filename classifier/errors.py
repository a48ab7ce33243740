"""What may go wrong when posts are read.

ClassifierError
├── ModelMissing   no champion is there; train one
├── ModelRefused   a model is there, but must not or cannot be loaded
├── NotPromoted    a candidate against which something speaks, or that nobody has weighed yet
├── DataRefused    a file of lexicons or labels is wrong; names file and line
└── PartMissing    a library that only the data team needs is not installed; says how to install it
"""

from __future__ import annotations

from classifier.objections import Objection


class ClassifierError(Exception):
    """The classifier cannot do what was asked: what was found, and what to do."""


class ModelMissing(ClassifierError):
    pass


class ModelRefused(ClassifierError):
    pass


class NotPromoted(ClassifierError):
    """`objections`: each by itself; none where it was not weighed yet."""

    def __init__(self, message: str, objections: tuple[Objection, ...]) -> None:
        super().__init__(message)
        self.objections = objections


class DataRefused(ClassifierError):
    pass


class PartMissing(ClassifierError):
    pass
