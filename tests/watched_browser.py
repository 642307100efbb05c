"""Chromium for the journeys, and pages whose faults are written down."""

from __future__ import annotations

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

FLAGS = [
    "--no-sandbox",  # Chromium as root, in a container
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
#: An answer that a test may want: a page that is not there, a form in error.
WANTED = {"document", "fetch", "xhr"}


def chromium() -> str | None:
    """The executable: CHROMIUM names it, else it is on the path; None if there is none."""
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


class WatchedBrowser:
    """Opens pages at `address`, each in a context of its own, and keeps what goes wrong on them in `faults`.

    Wrong is: an error on the console (a violation of the content security policy is one) or in a script, an
    answer 5xx, an asset that is not there, a request to another host.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.faults: list[str] = []

    def open(self, **options: Any) -> Page:
        """A blank page; `options` are those of Playwright's `new_context`."""
        options = {
            "base_url": self.address,
            "locale": "it-IT",
            "viewport": {"width": 1280, "height": 800},
            "reduced_motion": "reduce",  # else the window would still be on its way when it is clicked
        } | options
        context = self.browser.new_context(**options)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        return context.new_page()

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()

    def _console(self, message: ConsoleMessage) -> None:
        # What could not be loaded is judged by its answer, which says more than this line.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.faults.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in WANTED
        ):
            self.faults.append(f"{response.status}: {response.url}")
