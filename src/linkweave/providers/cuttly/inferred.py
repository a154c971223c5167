"""All guesses about Cutt.ly in one table, because its document leaves them open. A wrong guess is one line to mend."""

from typing import Final

# The document names codes and texts of errors but shows no body except `auth: false`.
ERROR_CODE_KEY: Final = "code"
ERROR_TEXT_KEY: Final = "error"

# If the Team API ever answers with statuses of the Regular API, they are under this key or at the top.
REGULAR_WRAPPER: Final = "url"

# An error 409 in unknown words is a refused input, as is every 409 that the document has.
REFUSED_INPUT_STATUS: Final = 409

# A link has one tag: the document "adds" a tag in its table and "changes its associated tag" in its example.
TAGS_PER_LINK: Final = 1
