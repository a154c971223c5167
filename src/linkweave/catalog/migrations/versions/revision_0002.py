"""The index of the text of links. `catalog/search_index.py` explains it."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = (
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
    # The links that are there already.
    "INSERT INTO links_search (links_search) VALUES ('rebuild')",
)
_POSTGRESQL = """
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX ix_links_search_key ON links USING gin (search_key gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE NOTICE 'without pg_trgm, a search reads every link';
END $$
"""


def upgrade() -> None:
    """Create the index of the text of links."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in (_POSTGRESQL,) if is_postgresql else _SQLITE:
        op.execute(statement)
