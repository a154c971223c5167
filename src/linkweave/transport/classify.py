"""What a vendor's answer says, as far as layers between the wire and the client need to know it."""

from collections.abc import Callable
from typing import TypeAlias

from linkweave.errors import BadResponseError, UnavailableError, VendorError
from linkweave.transport.call import Answer
from linkweave.transport.vendor_client import Classify, NotJson, by_status, decode

# The kind of error that the client will raise for an answer; None for a good one.
AnswerClassifier: TypeAlias = Callable[[Answer], type[VendorError] | None]

BROKEN = (BadResponseError, UnavailableError)


def make_classifier(classify: Classify) -> AnswerClassifier:
    """Judges answers of the vendor whose way of saying no `classify` knows."""

    def judge(answer: Answer) -> type[VendorError] | None:
        data = decode(answer.body)
        refusal = classify(answer.status, data) or by_status(answer.status)
        if refusal is not None:
            return refusal.kind
        return BadResponseError if isinstance(data, NotJson) else None

    return judge
