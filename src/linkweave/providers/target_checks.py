"""Checks destinations of platforms against the platforms that a vendor knows, in the same words for all vendors."""

from collections.abc import Collection, Iterator

from linkweave.models import DeviceTarget, Platform
from linkweave.models.changes import Change, InputProblem


def check_targets(
    targets: Change[tuple[DeviceTarget, ...]], known: Collection[Platform], *, once: bool = False
) -> Iterator[InputProblem]:
    """Finds platforms that are not in `known`, and with `once`, those that are named twice."""
    seen = set()
    for at, target in enumerate(targets if isinstance(targets, tuple) else ()):
        path, platform = ("device_targets", str(at), "platform"), target.platform.value
        if target.platform not in known:
            allowed = ", ".join(each.value for each in known)
            yield InputProblem(path, f"the provider does not know {platform}; allowed: {allowed}")
        elif once and target.platform in seen:
            yield InputProblem(path, f"{platform} is named twice, and has one destination at the provider")
        seen.add(target.platform)
