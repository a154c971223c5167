"""asyncio building blocks that know nothing of links."""
