from linkweave.runtime.shared_resources import Lending


class Thing:
    """Something that knows whether it was closed."""

    closed = False

    async def close(self) -> None:
        assert not self.closed
        self.closed = True


async def test_what_is_made_from_the_same_is_one_thing_until_the_last_gives_it_back() -> None:
    lending = Lending()
    first, second = lending.take(["a"], Thing), lending.take(["a"], Thing)
    assert first is second
    await lending.give_back(first)
    assert not first.closed
    await lending.give_back(second)
    assert first.closed
    assert lending.take(["a"], Thing) is not first


async def test_what_is_made_from_another_is_another_thing() -> None:
    lending = Lending()
    first, second = lending.take("a", Thing), lending.take("b", Thing)
    assert first is not second
    await lending.give_back(first)
    assert (first.closed, second.closed) == (True, False)


async def test_what_was_never_lent_is_not_closed() -> None:
    thing = Thing()
    await Lending().give_back(thing)
    assert not thing.closed
