"""Stores the plans of copies, for a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from linkweave.catalog.database import Database
from linkweave.catalog.jobs.copy_plans import (
    CopyOptions,
    CopyPlan,
    CopyState,
    LostField,
    OnConflict,
    PlanRow,
    SlugChoice,
)
from linkweave.catalog.jobs.link_input_json import from_json, patch_from_json, patch_to_json, to_json
from linkweave.catalog.tables import PLAN_ROWS, PLANS


@dataclass(frozen=True, slots=True)
class CopyPlanStore:
    """Plans by their ids. Every method raises CatalogUnavailableError where the database cannot be used."""

    database: Database

    async def save(self, plan: CopyPlan, rows: Sequence[PlanRow]) -> None:
        """Stores a plan, and deletes those that have expired."""
        values = [_to_row(plan.id, position, row) for position, row in enumerate(rows)]
        async with self.database.write() as connection:
            await connection.execute(delete(PLANS).where(PLANS.c.expires_at <= plan.made_at))
            await connection.execute(insert(PLANS).values(_to_columns(plan)))
            if values:
                await connection.execute(insert(PLAN_ROWS), values)

    async def find(self, plan_id: str, now: datetime) -> CopyPlan | None:
        """Returns the plan with this id; None where there is none, or where it has expired."""
        query = select(PLANS).where(PLANS.c.id == plan_id, PLANS.c.expires_at > now)
        async with self.database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _to_plan(row)

    async def rows(self, plan_id: str, after: int, limit: int) -> list[tuple[int, PlanRow]]:
        """Returns at most `limit` rows whose position is greater than `after`, with their positions."""
        query = (
            select(PLAN_ROWS)
            .where(PLAN_ROWS.c.plan_id == plan_id, PLAN_ROWS.c.position > after)
            .order_by(PLAN_ROWS.c.position)
            .limit(limit)
        )
        async with self.database.read() as connection:
            found = (await connection.execute(query)).all()
        return [(row.position, _to_plan_row(row)) for row in found]

    async def counts(self, plan_id: str) -> Mapping[CopyState, int]:
        """Returns the number of rows in each state that there is."""
        query = (
            select(PLAN_ROWS.c.state, func.count()).where(PLAN_ROWS.c.plan_id == plan_id).group_by(PLAN_ROWS.c.state)
        )
        async with self.database.read() as connection:
            found = (await connection.execute(query)).all()
        counts = {state: number for state, number in found}  # noqa: C416 - rows are no pairs to the type checker
        return {state: counts[state.value] for state in CopyState if state.value in counts}


def _to_columns(plan: CopyPlan) -> dict[str, Any]:
    options = plan.options
    return {
        "id": plan.id,
        "client": plan.client,
        "source_account": plan.source_account,
        "target_account": plan.target_account,
        "input": {
            "slug": options.slug.value,
            "on_conflict": options.on_conflict.value,
            "domain": options.domain,
            "notices": plan.notices,
        },
        "calls": plan.calls,
        "seconds": plan.seconds,
        "made_at": plan.made_at,
        "expires_at": plan.expires_at,
    }


def _to_plan(row: Row[Any]) -> CopyPlan:
    given = row.input
    return CopyPlan(
        id=row.id,
        client=row.client,
        source_account=row.source_account,
        target_account=row.target_account,
        options=CopyOptions(SlugChoice(given["slug"]), OnConflict(given["on_conflict"]), given["domain"]),
        calls=row.calls,
        seconds=row.seconds,
        notices=tuple(given["notices"]),
        made_at=row.made_at,
        expires_at=row.expires_at,
    )


def _to_row(plan_id: str, position: int, row: PlanRow) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "position": position,
        "source_handle": row.source_handle,
        "source_short_url": row.source_short_url,
        "state": row.state.value,
        "reason": row.reason,
        "lost_fields": [[each.field, each.message] for each in row.lost],
        "target": None if row.target is None else to_json(row.target),
        "patch": patch_to_json(row.patch),
    }


def _to_plan_row(row: Row[Any]) -> PlanRow:
    return PlanRow(
        source_handle=row.source_handle,
        source_short_url=row.source_short_url,
        state=CopyState(row.state),
        reason=row.reason,
        lost=tuple(LostField(field, message) for field, message in row.lost_fields),
        target=None if row.target is None else from_json(row.target),
        patch=patch_from_json(row.patch),
    )
