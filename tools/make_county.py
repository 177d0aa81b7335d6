"""Write an invented county into a folder: a government, its bureaus and townships, three years.

    python tools/make_county.py FOLDER [--seed N] [--units N] [--root-code CODE] [--name NAME]

Everything is invented and says so (示例县…); the same seed writes the same bytes. All identities
hold, from year to year too, so that whatever a check says of this county is its own fault.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from nianbao.statutory import Format, load_format

YEARS = (2022, 2023, 2024)
COUNTY, COUNTY_CODE = "示例县", "shili-xzf"
PLACE = "示例路"

# Code, name after the county's, short name, how busy, enforces the law.
BUREAUS = (
    ("fgj", "发展和改革局", "县发展改革局", 6, True),
    ("jyj", "教育和体育局", "县教育体育局", 9, False),
    ("gaj", "公安局", "县公安局", 14, True),
    ("mzj", "民政局", "县民政局", 5, False),
    ("czj", "财政局", "县财政局", 6, False),
    ("rsj", "人力资源和社会保障局", "县人力社保局", 11, True),
    ("zjj", "住房和城乡建设局", "县住建局", 16, True),
    ("jtj", "交通运输局", "县交通运输局", 4, True),
    ("nyj", "农业农村局", "县农业农村局", 6, True),
    ("wjj", "卫生健康局", "县卫生健康局", 5, True),
    ("sthj", "生态环境分局", "县生态环境分局", 8, True),
    ("zfj", "综合行政执法局", "县综合执法局", 9, True),
    ("tjj", "统计局", "县统计局", 1, False),
)
TOWNS = (
    ("qingshan-zhen", "青山镇人民政府", "青山镇政府", 5),
    ("baishui-zhen", "白水镇人民政府", "白水镇政府", 3),
    ("hedong-xiang", "河东乡人民政府", "河东乡政府", 2),
    ("zhongxin-jd", "中心街道办事处", "中心街道办", 4),
)
APPLICANTS = {
    "自然人": 74,
    "商业企业": 14,
    "科研机构": 2,
    "社会公益组织": 2,
    "法律服务机构": 6,
    "其他": 2,
}
OUTCOMES = {
    "open": 34, "partial": 12, "deny_2": 2, "deny_4": 4, "deny_5": 3, "deny_6": 4, "deny_7": 5,
    "deny_8": 4, "unavail_1": 16, "unavail_2": 4, "unavail_3": 2, "reject_1": 4, "reject_2": 2,
    "reject_5": 1, "other_1": 2, "other_3": 1,
}  # fmt: skip
CHANNELS = {"政府网站": 60, "“{short}”微信公众号": 30, "政务公开专区": 4}
CATEGORIES = ("机构职能", "政策文件", "政策解读", "规划计划", "财政信息", "权责清单", "工作动态")
SPAN = (YEARS[0] - 1, YEARS[-1])


@dataclass(frozen=True)
class Unit:
    """An invented body."""

    code: str
    name: str
    short: str
    kind: str
    busy: int
    enforces: bool
    form: str
    """How it keeps its requests: ``cases``, ``groups`` or ``matrix``."""


@dataclass
class Case:
    """A request: received and answered as days, the answer's year decides where it counts."""

    received: date
    applicant: str
    outcome: str
    answered: date


@dataclass
class Books:
    """What runs on from year to year in a body."""

    cases: list[Case] = field(default_factory=list)
    standing: int = 0
    pending: int = 0
    rates: dict[str, float] = field(default_factory=dict)


def units(count: int | None = None, county: str = COUNTY, prefix: str = "shili") -> list[Unit]:
    """The bodies below the county's government; further towns are made for a larger count."""
    forms = ("cases", "groups", "cases", "matrix")
    made = [
        Unit(f"{prefix}-{code}", county + name, short, "department", busy, enforces, forms[i % 4])
        for i, (code, name, short, busy, enforces) in enumerate(BUREAUS)
    ]
    towns = [(code, name, short, busy) for code, name, short, busy in TOWNS]
    towns += [
        (f"zhen-{n:03}", f"第{n}镇人民政府", f"第{n}镇政府", 2 + n % 5) for n in range(1, 1000)
    ]
    wanted = len(BUREAUS) + len(TOWNS) if count is None else count
    made += [
        Unit(f"{prefix}-{code}", county + name, short, "township", busy, False, forms[i % 4])
        for i, (code, name, short, busy) in enumerate(towns[: max(0, wanted - len(made))])
    ]
    return made[:wanted]


