"""Chevereto's refusals and unreadable answers."""

import json

from harness.chevereto_vendor import SAMPLES, a_file, adapter_over
from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ForbiddenError,
    InvalidFileError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnsupportedError,
    VendorError,
)
from linkweave.models.changes import NewUpload

SAMPLE = json.loads((SAMPLES / "upload-file.body").read_bytes())


# An upload without one of these values cannot be returned. Every other field may be missing or wrong.
NEEDED: dict[str, tuple[object, ...]] = {
    "size": (None, -1, 1.5, True, 2**63, SECRET),
}


def an_answer(**changes: object) -> dict[str, object]:
    """The answer of a real server, with some values of its image changed."""
    return {**SAMPLE, "image": {**SAMPLE["image"], **changes}}


def body(code: object, message: object = SECRET) -> dict[str, object]:
    return {"status_code": 400, "error": {"message": message, "code": code}}


def refusal(code: int, error: type[VendorError], field: str | None = None, message: object = SECRET) -> Refusal:
    return Refusal(400, body(code, message), error, str(code), field)


def sample(name: str, code: str, error: type[VendorError], field: str | None = None) -> Refusal:
    """What a real 4.2.0 server answered."""
    return Refusal(400, (SAMPLES / f"{name}.body").read_bytes(), error, code, field)


TABLE = VendorTable(
    open=adapter_over,
    reads={},
    writes={"upload file": VendorCall(lambda adapter: adapter.upload(NewUpload(file=a_file())))},
    refused_calls=("upload file",),
    refusals=(
        sample("no-key", "100", UnauthenticatedError),
        sample("bad-key", "100", UnauthenticatedError),
        sample("empty-source", "130", InvalidFileError, "file"),
        sample("post-size", "130", InvalidFileError, "file"),
        sample("ini-size-admin", "601", InvalidFileError, "file"),
        sample("big", "400", InvalidFileError, "file"),
        sample("category-abc", "22007", RejectedError, "category"),
        sample("width-larger", "610", InvalidFileError, "width"),
        sample("uploads-refused", "401", ForbiddenError),
        sample("dup", "101", ConflictError, "file"),
        sample("bad-base64", "120", RejectedError),
        sample("not-an-image", "610", InvalidFileError, "file"),
        sample("url-loopback", "403", UnsupportedError, "file"),
        refusal(101, ConflictError, "file"),
        refusal(102, ConflictError, "file", "重复上传"),
        refusal(103, ConflictError, "file"),
        refusal(104, RejectedError),
        refusal(110, RejectedError),
        refusal(200, RejectedError),
        refusal(310, InvalidFileError, "file"),
        refusal(313, InvalidFileError, "file"),
        refusal(400, InvalidFileError, "file"),
        refusal(401, ForbiddenError),
        refusal(601, InvalidFileError, "file"),
        refusal(612, InvalidFileError, "file"),
        refusal(613, InvalidFileError, "file"),
        refusal(614, InvalidFileError, "file"),
        refusal(620, RejectedError),
        refusal(622, RejectedError),
        refusal(632, RejectedError),
        # 130 is flood protection in any language, unless its words are those of an empty upload.
        refusal(130, RateLimitedError, message="Flooding detected. You can only upload 1 file per minute"),
        refusal(130, RateLimitedError, message="洪水検出"),
        refusal(130, RateLimitedError, message=None),
        refusal(130, InvalidFileError, "file", message="Empty upload source"),
        refusal(130, InvalidFileError, "file", message="Upload using base64 source must be POST"),
        # The code decides in whatever status and type it comes, and whatever older releases add to it.
        Refusal(200, body(101), ConflictError, "101", "file"),
        Refusal(400, body("101"), ConflictError, "101", "file"),
        Refusal(400, {"error": {"code": 100, "context": "Exception"}}, UnauthenticatedError, "100"),
        # Without a code, and where the status says more than any code, the status decides.
        Refusal(400, body(None), RejectedError),
        Refusal(400, body(code=True), RejectedError),
        Refusal(400, {"error": SECRET}, RejectedError),
        Refusal(400, [], RejectedError),
        Refusal(403, f"<html>{SECRET}".encode(), ForbiddenError),
        Refusal(413, f"<html>{SECRET}".encode(), InvalidFileError, field="file"),
        Refusal(500, f"<html>{SECRET}".encode(), AmbiguousError),
        Refusal(301, b"", AmbiguousError),
        Refusal(429, body(100), RateLimitedError),
        Refusal(502, body(100), AmbiguousError),
    ),
    unreadable=(
        b"Empty upload source",
        {"image": None},
        {"image": []},
        *(an_answer(**{name: value}) for name, values in NEEDED.items() for value in values),
    ),
)
