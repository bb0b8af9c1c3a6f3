"""Exercises answered in the page: the browser says what `lossbook.teaching.exercises` says, and remembers."""

import ast
import gzip
import json
import random
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lossbook.teaching import exercises

from ..paths import NOTEBOOKS, ROOT, SITE
from .accessibility import AXE
from .answers import ASK, CHAPTERS, EXERCISES, HERE, QUICK, answers_to, as_python_says, floats
from .pages import LAID_OUT, STICKS_OUT

STORED = "lossbook.exercises.1"


@pytest.fixture(scope="module")
def chapter(address, pages):
    """The page of a chapter; all tests that leave no trace share it."""
    watched = pages.take("about:blank")
    page, shown = watched.page, None

    def show(name):
        nonlocal shown
        if shown != name:
            page.goto(f"{address}chapters/{name}.html", wait_until="domcontentloaded")
            page.wait_for_selector(".answers-here")
            shown = name
        return page

    yield show
    assert not [c for c in watched.complaints if c.startswith("error")]
    pages.give_back(watched)


def ask(page, asked):
    return page.evaluate(ASK, asked)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_page_says_what_python_says(name, chapter):
    page = chapter(name)
    forms = page.eval_on_selector_all(".answer-form", "(fs) => fs.map((f) => f.dataset.key)")
    here = [QUICK[e.key] for e in exercises.exercises(name) if e.kind != "function"]
    assert sorted(forms) == sorted(e.key for e in here) and len(forms) >= 5
    assert page.locator(".answer").count() == len(exercises.exercises(name))
    chance = random.Random(name)
    asked = [(e.key, value) for e in here for value in answers_to(e, chance)]
    typed = [(key, value if isinstance(value, str) else repr(value)) for key, value in asked]
    for (key, value), said in zip(asked, ask(page, typed), strict=True):
        assert said[:3] == as_python_says(key, value), (key, value)
    for exercise in here:
        plain = {"number": float, "array": floats, "choice": str}[exercise.kind]
        wrong = [(plain(m.wrong()), m.message) for m in exercise.mistakes]
        told = ask(page, [(exercise.key, str(value)) for value, _ in wrong])
        assert [s[1] for s in told] == [message for _, message in wrong]
        assert ask(page, [(exercise.key, str(plain(exercise.answer())))])[0][0] == "right"


def test_the_precision_asked_stands_at_the_field_and_is_what_the_page_takes(chapter):
    rough = [QUICK[e.key] for e in HERE if e.nearest]
    assert {"number", "array"} <= {e.kind for e in rough}
    for exercise in rough:
        page = chapter(exercise.key.partition(".")[0])
        form = page.locator(f"form[data-key='{exercise.key}']")
        assert form.locator("label").text_content().endswith(f", {exercise.asked}")
        assert page.evaluate("(f) => JSON.parse(f.dataset.exercise).nearest", form.element_handle())
        truth = np.atleast_1d(np.asarray(exercise.answer(), dtype=float))
        for units, verdict in [(0.49, "right"), (0.51, "wrong")]:
            off = truth + units * exercise.nearest
            if exercise.tolerance * np.abs(truth).max() > 0.5 * exercise.nearest:
                continue  # there the tolerance is the wider
            typed = ", ".join(map(repr, off.tolist()))
            assert ask(page, [(exercise.key, typed)])[0][0] == verdict, (exercise.key, typed)
    exact = next(e for e in HERE if e.kind == "number" and not e.nearest)
    page = chapter(exact.key.partition(".")[0])
    assert page.locator(f"form[data-key='{exact.key}'] label").text_content() == "Your answer"


