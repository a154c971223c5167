"""Operations with a wrong argument, and what their responses must be."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.gateway import Gateway


def node_id(*parts: object) -> str:
    text = "[" + ",".join(f'"{part}"' if isinstance(part, str) else str(part) for part in parts) + "]"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


class Wrong(NamedTuple):
    query: str
    field: str
    allowed: str
    variables: Mapping[str, Any] = {}


async def assert_rejected(gateway: Gateway, wrong: Wrong) -> None:
    gateway.forget_calls()
    reply = await gateway.ask(wrong.query, **wrong.variables)
    assert reply.codes == ["INVALID_INPUT"]
    assert wrong.field in reply.error["message"]
    assert wrong.allowed in reply.error["message"]
    assert reply.error["locations"]
    assert gateway.calls() == {}
