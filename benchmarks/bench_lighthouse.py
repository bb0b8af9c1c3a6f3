"""Lighthouse on every page of the built site: the median of three runs as a phone, one run as a desktop.

Lighthouse comes from the npm registry, by the Node that the book is built with. The site is served
compressed, as any host of static pages does.
"""

import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
from functools import cache
from pathlib import Path

from tools.browser import chromium
from tools.browser.server import Quiet, serving

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
TOOL = ROOT / "_build" / ".lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"mobile": int(os.environ.get("LIGHTHOUSE_RUNS", "3")), "desktop": 1}
_TEXT = {".html", ".css", ".js", ".svg", ".json"}


@cache
def _compressed(path, changed):
    return gzip.compress(path.read_bytes(), 6)


class Compressed(Quiet):
    """Files of the site, text compressed."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in _TEXT or not path.is_file():
            return super().send_head()
        body = _compressed(path, path.stat().st_mtime)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
        return None


def lighthouse():
    """The command line of Lighthouse, installed on first use."""
    node = chromium.NODE.parent
    cli = TOOL / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not cli.exists():
        env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
        npm = (
            shutil.which("npm") or node / "npm"
        )  # some wheels of Node come with an npm that does not start
        install = [npm, "install", "--silent", "--no-audit", "--prefix", TOOL]
        subprocess.run([*install, "lighthouse@12"], check=True, env=env)
    return [str(node / "node"), str(cli)]


def audit(address, form):
    """One run: the scores and the bytes on the wire, and what is not perfect."""
    flags = " ".join(["--headless=new", *chromium.FLAGS])
    preset = ["--preset=desktop"] if form == "desktop" else []
    done = subprocess.run(
        [
            *lighthouse(),
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={flags}",
            *preset,
        ],
        env={**os.environ, "CHROME_PATH": chromium.find(whole=True)},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    scores = {c: round(100 * report["categories"][c]["score"]) for c in CATEGORIES}
    wanting = {
        ref["id"]
        for c in CATEGORIES[1:]
        for ref in report["categories"][c]["auditRefs"]
        if ref["weight"] and report["audits"][ref["id"]]["score"] not in (None, 1)
    }
    return scores, report["audits"]["total-byte-weight"]["numericValue"] / 1000, wanting


def pages():
    """Every page that has a text of its own, as its path in the site."""
    found = sorted(p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html"))
    return [
        p
        for p in found
        if not p.startswith("_static") and 'rel="stylesheet"' in (SITE / p).read_text("utf-8")
    ]


def measured():
    """The rows of the README, by page: those of the pages that are not measured now stay."""
    from benchmarks.__main__ import README, pattern

    section = pattern("lighthouse").search(README.read_text("utf-8"))
    rows = re.finditer(r"^\| ([\w/]+) \|.*\d \|$", section[0], re.M) if section else ()
    return {row[1]: row[0] for row in rows}


def run():
    if not (SITE / "intro.html").exists():
        raise RuntimeError("the site is not built: run make html")
    chosen = os.environ.get("LIGHTHOUSE_PAGES", "").split() or pages()
    names = [page.removesuffix(".html") for page in pages()]
    rows, notes = {n: row for n, row in measured().items() if n in names}, []
    with serving(SITE, Compressed) as address:
        for page in chosen:
            cells = []
            for form, runs in FORMS.items():
                results = [audit(address + page, form) for _ in range(runs)]
                for category in CATEGORIES:
                    cells.append(f"{statistics.median(r[0][category] for r in results):.0f}")
                if form == "mobile":
                    weight = statistics.median(r[1] for r in results)
                wanting = set().union(*(r[2] for r in results))
                if wanting:
                    notes.append(f"- {page}, {form}: {', '.join(sorted(wanting))}")
            name = page.removesuffix(".html")
            rows[name] = f"| {name} | {' | '.join(cells)} | {weight:.0f} |"
            print(rows[name], flush=True)
    return "\n".join(
        [
            "## Lighthouse",
            "",
            "Scores out of 100: performance (P), accessibility (A), best practices (B) and search engines "
            f"(S), as a phone on a slow network (median of {FORMS['mobile']} runs) and as a desktop (one run); "
            "kilobytes on the wire as a phone, until the page is quiet.",
            "",
            "| page | phone: P | A | B | S | desktop: P | A | B | S | kB |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
            *(rows[name] for name in names if name in rows),
            *(["", "Not perfect:", "", *notes] if notes else []),
        ]
    )
