"""The same figures in a running kernel, in JupyterLab and Notebook."""

import nbformat
import pytest

from tools.browser.jupyter import serving

from .waiting import KERNEL_IDLE

CODE = '''
import matplotlib.pyplot as plt
from live_figures import interact


@interact(height=(0, 5), labels={"height": "$h$"}, units={"height": "m"})
def bar(height=1):
    """One bar on the ground, as high as the slider says.

    Its height is $h$.
    """
    fig, ax = plt.subplots(figsize=(4, 2))
    ax.bar([0], [height], color="#123456")
    ax.set(ylim=(0, 6))
    return fig, {"height squared": height**2}
'''


@pytest.mark.parametrize(
    ("app", "path"), [("jupyterlab", "lab/tree"), ("notebook", "notebooks")], ids=lambda v: v
)
def test_a_slider_redraws_its_figure(app, path, tmp_path, notebook_page):
    page, notebook = notebook_page, nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    notebook.cells = [nbformat.v4.new_code_cell(CODE)]
    nbformat.write(notebook, tmp_path / "figure.ipynb")
    with serving(app, tmp_path, "--expose-app-in-browser") as address:
        page.goto(f"{address}/{path}/figure.ipynb")
        page.locator(".jp-Notebook .cm-content").first.click()
        page.wait_for_function(KERNEL_IDLE)
        page.keyboard.press("Shift+Enter")
        figure, slider = page.locator(".lf-live svg"), page.locator(".noUi-base")
        figure.wait_for()
        assert figure.get_attribute("aria-label").startswith("One bar on the ground")
        before = figure.evaluate("(e) => e.outerHTML")
        box = slider.bounding_box()  # by mouse: Notebook itself takes the arrow keys
        page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_function(
            "(before) => document.querySelector('.lf-live svg').outerHTML !== before", arg=before
        )
        page.locator(".jp-OutputArea-output").get_by_text("height squared 4").wait_for()
        assert page.locator(".lf-live svg").count() == 1
        page.goto("about:blank")  # its kernel ends with the server