def test_numbers_are_written_as_python_writes_them(chapter):
    chance = random.Random(1)
    values = [chance.gauss(0, 1) * 10.0 ** chance.randint(-320, 300) for _ in range(300)]
    values += [chance.randint(-(10**7), 10**7) / 2 for _ in range(300)]  # ties among them
    values += [chance.randint(0, 10**9) / 2**k for k in range(1, 60) for _ in range(3)]
    values += [float(f"{chance.choice('123456789')}e{k}") for k in range(-12, 13)]
    values += [999999.5, 9999995e-1, 99999.95, 0.000099999951, 999999.4999999999]
    key = "optimization.sigmoids"
    said = ask(chapter("optimization"), [(key, repr(v)) for v in values])
    for value, (_, message, *_) in zip(values, said, strict=True):
        assert message == QUICK[key].feedback(value).message


def an_expression(chance, depth):
    if depth == 0:
        return chance.choice(["2", "3", ".5", "1.5", "7.", "1e-3", "2.5E2", "pi", "e", "0.1"])
    a, b = an_expression(chance, depth - 1), an_expression(chance, chance.randint(0, depth - 1))
    return chance.choice(
        [
            *(
                f"{a}+{b}",
                f"{a} - {b}",
                f"{a}*{b}",
                f"({a})/({b})",
                f"-{a}",
                f"({a})",
                f"+{a}-+{b}",
            ),
            *(f"sqrt({a})", f"ln( {a} )", f"np.log({b})", f"math.exp(-({a})**2)", f"-({b})^2"),
            *(f"{b}^-1", f"2**{b}^.5", f"({a})**2*{b}"),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2/3", "0.666667"),
        ("2 × 3 − 1", "5"),
        ("10^6", "1e+06"),
        ("log(2)", "0.693147"),
        ("π/2", "1.5708"),
        ("2·π", "6.28319"),
        ("-2^2", "-4"),
        ("2^3^2", "512"),
        ("sqrt(-1)", "nan"),
        ("  4 ", ""),
    ],
)
def test_what_people_type_is_read(typed, read, chapter):
    said = ask(chapter("mse"), [("mse.power", typed)])[0]
    assert said[3] == (read and f"Understood as {read}.") and said[0]


GARBAGE = [
    *(
        "...",
        "abc",
        "2 3",
        "1+",
        "(1",
        "1)",
        "()",
        "2pi",
        "log 2",
        "log",
        "1.2.3",
        "1e",
        "75 %",
        "--",
        "*2",
        "½",
    ),
    *(
        "constructor",
        "__proto__",
        "toString()",
        "alert(1)",
        "np.",
        "os.system",
        "1;2",
        "2e3e",
        "1_000",
        "=3",
        "'1'",
    ),
    *(
        "<b>1</b>",
        "1 == 1",
        "x=>x",
        "pi()",
        "\\frac{1}{2}",
        "💥",
        "(" * 399,
        "1//2",
        "sqrt(2)(3)",
        "0x10",
        "1/0",
        "2/(1-1)",
    ),
]


def test_what_cannot_be_read_is_no_answer(chapter):
    page = chapter("mse")
    before = page.evaluate(f"localStorage.getItem('{STORED}')")
    said = ask(page, [("mse.power", typed) for typed in GARBAGE])
    for typed, (verdict, message, hint, _, problem) in zip(GARBAGE, said, strict=True):
        assert verdict == message == hint == "" and problem, typed
    assert ask(page, [("mse.power", "1,5")])[0][4].startswith("Write a decimal point")
    assert ask(page, [("mse.power", "1,000,000")])[0][4].startswith("Write a decimal point")
    assert ask(page, [("mse.power", " ")])[0][4] == "Type an answer first."
    assert ask(page, [("mse.power", "2/0")])[0][4] == "That divides by zero."
    assert ask(page, [("mse.constants", "2; 0")])[0][4].startswith("Write commas")
    assert (
        ask(page, [("mse.constants", "2,,0")])[0][4] and ask(page, [("mse.constants", ",")])[0][4]
    )
    assert page.evaluate(f"localStorage.getItem('{STORED}')") == before


@pytest.mark.parametrize(
    "typed",
    [
        "2, 0",
        "[2.0, 0.0]",
        "(2,0)",
        "[2. 0.]",
        "2 0",
        "4/2, 1-1",
        "2,0,",
        " [ 2 , 0 ] ",
        "(1+1)*1, (0)",
    ],
)
def test_lists_are_read_as_people_type_them(typed, chapter):
    assert ask(chapter("mse"), [("mse.constants", typed)])[0][0] == "right"


