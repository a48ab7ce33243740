"""What may go wrong at the desk, apart from the workflow's own refusals (`tickets.errors`).

DeskError
├── AccountError     an account that cannot be made or changed: what was given, and what it should be
└── Refused          a request that is not answered: its HTTP status, and a code that `wording` says in words
"""

from __future__ import annotations


class DeskError(Exception):
    pass


class AccountError(DeskError):
    pass


class Refused(DeskError):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
