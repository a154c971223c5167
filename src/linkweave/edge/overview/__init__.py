"""The overview page, for the people who own the links. `make overview` builds it from frontend/overview.

The page uses nothing but the GraphQL endpoint. It sends its documents by their hash, so the gateway knows them.
"""

from pathlib import Path
from typing import Final

import orjson

from linkweave.edge.http.built_page import BuiltPage
from linkweave.edge.persisted_queries.manifest import SHA256

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

OVERVIEW: Final = BuiltPage("overview", Path(__file__).parent / "static", "/overview/assets", CONTENT_SECURITY_POLICY)
"""The page at the gateway's root."""


def page_documents() -> dict[str, str]:
    """Returns the documents of the page by the SHA-256 that it sends for each."""
    documents = orjson.loads((Path(__file__).parent / "documents.json").read_bytes())
    return {name.removeprefix(SHA256): text for name, text in documents.items()}
