"""Metrics of webhooks and of events."""

from prometheus_client import CollectorRegistry, Counter

from linkweave.observability.metrics.label_cache import LabelCache
from linkweave.observability.observer import Observer


class WebhookMetrics(Observer):
    """Counts webhooks, and what they say. No label holds a part of an address."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._received = LabelCache(
            Counter(
                "linkweave_webhooks",
                "Webhooks of vendors, by account; those to addresses that are none have the account `unknown`.",
                ["account", "outcome"],
                registry=registry,
            )
        )
        self._hints = LabelCache(
            Counter(
                "linkweave_webhook_hints",
                "What webhooks said of links; `told` was confirmed by the vendor and told to subscribers.",
                ["account", "outcome"],
                registry=registry,
            )
        )

        self._deliveries = LabelCache(
            Counter(
                "linkweave_subscriber_deliveries",
                "Messages to subscribers; of one that is `parked`, nothing more is sent.",
                ["outcome"],
                registry=registry,
            )
        )

        self._lost = LabelCache(
            Counter(
                "linkweave_events_lost",
                "Events that could not be written as JSON, and were told to subscribers as gaps.",
                ["account", "topic"],
                registry=registry,
            )
        )

        # A series that begins with its first count shows no increase.
        for outcome in ("delivered", "failed", "parked"):
            self._deliveries(outcome)

    def webhook_received(self, account: str, outcome: str) -> None:
        """Counts the webhook."""
        self._received(account, outcome).inc()

    def webhook_hint_ended(self, account: str, outcome: str) -> None:
        """Counts what it said."""
        self._hints(account, outcome).inc()

    def delivery_ended(self, outcome: str) -> None:
        """Counts the message."""
        self._deliveries(outcome).inc()

    def event_lost(self, account: str, topic: str) -> None:
        """Counts the event."""
        self._lost(account, topic).inc()
