"""The kinds of operation that a caller may send."""

import pytest

from harness.gateway import open_gateway
from harness.gateway_with_clients import ADMIN, READER, ROOT, WRITER, client, open_guarded

QUERY = "{ accounts { key } }"
CREATE = """mutation {
  createLink(input: { destination: "https://example.com/x", accounts: ["picsee-main"] }) {
    link { shortUrl } errors { code }
  }
}"""
REFRESH = "mutation { refresh { accounts { key } } }"
TAG = 'mutation { createTag(account: "picsee-main", name: "x") { errors { code } } }'


@pytest.mark.parametrize(
    ("token", "operation"),
    [(READER, QUERY), (WRITER, QUERY), (WRITER, CREATE), (ADMIN, REFRESH), (ROOT, QUERY), (ROOT, CREATE)],
)
async def test_an_operation_is_executed_for_a_caller_with_its_scope(token: str, operation: str) -> None:
    reply = await open_guarded().bearing(token).ask(operation)
    assert reply.errors == []


@pytest.mark.parametrize(
    ("token", "operation", "missing", "held"),
    [
        (READER, CREATE, "write", "has read"),
        (READER, TAG, "write", "has read"),
        (READER, REFRESH, "admin", "has read"),
        (WRITER, REFRESH, "admin", "has read, write"),
        (ADMIN, QUERY, "read", "has admin"),
        (ADMIN, CREATE, "write", "has admin"),
        (ADMIN, "{ __schema { queryType { name } } }", "read", "has admin"),
        (ADMIN, "{ __typename }", "read", "has admin"),
        (READER, "mutation { __typename }", "write", "has read"),
    ],
)
async def test_an_operation_without_its_scope_is_forbidden_before_any_call(
    token: str, operation: str, missing: str, held: str
) -> None:
    gateway = open_guarded().bearing(token)
    reply = await gateway.ask(operation)
    assert reply.data is None
    assert reply.codes == ["FORBIDDEN"]
    assert reply.error["message"] == f'this operation needs the scope "{missing}"; the caller {held}'
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "operation",
    [
        f"mutation {{ ...m }} fragment m on Mutation {{ {CREATE.partition('{')[2]}",
        "mutation { again: refresh { accounts { key } } ... on Mutation { refresh { accounts { key } } } }",
        f"query a {QUERY} {CREATE.replace('mutation', 'mutation b')}",
    ],
)
async def test_neither_aliases_nor_fragments_circumvent_a_scope(operation: str) -> None:
    gateway = open_guarded().bearing(READER)
    async with gateway.client() as http:
        body = {"query": operation, "operationName": "b" if "query a" in operation else None}
        reply = (await http.post("/graphql", json=body)).json()
    assert [error["extensions"]["code"] for error in reply["errors"]] == ["FORBIDDEN"]
    assert gateway.calls() == {}


async def test_a_root_field_without_its_scope_stops_all_root_fields() -> None:
    gateway = open_guarded().bearing(WRITER)
    reply = await gateway.ask(f"mutation {{ {TAG.partition('{')[2][:-1]} {REFRESH.partition('{')[2]}")
    assert (reply.data, reply.codes) == (None, ["FORBIDDEN"])
    assert gateway.calls() == {}


async def test_a_skipped_root_field_needs_no_scope() -> None:
    operation = f"mutation {{ {TAG.partition('{')[2][:-1]} refresh @skip(if: true) {{ accounts {{ key }} }} }}"
    assert (await open_guarded().bearing(WRITER).ask(operation)).errors == []


async def test_an_incremental_answer_needs_the_scope_too() -> None:
    gateway = open_guarded().bearing(ADMIN)
    async with gateway.client() as http:
        answer = await http.post(
            "/graphql",
            json={"query": "{ accounts { key ... @defer { tags { name } } } }"},
            headers={"accept": "multipart/mixed, application/json"},
        )
    assert "FORBIDDEN" in answer.text
    assert gateway.calls() == {}


async def test_without_clients_every_caller_on_this_machine_has_all_scopes() -> None:
    gateway = open_gateway()
    for operation in (QUERY, CREATE, REFRESH):
        assert (await gateway.ask(operation)).errors == []


async def test_a_deletion_url_needs_the_scope_write() -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    upload = f"""mutation {{
      uploadFile(input: {{ account: "zz-u", base64: "{picture.partition(",")[2]}" }}) {{
        upload {{ id deleteUrl }} errors {{ code message }}
      }}
    }}"""
    gateway = open_guarded(
        [client("writer", WRITER, ["read", "write"], "zz-u"), client("reader", READER, ["read"], "zz-u")]
    )
    made = (await gateway.bearing(WRITER).data(upload))["uploadFile"]
    assert made["errors"] == []
    assert made["upload"]["deleteUrl"].startswith("https://")
    query = "query ($id: ID!) { node(id: $id) { ... on Upload { name deleteUrl } } }"
    seen = {
        token: (await gateway.bearing(token).data(query, id=made["upload"]["id"]))["node"] for token in (WRITER, READER)
    }
    assert seen[WRITER]["deleteUrl"] == made["upload"]["deleteUrl"]
    assert seen[READER] == {"name": seen[WRITER]["name"], "deleteUrl": None}
