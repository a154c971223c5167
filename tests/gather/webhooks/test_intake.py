"""The order of hints, and their number."""

from collections import Counter
from collections.abc import Sequence

from harness.emulators import bench
from harness.virtual_time import LoopClock
from linkweave.events.events import ClickEvent, Event
from linkweave.gather.webhooks.intake import MAX_WAITING, WebhookIntake
from linkweave.observability import Observer
from linkweave.providers.webhook_capabilities import HintKind, LinkHint


class Counting(Observer):
    def __init__(self) -> None:
        self.ended: Counter[str] = Counter()

    def webhook_hint_ended(self, account: str, outcome: str) -> None:
        assert account == "tinycc"
        self.ended[outcome] += 1


def opened() -> tuple[WebhookIntake, list[Event], Counting, list[str]]:
    world, events, observer = bench("tinycc"), list[Event](), Counting()
    calls: list[str] = []

    def publish(more: Sequence[Event]) -> None:
        events.extend(more)
        calls.append(str(len(world.calls)))

    intake = WebhookIntake({"tinycc": world.account}, None, publish, observer, LoopClock())
    return intake, events, observer, calls


def of(slug: str, kind: HintKind = HintKind.CLICKED) -> LinkHint:
    return LinkHint(kind, f"go.shopdemo.example/{slug}")


async def test_many_clicks_are_told_in_their_order_with_one_reading() -> None:
    intake, events, observer, calls = opened()
    intake.take("tinycc", [of("card"), of("t00g92"), of("card"), of("no-such-link")])
    await intake.close()
    assert [each.handle.partition("/")[2] for each in events] == ["card", "t00g92", "card"]
    assert observer.ended == {"told": 3, "unknown": 1}
    assert set(calls) == {"1"}


async def test_a_change_of_a_link_stands_between_its_clicks() -> None:
    intake, events, _, _ = opened()
    intake.take("tinycc", [of("card"), of("card", HintKind.UPDATED), of("card")])
    await intake.close()
    assert [isinstance(each, ClickEvent) for each in events] == [True, False, True]


async def test_hints_above_the_limit_are_dropped_and_counted() -> None:
    intake, _, observer, _ = opened()
    intake.take("tinycc", [of("card")] * (MAX_WAITING + 3))
    assert observer.ended == {"dropped": 3}
    await intake.close()
