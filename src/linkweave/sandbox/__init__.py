"""Every provider's emulator behind one address, with faults on demand and a log of the calls."""

from linkweave.sandbox.accounts import sandbox_accounts
from linkweave.sandbox.app import CONTROL, EmulatorSlot, Sandbox, SeenCall
from linkweave.sandbox.emulators import emulated, load_emulator
from linkweave.sandbox.faults import Fault
from linkweave.sandbox.webhook_delivery import LoopbackDelivery

__all__ = [
    "CONTROL",
    "EmulatorSlot",
    "Fault",
    "LoopbackDelivery",
    "Sandbox",
    "SeenCall",
    "emulated",
    "load_emulator",
    "sandbox_accounts",
]
