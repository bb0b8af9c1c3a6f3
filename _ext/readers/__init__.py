"""The readers' notebooks: the chapters in plain Jupyter Markdown, which every front end sets without an extension.

The sources are MyST. Here admonitions become quotes, dropdowns `<details>`, roles links, citations author and
year with the references at the end, equations get the numbers that they have on the site:

    python -m readers FOLDER    (with `_ext` on the path; only what has changed is written)
"""
