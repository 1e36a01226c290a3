"""Words that must not appear where a controlling person may read them."""

import re

# Design D9, in both of its languages.
AVOIDED = re.compile(
    r"traffick|menneskehandel|\bvictim|exploit|utnytt|coerc|tvang|slave|prostitu"
    r"|\boffer(?:et|ene|a)?\b(?! to)",  # Norwegian for one; in English it is offered to help
    re.IGNORECASE,
)
