"""Somebody at the desk without a mouse."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Download, Page

MOST = 1000
"""So many stops a page has at most; who passes as many goes round in circles."""
_STOP = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    place: [...document.querySelectorAll("*")].indexOf(at),
    tag: at.tagName, many: at.tagName === "IFRAME" || at.type === "date" || at === document.body,
    // In a frame its own page shows where the focus is.
    seen: (ring || at.tagName === "IFRAME") && box.width > 0 && box.height > 0
      && box.bottom > 0 && box.top < innerHeight,
    what: at.outerHTML.slice(0, 120),
  };
}"""
_FITS = """([selector, words]) => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.innerText || "";
  const name = `${label} ${at.getAttribute("aria-label") || ""} ${at.innerText || ""}`;
  return at.matches(selector) && name.includes(words);
}"""


class Keyboard:
    """Goes about a page by the keyboard alone, and minds that each stop can be seen and left."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.stops = 0

    def to(self, selector: str, words: str = "") -> None:
        """Press Tab until the stop is reached that has these words."""
        before: dict[str, Any] = {"place": -1}
        for _ in range(MOST):
            if self._page.evaluate(_FITS, [selector, words]):
                return
            self._page.keyboard.press("Tab")
            now = self._page.evaluate(_STOP)
            assert now["many"] or now["place"] != before["place"], f"a trap: {now['what']}"
            assert now["seen"] or now["tag"] == "BODY", f"focus that nobody sees: {now['what']}"
            before, self.stops = now, self.stops + 1
        raise AssertionError(f"no stop {selector} with {words}")

    def press(self, selector: str, words: str = "", key: str = "Enter") -> None:
        """Go to a stop and press a key there."""
        self.to(selector, words)
        self._page.keyboard.press(key)

    def follow(self, selector: str, words: str, address: str) -> None:
        """Go to a link or button, press Enter and wait for the page that it leads to."""
        self.press(selector, words)
        self._page.wait_for_url(address)

    def download(self, words: str) -> bytes:
        """Take a file away."""
        with self._page.expect_download() as given:
            self.press("a", words)
        taken: Download = given.value
        return taken.path().read_bytes()

    def choose_file(self, selector: str, name: str, data: bytes) -> None:
        """Open the system's dialog for files and choose one in it."""
        with self._page.expect_file_chooser() as opened:
            self.press(selector, key="Enter")
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        opened.value.set_files(file)  # type: ignore[arg-type]
