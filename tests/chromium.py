"""Headless Chromium, driven over the pipe of its DevTools protocol."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"),
    *("--window-size=1400,900", "--remote-debugging-pipe", "about:blank"),
)

# Nothing here takes so long; it keeps a broken browser from standing still for ever.
PATIENCE_SECONDS = 90


@dataclass
class Page:
    """A page of its own, and what it and its workers asked for and complained of."""

    read: int
    write: int
    session: str = ""
    answered: dict[int, Any] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _number: int = 0
    _rest: bytes = b""

    def do(self, method: str, /, session: str | None = None, **parameters: object) -> Any:
        """The result of one command."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session is None:
            session = self.session
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        number = self._number
        while number not in self.answered:
            self._listen()
        answer = self.answered.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def evaluate(self, script: str) -> Any:
        """What an expression, or the promise that it gives, comes to."""
        given = self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in given, given["exceptionDetails"]
        return given["result"].get("value")

    def wait_for(self, condition: str) -> Any:
        """The first truthy value of an expression that is looked at again and again."""
        return self.evaluate(
            f"new Promise((resolve) => {{ const look = () => {{ const found = ({condition});"
            " found ? resolve(found) : setTimeout(look, 50) }; look() })"
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

    def _listen(self) -> None:
        received = os.read(self.read, 1 << 20)
        assert received, "Chromium ended"
        *messages, self._rest = (self._rest + received).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answered[message["id"]] = message
            else:
                self._hear(message)

    def _hear(self, event: Any) -> None:
        match event["method"], event["params"]:
            case "Network.requestWillBeSent", details:
                self.asked_for.append(details["request"]["url"])
            case "Runtime.exceptionThrown", details:
                self.complaints.append(json.dumps(details["exceptionDetails"]))
            case "Log.entryAdded", details:
                self.complaints.append(json.dumps(details["entry"]))
            case "Target.attachedToTarget", details if details["targetInfo"]["type"] != "page":
                # A worker, whose requests are told apart. Its answers are not waited for.
                for method in ("Network.enable", "Runtime.enable"):
                    self._number += 1
                    message = {"id": self._number, "method": method, "sessionId": details["sessionId"]}
                    os.write(self.write, json.dumps(message).encode() + b"\0")


@contextmanager
def opened_page(profile: Path) -> Iterator[Page]:
    """An empty page in a browser of its own, whose profile is new."""
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
    watchdog = Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    try:
        page = Page(ours_in, ours_out)
        target = page.do("Target.createTarget", url="about:blank")["targetId"]
        page.session = page.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page.do("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.do(f"{domain}.enable")
        yield page
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        os.close(ours_in)
        os.close(ours_out)