def test_the_script_is_small_and_only_where_it_is_needed():
    assert len(gzip.compress((SITE / "_static/exercises.js").read_bytes())) < 4000
    loading = {p.stem for p in SITE.rglob("*.html") if "exercises.js" in p.read_text("utf-8")}
    assert loading == {*CHAPTERS, "intro"}


def stored(page):
    return json.loads(page.evaluate(f"localStorage.getItem('{STORED}')") or "{}")


def test_by_keyboard_remembered_and_forgotten(address, open_page):
    watched = open_page(address + "chapters/conclusion.html")
    page = watched.page
    of = sum(e.kind != "function" for e in exercises.exercises("conclusion"))
    progress = page.locator(".answer-progress > span")
    assert progress.text_content() == f"0 of {of} solved"
    assert page.locator(".answered-above").first.is_hidden()
    form = page.locator("form[data-key='conclusion.pulls']")
    form.locator("input").focus()
    page.keyboard.type("0.2")
    page.keyboard.press("Enter")
    assert (
        form.locator(".answer-message").text_content().startswith("that is the price of too much")
    )
    assert form.locator("[aria-live=polite]").count() == 1
    assert page.locator(".answer-mark").count() == 0
    # a word typed elsewhere survives what is answered here
    page.locator("form[data-key='conclusion.beat'] input").fill("half typed")
    form.locator("input").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("4/5")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    assert form.locator(".answer-message").text_content().startswith("right. ")
    assert page.locator("form[data-key='conclusion.beat'] input").input_value() == "half typed"
    assert progress.text_content() == f"1 of {of} solved"
    assert stored(page) == {"conclusion.pulls": ["4/5", 1]}

    page.reload(wait_until="domcontentloaded")
    assert form.locator("input").input_value() == "4/5"
    assert form.locator(".answer-message").text_content().startswith("right. ")
    title = page.locator("#ex-conclusion-pulls .admonition-title")
    assert "✓ solved" in title.text_content() and page.locator(".answer-mark").count() == 1
    form.locator("input").fill("7")
    form.locator("button").click()
    assert stored(page) == {"conclusion.pulls": ["7", 1]}  # solved once is solved

    # a choice, in another chapter: arrows choose, Enter checks
    other = page.context.new_page()
    other.goto(address + "chapters/challenges.html", wait_until="domcontentloaded")
    choices = other.locator("form[data-key='challenges.d']")
    choices.locator("button").click()
    assert choices.locator(".answer-problem").text_content() == "Choose an answer first."
    choices.locator("input").first.focus()
    other.keyboard.press("Space")
    for _ in range(3):
        other.keyboard.press("ArrowDown")
    other.keyboard.press("Enter")
    assert choices.locator(".answer-message").text_content().startswith("right. ")
    other.reload(wait_until="domcontentloaded")
    assert choices.locator("input[value='shuffled labels']").is_checked()

    other.goto(address + "intro.html", wait_until="domcontentloaded")
    counts = other.locator(".answers-overall li span").all_text_contents()
    assert len(counts) == len(CHAPTERS) and sum(c.startswith("1 of ") for c in counts) == 2
    total = other.locator(".answers-overall p span")
    assert total.text_content() == f"2 of {len(HERE)} solved"
    questions = []
    other.once("dialog", lambda d: (questions.append(d.message), d.dismiss()))
    other.locator(".answers-clear").click()
    assert questions and total.text_content().startswith("2 of ") and len(stored(other)) == 2
    other.once("dialog", lambda d: d.accept())
    other.locator(".answers-clear").press("Enter")
    assert total.text_content().startswith("0 of ") and stored(other) == {}
    # the chapter that is open beside it has forgotten, too
    page.wait_for_function("() => !document.querySelector('.answer-mark')")
    assert form.locator("input").input_value() == "" and not form.locator(".answer-said p").count()
    assert progress.text_content() == f"0 of {of} solved"
    assert not watched.complaints
    assert not [u for u in watched.requests if not u.startswith((address, "data:"))]


BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("blocked", "SecurityError"); }, configurable: true })"""
FULL = """const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("lossbook")) throw new DOMException("full", "QuotaExceededError");
  set.call(this, key, value);
}"""
SPOILED = ["{", '{"conclusion.pulls":null,"conclusion.beat":[{}],"x":7,"conclusion.agree":[]}']


@pytest.mark.parametrize("broken", [[BLOCKED], [FULL], SPOILED], ids=["blocked", "full", "spoiled"])
def test_blocked_or_spoiled_storage_breaks_nothing(broken, address, browser):
    context = browser.new_context()
    page, errors = context.new_page(), []
    page.on("pageerror", lambda e: errors.append(str(e)))
    if broken is not SPOILED:
        page.add_init_script(broken[0])
    for text in broken:
        if broken is SPOILED:
            page.goto(address + "genindex.html", wait_until="domcontentloaded")
            page.evaluate("([key, text]) => localStorage.setItem(key, text)", [STORED, text])
        page.goto(address + "chapters/conclusion.html", wait_until="domcontentloaded")
        progress = page.locator(".answer-progress > span")
        assert progress.text_content().startswith("0 of ")
        assert ask(page, [("conclusion.pulls", "0.8")])[0][1].startswith("right. ")
        assert progress.text_content().startswith("1 of ")
    context.close()
    assert not errors


def test_without_scripts_and_in_print_there_is_no_form(address, open_page):
    page = open_page(address + "chapters/conclusion.html", java_script_enabled=False).page
    assert page.locator(".answer-form").count() and page.locator(".answered-above").count()
    for hidden in page.locator(".answer-form, .answer-progress").all():
        assert hidden.is_hidden()
    for stub in page.locator(".answered-above").all():
        assert stub.is_visible()
    page.goto(address + "intro.html", wait_until="domcontentloaded")
    assert page.locator(".answers-overall li").count() == len(CHAPTERS)
    assert page.locator(".answers-clear").is_hidden()
    page = open_page(address + "chapters/conclusion.html").page
    ask(page, [("conclusion.pulls", "0.8")])
    page.emulate_media(media="print")
    nothing = ".answer, .answer-progress, .answer-mark, .answered-above"
    for hidden in page.locator(nothing).all():
        assert hidden.is_hidden()
    assert page.locator(".answered-above").first.is_hidden()  # no empty boxes on paper
    assert page.locator(".asked-below").first.is_visible()


def test_the_choices_are_said_once(address, open_page):
    """Where the buttons have the words of the question, it says them no more; in print and without a script it does."""
    watched = open_page(address + "chapters/training.html")
    page = watched.page
    page.add_style_tag(content=LAID_OUT)
    form = page.locator("form[data-key='training.night']")
    box = page.locator(".exercise", has=form)
    assert box.locator("ul.asked-below").is_hidden()
    labels = form.locator("label").all_text_contents()
    listed = [t.strip() for t in box.locator("ul.asked-below li").all_text_contents()]
    assert len(labels) == len(listed) == 4
    for label, item in zip(labels, listed, strict=True):
        name, said = item.split(":", 1)
        assert label.split(maxsplit=1) == [name, said.strip()]
    # the steps of a proof are choices too
    proof = page.locator(".exercise", has=page.locator("form[data-key='training.proof']"))
    assert proof.locator("ul.asked-below").is_hidden()
    assert len({t for t in proof.locator("label").all_inner_texts() if len(t) > 20}) == 4
    # what is said of notebooks is for those who read one
    how = page.get_by_text("Type your answer under the question")
    assert "three dots" not in how.inner_text() and "three dots" in how.text_content()
    assert not watched.complaints
    page = open_page(address + "chapters/conclusion.html").page
    page.add_style_tag(content=LAID_OUT)
    asked = page.locator("#ex-conclusion-courier").inner_text()
    assert "Which loss should it train on?" in asked and asked.count("expectile 5/6") == 1
    page = open_page(address + "chapters/training.html", java_script_enabled=False).page
    assert page.locator("ul.asked-below").first.is_visible()


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_choice_is_lost(name, chapter):
    """Each button has words, or the question lists its name."""
    page = chapter(name)
    page.add_style_tag(content=LAID_OUT)
    for exercise in exercises.exercises(name):
        if exercise.kind == "choice":
            form = page.locator(f"form[data-key='{exercise.key}']")
            labels = [t.split() for t in form.locator("label").all_text_contents()]
            asked = page.locator(".exercise", has=form).inner_text()
            for choice, label in zip(exercise.choices, labels, strict=True):
                assert label[: len(choice.split())] == choice.split()
                assert (
                    len(label) > len(choice.split())
                    or re.search(rf"(^|\W){re.escape(choice)}\W", asked.split("Your answer")[0])
                    or choice.isdigit()
                ), (exercise.key, label)


def test_the_title_has_its_level_in_words(chapter):
    page = chapter("training")
    for box in page.locator(".exercise").all():
        level = box.locator(".exercise-level")
        dots = level.text_content().count("●")
        assert level.get_attribute("aria-label") == f"level {dots} of 3" and 1 <= dots <= 3
        title = box.locator(".admonition-title").text_content()
        assert "(" not in title and ")" not in title
        assert box.locator(".exercise-name").text_content().strip(" ●")
        assert "●" not in box.locator(".exercise-name").text_content()


def test_each_exercise_has_one_solution(chapter):
    """A disclosure with the answer in words and the code, and no second one beside it."""
    page = chapter("training")
    boxes = page.locator(".exercise").count()
    folds = page.locator("details.hide:has(.solution-words)")
    assert (
        folds.count()
        == boxes
        == page.get_by_text("Solution", exact=True).locator("visible=true").count()
    )
    assert page.locator(".exercise a[href*='solutions.html']").count() == 0
    first = folds.first
    first.locator("summary").click()
    assert first.locator(".solution-words").text_content().startswith("10.8.")
    assert "np.log(50_000)" in first.text_content()


def test_the_website_checks_in_no_cell(chapter):
    """What is for the notebook, a call and what it prints, is not shown; what is asked for and what solves it is."""
    for name in CHAPTERS:
        page = chapter(name)
        cells = page.locator(".answered-elsewhere, details.hide:has(.solution-words)")
        assert cells.count() >= len(exercises.exercises(name))
        for text in cells.all_text_contents():
            assert not re.search(r"\bcheck\(|^[✓✗…] ", text, re.M), text
            assert "not answered yet" not in text
        for stub in page.locator(".answered-elsewhere").all_text_contents():
            assert re.match(r"\s*def \w+\(", stub)


def test_a_link_to_an_exercise_leads_to_it_though_forms_have_come_in_above(address, open_page):
    page = open_page(address + "chapters/challenges.html#ex-challenges-liars").page
    page.wait_for_function(
        """() => { const { top } = document.getElementById("ex-challenges-liars").getBoundingClientRect();
                   return top >= 0 && top < innerHeight / 3; }""",
        timeout=5000,
    )


def test_a_function_is_sent_to_the_notebook(address, chapter):
    for name in ("mse", "hinge"):
        page = chapter(name)
        wanted = sum(e.kind == "function" for e in exercises.exercises(name))
        lines = page.locator(".answer-elsewhere")
        assert lines.count() == wanted >= 1
        assert "make lab" in lines.first.text_content()
        box = page.locator(".exercise", has=page.locator(".answer-elsewhere")).first
        assert box.locator("input, button").count() == 0
        stub = box.locator("xpath=following-sibling::div[contains(@class, 'cell')][1]")
        assert stub.is_visible() and stub.text_content().strip().startswith("def ")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_when_all_is_answered(theme, address, open_page):
    page = open_page(address + "chapters/conclusion.html", theme=theme, width=390).page
    here = [e for e in exercises.exercises("conclusion") if e.kind != "function"]
    for i, exercise in enumerate(here):
        right = exercise.answer()
        text = right if isinstance(right, str) else repr(np.asarray(right).tolist())
        other = next((c for c in exercise.choices if c != right), "")
        wrong = {"number": "2/7", "array": "2/7, 1", "choice": other}[exercise.kind]
        ask(page, [(exercise.key, text if i % 2 else wrong)])
    verdicts = page.eval_on_selector_all(".answer-form", "(fs) => fs.map((f) => f.dataset.verdict)")
    assert set(verdicts) == {"right", "wrong"}
    assert page.evaluate(STICKS_OUT) <= 0
    page.add_style_tag(content=LAID_OUT)
    page.evaluate(AXE)
    found = page.evaluate("axe.run('#exercises', { resultTypes: ['violations'] })")["violations"]
    assert not [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


# ---------------------------------------------------------------------------------- solutions


def in_notebooks():
    """(chapter, label, key, code of the solution) of every exercise, read here in another way than the page does."""
    contents = (ROOT / "_toc.yml").read_text("utf-8")
    for path in sorted(NOTEBOOKS, key=lambda p: contents.index(f"chapters/{p.stem}\n")):
        cells = nbformat.read(path, as_version=4).cells
        for i, cell in enumerate(cells):
            if "{exercise}" in cell.source and cell.cell_type == "markdown":
                label = re.search(r":label: (\S+)", cell.source)[1]
                after = [c.source for c in cells[i + 1 :] if c.cell_type == "code"]
                stub = next(k for k, source in enumerate(after) if 'check("' in source)
                key = re.search(r'check\(\s*"(.+?)"', after[stub])[1]
                yield path.stem, label, key, after[stub + 1]


def statements(code):
    """What a solution says, with what it checks in the place of the check; names alone are not said again."""
    found = []
    for node in ast.parse(code).body:
        value = node.value if isinstance(node, ast.Expr) else node
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "check":
            value = value.args[1]
        if not isinstance(value, ast.Name):
            found.append(ast.unparse(value))
    return found


def test_every_exercise_has_its_solution_on_the_page(address, open_page):
    wanted = list(in_notebooks())
    assert sorted(key for *_, key, _ in wanted) == sorted(e.key for e in EXERCISES)
    page = open_page(address + "chapters/solutions.html", width=320).page
    shown = page.evaluate(
        """() => [...document.querySelectorAll("section:has(> h3)")].map((s) => {
          const link = s.querySelector("p a"), ids = [s.id, ...[...s.querySelectorAll("span[id]")].map((e) => e.id)];
          return [link.getAttribute("href"), s.querySelector("pre").textContent.trimEnd(), link.textContent, ids];
        })"""
    )
    assert not [code for _, code, *_ in shown if "check(" in code]
    assert [href for href, *_ in shown] == [
        f"{chapter}.html#{label}" for chapter, label, *_ in wanted
    ]
    for (_, code, *_), (*_, source) in zip(shown, wanted, strict=True):
        assert statements(code) == statements(source)
    texts = {c: (SITE / f"chapters/{c}.html").read_text("utf-8") for c in CHAPTERS}
    for (name, label, _, _), (_, _, number, ids) in zip(wanted, shown, strict=True):
        assert f'id="{label}"' in texts[name]
        box = texts[name].split(f'id="{label}"')[1].split("<details")[0]
        assert f"solution-{label.removeprefix('ex-').replace('_', '-')}" in ids
        assert re.match(
            rf"{number}\b",
            re.sub(r"<[^>]+>|\s+", " ", box.split(">", 1)[1]).strip().replace("  ", " "),
        )
    assert page.evaluate(STICKS_OUT) <= 0


def test_no_solution_is_written_by_hand():
    source = (ROOT / "chapters" / "solutions.md").read_text("utf-8")
    assert "{solutions}" in source and len(source.splitlines()) < 12
    assert not [e.key for e in EXERCISES if e.key in source]
    assert Path(SITE / "chapters/solutions.html").stat().st_size > 20 * len(source)
