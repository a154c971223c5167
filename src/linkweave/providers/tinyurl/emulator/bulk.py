"""Bulk jobs. A job needs two questions for its status before it is processed."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError, json_object
from linkweave.providers.tinyurl.emulator import writes
from linkweave.providers.tinyurl.emulator.account import Account, good, refused

_OPERATIONS: Final[Mapping[str, writes.Write]] = {
    "create": writes.create,
    "update": writes.update,
    "change": writes.change,
    "delete": writes.delete,
    "archive": writes.archive,
    "unarchive": writes.unarchive,
}
_PROCESSED: Final = 2
_FIRST_ID: Final = 123


class BulkEndpoints:
    """Jobs, with the rows of their reports."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._reports: list[list[dict[str, object]]] = []
        self._asked: list[int] = []

    async def start(self, request: Request) -> object:
        """POST /bulk."""
        given = await json_object(request) or {}
        items = given.get("items")
        if not isinstance(items, list) or not items:
            raise refused(5, "The items field is required.")
        default = {"domain": given.get("domain")}
        # The last item is worked off first: a job promises no order.
        self._reports.append([self._work_off({**default, **item}) for item in reversed(items)])
        self._asked.append(0)
        return good(self._job(len(self._reports) - 1))

    async def read_status(self, request: Request) -> object:
        """GET /bulk/{id}/status."""
        at = self._find(request)
        self._asked[at] += 1
        return good(self._job(at))

    async def read_report(self, request: Request) -> object:
        """GET /bulk/{id}/report."""
        at = self._find(request)
        return good(self._reports[at] if self._asked[at] >= _PROCESSED else [])

    def _find(self, request: Request) -> int:
        name = request.path_params["id"]
        at = int(name) - _FIRST_ID if name.isdecimal() else -1
        if not 0 <= at < len(self._reports):
            raise refused(6, "Not found")
        return at

    def _job(self, at: int) -> dict[str, object]:
        rows, status = self._reports[at], min(self._asked[at], _PROCESSED)
        now = f"{self._account.clock.now():%Y-%m-%d %H:%M:%S}"
        failed = sum(row["status"] == "failed" for row in rows)
        counts = {"total": len(rows), "success": len(rows) - failed, "failed": failed}
        return {"id": at + _FIRST_ID, "status": status, "created_at": now, "updated_at": now, **counts}

    def _work_off(self, item: dict[str, Any]) -> dict[str, object]:
        row: dict[str, object] = {
            "operation": item.get("operation"),
            "domain": item.get("domain"),
            "alias": item.get("alias"),
            "url": item.get("url"),
            "tinyurl": None,
            "metadata": item.get("metadata"),
            "status": "success",
            "expires_at": item.get("expires_at"),
            "comment": None,
        }
        write = _OPERATIONS.get(str(item.get("operation")))
        try:
            if write is None:
                raise refused(5, "The operation is invalid.")
            shown = write(self._account, item)
        except RefusedError as refusal:
            body: Any = refusal.body
            return {**row, "status": "failed", "comment": body["errors"][0]}
        return {**row, "alias": shown.get("alias", row["alias"]), "tinyurl": shown.get("tiny_url")}
