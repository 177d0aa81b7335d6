"""The text of a file that a Word file takes in whole (altChunk): a page, RTF, text, another Word.

Apart because these are other forms than Word's own, each read only as far as its words.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from zipfile import BadZipFile

from lxml import html
from lxml.etree import LxmlError

from nianbao.errors import InputError
from nianbao.files.sources import decode

_RTF_GROUP = re.compile(r"\{\\(?:\*|fonttbl|colortbl|stylesheet|info|pict)(?:[^{}]|\{[^{}]*\})*\}")
_RTF_TOKEN = re.compile(
    r"\\u(?P<number>-?\d+) ?(?:\\'[0-9a-f]{2}|\?)?|(?P<bytes>(?:\\'[0-9a-fA-F]{2})+)"
    r"|\\(?P<sign>[\\{}~])|\\(?P<end>par|line|tab|cell|row)\b ?|\\[a-zA-Z]+-?\d* ?|[{}\r\n]"
)


def chunk_text(data: bytes, of_word: Callable[[bytes], str]) -> str:
    """Return the words of a file that was taken in, empty where its form is not known.

    Parameters
    ----------
    data
        The file.
    of_word
        Gives the words of a Word file.
    """
    try:
        if data.startswith(b"PK"):
            return _tight(of_word(data))
        text = decode(data, "")
        if text.startswith("{\\rtf"):
            return _tight(_rtf(text))
        if re.match(r"(?i)(?:mime-version|from|content-type):", text):
            return _tight(" ".join(map(_page, _pages_of_mail(data))))
        return _tight(_page(text) if "<" in text else text)
    except (InputError, BadZipFile, LxmlError, ValueError, LookupError, RuntimeError):
        return ""


def _tight(text: str) -> str:
    return " ".join(text.split())


def _page(text: str) -> str:
    tree = html.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text))
    shown = tree.xpath("//text()[not(ancestor::script or ancestor::style or ancestor::head)]")
    return "".join(map(str, shown)) if isinstance(shown, list) else ""


def _pages_of_mail(data: bytes) -> list[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = (part for part in message.walk() if part.get_content_type() == "text/html")
    return [str(part.get_content()) for part in parts]


def _rtf(text: str) -> str:
    def shown(match: re.Match[str]) -> str:
        if match["number"]:
            return chr(int(match["number"]) % 0x10000)
        if match["bytes"]:
            return bytes.fromhex(match["bytes"].replace("\\'", "")).decode("gb18030", "replace")
        return match["sign"] or (" " if match["end"] else "")

    return _RTF_TOKEN.sub(shown, _RTF_GROUP.sub("", text))
