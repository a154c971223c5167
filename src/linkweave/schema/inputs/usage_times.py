"""The times between which usage is counted."""

from datetime import datetime, timedelta

from linkweave.errors import InvalidInputError


def usage_times(
    days: object, since: datetime | None, until: datetime | None, max_days: int
) -> tuple[datetime, datetime]:
    """Returns the two times, which the caller gave in place of `days`.

    Raises:
        InvalidInputError: one of them is missing, their order is wrong, or they are too far apart.
    """
    if days is not None:
        raise InvalidInputError("range", "cannot be given together with since and until")
    if since is None or until is None:
        missing = "since" if since is None else "until"
        raise InvalidInputError(missing, "is missing: give both since and until")
    if not since < until:
        raise InvalidInputError("until", "must be after since")
    if until - since > timedelta(days=max_days):
        raise InvalidInputError("until", f"is more than {max_days} days after since, which is the most allowed")
    return since, until