def write_county(
    folder: Path,
    seed: int = 2024,
    count: int | None = None,
    *,
    county: str = COUNTY,
    code: str = COUNTY_CODE,
    parent: str | None = None,
    prefix: str = "shili",
) -> list[Unit]:
    """Write params/ and data/ of a county; return the bodies below its government.

    Parameters
    ----------
    folder
        An agency that is there already is refused, not overwritten.
    seed
        The same seed writes the same bytes.
    count
        How many bodies below the government.
    county, code, prefix, parent
        For more than one county in a folder, and for a city above them.
    """
    format_ = load_format()
    government = Unit(code, f"{county}人民政府", "县政府", "government", 4, True, "cases")
    below = units(count, county, prefix)
    for unit in (government, *below):
        # Each body draws from its own source: one more body changes no other's numbers.
        random = Random(f"{seed} {unit.code}")
        above = parent if unit is government else code
        _write_card(folder, unit, above)
        books = Books(standing=random.randint(2, 20), cases=_requests(unit, random))
        for year in YEARS:
            _write_year(folder, unit, year, books, random, format_)
    return below


def _write_card(folder: Path, unit: Unit, parent: str | None) -> None:
    file = folder / "params" / unit.code / "agency.yaml"
    if file.parent.exists():
        raise SystemExit(f"{file.parent} 已经有了，不覆盖")
    lines = [
        "# 虚构机关，仅供演示：地址、电话、网址均不存在。",
        f"name: {unit.name}",
        f"short_name: {unit.short}",
        f"kind: {unit.kind}",
        *([f"parent: {parent}"] if parent else []),
        f"address: 示例县{PLACE}{1 + len(unit.code)}号",
        'postcode: "000000"',
        "phone: 0000-0000000",
        f"email: {unit.code}@example.invalid",
        f"website: https://www.example.invalid/{unit.code}",
        *(["enforcement: true"] if unit.enforces and unit.kind == "department" else []),
    ]
    _write(file, "\n".join(lines) + "\n")


