"""Imports short URLs through a gateway, a batch at a time, within the vendor's limits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import click

from linkweave.cli.gateway.client import GatewayClient, error_line
from linkweave.cli.progress import ShowProgress

# Links of one request, which has the gateway's deadline.
BATCH: Final = 20
# Attempts at a short URL. Refusals because of a vendor's rate do not count.
_MAX_ATTEMPTS: Final = 5
_TEMPORARY: Final = frozenset({"TIMEOUT", "UNAVAILABLE", "RATE_LIMITED"})
_LONGEST_PAUSE_SECONDS: Final = 300.0

_IMPORT: Final = """
mutation ImportLinks($input: ImportLinksInput!) {
  importLinks(input: $input) {
    results { shortUrl state error { code message retryAfterSeconds } }
    errors { code message }
  }
}
"""

Row = Mapping[str, Any]


@dataclass(slots=True)
class Import:
    """An import of short URLs, and the results so far by their URLs. `pause` waits for seconds."""

    client: GatewayClient
    account: str
    short_urls: Sequence[str]
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    results: dict[str, Row] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)

    async def run(self, show: ShowProgress) -> None:
        """Looks every short URL up, and shows the progress.

        Raises:
            ClickException: nothing can be imported.
        """
        waiting = list(self.short_urls)
        while waiting:
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            again, pause = self._note(await self._send(batch))
            waiting += again
            show(len(self.results), len(self.short_urls))
            if again:
                await self.pause(pause)

    async def _send(self, batch: Sequence[str]) -> Sequence[Row]:
        answer = await self.client.send(_IMPORT, {"input": {"account": self.account, "shortUrls": list(batch)}})
        if answer.errors:
            raise click.ClickException(error_line(answer.errors[0]))
        payload = answer.data["importLinks"]
        if payload["errors"]:
            raise click.ClickException(str(payload["errors"][0]["message"]))
        rows: Sequence[Row] = payload["results"]
        return rows

    def _note(self, rows: Sequence[Row]) -> tuple[list[str], float]:
        """Takes results that are final. Returns the short URLs to try again, and after how many seconds."""
        again: list[str] = []
        pause = 1.0
        for row in rows:
            url, error = row["shortUrl"], row["error"] or {}
            code = error.get("code")
            attempts = self._attempts[url] = self._attempts.get(url, 0) + (code != "RATE_LIMITED")
            if code in _TEMPORARY and attempts < _MAX_ATTEMPTS:
                again.append(url)
                pause = max(pause, min(error.get("retryAfterSeconds") or 1.0, _LONGEST_PAUSE_SECONDS))
            else:
                self.results[url] = row
        return again, pause
