"""The least that a GraphQL request can cost here: the gateway's smallest query against a bare Starlette app."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.asgi import post
from benchmarks.measuring import Timing, time_in_turns
from benchmarks.sandboxed import Vendors
from linkweave.app import GRAPHQL_PATH

_BODY = b'{"query":"{ __typename }"}'


async def compare_floor(repeat: int = 500) -> dict[str, Timing]:
    """Seconds per request of the "gateway" and of "starlette", which answers the same bytes whatever it is asked."""
    vendors = Vendors.open()
    gateway = vendors.gateway(vendors.wire)
    answer = await post(gateway, GRAPHQL_PATH, _BODY)

    async def respond(request: Request) -> Response:
        await request.body()
        return Response(answer, media_type="application/json")

    bare = Starlette(routes=[Route(GRAPHQL_PATH, respond, methods=["POST"])])
    rivals = {
        "gateway": lambda: post(gateway, GRAPHQL_PATH, _BODY),
        "starlette": lambda: post(bare, GRAPHQL_PATH, _BODY),
    }
    timings = await time_in_turns(rivals, repeat)
    await gateway.state.accounts.close()
    return timings
