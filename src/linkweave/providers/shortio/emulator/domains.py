"""The endpoints of domains."""

from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import number_in
from linkweave.providers.shortio.emulator.store import Store, StoredDomain, refused

_MAX_PAGE: Final = 300


class DomainEndpoints:
    """Domains of one user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_domains(self, request: Request) -> object:
        """GET /api/domains."""
        limit, offset = number_in(request, "limit", 100), number_in(request, "offset", 0)
        if limit is None or offset is None or not 1 <= limit <= _MAX_PAGE:
            raise refused(400, "querystring: limit must be from 1 to 300")
        return [self._shown(domain) for domain in self._store.domains_of(request)[offset : offset + limit]]

    async def get_domain(self, request: Request) -> object:
        """GET /domains/{id}."""
        domain = self._store.domain(request, request.path_params["id"])
        return {**self._shown(domain), "ipExclusions": [], "userPlan": "small"}

    def _shown(self, domain: StoredDomain) -> dict[str, object]:
        return {**domain.to_json(), "webhookURL": self._store.webhook_urls.get(domain.id)}
