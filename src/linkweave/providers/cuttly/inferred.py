"""What Cutt.ly's document leaves open and the adapter had to guess: one line each, to be mended in one line."""

from typing import Final

# The document names codes and texts of errors but shows no body except `auth: false`.
ERROR_CODE_KEY: Final = "code"
ERROR_TEXT_KEY: Final = "error"

# The statuses of the Regular API, should the Team API ever answer with them, are under this key or at the top.
REGULAR_WRAPPER: Final = "url"

# An error 409 in unknown words: every 409 that the document has refuses the input.
REFUSED_INPUT_STATUS: Final = 409

# Where the TRAI header is in a short link: FOUND on the vendor's pages (https://2s.ms/HEADER/alias), while the document
# says that it is appended "after the shortened part". Only a change of alias depends on it.
HEADER_BEFORE_ALIAS: Final = True

# How many tags a link has: the document "adds" a tag in its table and "changes its associated tag" in its example.
TAGS_PER_LINK: Final = 1
