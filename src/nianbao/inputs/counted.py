"""Choose the rows of a ledger that are counted, and their names: every other row is reported."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from nianbao.files.words import normalise_characters, normalise_word
from nianbao.inputs.personal import masked
from nianbao.inputs.records import Records
from nianbao.inputs.values import GATHERED, PART_SUMS, Reading, read_number, sum_of


def take_sums(
    records: Records, labels: Collection[str], numbers: Collection[str]
) -> tuple[Records, list[Reading]]:
    """Take the rows of sums out of a table, and check them: they are not counted twice.

    ``labels`` are the columns in which a row of sums says that it is one, ``numbers`` those that
    are summed; without any the rows themselves are.

    Returns
    -------
    Records
        Without the rows of sums.
    list of Reading
        Each sum that is another than that of the rows.
    """
    columns = [records.columns[name] for name in labels if name in records]
    sums = dict.fromkeys(records.sums, "")
    for texts in columns:
        for i, text in enumerate(texts):
            if not _MAYBE_SUM.intersection(text):
                continue
            word = normalise_word(text)
            gathered = GATHERED.fullmatch(word)
            if (of := sum_of(word)) is not None:
                sums.setdefault(i, of)
            elif gathered and gathered[1] in map(normalise_word, set(texts)):
                sums.setdefault(i, gathered[1])
    if not sums:
        return records, []
    readings: list[Reading] = []
    rest = [i for i in range(len(records)) if i not in sums]
    for i in sorted(sums):
        may_be = _summed_rows(i, sums, columns, rest)
        if numbers:
            for name in numbers:
                readings += _other_sum(records, i, name, may_be)
        else:
            readings += _other_count(records, i, [len(rows) for rows in may_be])
    return records.select(rest), readings


_MAYBE_SUM = frozenset("计和总")


def _summed_rows(
    record: int,
    sums: Mapping[int, str],
    columns: Sequence[Sequence[str]],
    rest: Sequence[int],
) -> list[list[int]]:
    """Return which rows a row of sums may sum, the likeliest first.

    A sum of all has no name beside it. Another is of the rows with that name, else of those above
    it or below it as far as the next sum.
    """
    beside = [normalise_word(texts[record]) for texts in columns]
    names = {sums[record], *(word for word in beside if sum_of(word) is None)} - {""}
    if not names and PART_SUMS.isdisjoint(beside):
        return [list(rest)]
    above = max((j for j in sums if j < record), default=-1)
    below = min((j for j in sums if j > record), default=len(rest) + len(sums))
    named = [j for j in rest if any(normalise_word(texts[j]) in names for texts in columns)]
    parts = [
        named,
        [j for j in rest if above < j < record],
        [j for j in rest if record < j < below],
    ]
    return [*filter(None, parts), list(rest)]


def _other_sum(
    records: Records, record: int, name: str, may_be: Sequence[Sequence[int]]
) -> Iterator[Reading]:
    """Yield the number in a row of sums if it is not the sum of its parts."""
    typed = read_number(records.columns[name][record])
    totals = [_total(records, name, rows) for rows in may_be]
    if typed and typed[0] not in totals:
        yield Reading("sum", records.place(record, name), f"{typed[0]:f}", f"{totals[0]:f}")


def _total(records: Records, name: str, rows: Sequence[int]) -> Decimal:
    found = (read_number(records.columns[name][row]) for row in rows)
    return sum((number[0] for number in found if number), Decimal(0))


def _other_count(records: Records, record: int, rows: Sequence[int]) -> Iterator[Reading]:
    """Yield the number in a row below a list if it is not how many rows the list has."""
    texts = (texts[record] for texts in records.columns.values())
    typed = [found[0] for text in texts if (found := read_number(text))]
    if typed and not {*rows} & {*typed}:
        yield Reading("sum", records.place(record), f"{typed[0]:f}", str(rows[0]))


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
