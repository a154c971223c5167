"""A PostgreSQL server of Debian's package, or of any other installation on the PATH."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_FOLDER: Final = Path("/usr/lib/postgresql")
# Nothing in a test's database is worth a wait for the disk.
_FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_OPTIONS: Final = {
    "max_connections": "100",
    "shared_buffers": "32MB",
    "listen_addresses": "127.0.0.1",
}
_START_SECONDS: Final = 30.0


def programs() -> Path | None:
    """Returns the folder with the server's programs; None where no server is installed."""
    installed = sorted(_FOLDER.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


class PostgresqlServer:
    """A running server with a new data folder. Its superuser is `linkweave`, without a password.

    A crash loses what it has stored lately, unless it is `durable`.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._programs = folder
        self._options = _OPTIONS if durable else {**_OPTIONS, **_FAST}
        self._user = _unprivileged_user()
        self._data = Path(tempfile.mkdtemp(prefix="linkweave-pg-"))
        if self._user is not None:
            shutil.chown(self._data, self._user)
        self.port = _free_port()
        options = ("--no-sync", "--auth=trust", "--username=linkweave", "--encoding=UTF8", "--locale=C")
        self._run([self._programs / "initdb", "-D", self._data, *options]).wait()
        self.start()

    def url(self, database: str) -> str:
        """The address of a database, as settings have it."""
        return f"postgresql://linkweave@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Starts the server at its port."""
        options = [f"--{name}={value}" for name, value in self._options.items()]
        place = ("-D", self._data, "-p", str(self.port), "-k", self._data)
        self._process = self._run([self._programs / "postgres", *place, *options])
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.remove()
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """Kills the server as a crash does."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def remove(self) -> None:
        """Ends the server, and deletes its data."""
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._data, ignore_errors=True)

    def _is_ready(self) -> bool:
        with suppress(OSError):
            return (self._data / "postmaster.pid").read_text().rstrip().endswith("ready")
        return False

    def _run(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        user = self._user
        return subprocess.Popen(  # noqa: S603 # the programs of the server, with arguments of the tests
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            user=user,
            group=user,
            extra_groups=None if user is None else (),
        )


def _unprivileged_user() -> str | None:
    """Whom the server must run as where the tests run as root; None where it runs as who runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port
