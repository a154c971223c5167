"""A mapping of bounded size drops the entries that were used longest ago, and never holds more than it may."""

from hypothesis import given
from hypothesis import strategies as st

from linkweave.concurrency.lru import LruDict

MAX_ENTRIES = 4
MAX_SIZE = 20
KEYS = st.sampled_from("abcdef")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, st.integers(0, MAX_SIZE + 2)),
        st.tuples(st.sampled_from(["get", "peek", "pop"]), KEYS, st.just(0)),
    ),
    max_size=40,
)


class Model:
    """The same in plain words: pairs of key and size, the one used last at the end."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, int]] = []

    def size_of(self, key: str) -> int | None:
        return dict(self.entries).get(key)

    def without(self, key: str) -> list[tuple[str, int]]:
        return [entry for entry in self.entries if entry[0] != key]

    def get(self, key: str) -> int | None:
        size = self.size_of(key)
        if size is not None:
            self.entries = [*self.without(key), (key, size)]
        return size

    def pop(self, key: str) -> int | None:
        size = self.size_of(key)
        self.entries = self.without(key)
        return size

    def put(self, key: str, size: int) -> list[str]:
        self.entries = self.without(key)
        if size > MAX_SIZE:
            return [key]
        self.entries.append((key, size))
        displaced = []
        while len(self.entries) > MAX_ENTRIES or sum(size for _, size in self.entries) > MAX_SIZE:
            displaced.append(self.entries.pop(0)[0])
        return displaced


@given(STEPS)
def test_it_holds_what_was_used_last_within_both_bounds(steps: list[tuple[str, str, int]]) -> None:
    lru: LruDict[str, int] = LruDict(max_entries=MAX_ENTRIES, max_size=MAX_SIZE)
    model = Model()
    for what, key, size in steps:
        match what:
            case "put":
                assert lru.put(key, size, size) == model.put(key, size)
            case "get":
                assert lru.get(key) == model.get(key)
            case "peek":
                assert lru.peek(key) == model.size_of(key)
            case _:
                assert lru.pop(key) == model.pop(key)
        assert (len(lru), lru.size) == (len(model.entries), sum(size for _, size in model.entries))
        assert list(lru) == [key for key, _ in model.entries]
        assert all((key in lru) == (key in list(lru)) for key in "abcdef")


def test_without_bounds_nothing_is_dropped() -> None:
    lru: LruDict[int, int] = LruDict()
    assert not any(lru.put(number, number) for number in range(1_000))
    assert (len(lru), lru.size) == (1_000, 1_000)
