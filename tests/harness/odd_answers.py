"""Documents with one value replaced, and the values to put there, for properties of vendors' answers."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st

# The keys and list positions that lead to a value.
ValuePath: TypeAlias = tuple[Any, ...]

# Values and keys that mean something to some vendor come up more often than chance would have them.
_TELLING_VALUES = (
    *("", "0", "1", "2", "7", "-1", "1e3", "1,234", "١", "9" * 400, "0000-00-00 00:00:00", "9999-12-31 23:59:59"),
    *("https://cutt.ly/a", "https://[", "http://google.com", "m.tiny.cc/a", "Unauthorized"),
    *(2**31 - 1, 2**63, 1215, 1303),
)
_TELLING_KEYS = (
    *("0", "1", "stats", "status", "url", "urls", "auth", "code", "error", "message", "ref", "bots", "shortLink"),
    *("title", "data", "label", "hash", "custom_hash", "image", "name", "tags"),
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(_TELLING_VALUES),
)
_keys = st.one_of(st.text(), st.sampled_from(_TELLING_KEYS))
json_values = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(_keys, inner), max_leaves=12)

# Python also writes numbers and halves of characters that are not JSON.
odd_values = json_values | st.sampled_from(["\ud800", 10**400, float("nan")])


def value_paths(document: object, path: ValuePath = ()) -> Iterator[ValuePath]:
    """The path of every value in a document, the whole document first."""
    yield path
    if isinstance(document, dict):
        for key, inner in document.items():
            yield from value_paths(inner, (*path, key))
    if isinstance(document, list):
        for index, inner in enumerate(document):
            yield from value_paths(inner, (*path, index))


def replaced(document: object, path: ValuePath, value: object) -> object:
    """A copy of `document` with `value` at `path`."""
    if not path:
        return value
    # Not deepcopy: rows that share a list would still share it, and change together.
    copy: Any = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy
