from linkweave.runtime.shared_resources import SharedResources


class Thing:
    """Something that knows whether it was closed."""

    closed = False

    async def close(self) -> None:
        assert not self.closed
        self.closed = True


async def test_what_is_made_from_the_same_is_one_thing_until_the_last_gives_it_back() -> None:
    lending = SharedResources()
    first, second = lending.acquire(["a"], Thing), lending.acquire(["a"], Thing)
    assert first is second
    await lending.release(first)
    assert not first.closed
    await lending.release(second)
    assert first.closed
    assert lending.acquire(["a"], Thing) is not first


async def test_what_is_made_from_another_is_another_thing() -> None:
    lending = SharedResources()
    first, second = lending.acquire("a", Thing), lending.acquire("b", Thing)
    assert first is not second
    await lending.release(first)
    assert (first.closed, second.closed) == (True, False)


async def test_what_was_never_lent_is_not_closed() -> None:
    thing = Thing()
    await SharedResources().release(thing)
    assert not thing.closed
