"""What all tables share: names of constraints, and types of columns."""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Integer,
    MetaData,
    String,
    Text,
    func,
    literal_column,
)
from sqlalchemy.sql import ColumnElement

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ORDERED_CHARACTERS: Final = 250
"""Maximum number of characters by which links are put into the order of a text."""

# None is stored as NULL, and not as the JSON value null.
JSON_VALUE: Final = JSON(none_as_null=True)
# SQLite numbers rows by itself only where the key is an INTEGER.
ROW_ID: Final = BigInteger().with_variant(Integer, "sqlite")

# SQLite compares text by its code points. PostgreSQL does so with the collation C.
ORDERED_TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
ORDERED_KEY: Final = String(64).with_variant(String(64, collation="C"), "postgresql")


def ordered_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Returns the part of a text by which rows are put in order: the same expression as in its index."""
    return func.substr(column, literal_column("1"), literal_column(str(ORDERED_CHARACTERS)))
