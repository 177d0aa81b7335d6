"""What MkDocs leaves to us for a site in Chinese that is read without a network.

Its search program cuts texts into words at blanks, of which Chinese has none, and fetches its
index, which browsers refuse to a page opened from the disk. docs/assets/search.js looks for the
letters as they were typed, in the same index written as a script.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

_CHINESE = r"[\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uff00-\uffef]"
_BROKEN_LINE = re.compile(rf"(?<={_CHINESE})\n(?={_CHINESE})")

_INLINE_CODE = re.compile(r"(?<!<pre>)<code>([^<]*)</code>")
_HYPHENED = re.compile(r"(?<!\S)(?=\S*-)\S{1,24}(?!\S)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Join lines that end and begin with Chinese: a line's end would be printed as a blank."""
    return _BROKEN_LINE.sub("", markdown)


def on_post_page(output: str, **_: object) -> str:
    """Name the language as browsers know it, and let no line end within ``--explain``.

    The theme writes the locale of its translation; browsers break lines after a hyphen.
    """
    output = output.replace('<html lang="zh_Hans_CN"', '<html lang="zh-CN"', 1)
    return _INLINE_CODE.sub(lambda code: f"<code>{_unbroken(code[1])}</code>", output)


def _unbroken(code: str) -> str:
    return _HYPHENED.sub(r'<span class="whole">\g<0></span>', code)


def on_post_build(config: MkDocsConfig) -> None:
    """Write search/index.js beside the index that the search plugin wrote.

    The page that tells of a wrong address is for servers and is not kept: from the disk its own
    addresses lead nowhere.
    """
    site = Path(config.site_dir)
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    sections = json.dumps(index["docs"], ensure_ascii=False)
    (site / "search" / "index.js").write_text(f"window.nianbaoSections = {sections};\n", "utf-8")
    (site / "404.html").unlink(missing_ok=True)
