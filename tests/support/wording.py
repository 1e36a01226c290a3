"""Words that must not appear where a controlling person may read them."""

import re

# docs/design.md, D9: English and Norwegian.
AVOIDED = re.compile(
    r"traffick|menneskehandel|\bvictim|exploit|utnytt|coerc|tvang|slave|prostitu"
    r"|\boffer(?:et|ene|a)?\b(?! to)",  # Norwegian for victim; English "offer to"
    re.IGNORECASE,
)
