"""A local X API v2, for the demo and the tests: real wire format, invented posts, faults on demand.

Nothing of the project but `run_listener.py` and the tests imports it. `Emulator` is all that they need.
"""

from listener.emulator.bundle import BundleError, read_bundle
from listener.emulator.clock import HandClock
from listener.emulator.emulator import Emulator
from listener.emulator.faults import KINDS, UnknownFault
from listener.emulator.habits import Habits, Prices
from listener.emulator.service import Asked
from listener.emulator.timeline import NotOnX

__all__ = [
    "KINDS",
    "Asked",
    "BundleError",
    "Emulator",
    "Habits",
    "HandClock",
    "NotOnX",
    "Prices",
    "UnknownFault",
    "read_bundle",
]
