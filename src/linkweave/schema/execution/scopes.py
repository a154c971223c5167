"""Checks that the caller has the scopes that an operation needs, before any vendor call."""

from collections.abc import Iterable

from graphql import GraphQLError, OperationDefinitionNode, OperationType

from linkweave.errors import ScopeMissingError
from linkweave.gather.session import Session
from linkweave.settings import Scope

# It changes nothing at a vendor. But it clears the cache of all callers, so the gateway makes all calls again.
_ADMIN_MUTATIONS = frozenset({"refresh"})


def check_scopes(session: Session, operation: OperationDefinitionNode, root_fields: Iterable[str]) -> None:
    """Checks that the caller has the scopes for an operation with these root fields.

    Raises:
        GraphQLError: A scope is missing; the message names it.
    """
    for missing in sorted(_needed_scopes(operation.operation, root_fields) - session.rights.scopes):
        problem = ScopeMissingError(missing, sorted(session.rights.scopes))
        raise GraphQLError(problem.message, operation, original_error=problem)


def _needed_scopes(kind: OperationType, root_fields: Iterable[str]) -> frozenset[Scope]:
    if kind is not OperationType.MUTATION:
        return frozenset({Scope.READ})
    return frozenset(Scope.ADMIN if name in _ADMIN_MUTATIONS else Scope.WRITE for name in root_fields)
