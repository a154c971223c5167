"""Days as ShortenWorld writes them."""

from datetime import UTC, date, datetime

from linkweave.providers.shortenworld.inferred import DAY_FORMAT


def day_text(day: date) -> str:
    """`day` as a parameter: dd/MM/yyyy (DOC)."""
    # strftime writes years before 1000 with fewer digits on some machines.
    return day.replace(year=2000).strftime(DAY_FORMAT).replace("2000", f"{day.year:04}")


def day_from(text: str) -> date:
    """The day that `text` names.

    Raises:
        ValueError: it names none.
    """
    return datetime.strptime(text, DAY_FORMAT).replace(tzinfo=UTC).date()
