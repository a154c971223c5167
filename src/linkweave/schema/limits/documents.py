"""From a document's text to a document that may run: each step may trust that those before it bounded its work.

Length, tokens and brackets → parsing → counts → GraphQL's own validation.
"""

from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.validation import NoSchemaIntrospectionCustomRule, ValuesOfCorrectTypeRule

from linkweave.schema.limits.counting import check_counts
from linkweave.schema.limits.text import check_text
from linkweave.schema.request_errors import NamedValuesRule, code_request_errors
from linkweave.settings import LimitSettings

# So many mistakes are told of one document; looking for more of them is work for nobody.
MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """What documents may have and ask. `suggestions` are the names that a wrong one may have meant."""

    limits: LimitSettings = LimitSettings()
    introspection: bool = True
    suggestions: bool = True


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document, None where it cannot even be parsed, and why it must not run; the same for every request."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...]


def read_document(schema: GraphQLSchema, text: str, rules: DocumentRules) -> CheckedDocument:
    """Parse and check `text`: a function of its arguments alone, whose result may be kept and used again."""
    refusal = check_text(text, rules.limits)
    if refusal is not None:
        return CheckedDocument(None, (refusal,))
    try:
        document = parse(text)
    except GraphQLError as error:
        code_request_errors([error])
        return CheckedDocument(None, (error,))
    return CheckedDocument(document, tuple(check_document(schema, document, rules)))


def check_document(schema: GraphQLSchema, document: DocumentNode, rules: DocumentRules) -> list[GraphQLError]:
    """Why `document` must not run: the limits that it is over, or else what is wrong with it."""
    errors = check_counts(document, rules.limits)
    if errors:
        return errors
    chosen = [NamedValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules]
    if not rules.introspection:
        chosen.append(NoSchemaIntrospectionCustomRule)
    errors = validate(schema, document, chosen, MAX_ERRORS, hide_suggestions=not rules.suggestions)
    code_request_errors(errors)
    return errors
