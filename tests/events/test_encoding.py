"""Events as the processes of a gateway share them."""

from collections.abc import Callable

from harness.gateway import open_gateway
from linkweave.events.encoding import decode, encode
from linkweave.events.event_log import ProcessEventLog
from linkweave.events.events import Topic
from linkweave.runtime.process import Process
from linkweave.runtime.shared_resources import C, SharedResources

CREATE = """mutation ($account: ID!) {
  createLink(input: { accounts: [$account], destination: "https://example.com/told" }) { link { id } }
}"""


def never_lost(account: str, topic: str) -> None:
    raise AssertionError((account, topic))


class Opened(SharedResources):
    """Resources of which the log of events is kept."""

    log: ProcessEventLog

    def acquire(self, made_from: object, make: Callable[[], C]) -> C:
        resource = super().acquire(made_from, make)
        if isinstance(resource, ProcessEventLog):
            self.log = resource
        return resource


async def test_what_links_of_each_vendor_become_in_the_log_is_the_same_event_in_another_process() -> None:
    opened = Opened()
    gateway = open_gateway(process=Process(shared_resources=opened))
    keys = [account["key"] for account in (await gateway.data("{ accounts { key } }"))["accounts"]]
    subscriber = await opened.log.subscribe(Topic.LINKS, keys, None)
    made = [key for key in keys if (await gateway.ask(CREATE, account=key)).data["createLink"]["link"]]
    assert len(made) >= 3
    for _ in made:
        event = (await anext(subscriber)).event
        assert event is not None
        assert decode(Topic.LINKS, encode(event, never_lost)) == event, event.account
