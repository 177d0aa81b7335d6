"""Every error nianbao raises on purpose, as one tree.

    NianbaoError                exit code 2
    ├── UsageError              2  an unknown command, agency, year or format
    ├── InputError              2  a file in params/ or data/ cannot be read as it stands
    ├── NarrativeError          2  a section's text cannot be filled in
    ├── FindingsError           1  the figures contradict each other; nothing is published
    ├── ExecutionError          1  the notebook failed while it ran
    └── ExportError             1  a finished document could not be made or proved

An error carries all its problems at once, so that a clerk mends a file in one go. Each
problem says what is wrong, where (file, sheet, row, column, line) and what to do. Errors
survive pickling, because a batch runs in several processes.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, ParamSpec, TypeVar

MOST_SHOWN = 200
"""So many characters of a value are quoted in a message."""
MOST_PRIVATE = 20
"""So many of a value that may be a person's."""
MOST_OF_A_FILE = 100
"""So many problems of a file are named."""

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
_NAMED = {"\n": "〈换行〉", "\t": "〈制表符〉", "\0": "〈空字符〉"}


def printable(text: str) -> str:
    """Return a text from outside as one line that does nothing to a terminal, a log or a page.

    What nobody sees is named by its number: line ends, terminal codes, marks of direction,
    halves of characters, what is no character. A private character is left: some machine shows it.

    Examples
    --------
    >>> printable("公开\\x1b[2J")
    '公开〈U+001B〉[2J'
    """
    if text.isascii() and text.isprintable():
        return text
    unseen = {c for c in set(text) if unicodedata.category(c) in _UNSEEN}
    return text.translate({ord(c): _NAMED.get(c, f"〈U+{ord(c):04X}〉") for c in unseen})


def _quoted(value: str, most: int = MOST_SHOWN) -> str:
    """Return a value as a message quotes it: the beginning is enough to find it."""
    if len(value) <= most:
        return value
    return f"{value[:most]}……（共{len(value)}个字符）"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inputs a value stands.

    Parameters
    ----------
    file
        Path relative to the project root, with forward slashes.
    sheet
        Name of the worksheet, for Excel files.
    row, line
        1-based; ``row`` of a table as Excel shows it, ``line`` of a text file.
    column
        Column head, or the column's letter where the table has no head.

    Examples
    --------
    >>> print(Place("data/a/2024/requests.csv", row=3, column="答复日期"))
    data/a/2024/requests.csv 第3行“答复日期”列
    """

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        sheet = f" 工作表“{_quoted(self.sheet)}”" if self.sheet else ""
        row = f" 第{self.row}行" if self.row else ""
        column = f"“{_quoted(self.column)}”列" if self.column else ""
        line = f" 第{self.line}行" if self.line else ""
        return printable(f"{self.file}{sheet}{row}{column}{line}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, what was found, what was expected, what to do.

    Examples
    --------
    >>> print(Problem("无法识别的办理结果", Place("requests.csv", row=3), value="公开了",
    ...               expected="表三的办理结果名称", remedy="请改为“予以公开”"))
    requests.csv 第3行：无法识别的办理结果：“公开了”，应为表三的办理结果名称。请改为“予以公开”
    """

    message: str
    place: Place | None = None
    value: str | None = None
    expected: str | None = None
    remedy: str | None = None
    private: bool = False
    """Whether the value may be a person's, as free words of a request ledger may."""

    def for_others(self) -> Problem:
        """Return the problem as others than its bureau may read it.

        It has its place, but no value that may be a person's.

        Examples
        --------
        >>> print(Problem("申请人类型不能识别", value="钱十五娘", private=True).for_others())
        申请人类型不能识别
        """
        return replace(self, value=None) if self.private else self

    @property
    def longest(self) -> int:
        """Most characters of its value that are quoted."""
        return MOST_PRIVATE if self.private else MOST_SHOWN

    def __str__(self) -> str:
        where = f"{self.place}：" if self.place else ""
        value = f"：“{_quoted(self.value, self.longest)}”" if self.value is not None else ""
        expected = f"，应为{_quoted(self.expected, 5 * MOST_SHOWN)}" if self.expected else ""
        remedy = f"。{_quoted(self.remedy, 5 * MOST_SHOWN)}" if self.remedy else ""
        message = _quoted(self.message, 5 * MOST_SHOWN)  # it may name what stands in a file
        return f"{where}{printable(f'{message}{value}{expected}{remedy}')}"


