"""The index of the text of links: trigrams, so that any part of a word is found, in any language.

SQLite has a table of its own for it, which triggers keep in step. Its tokens have no positions, which makes it small:
what it finds is compared once more. PostgreSQL has an index of the extension pg_trgm. Where the database's user may not
create the extension, a search reads every link.
"""

from typing import Final

SEARCH_TABLE: Final = "links_search"

_TRIGRAM: Final = 3
# More of them would find hardly fewer links.
_MAX_TRIGRAMS: Final = 8

CREATE_IN_SQLITE: Final = (
    """
    CREATE VIRTUAL TABLE links_search
    USING fts5(search_key, content = 'links', content_rowid = 'id', tokenize = 'trigram', detail = 'none')
    """,
    """
    CREATE TRIGGER links_search_insert AFTER INSERT ON links BEGIN
      INSERT INTO links_search (rowid, search_key) VALUES (new.id, new.search_key);
    END
    """,
    """
    CREATE TRIGGER links_search_delete AFTER DELETE ON links BEGIN
      INSERT INTO links_search (links_search, rowid, search_key) VALUES ('delete', old.id, old.search_key);
    END
    """,
    """
    CREATE TRIGGER links_search_update AFTER UPDATE OF search_key ON links
    WHEN old.search_key IS NOT new.search_key BEGIN
      INSERT INTO links_search (links_search, rowid, search_key) VALUES ('delete', old.id, old.search_key);
      INSERT INTO links_search (rowid, search_key) VALUES (new.id, new.search_key);
    END
    """,
)
CREATE_IN_POSTGRESQL: Final = """
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX ix_links_search_key ON links USING gin (search_key gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE NOTICE 'without pg_trgm, a search reads every link';
END $$
"""
DROP_IN_SQLITE: Final = "DROP TABLE IF EXISTS links_search"


def trigrams_of(folded: str) -> str | None:
    """Returns the query of SQLite's index for texts that contain `folded`.

    It is None where `folded` is too short, or has a NUL: no query can (FOUND), and no text of the catalog does.
    """
    if "\0" in folded:
        return None
    found = list(dict.fromkeys(folded[at : at + _TRIGRAM] for at in range(len(folded) - _TRIGRAM + 1)))
    step = max(1, len(found) // _MAX_TRIGRAMS)
    quoted = (f'"{each.replace(chr(34), chr(34) * 2)}"' for each in found[::step])
    return " AND ".join(quoted) or None
