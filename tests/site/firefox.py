"""Drive an installed Firefox over WebDriver BiDi, which it speaks itself (Playwright needs its own build)."""

import itertools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from websockets.sync.client import connect

NAMES = ["firefox", "firefox-esr"]
OPTIONS = ["--headless", "--no-remote", "--remote-debugging-port=0"]
PATIENCE = 20  #: seconds for something on the page to come true
MAC = "/Applications/Firefox.app/Contents/MacOS/firefox"


def installed() -> str | None:
    for candidate in [*map(shutil.which, NAMES), MAC]:
        if candidate and Path(candidate).exists():
            return candidate
    return None


class Firefox:
    """One window. `complaints` is what its console said; errors of the page are among it."""

    def __init__(self, path: str):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [path, *OPTIONS, "--profile", self.profile.name],
            stderr=subprocess.PIPE,
            text=True,
        )
        address = next(
            line.split()[-1] for line in self.process.stderr if "BiDi listening on" in line
        )
        self.connection = connect(f"{address}/session", max_size=None)
        self.socket = self.connection.__enter__()
        self.numbers = itertools.count()
        self.complaints: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("method") == "log.entryAdded":
                entry = message["params"]
                # a font that was on its way when the next page was opened is no fault of the page
                aborted = "downloadable font" in entry["text"] and "2152398850" in entry["text"]
                # a formula of which half has been read when it is first laid out; test_pages looks at them whole
                half = "Incorrect number of children" in entry["text"]
                if entry["level"] in ("error", "warn") and not aborted and not half:
                    self.complaints.append(f"{entry['level']}: {entry['text']}")
            if message.get("id") == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]

    def size(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self.context, viewport=viewport)

    def open(self, url: str) -> None:
        # on a busy machine a connection may break, and Firefox shows the half that came, or the page before; what
        # is still on its way is given up for an empty page, or it would come while the next is looked at
        for _ in range(3):
            for address in ("about:blank", url):
                self.complaints.clear()
                self.send(
                    "browsingContext.navigate", context=self.context, url=address, wait="complete"
                )
            here = self.evaluate(
                "[location.href.split('#')[0], document.documentElement?.outerHTML.includes('<footer')]"
            )
            if here == [url.split("#")[0], True]:
                return
        raise AssertionError(f"{url} does not arrive in whole")

    def evaluate(self, expression: str):
        """The value of an expression (awaited) that JSON can carry."""
        answer = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait(self, expression: str) -> None:
        """Until an expression is true; it is asked for at each frame."""
        came = self.evaluate(
            f"""(async () => {{
              const end = performance.now() + {1000 * PATIENCE};
              while (!({expression})) {{
                if (performance.now() > end) return false;
                await new Promise(requestAnimationFrame);
              }}
              return true;
            }})()"""
        )
        if not came:
            raise AssertionError(f"never true: {expression}; {self.complaints}")

    def press(self, *keys: str) -> None:
        """Keys to the element that has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.send("input.performActions", context=self.context, actions=[source])

    def close(self) -> None:
        self.connection.__exit__(None, None, None)
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()
        self.profile.cleanup()
