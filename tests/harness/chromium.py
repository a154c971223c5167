"""Headless Chromium, driven over the pipe of its DevTools protocol: one browser, whose pages share its cache alone."""

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"),
    # Containers have little of the memory that it would share otherwise.
    *("--window-size=1440,900", "--disable-dev-shm-usage", "--no-startup-window", "--remote-debugging-pipe"),
)

# Nothing waited for here takes half as long on a busy machine.
PATIENCE_SECONDS = 20
# A command whose answer the page itself bounds is given that much more.
_SPARE_SECONDS = 10


@dataclass
class Browser:
    """Chromium's end of the pipe; one command at a time."""

    read: int
    write: int
    # By the ids of their sessions, a page's workers' among them.
    pages: dict[str, "Page"] = field(default_factory=dict)
    _number: int = 0
    _rest: bytes = b""
    _answer: Any = None

    def do(self, method: str, /, session: str = "", **parameters: object) -> Any:
        """The result of one command, to the browser or in a session."""
        number = self.send(method, session, parameters)
        self._answer = None
        until = time.monotonic() + PATIENCE_SECONDS + _SPARE_SECONDS
        while self._answer is None:
            self._listen(number, until, method)
        assert "error" not in self._answer, (method, self._answer)
        return self._answer["result"]

    def send(self, method: str, session: str, parameters: dict[str, object]) -> int:
        """The number of a command, whose answer may be let go."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        return self._number

    def _listen(self, number: int, until: float, method: str) -> None:
        readable, _, _ = select.select([self.read], [], [], max(0, until - time.monotonic()))
        assert readable, f"Chromium did not answer {method}"
        received = os.read(self.read, 1 << 20)
        assert received, "Chromium ended"
        *messages, self._rest = (self._rest + received).split(b"\0")
        for message in map(json.loads, messages):
            if message.get("id") == number:
                self._answer = message
            elif "method" in message and message.get("sessionId") in self.pages:
                self.pages[message["sessionId"]].hear(message["method"], message["params"])


@dataclass
class Page:
    """A page, and what it and its workers asked for, in which media types they were answered, and their complaints."""

    browser: Browser
    session: str
    asked_for: list[str] = field(default_factory=list)
    media_types: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def do(self, method: str, /, **parameters: object) -> Any:
        """The result of one command."""
        return self.browser.do(method, self.session, **parameters)

    def evaluate(self, script: str) -> Any:
        """What an expression, or the promise that it gives, comes to."""
        given = self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in given, given["exceptionDetails"]
        return given["result"].get("value")

    def wait_for(self, condition: str, times: int = 1) -> Any:
        """The first truthy value of an expression that is looked at again and again, `times` PATIENCE_SECONDS."""
        found = None
        for _ in range(times):
            found = found or self._look_for(condition)
        assert found, (
            f"not in {PATIENCE_SECONDS} s: {condition}\nIt complained: {self.complaints}\n"
            f"The page shows:\n{self.evaluate('document.body.innerText')}"
        )
        return found

    def _look_for(self, condition: str) -> Any:
        return self.evaluate(
            f"new Promise((resolve) => {{ const end = Date.now() + {PATIENCE_SECONDS * 1_000};"
            f" const look = () => {{ const found = ({condition});"
            " found || Date.now() > end ? resolve(found) : setTimeout(look, 20) }; look() })"
        )

    def click(self, selector: str) -> None:
        self.wait_for(f"!!document.querySelector({json.dumps(selector)})")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, key: str, code: int, *, control: bool = False) -> None:
        """A key, by its name and its number in Windows, with Ctrl or alone."""
        for kind in ("rawKeyDown", "keyUp"):
            self.do("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, modifiers=2 * control)

    def type(self, text: str) -> None:
        """As a keyboard does, into what has the focus."""
        for letter in text:
            self.do("Input.dispatchKeyEvent", type="char", text=letter)

    def paste(self, text: str) -> None:
        """All at once, into what has the focus."""
        self.do("Input.insertText", text=text)

    def open(self, address: str) -> None:
        self.do("Page.navigate", url=address)

    def hear(self, event: str, details: Any) -> None:
        """Take note of something that happened."""
        match event:
            case "Network.requestWillBeSent":
                self.asked_for.append(details["request"]["url"])
            case "Network.responseReceived":
                self.media_types.add(details["response"]["mimeType"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(details["exceptionDetails"]))
            case "Log.entryAdded":
                self.complaints.append(json.dumps(details["entry"]))
            case "Target.attachedToTarget":
                self._watch_worker(details["sessionId"])

    def _watch_worker(self, session: str) -> None:
        """Hear of a worker too. It waits for the last of these, so that none of its requests is missed."""
        self.browser.pages[session] = self
        for method in ("Network.enable", "Runtime.enable", "Runtime.runIfWaitingForDebugger"):
            self.browser.send(method, session, {})


@contextmanager
def opened_browser(profile: Path) -> Iterator[Browser]:
    """A browser of its own without a page; its `profile` is an empty directory."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: GraphiQL is NOT tested in a browser here")
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    redirected = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(  # noqa: S603 - Chromium itself
        ["/bin/bash", "-c", redirected, "bash", CHROMIUM, f"--user-data-dir={profile}", *SWITCHES],
        pass_fds=(theirs_in, theirs_out),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_in, ours_out)
    finally:
        process.kill()
        process.wait()
        os.close(ours_in)
        os.close(ours_out)


@contextmanager
def opened_page(browser: Browser) -> Iterator[Page]:
    """An empty page. Of the pages before it, it has the cache of files, which saves seconds, and no storage."""
    target = browser.do("Target.createTarget", url="about:blank")["targetId"]
    session = browser.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = browser.pages[session] = Page(browser, session)
    page.do("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
    # What has no focus shows no suggestions.
    page.do("Emulation.setFocusEmulationEnabled", enabled=True)
    for domain in ("Page", "Runtime", "Network", "Log"):
        page.do(f"{domain}.enable")
    yield page
    for origin in {"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in page.asked_for}:
        page.do("Storage.clearDataForOrigin", origin=origin, storageTypes="cookies,local_storage,indexeddb")
    browser.do("Target.closeTarget", targetId=target)
