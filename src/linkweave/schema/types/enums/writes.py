"""The enums of writes of links and files."""

from typing import Final

from linkweave.gather.writing.create_links import IfExists
from linkweave.schema.types.enums.descriptions import Descriptions
from linkweave.schema.types.upload import UploadTarget, UploadVariantKind

WRITES: Final[Descriptions] = {
    IfExists: (
        (
            "What happens if the account already has a link to the destination. "
            "The gateway compares at most 500 links of the account."
        ),
        {
            "CREATE": "Create another link.",
            "RETURN": "Return the existing link.",
            "FAIL": "Fail with an error that names the existing link.",
        },
    ),
    UploadVariantKind: (
        "One of the files that the provider stores for an upload.",
        {
            "ORIGINAL": "The file that was uploaded.",
            "MEDIUM": "A picture of medium size.",
            "THUMBNAIL": "A small picture.",
        },
    ),
    UploadTarget: (
        "What the short link of an upload redirects to.",
        {
            "FILE": "The file itself.",
            "VIEWER": "The page that shows the file.",
        },
    ),
}
