"""Callers that ask a gateway again and again while something happens to it, and tell what went wrong for them."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

QUERY = json.dumps({"query": "{ accounts { key } }"})
# About as long as an answer takes. Without a pause, callers would keep the processors from what the test waits for.
PAUSE_SECONDS = 0.005


@dataclass
class Load:
    """What callers got: `answers` by their text, `lost` requests by their error.

    A connection that is refused loses nothing: its caller knows that the request was not seen. `reset` counts new
    connections that the system took from a listener's queue and that no worker accepted before the listener closed.
    """

    url: str
    answers: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    reset: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def ask_on(self, *, keep: bool) -> None:
        """Ask until it is over, on one connection as long as it is kept open, or on one each."""
        while not self._over.is_set():
            try:
                self._ask_on_one(keep=keep)
            except ConnectionRefusedError:
                self.refused += 1
                time.sleep(0.01)
            except OSError as error:
                self.lost[type(error).__name__] += 1
            except http.client.HTTPException as error:
                self.lost[type(error).__name__] += 1

    def wait_for(self, answers: int) -> None:
        """Return when so many more answers have come."""
        wanted = sum(self.answers.values()) + answers
        until = time.monotonic() + 120
        while sum(self.answers.values()) < wanted:
            assert time.monotonic() < until, (self.answers, self.lost, self.refused)
            time.sleep(0.01)

    def stop(self) -> None:
        """Let every caller stop after the request that runs."""
        self._over.set()

    def _ask_on_one(self, *, keep: bool) -> None:
        answered = False
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.connect()
            while not self._over.is_set():
                connection.request("POST", parts.path, QUERY, {"content-type": "application/json"})
                response = connection.getresponse()
                self.answers[response.read().decode() if response.status == 200 else str(response.status)] += 1
                answered = True
                time.sleep(PAUSE_SECONDS)
                if not keep or response.will_close:
                    return
        except (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected):
            if answered:
                raise
            self.reset += 1
        finally:
            connection.close()


@contextmanager
def load(url: str, callers: int = 4) -> Iterator[Load]:
    """Callers that ask the gateway at `url` meanwhile, half of them on connections that they keep."""
    under = Load(url)
    threads = [
        threading.Thread(target=under.ask_on, kwargs={"keep": number % 2 == 0}, daemon=True)
        for number in range(callers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield under
    finally:
        under.stop()
        for thread in threads:
            thread.join(timeout=90)
