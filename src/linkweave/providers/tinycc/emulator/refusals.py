"""The vendor's refusals. The code tells; the HTTP status is a habit of the server."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.providers.emulator_kit import RefusedError

# DOC: the texts of the vendor's list.
MESSAGES: Final[Mapping[int, str]] = MappingProxyType(
    {
        1102: "Invalid username",
        1204: "Not a valid Short URL hash",
        1206: "URL you tried to shorten was invalid",
        1215: "Short URL is not correct or existed.",
        1216: "URL you tried to shorten is not allowed",
        1217: "Access Denied",
        1218: "Short URL is not correct",
        1220: "URLs limit has been reached",
        1221: "Exceeded limit of batch operation",
        1300: "Invalid API key",
        1301: "Invalid resource",
        1302: "Method not supported",
        1303: "API call limit reached",
        1305: "Missing input parameters",
        1306: "URL not found in DB",
        1307: "Wrong number of input parameters",
        1309: "Tag not found",
        1310: "Too big POST data",
        1311: "Invalid or duplicate tag label",
        1312: "Invalid date",
        1313: "Domain not found",
        1314: "Invalid webhook parameter",
    },
)

# DOC for 1300; "other 40x and 50x codes may be also used", so the others are INFERRED.
_STATUSES: Final[Mapping[int, int]] = MappingProxyType(
    {1217: 403, 1301: 404, 1302: 405, 1303: 429, 1306: 404, 1309: 404, 1310: 413, 1313: 404},
)
_BAD_REQUEST: Final = 400


class ApiRefusedError(RefusedError):
    """A refusal with one of the vendor's codes."""

    def __init__(self, code: int, details: str = "") -> None:
        super().__init__(_STATUSES.get(code, _BAD_REQUEST), {"error": {"code": code, "message": MESSAGES[code]}})
        self.code = code
        self.details = details

    @property
    def item_error(self) -> dict[str, object]:
        """The error of one item in an answer that is no error as a whole."""
        return {"code": self.code, "message": MESSAGES[self.code], "details": self.details}
