"""Choose the rows of a ledger that are counted, and their names: every other row is reported."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal

from nianbao.files.words import normalise_characters, normalise_word
from nianbao.inputs.personal import masked
from nianbao.inputs.records import Records
from nianbao.inputs.values import PART_SUMS, SUMS, Reading, read_number


def take_sums(
    records: Records, labels: Collection[str], numbers: Collection[str]
) -> tuple[Records, list[Reading]]:
    """Take the rows of sums out of a table, and check them: they are not counted twice.

    Parameters
    ----------
    records
        A table.
    labels
        Heads of the columns in which a row of sums says that it is one.
    numbers
        Heads of the columns that are summed; without any the rows themselves are.

    Returns
    -------
    Records
        Without the rows of sums.
    list of Reading
        Each sum that is another than that of the rows.
    """
    words = [(records.columns[name], name) for name in labels if name in records]
    kinds = {
        i: normalise_word(texts[i])
        for texts, _ in words
        for i in range(len(records))
        if normalise_word(texts[i]) in SUMS
    }
    kinds |= {i: kinds.get(i, "合计") for i in records.sums}
    if not kinds:
        return records, []
    readings: list[Reading] = []
    rest = [i for i in range(len(records)) if i not in kinds]
    for i, kind in sorted(kinds.items()):
        above = max((j for j in kinds if j < i), default=-1)
        parts = [j for j in rest if above < j < i] if kind in PART_SUMS else rest
        if numbers:
            for name in numbers:
                readings += _other_sum(records, i, name, parts)
        else:
            readings += _other_count(records, i, len(parts))
    return records.select(rest), readings


def _other_sum(records: Records, record: int, name: str, parts: Sequence[int]) -> Iterator[Reading]:
    """Yield the number in a row of sums if it is not the sum of its parts."""
    typed = read_number(records.columns[name][record])
    found = [read_number(records.columns[name][j]) for j in parts]
    total = sum((f[0] for f in found if f), Decimal(0))
    if typed and typed[0] != total:
        yield Reading("sum", records.place(record, name), f"{typed[0]:f}", f"{total:f}")


def _other_count(records: Records, record: int, rows: int) -> Iterator[Reading]:
    """Yield the number in a row below a list if it is not how many rows the list has."""
    texts = (texts[record] for texts in records.columns.values())
    typed = [found[0] for text in texts if (found := read_number(text))]
    if typed and rows not in typed:
        yield Reading("sum", records.place(record), f"{typed[0]:f}", str(rows))


def one_name(records: Records, head: str, reported: list[Reading]) -> list[str]:
    """Read a column of names, of which several writings may be one: the commonest stands for all.

    Blanks, letters and brackets of either width, quotation marks and dashes make no other name.
    """
    texts = list(records.columns.get(head, [""] * len(records)))
    writings: dict[str, Counter[str]] = {}
    for text, times in Counter(texts).items():
        writings.setdefault(_same_name(text), Counter())[text] = times
    chosen = {
        text: several.most_common(1)[0][0]
        for key, several in writings.items()
        if key and len(several) > 1
        for text in several
    }
    for i, text in enumerate(texts) if chosen else ():
        if chosen.get(text, text) != text:
            reported.append(Reading("name", records.place(i, head), text, chosen[text]))
            texts[i] = chosen[text]
    return texts


def report_omitted(
    records: Records,
    within: Sequence[bool],
    why: Callable[[int], tuple[str, str]],
    claimed: Collection[int],
) -> Iterator[Reading]:
    """Report each record that is not counted, with the column and the words that say why.

    One that stands among those that are counted, or whose number claims the year (``claimed``),
    is taken for a slip; those before and after them belong to a ledger of several years.
    """
    counted = [i for i, inside in enumerate(within) if inside]
    for i, inside in enumerate(within):
        if not inside:
            head, reason = why(i)
            slip = i in claimed or bool(counted and counted[0] < i < counted[-1])
            first = masked(next(iter(records.columns.values()))[i])
            yield Reading("slip" if slip else "outside", records.place(i, head), first, reason)


_ALIKE = str.maketrans("“”‘’「」『』—–－～【】〔〕", '""\'\'""""---~[][]')


def _same_name(text: str) -> str:
    """Reduce a name to what its writings have in common."""
    plain = unicodedata.normalize("NFKC", normalise_characters(text)).translate(_ALIKE)
    return "".join(plain.split()).casefold()
