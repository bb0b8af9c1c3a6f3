"""The Content-Security-Policy of a page: its own host, and the scripts that stand in it by their hash."""

from __future__ import annotations

import base64
import hashlib
import re

from .edits import replaced

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S)
_POLICY = (
    "default-src 'self'; script-src 'self' {}; style-src 'self' 'unsafe-inline'; "  # for SVG and KaTeX
    "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
)


def secured(page: str, name: object) -> str:
    inline = [
        body
        for attributes, body in SCRIPT.findall(page)
        if not re.search(r"src=|application/", attributes)
    ]
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in inline)
    policy = _POLICY.format(" ".join(dict.fromkeys(f"'sha256-{digest}'" for digest in digests)))
    meta = f'\\g<0>\n    <meta http-equiv="Content-Security-Policy" content="{policy}">'
    return replaced(page, '<meta charset="[^"]*" ?/?>', meta, "the security policy", name)
