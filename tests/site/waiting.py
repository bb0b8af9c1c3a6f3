"""States of a page to wait for, in place of a time that is too long on a fast machine and too short on a busy one."""

#: in JupyterLab or Notebook: the kernel of the notebook has started, and its cells can be run
KERNEL_IDLE = """() => window.jupyterapp?.commands.hasCommand("notebook:run-all-cells")
  && window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """


def frames(page, count=2):
    """Until that many frames are drawn: what a page does at once is done; what it leaves alone stays."""
    page.evaluate(
        "async (n) => { for (let k = 0; k < n; k++) await new Promise(requestAnimationFrame); }",
        count,
    )


def at_rest(page):
    """Until transitions have ended, and four frames in a row have neither scrolled nor laid out the page anew."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          await frame();  // a transition begins with the next frame
          const place = () => [scrollX, scrollY, document.documentElement.scrollHeight].join();
          for (let last, same = 0; same < 4; await frame()) {
            const ends = (a) => Number.isFinite(a.effect.getComputedTiming().endTime);
            const moving = document.getAnimations().filter(ends);
            await Promise.allSettled(moving.map((a) => a.finished));
            same = place() === last ? same + 1 : 0;
            last = place();
          }
        }"""
    )


def timers(page, delay=400):
    """Until the page's timers of at most that delay, in ms, have run: one that is set now comes after them."""
    page.evaluate("(ms) => new Promise((done) => { setTimeout(done, ms); })", delay)


def first_states(page):
    """Until the figures near the window have their states, and nothing more is on its way."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('live-figure[data-states]')].some((f) => f.channels)"
    )
    page.wait_for_load_state("networkidle")


def all_states(page):
    """Until every figure of the page has its states, wherever it stands."""
    page.evaluate("document.querySelectorAll('live-figure').forEach((f) => f.load?.())")
    page.wait_for_function(
        "() => [...document.querySelectorAll('live-figure[data-states]')].every((f) => f.channels)"
    )
