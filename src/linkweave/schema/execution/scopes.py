"""Which scope an operation needs: the caller's must hold it before anything is asked."""

from collections.abc import Iterable

from graphql import GraphQLError, OperationDefinitionNode, OperationType

from linkweave.errors import ScopeMissingError
from linkweave.gather.session import Session
from linkweave.settings import Scope

# It changes nothing at any vendor, but makes the gateway ask all of them again.
_FOR_ADMINS = frozenset({"refresh"})


def check_scopes(session: Session, operation: OperationDefinitionNode, root_fields: Iterable[str]) -> None:
    """Let an operation with these root fields through if the caller has the scopes that it needs.

    Raises:
        GraphQLError: it has not; says which is missing.
    """
    for needed in sorted(_needed(operation.operation, root_fields) - session.rights.scopes):
        problem = ScopeMissingError(needed, sorted(session.rights.scopes))
        raise GraphQLError(problem.message, operation, original_error=problem)


def _needed(kind: OperationType, root_fields: Iterable[str]) -> frozenset[Scope]:
    if kind is not OperationType.MUTATION:
        return frozenset({Scope.READ})
    return frozenset(Scope.ADMIN if name in _FOR_ADMINS else Scope.WRITE for name in root_fields)
