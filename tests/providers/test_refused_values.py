"""A vendor's refusal of a value names the field, and says what is allowed as far as the vendor's document tells."""

import pytest

from linkweave.errors import RejectedError
from linkweave.providers.bitly.refusals import classify as bitly
from linkweave.providers.dub.refusals import classify as dub
from linkweave.providers.kutt.refusals import classify as kutt
from linkweave.providers.rebrandly.refusals import classify as rebrandly
from linkweave.providers.shlink.refusals import classify as shlink
from linkweave.providers.shortio.refusals import classify as shortio
from linkweave.providers.tinyurl.refusals import classify as tinyurl
from linkweave.transport.refusal import Classify

DUB_SLUG = {"error": {"code": "unprocessable_entity", "message": "Invalid key: Key must be …"}}
SHLINK_VISITS = {"type": "https://shlink.io/api/error/invalid-data", "invalidElements": ["maxVisits"]}
REBRANDLY_TITLE = {"code": "InvalidLength", "property": "title"}


@pytest.mark.parametrize(
    ("classify", "status", "body", "field", "words"),
    [
        (bitly, 400, {"message": "INVALID_ARG_EXPIRATION_AT"}, "expiry", ": expiry; allowed: 5 minutes to one year"),
        (bitly, 400, {"message": "INVALID_ARG_KEYWORD"}, "slug", "a value is invalid: slug"),
        (dub, 422, DUB_SLUG, "slug", ": slug; allowed: at most 190 letters"),
        (kutt, 400, {"error": "Custom URL is not valid."}, "slug", "slug is invalid; allowed: 1 to 64 letters"),
        (rebrandly, 403, REBRANDLY_TITLE, "title", "not allowed: title; allowed: 3 to 255 characters"),
        (shlink, 400, SHLINK_VISITS, "expiry", "invalid: expiry; allowed: a day from today on"),
        (shortio, 400, {"field": "path"}, "slug", "does not accept a value: slug"),
        (shortio, 400, {"field": "splitPercent"}, "variants", ": variants; allowed: one, with 1 to 100 percent"),
        (tinyurl, 422, {"code": 5, "errors": ["Alias field is too long"]}, "slug", ": slug; allowed: 5 to 30 letters"),
    ],
)
def test_a_refused_value_names_its_field_and_what_is_allowed(
    classify: Classify, status: int, body: object, field: str, words: str
) -> None:
    refusal = classify(status, body)
    assert refusal is not None
    assert (refusal.kind, refusal.field) == (RejectedError, field)
    assert words in refusal.message
