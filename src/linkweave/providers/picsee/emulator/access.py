"""Authentication and rate limits."""

from collections.abc import Mapping

from starlette.requests import Request

from linkweave.providers.emulator_kit import CallLog, EmulatorOptions
from linkweave.providers.picsee.emulator.responses import RefusedError
from linkweave.providers.picsee.emulator.state import VendorAccount


class Access:
    """Knows every token, and counts the calls of each account to each group of endpoints."""

    def __init__(self, accounts: Mapping[str, VendorAccount], options: EmulatorOptions) -> None:
        self._accounts = accounts
        self._options = options
        self._logs: dict[tuple[str, str], CallLog] = {}

    def admit(self, request: Request, group: str | None) -> VendorAccount:
        """The account of a request; `group` is None for an endpoint without a limit.

        Raises:
            RefusedError: the token is unknown, or the call is one too many.
        """
        account = self._accounts.get(_token(request) or "")
        if account is None:
            raise RefusedError(401, "Invalid access token")
        if group is not None and not self._log(account, group).admits():
            raise RefusedError(429, "Too many requests")
        return account

    def _log(self, account: VendorAccount, group: str) -> CallLog:
        many = group == "audienceLabels" or (group == "details" and account.advanced)
        return self._logs.setdefault((account.token, group), CallLog(10 if many else 1, 1, self._options))


def _token(request: Request) -> str | None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer
    return request.headers.get("x-api-key") or request.query_params.get("access_token")
