"""Prints rows as a table for people in a terminal, and as plain, stable lines for programs in a pipe."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from linkweave.cli.check import Finding
from linkweave.cli.vendor_facts import VendorFacts
from linkweave.cli.verdicts import verdict_cells
from linkweave.models import Capability
from linkweave.providers.record import Provider

# Minimum width of a column of words.
_READABLE: Final = 24
_UNBOUNDED: Final = 10_000


def matrix(providers: Mapping[str, Provider]) -> list[list[str]]:
    """Returns the header, and for each capability a row that says which providers offer it."""
    header = ["capability", *providers]
    rows = [
        [capability.value, *("yes" if capability in each.capabilities else "-" for each in providers.values())]
        for capability in Capability
    ]
    return [header, *rows]


def statistics_table(providers: Mapping[str, Provider]) -> list[list[str]]:
    """The header, and for each provider a row that says what its statistics tell."""
    header = ["provider", "counts", "ranges of days", "by day", "breakdowns", "bots", "days in"]
    return [header, *([each.id, *_statistics(VendorFacts.of(each))] for each in providers.values())]


def costs_table(providers: Mapping[str, Provider]) -> list[list[str]]:
    """The header, and for each provider a row that says how many calls it needs and allows."""
    header = [
        *("provider", "lists", "*n* links by id", "all statistics of a link", "`Link.clicks`"),
        *("links whose clicks one call counts", "create, update, delete", "calls allowed"),
    ]
    return [header, *([each.id, *_costs(VendorFacts.of(each))] for each in providers.values())]


def _statistics(told: VendorFacts) -> list[str]:
    return [told.measures, told.days, told.by_day, told.breakdowns, told.bots, told.time_zone]


def _costs(told: VendorFacts) -> list[str]:
    limits = told.limits_by_plan()
    allowed = "; ".join(f"{plan}: {words}" if plan else words for plan, words in limits.items())
    calls = [told.list_calls, told.get_calls, told.stats_calls, told.life_calls, told.links_per_call, told.write_calls]
    return [*calls, allowed]


def facts(provider: Provider) -> list[list[str]]:
    """The header and a row per fact about one provider."""
    told = VendorFacts.of(provider)
    limits = told.limits_by_plan().items()
    return [
        ["fact", provider.id],
        ["name", provider.name],
        ["documentation", provider.documentation_url],
        ["credentials", provider.credentials_from or "-"],
        ["base_url", provider.base_url or "-"],
        ["capabilities", _joined(each.value for each in provider.capabilities)],
        ["writable fields", _joined(provider.writable_fields)],
        ["counts", told.measures],
        ["ranges of days", told.days],
        ["clicks by day", told.by_day],
        ["breakdowns", told.breakdowns],
        ["clicks of bots", told.bots],
        ["days are those of", told.time_zone],
        ["lists", told.list_calls],
        ["calls to find n links by id", told.get_calls.replace("*", "")],
        ["calls for all statistics of a link", told.stats_calls],
        ["calls for Link.clicks", told.life_calls],
        ["links whose clicks one call counts", told.links_per_call],
        ["calls to create, update, delete a link", told.write_calls],
        *([f"calls allowed ({plan})" if plan else "calls allowed", words.replace("`", "")] for plan, words in limits),
        *([f"plan {plan} lacks", "; ".join(gaps)] for plan, gaps in told.gaps_by_plan().items()),
        ["does not work without domains", provider.without_domains or "-"],
    ]


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "-"


def findings_table(findings: Iterable[Finding]) -> list[list[str]]:
    """Returns the header, and a row for each account that was checked, for the cache server and for the catalog."""
    header = ["account", "verdict", "asked", "answer", "meaning", "to do"]
    return [header, *([one_line(cell) for cell in verdict_cells(found)] for found in findings)]


def show(rows: Sequence[Sequence[str]], console: Console | None = None) -> None:
    """Print `rows`, of which the first is the header: a table in a terminal, tab-separated lines elsewhere.

    In a terminal that is too narrow for the table, each row is a paragraph. No word is cut off.
    """
    console = console or Console()
    if not console.file.isatty():
        for row in rows:
            print("\t".join(row), file=console.file)
        return
    table = _table(rows)
    unbounded = console.options.update_width(_UNBOUNDED)
    fits = console.measure(table, options=unbounded).minimum <= console.width
    console.print(table if fits else _paragraphs(rows))


def _table(rows: Sequence[Sequence[str]]) -> Table:
    header, *body = rows
    table = Table(box=SIMPLE_HEAD)
    for name, *cells in zip(header, *body, strict=True):
        longest = max(len(cell) for cell in [name, *cells])
        table.add_column(name, overflow="fold", min_width=min(longest, _READABLE))
    for row in body:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _paragraphs(rows: Sequence[Sequence[str]]) -> Group:
    header, *body = rows
    paragraphs = []
    for first, *others in body:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for name, cell in zip(header[1:], others, strict=True):
            grid.add_row(Text(name), Text(cell))
        paragraphs.append(Group(Text(first, style="bold"), Padding(grid, (0, 0, 1, 2))))
    return Group(*paragraphs)


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Returns `rows` as a Markdown table, for the documentation."""
    header, *body = rows
    lines = [header, ["---"] * len(header), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def one_line(words: str) -> str:
    """Returns `words` without characters that move a terminal's cursor: some words are a vendor's."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
