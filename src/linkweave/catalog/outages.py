"""Why the database cannot be used, in words that name neither its address, nor a user, nor a value."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

MAX_REFUSALS: Final = 3
"""Tries after which what a usable database refuses is given up: it may be at fault, and others wait behind it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a statement failed. `reason` is written after "the catalog's database", such as "is read-only".

    `lasts` tells that the next statement will probably fail in the same way.
    """

    reason: str
    lasts: bool = True


_LOCKED: Final = Outage("is locked by another process")
_READ_ONLY: Final = Outage("is read-only")
_FULL: Final = Outage("has no space left on its disk")
_CORRUPT: Final = Outage("is corrupt")
_UNREACHABLE: Final = Outage("cannot be reached")
_LATE: Final = Outage("did not answer in time", lasts=False)
NEWER_SCHEMA: Final = Outage("has tables of a newer version of Linkweave; start that version, or use another database")

# Primary result codes of SQLite (DOC). The byte above them tells more than a caller needs.
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_IOERR: Outage("cannot be read or written (I/O error)"),
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: Outage("cannot be opened; does its folder exist, and may this user write there?"),
    sqlite3.SQLITE_NOTADB: Outage("is not a SQLite database, or is corrupt"),
    sqlite3.SQLITE_INTERRUPT: _LATE,
}

# SQLSTATE codes of PostgreSQL, or their first two characters, which are a class (DOC).
_POSTGRESQL: Final = {
    "08": _UNREACHABLE,
    "25006": _READ_ONLY,
    "28": Outage("does not accept the user and password"),
    "3D000": Outage("does not exist on its server"),
    "40": Outage("is locked by another process", lasts=False),
    "42501": Outage("does not allow this user what Linkweave needs"),
    "53100": _FULL,
    "53200": Outage("has no memory left"),
    "53300": Outage("has no free connection"),
    "55P03": _LOCKED,
    "57014": _LATE,
    "57P": Outage("is starting or stopping"),
    "58": Outage("cannot be read or written (I/O error)"),
    "XX001": _CORRUPT,
    "XX002": _CORRUPT,
}


def outage_of(error: SQLAlchemyError | sqlite3.Error | OSError) -> Outage:
    """Returns what `error` says about the database."""
    if isinstance(error, PoolTimeoutError):
        return Outage("is busy: all connections to it are in use", lasts=False)
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, OSError):
        return _LATE if isinstance(cause, TimeoutError) else _UNREACHABLE
    return _sqlite_outage(cause) or _postgresql_outage(cause) or Outage(_unknown(cause), lasts=False)


def _sqlite_outage(cause: BaseException) -> Outage | None:
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)


def _postgresql_outage(cause: BaseException) -> Outage | None:
    state = getattr(cause, "sqlstate", None) or ""
    return next((outage for code, outage in _POSTGRESQL.items() if state.startswith(code)), None)


def _unknown(cause: BaseException) -> str:
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return f"refused a statement ({code or type(cause).__name__})"
