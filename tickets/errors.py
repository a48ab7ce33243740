"""What may go wrong with tickets.

TicketError
├── ReaderFailed        the classifier answers for no post at all; nothing was written
├── NoSuchRun           a run that is not in the ledger
├── WrongArgument       what was asked for in a shell is unknown: what there is, or how it is written
└── WorkflowError       a person may not do this now: a code and its parameters, so that the desk can say it in words
    ├── NoSuchTicket        unknown, or not for this person to see
    ├── NoSuchBatch         an act on many tickets that is unknown, or not for this person to see
    ├── NotAllowed          not in this status, or not for this role
    ├── ChangedMeanwhile    someone else was faster: who, what and when
    ├── Incomplete          something that the step needs is missing or unknown
    └── NothingToUndo       undone already, or not undoable
"""

from __future__ import annotations

from datetime import datetime


class TicketError(Exception):
    """The step was not done: what was found, and what to do."""


class ReaderFailed(TicketError):
    pass


class NoSuchRun(TicketError):
    pass


class WrongArgument(TicketError):
    pass


class WorkflowError(TicketError):
    """`code` names the text in the desk's catalogue, `parameters` fill it; `str()` is for logs and shells."""

    def __init__(self, code: str, **parameters: object) -> None:
        self.code = code
        self.parameters = parameters
        told = ", ".join(f"{name}={value}" for name, value in parameters.items())
        super().__init__(f"{code} ({told})" if told else code)


class NoSuchTicket(WorkflowError):
    pass


class NoSuchBatch(WorkflowError):
    pass


class NotAllowed(WorkflowError):
    pass


class ChangedMeanwhile(WorkflowError):
    """The ticket is no longer what this person saw."""

    def __init__(self, who: str, action: str, fields: tuple[str, ...], at: datetime) -> None:
        super().__init__("changed_meanwhile", who=who, action=action, fields=", ".join(fields), at=at.isoformat())
        self.who, self.action, self.fields, self.at = who, action, fields, at


class Incomplete(WorkflowError):
    pass


class NothingToUndo(WorkflowError):
    pass
