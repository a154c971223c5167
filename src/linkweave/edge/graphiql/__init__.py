"""GraphiQL from this package's own files. `make graphiql` builds `static/` from frontend/graphiql."""

from pathlib import Path
from typing import Final

from starlette.requests import Request

from linkweave.edge.http.built_page import BuiltPage
from linkweave.edge.http.content_negotiation import accept_of, prefers_html

# Monaco writes style elements and style attributes, hence 'unsafe-inline'; it needs no inline script and no eval.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

GRAPHIQL: Final = BuiltPage("graphiql", Path(__file__).parent / "static", "/graphiql/assets", CONTENT_SECURITY_POLICY)
"""The page for a browser that opens the GraphQL endpoint. Its operations go to the path at which it was opened."""


def asks_for_page(request: Request) -> bool:
    """Whether a browser opens the endpoint's address and gets the page. Such a request executes nothing."""
    return request.method == "GET" and "query" not in request.query_params and prefers_html(accept_of(request.scope))
