"""Virtual time, as the contract suite has it."""

from linkweave.testing.virtual_time import NOW, LoopClock, VirtualTimeLoop

__all__ = ["NOW", "LoopClock", "VirtualTimeLoop"]
