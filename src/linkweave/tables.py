"""Tables for people in a terminal, and the same rows plain and stable for programs in a pipe."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from linkweave.checks import Finding
from linkweave.models import Capability
from linkweave.providers.provider import Provider


def matrix(providers: Mapping[str, Provider]) -> list[list[str]]:
    """The header and a row per capability: which provider offers it."""
    header = ["capability", *providers]
    rows = [
        [capability.value, *("yes" if capability in each.capabilities else "-" for each in providers.values())]
        for capability in Capability
    ]
    return [header, *rows]


def findings_table(findings: Iterable[Finding]) -> list[list[str]]:
    """The header and a row per checked account."""
    words = {True: "yes", False: "no", None: "?"}
    header = ["account", "provider", "reachable", "authenticated", "latency", "missing"]
    return [
        header,
        *(
            [
                found.account,
                found.provider,
                words[found.reachable],
                words[found.authenticated],
                f"{found.seconds * 1000:.0f} ms",
                "; ".join(found.missing) or "-",
            ]
            for found in findings
        ),
    ]


def show(rows: Sequence[Sequence[str]]) -> None:
    """Print `rows`, the first being the header: a table in a terminal, tab-separated lines elsewhere."""
    console = Console()
    if not console.is_terminal:
        for row in rows:
            print("\t".join(row))  # noqa: T201 - this is the command's answer
        return
    table = Table(*rows[0])
    for row in rows[1:]:
        table.add_row(*row)
    console.print(table)


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """`rows` as a Markdown table, for the documentation."""
    header, *body = rows
    lines = [header, ["---"] * len(header), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
