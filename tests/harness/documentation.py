"""The documentation as the tests read it: files, their fenced blocks, links, headings and tables."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def prose(self) -> str:
        """What is outside of fenced blocks."""
        return _FENCED.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """What is inside of the fenced blocks of a language."""
        return [body for name, body in _FENCED.findall(self.text) if name == language]

    def links(self) -> list[str]:
        """Where its links lead that stay in the repository."""
        return [link for link in _LINK.findall(self.prose) if not re.match(r"[a-z]+:", link)]

    def anchors(self) -> set[str]:
        """What its headings are called in links, as GitHub names them."""
        plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(self.prose))
        return {heading.replace(" ", "-") for heading in plain}

    def section(self, heading: str) -> str:
        """What stands between a heading and the next of its kind or above."""
        depth = len(heading) - len(heading.lstrip("#"))
        _, found, rest = f"\n{self.text}".partition(f"\n{heading}\n")
        assert found, f"{self} has no heading {heading!r}"
        return re.split(rf"^#{{1,{depth}}} ", rest, flags=re.MULTILINE)[0]

    def rows(self, heading: str) -> list[list[str]]:
        """The rows of the first table in a section, without its header and rule."""
        table = re.search(r"^\|.*?(?=^(?!\|)|\Z)", self.section(heading), re.MULTILINE | re.DOTALL)
        assert table is not None, f"{self} has no table below {heading!r}"
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def documents() -> list[Document]:
    """Every page that people read. What GraphiQL's build writes is not one."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")]
    pages += [*ROOT.glob("src/linkweave/providers/*/README.md"), ROOT / "frontend" / "graphiql" / "README.md"]
    return [Document(path) for path in sorted(pages)]


def document(path: str) -> Document:
    """The page at a path from the root."""
    return Document(ROOT / path)
