"""Lists folders and domains, and tells the plan and its counters."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.dub.emulator.workspace import Workspace, iso, refused
from linkweave.providers.emulator_kit import number_in

_CYCLE_DAY: Final = 28
"""Day of the month on which a billing cycle ends."""


async def list_folders(workspace: Workspace, request: Request) -> object:
    """GET /folders."""
    now = iso(workspace.clock.now())
    shown = {"description": None, "type": "default", "accessLevel": "write", "createdAt": now, "updatedAt": now}
    return page_of(
        request, [{"id": each, "name": each.removeprefix("fold_"), **shown} for each in workspace.folders], 50
    )


async def list_domains(workspace: Workspace, request: Request) -> object:
    """GET /domains: only those of the workspace."""
    shown = {"verified": True, "archived": False, "expiredUrl": None, "notFoundUrl": None, "placeholder": None}
    rows = [
        {"id": f"dom_{each.slug}", "slug": each.slug, "primary": each.primary, **shown} for each in workspace.domains
    ]
    return page_of(request, rows, 50)


async def read_workspace(workspace: Workspace, _: Request) -> object:
    """GET /workspaces/{id}: a key answers for its own workspace, whatever the id is (FOUND)."""
    now = workspace.clock.now()
    recent = [
        link for link in workspace.links if (link.created_at.year, link.created_at.month) == (now.year, now.month)
    ]
    end = now.replace(day=_CYCLE_DAY, hour=0, minute=0, second=0, microsecond=0)
    if end <= now:
        end = (end + timedelta(days=31)).replace(day=_CYCLE_DAY)
    return {
        "id": "ws_sandbox",
        "slug": "sandbox",
        "plan": "advanced",
        "usage": sum(link.clicks for link in workspace.links),
        "usageLimit": 1_000_000,
        "linksUsage": len(recent),
        "linksLimit": 50_000,
        "totalLinks": len(workspace.links),
        "foldersUsage": len(workspace.folders),
        "foldersLimit": 50,
        "aiUsage": 0,
        "aiLimit": 1_000,
        "billingCycleStart": _CYCLE_DAY,
        "billingCycleEndsAt": iso(end),
    }


def page_of(request: Request, rows: Sequence[object], longest: int) -> list[object]:
    """A page of a list, from the first page 1."""
    page, size = number_in(request, "page", 1), number_in(request, "pageSize", longest)
    if page is None or size is None or page < 1 or not 1 <= size <= longest:
        raise refused("unprocessable_entity", f"too_big: pageSize: Number must be less than or equal to {longest}")
    return list(rows[(page - 1) * size : page * size])
