"""A resource is opened once for all its users, and closed after the last one."""

from linkweave.runtime.shared_resources import SharedResources


class Resource:
    """Knows whether it was closed."""

    closed = False

    async def close(self) -> None:
        assert not self.closed
        self.closed = True


async def test_equal_settings_share_one_resource_until_its_last_user_releases_it() -> None:
    resources = SharedResources()
    first, second = resources.acquire(["a"], Resource), resources.acquire(["a"], Resource)
    assert first is second
    await resources.release(first)
    assert not first.closed
    await resources.release(second)
    assert first.closed
    assert resources.acquire(["a"], Resource) is not first


async def test_other_settings_have_another_resource() -> None:
    resources = SharedResources()
    first, second = resources.acquire("a", Resource), resources.acquire("b", Resource)
    assert first is not second
    await resources.release(first)
    assert (first.closed, second.closed) == (True, False)


async def test_a_resource_that_was_never_acquired_is_not_closed() -> None:
    resource = Resource()
    await SharedResources().release(resource)
    assert not resource.closed
