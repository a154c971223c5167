import random
from typing import Any

import pytest
import pytest_asyncio

from harness.listed_links import Test, World, found_by, id_of, open_world, tags_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> World:
    return await open_world()


def choices(links: list[Any]) -> dict[str, list[tuple[dict[str, Any], Test]]]:
    """For each field of the filter, a few values of it with the test that each is."""
    team = next(link["team"]["id"] for link in links if link["team"])
    campaign = next(link["campaign"]["id"] for link in links if link["campaign"])
    middle = sorted(link["createdAt"] for link in links if link["createdAt"])[100]
    return {
        "providers": [
            ({"providers": ["picsee", "tinycc"]}, lambda link: link["provider"]["id"] in {"picsee", "tinycc"}),
        ],
        "search": [({"search": words}, found_by(words)) for words in ("sale", "Instagram", "or")],
        "tags": [
            ({"tags": {"any": ["sale", "launch"]}}, lambda link: bool(tags_of(link) & {"sale", "launch"})),
            ({"tags": {"all": ["sale"]}}, lambda link: "sale" in tags_of(link)),
            ({"tags": {"none": ["print", "email"]}}, lambda link: not tags_of(link) & {"print", "email"}),
        ],
        "domains": [
            (
                {"domains": ["go.example.com", "m.shopdemo.example", "emea.swlink.example"]},
                lambda link: link["domain"]["name"] in {"go.example.com", "m.shopdemo.example", "emea.swlink.example"},
            ),
        ],
        "after": [({"createdAfter": middle}, lambda link: (link["createdAt"] or "") >= middle)],
        "before": [({"createdBefore": middle}, lambda link: (link["createdAt"] or middle) < middle)],
        "archived": [({"archived": False}, lambda link: link["archived"] is False)],
        "starred": [({"starred": False}, lambda link: link["starred"] is False)],
        "teams": [({"teams": [team]}, lambda link: id_of(link, "team") == team)],
        "campaigns": [({"campaigns": [campaign]}, lambda link: id_of(link, "campaign") == campaign)],
    }


def all_of(tests: list[Test]) -> Test:
    return lambda link: all(test(link) for test in tests)


@pytest.mark.parametrize("seed", range(4))
async def test_a_link_must_match_all_conditions_of_a_filter(world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same combinations on every run
    fields = choices(world.links)
    matched = 0
    for _ in range(10):
        chosen = [dice.choice(fields[name]) for name in dice.sample(sorted(fields), dice.randint(2, 3))]
        wanted = {name: value for part, _ in chosen for name, value in part.items()}
        left = await world.assert_filtered(wanted, all_of([test for _, test in chosen]))
        matched += bool(left)
    assert matched > 3
