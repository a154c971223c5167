"""The errors of mutations of tags: each that is about a name has the path of the argument with the name."""

from typing import Final

from harness.gateway import open_gateway
from harness.graphql_writes import only_error
from linkweave.providers.discovery import discover
from linkweave.testing.mutations import CREATE_TAG, DELETE_TAG, RENAME_TAG
from linkweave.testing.virtual_time import in_virtual_time

WRITERS: Final = ("bitly", "dub", "rebrandly", "shlink", "shortio", "tinycc")
TAKEN: Final = {"tinycc": "REJECTED"}


@in_virtual_time
async def test_an_error_about_a_tags_name_has_the_path_of_the_name_and_no_time_to_wait() -> None:
    gateway = open_gateway(providers={name: discover()[name] for name in WRITERS}, deadline_seconds=300)
    for account in WRITERS:
        known = (await gateway.ask("query ($of: [ID!]) { tags(accounts: $of) { nodes { name } } }", of=[account])).data
        one, other = (tag["name"] for tag in known["tags"]["nodes"][:2])
        cases = [
            (RENAME_TAG, {"name": "nonesuch", "newName": "new"}, ("NOT_FOUND", ["name"])),
            (DELETE_TAG, {"name": "nonesuch"}, ("NOT_FOUND", ["name"])),
            (RENAME_TAG, {"name": one, "newName": other}, (TAKEN.get(account, "CONFLICT"), ["newName"])),
        ]
        if account == "rebrandly":
            cases.append((CREATE_TAG, {"name": "n" * 3000}, ("REJECTED", ["name"])))
        for mutation, names, expected in cases:
            error = only_error(await gateway.payload(mutation, account=account, **names))
            assert (error["code"], error["path"]) == expected, (account, names)
            assert error["retryAfterSeconds"] is None