_VARIES = re.compile(r"“[^”]*”|\d[\d,.]*")


def group_problems(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return problems as people read them: those of one kind in one sheet are one line, with
    every place.

    Two are of one kind when their words differ in nothing but names and numbers.

    Examples
    --------
    >>> def bad(row): return Problem("不能识别", Place("a.csv", row=row, column="日期"), "当场")
    >>> group_problems([bad(3), bad(5)])
    ('a.csv：不能识别（共2处：“日期”列第3、5行“当场”）',)
    """
    groups: dict[object, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_kind_of(problem), []).append(problem)
    return tuple(str(same[0]) if len(same) == 1 else _in_one(same) for same in groups.values())


def _kind_of(problem: Problem) -> object:
    at = problem.place
    if at is None:
        return id(problem)
    within = at.row or at.line or at.column
    remedy = _VARIES.sub("…", problem.remedy or "")
    message = _VARIES.sub("…", problem.message) if within else problem.message
    where = at.file if within or at.sheet else at.file.rpartition("/")[0]
    return where, at.sheet, bool(within), problem.expected, problem.private, message, remedy


def _in_one(problems: list[Problem]) -> str:
    """Write problems of one kind: what they share once, and what differs at each place."""
    first, place = problems[0], _common(problems)
    messages, remedies = {p.message for p in problems}, {p.remedy for p in problems}
    cells: dict[str, dict[str, list[Place]]] = {}
    for problem in problems:
        at = problem.place or Place("")
        value = f"“{_quoted(problem.value, problem.longest)}”" if problem.value is not None else ""
        own = (problem.message, len(messages) > 1), (problem.remedy, len(remedies) > 1)
        details = "；".join(text for text, differs in own if text and differs)
        said = f"{value}{f'（{details}）' if details else ''}"
        cells.setdefault(at.column or "", {}).setdefault(said, []).append(at)
    each = "、".join(
        (f"“{column}”列" if column else "")
        + "、".join(f"{_rows(places)}{said}" for said, places in by_value.items())
        for column, by_value in cells.items()
    )
    message = first.message if len(messages) == 1 else _VARIES.sub("…", first.message)
    together = replace(first, message=message, place=place, value=None, remedy=None)
    remedy = f"。{first.remedy}" if first.remedy and len(remedies) == 1 else ""
    return f"{together}{printable(f'（共{len(problems)}处：{each}）{remedy}')}"


def _common(problems: list[Problem]) -> Place | None:
    """Return the file and sheet of some problems, or the folder of several files."""
    places = {replace(p.place, row=None, line=None, column=None) for p in problems if p.place}
    if len(places) == 1:
        return places.pop()
    return Place(places.pop().file.rpartition("/")[0]) if places else None


def _rows(places: list[Place]) -> str:
    """Return the rows or lines of some places; the files' names where they are whole files."""
    rows = dict.fromkeys(number for at in places if (number := at.row or at.line))
    if rows:
        return f"第{'、'.join(map(str, rows))}行"
    if any(at.column or at.sheet for at in places):
        return ""
    return "、".join(at.file.rpartition("/")[2] for at in places)


class NianbaoError(Exception):
    """Base of the tree.

    Parameters
    ----------
    *problems
        At least one; a plain string is a problem without a place.

    Examples
    --------
    >>> try:
    ...     nianbao.open_report("shili-kjj", 2024)
    ... except nianbao.NianbaoError as error:
    ...     print(error.exit_code, error.problems[0].message, error.problems[0].place)
    2 没有这个机关 params/shili-kjj/agency.yaml
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Show the sentences alone where IPython would show the way through our code."""
        return [f"{type(self).__name__}：", *map(str, self.problems)]

    def __reduce__(self) -> tuple[Callable[..., NianbaoError], tuple[Problem, ...]]:
        return (type(self), self.problems)


class UsageError(NianbaoError):
    """The command names something that does not exist."""


class InputError(NianbaoError):
    """A file that the bureau handed in cannot be read as it stands."""


class NarrativeError(NianbaoError):
    """A section's text cannot be filled in: unknown name, bad syntax, missing image."""


class FindingsError(NianbaoError):
    """The checks found errors; the report must not be published."""

    exit_code = 1


class ExecutionError(NianbaoError):
    """The notebook failed while it ran."""

    exit_code = 1


class ExportError(NianbaoError):
    """A finished document could not be made, or does not say what the data say."""

    exit_code = 1


def raise_problems(kind: type[NianbaoError], problems: Iterable[Problem]) -> None:
    """Raise one error with all the problems, or return when there are none.

    Of a file with hundreds of them the first ones are named, and how many more there are.
    """
    found = tuple(problems)
    if found:
        raise kind(*_first_ones(found))


def _first_ones(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    files = [p.place.file if p.place else "" for p in problems]
    many = {file: n for file, n in Counter(files).items() if file and n > MOST_OF_A_FILE + 1}
    named: Counter[str] = Counter()
    for file, problem in zip(files, problems, strict=True):
        named[file] += 1
        if file not in many or named[file] <= MOST_OF_A_FILE:
            yield problem
        elif named[file] == MOST_OF_A_FILE + 1:
            left = many[file] - MOST_OF_A_FILE
            yield Problem(f"还有{left}个问题没有列出，改好以上各处后再查", Place(file))


P = ParamSpec("P")
T = TypeVar("T")


def attempt(
    problems: list[Problem], read: Callable[P, T], *args: P.args, **more: P.kwargs
) -> T | None:
    """Return what a reader gives; None where it raises `InputError`, whose problems are kept.

    Examples
    --------
    >>> problems = []
    >>> def read(file): raise InputError(f"{file}已损坏")
    >>> attempt(problems, read, "a.csv"), str(problems[0])
    (None, 'a.csv已损坏')
    """
    try:
        return read(*args, **more)
    except InputError as error:
        problems.extend(error.problems)
        return None


_SYSTEM = {
    errno.ENOSPC: ("磁盘已满，没有写完", "请清出空间再运行；已发布的报告没有变动"),
    errno.EDQUOT: ("磁盘配额已用完，没有写完", "请清出空间再运行；已发布的报告没有变动"),
    errno.EFBIG: ("文件超过了系统允许的大小，没有写完", "请放宽限制再运行；已发布的报告没有变动"),
    errno.EROFS: ("所在的磁盘是只读的，不能写入", "请换一个能写入的文件夹，或请管理员放开"),
    errno.EACCES: ("没有权限，或文件正被其他程序使用", "请关闭使用它的程序，检查文件夹权限"),
    errno.EPERM: ("系统不允许这样做", "请检查文件夹权限"),
    errno.EBUSY: ("文件正被其他程序使用", "请关闭使用它的程序再运行"),
    errno.EIO: ("磁盘读写出错", "请检查磁盘；在网络盘上的，请检查网络"),
    errno.ENOENT: ("文件或文件夹在运行中不见了", "请核对它是否被移动、改名，再运行"),
    errno.EMFILE: ("打开的文件太多", "请关闭其他程序再运行"),
    errno.ENOMEM: ("内存不足", "请关闭其他程序再运行"),
    errno.ENAMETOOLONG: ("路径太长", "请把项目移到层次较浅的文件夹"),
}


def system_problem(error: BaseException) -> Problem | None:
    """Return what the system refused, in words with a remedy; None for a fault of the program.

    Examples
    --------
    >>> print(system_problem(OSError(errno.ENOSPC, "", "output/a.pdf")))
    磁盘已满，没有写完：“output/a.pdf”。请清出空间再运行；已发布的报告没有变动
    """
    if isinstance(error, MemoryError):
        return Problem("内存不足", remedy="请关闭其他程序再运行，或减少一次处理的数据")
    if not isinstance(error, OSError) or error.errno not in _SYSTEM:
        return None
    message, remedy = _SYSTEM[error.errno]
    return Problem(message, value=str(error.filename) if error.filename else None, remedy=remedy)