def _requests(unit: Unit, random: Random) -> list[Case]:
    """All requests of all years, answered within twenty working days."""
    cases = []
    for year in range(SPAN[0], SPAN[1] + 1):
        for _ in range(random.randint(max(1, unit.busy * 3 // 4), unit.busy + 2)):
            received = date(year, 1, 1) + timedelta(days=random.randrange(365))
            answered = received + timedelta(days=random.randint(4, 24))
            while answered.weekday() > 4:
                answered -= timedelta(days=1)
            applicant = random.choices(*zip(*APPLICANTS.items(), strict=True))[0]
            outcome = random.choices(*zip(*OUTCOMES.items(), strict=True))[0]
            cases.append(Case(received, applicant, outcome, max(answered, received)))
    return sorted(cases, key=lambda case: case.received)


def _write_year(
    folder: Path, unit: Unit, year: int, books: Books, random: Random, format_: Format
) -> None:
    data = folder / "data" / unit.code / str(year)
    day = f"{year + 1}-01-{10 + len(unit.code) % 15}"
    params = f"agency: {unit.code}\nyear: {year}\nreport_date: {day}\nsignature: true\n"
    _write(folder / "params" / unit.code / f"{year}.yaml", params)
    _write_requests(data, unit, year, books, format_)
    _write_csv(data / "decisions.csv", _decisions(unit, books, random))
    _write_csv(data / "reviews.csv", _reviews(unit, books, random))
    _write_csv(data / "disclosures.csv", _disclosures(unit, books, random))
    _write_csv(data / "figures.csv", _figures(unit, random))


def _alive(cases: list[Case], year: int) -> list[Case]:
    return [c for c in cases if c.received.year <= year <= c.answered.year]


def _write_requests(data: Path, unit: Unit, year: int, books: Books, format_: Format) -> None:
    alive = _alive(books.cases, year)
    labels = {row.key: row.path for row in format_.request_rows}
    if unit.form == "cases":
        rows = [["登记号", "收到日期", "申请人类型", "办理结果", "答复日期"]]
        for n, case in enumerate(alive, 1):
            done = case.answered.year == year
            answer = [labels[case.outcome], case.answered.isoformat()] if done else ["", ""]
            rows.append([f"{year}-{n:03}", case.received.isoformat(), case.applicant, *answer])
        _write_csv(data / "requests.csv", rows)
        return
    counted: Counter[tuple[str, str, str]] = Counter()
    for case in alive:
        source = "new" if case.received.year == year else "carried_in"
        outcome = case.outcome if case.answered.year == year else "carried_out"
        counted[source, case.applicant, outcome] += 1
    if unit.form == "groups":
        words = {"new": "新收", "carried_in": "上年结转"}
        rows = [["来源", "申请人类型", "办理结果", "件数"]]
        rows += [[words[s], a, labels[o], str(n)] for (s, a, o), n in sorted(counted.items())]
        _write_csv(data / "requests.csv", rows)
        return
    cells: Counter[tuple[str, str]] = Counter()
    for (source, applicant, outcome), n in counted.items():
        for row in (source, outcome, *(["total"] if outcome != "carried_out" else [])):
            cells[row, applicant] += n
            cells[row, format_.total] += n
    rows = [["项目", *format_.request_columns]]
    rows += [
        [labels[row.key], *(str(cells[row.key, c]) for c in format_.request_columns)]
        for row in format_.request_rows
    ]
    _write_csv(data / "requests_table.csv", rows)


def _steady(books: Books, key: str, start: int, random: Random) -> int:
    """A number that changes by at most an eighth from one year to the next."""
    books.rates[key] = books.rates.get(key, float(start)) * random.uniform(0.9, 1.12)
    return round(books.rates[key])


def _decisions(unit: Unit, books: Books, random: Random) -> list[list[str]]:
    made, repealed = random.randint(0, 3), random.randint(0, min(2, books.standing))
    books.standing += made - repealed
    numbers = [0, 0, 0]
    if unit.enforces:
        starts = (unit.busy * 40 + 12, unit.busy * 18 + 11, unit.busy + 10)
        keys = ("许可", "处罚", "强制")
        numbers = [_steady(books, k, n, random) for k, n in zip(keys, starts, strict=True)]
    cents = _steady(books, "收费", unit.busy * 123457, random) if unit.enforces else 0
    head = ["项目", "本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量",
            "本年收费金额（万元）", "说明"]  # fmt: skip
    stock = [str(n) for n in (made, repealed, books.standing)]
    return [
        head,
        ["规章", "0", "0", "0", "", "", ""],
        ["行政规范性文件", *stock, "", "", ""],
        *(
            [name, "", "", "", str(n), "", ""]
            for name, n in zip(("行政许可", "行政处罚", "行政强制"), numbers, strict=True)
        ),
        ["行政事业性收费", "", "", "", "", f"{cents // 10000}.{cents % 10000:04}", ""],
    ]


def _reviews(unit: Unit, books: Books, random: Random) -> list[list[str]]:
    """Reviews pending last year are decided this year; a suit follows a decided review."""
    upheld = books.pending + random.randint(0, unit.busy // 5)
    corrected, other = (int(random.random() < unit.busy / 100) for _ in range(2))
    books.pending = int(random.random() < unit.busy / 60)
    suits = int(upheld > 0 and random.random() < 0.4)
    direct = int(random.random() < unit.busy / 80)
    counts = {
        "行政复议": (upheld, corrected, other, books.pending),
        "未经复议直接起诉": (direct, 0, 0, 0),
        "复议后起诉": (suits, 0, 0, 0),
    }
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结")
    rows = [
        [group, result, str(n)]
        for group, numbers in counts.items()
        for result, n in zip(results, numbers, strict=True)
    ]
    return [["类型", "结果", "件数"], *rows]


def _disclosures(unit: Unit, books: Books, random: Random) -> list[list[str]]:
    rows = [["渠道", "类别", "条数"]]
    for channel, weight in CHANNELS.items():
        name = channel.format(short=unit.short.removeprefix("县"))
        for number, category in enumerate(CATEGORIES):
            start = max(1, weight * (unit.busy + 4) // (3 + 2 * number))
            rows.append([name, category, str(_steady(books, channel + category, start, random))])
    return rows


def _figures(unit: Unit, random: Random) -> list[list[str]]:
    rows = [
        ["名称", "数值", "单位", "说明"],
        ["培训次数", str(random.randint(1, 4)), "次", ""],
        ["人大建议", str(random.randint(0, 6)), "件", ""],
        ["政协提案", str(random.randint(0, 6)), "件", ""],
        ["信息处理费", "0", "元", ""],
    ]
    if unit.kind == "department" and unit.busy > 10:
        rows[-1] = ["信息处理费", str(10 * random.randint(1, 40)), "元", ""]
        rows.append(["收费通知件数", "1", "件", ""])
    if unit.kind in ("government", "township"):
        rows += [
            ["工作考核", "政务公开列入年度综合考核，按季度检查、年终计分", "", ""],
            ["社会评议", "组织公众满意度评议，评议意见交有关单位逐条整改", "", ""],
            ["责任追究", "全年没有因政府信息公开工作被追究责任的情形", "", ""],
        ]
    return rows


def _write_csv(file: Path, rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    _write(file, stream.getvalue())


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def main() -> None:
    """Write a county as the command line says."""
    parser = argparse.ArgumentParser(description="写一个虚构的县：政府、部门、乡镇，三个年度。")
    parser.add_argument("folder", type=Path, help="写到哪个文件夹")
    parser.add_argument("--seed", type=int, default=2024, help="同一个数写出同样的文件")
    parser.add_argument("--units", type=int, help="县政府以下的单位数")
    given = parser.parse_args()
    made = write_county(given.folder, given.seed, given.units)
    print(f"已写入 {given.folder}：{COUNTY}人民政府和{len(made)}个单位，{YEARS[0]}至{YEARS[-1]}年")


if __name__ == "__main__":
    main()
