"""Somebody at the desk without a mouse."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Download, Page

MOST = 1000
"""So many stops a page has at most; who passes as many goes round in circles."""
_STOP = """([selector, words, first]) => {
  const at = document.activeElement, before = first ? null : window.stoppedAt;
  window.stoppedAt = at;
  const named = () => {
    const label = at.labels?.[0]?.innerText || "";
    return `${label} ${at.getAttribute("aria-label") || ""} ${at.innerText || ""}`;
  };
  const fits = at.matches(selector) && (!words || named().includes(words));
  if (first) return { fits };
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const many = at.tagName === "IFRAME" || at.type === "date" || at === document.body;
  // In a frame its own page shows where the focus is.
  const seen = at === document.body || (ring || at.tagName === "IFRAME")
    && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return { fits, seen, trap: at === before && !many, what: at.outerHTML.slice(0, 120) };
}"""
"""Where the focus is, and whether it is what was looked for; of the first stop only that."""


class Keyboard:
    """Goes about a page by the keyboard alone, and minds that each stop can be seen and left."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.stops = 0

    def to(self, selector: str, words: str = "", *, back: bool = False) -> None:
        """Press Tab, or Shift and Tab, until the stop is reached that has these words."""
        now: dict[str, Any] = self._page.evaluate(_STOP, [selector, words, True])
        for _ in range(MOST):
            if now["fits"]:
                return
            self._page.keyboard.press("Shift+Tab" if back else "Tab")
            now = self._page.evaluate(_STOP, [selector, words, False])
            assert not now["trap"], f"a trap: {now['what']}"
            assert now["seen"], f"focus that nobody sees: {now['what']}"
            self.stops += 1
        raise AssertionError(f"no stop {selector} with {words}")

    def press(
        self, selector: str, words: str = "", key: str = "Enter", *, back: bool = False
    ) -> None:
        """Go to a stop and press a key there."""
        self.to(selector, words, back=back)
        self._page.keyboard.press(key)

    def follow(self, selector: str, words: str, address: str, *, back: bool = False) -> None:
        """Go to a link or button, press Enter and wait for the page that it leads to."""
        self.press(selector, words, back=back)
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
