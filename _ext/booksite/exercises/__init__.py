"""Exercises answered in the page: the forms, how far the reader has come, and the page of all solutions.

Under each exercise whose answer is a number, a choice or an array stands a form of native elements;
`static/exercises.js` judges it as `check` would, by what the exercises of `lossbook` say when the page is built.
(jupyterquiz and TeachBooks' questions load from a CDN; a book that asks no other host needs its own.)
Without JavaScript the forms stay hidden, and the exercises are what they are in the notebook.
"""

from __future__ import annotations

from . import forms, progress


def script(app, pagename, templatename, context, doctree) -> None:
    body = context.get("body", "")
    if 'class="answer-form"' in body or 'class="answer-progress"' in body:
        app.add_js_file("exercises.js", loading_method="defer")


def setup(app) -> None:
    forms.setup(app)
    progress.setup(app)
    app.connect("html-page-context", script)
