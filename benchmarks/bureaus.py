"""Invented bureaus of 示例县 and what each hands in, always the same for the same seed.

python benchmarks/bureaus.py FOLDER NUMBER
"""

from __future__ import annotations

import csv
import datetime
import random
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
YEAR = 2024
FIELDS = [
    "教育和体育",
    "科学技术",
    "工业和信息化",
    "民政",
    "司法",
    "财政",
    "人力资源和社会保障",
    "生态环境",
    "住房和城乡建设",
    "交通运输",
    "水利",
    "农业农村",
    "商务",
    "文化和旅游",
    "卫生健康",
    "退役军人事务",
    "应急管理",
    "审计",
    "统计",
    "医疗保障",
    "林业",
    "粮食和物资储备",
    "信访",
    "城市管理",
    "行政审批服务",
    "大数据",
    "投资促进",
    "乡村振兴",
    "市场监督管理",
    "自然资源和规划",
]
CHARACTERS = "天地玄黄宇宙洪荒日月盈辰宿列张寒来暑往秋收冬藏成岁律吕调阳云腾致雨露结霜金玉出昆冈"
CATEGORIES = [
    "机构职能",
    "政策文件",
    "政策解读",
    "规划计划",
    "财政信息",
    "行政许可",
    "行政处罚",
    "重点领域",
    "招标采购",
    "建议提案",
    "工作动态",
    "通知公告",
    "便民服务",
    "人事信息",
    "应急管理",
    "统计信息",
]
APPLICANTS = ("自然人", "自然人", "自然人", "自然人", "商业企业", "法律服务机构", "社会公益组织")
OUTCOMES = (
    *("予以公开", "予以公开", "予以公开", "部分公开", "本机关不掌握相关政府信息"),
    *("没有现成信息需要另行制作", "信访举报投诉类申请", "重复申请", "属于国家秘密"),
)


@dataclass(frozen=True, slots=True)
class Bureau:
    """An invented bureau.

    Parameters
    ----------
    code, name, short_name, kind
        As in its agency.yaml.
    marker
        Letters that stand in its data and in no other bureau's.
    """

    code: str
    name: str
    short_name: str
    kind: str
    marker: str


def bureau(number: int) -> Bureau:
    """The bureau of a number, from 0."""
    # Among thousands of marks with digits some read as a mobile number, with X as a gap (XX), and
    # with vowels as a word (TODO): each would stop a report.
    marker = "".join(random.Random(f"marker {number}").choices("BCDFGHJKLMNPQRSTVWZ", k=12))
    if number < len(FIELDS):
        name = f"{FIELDS[number]}局"
        return Bureau(f"shili-{number:05d}", f"示例县{name}", f"县{name}", "department", marker)
    rest, second = divmod(number - len(FIELDS), len(CHARACTERS))
    group, first = divmod(rest, len(CHARACTERS))
    place = f"{CHARACTERS[group] if group else ''}{CHARACTERS[first]}{CHARACTERS[second]}镇"
    return Bureau(
        f"shili-{number:05d}", f"示例县{place}人民政府", f"{place}政府", "township", marker
    )


def write_project(root: Path, number: int, *, first: int = 0) -> list[Bureau]:
    """A project of so many bureaus, with the master notebook and the fonts of this repository."""
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks", dirs_exist_ok=True)
    if (REPOSITORY / "fonts").is_dir() and not (root / "fonts").exists():
        (root / "fonts").symlink_to(REPOSITORY / "fonts")
    bureaus = [bureau(n) for n in range(first, first + number)]
    for each in bureaus:
        write_bureau(root, each)
    return bureaus


def write_bureau(root: Path, each: Bureau) -> None:
    """params/ and data/ of a bureau, two years."""
    chance = random.Random(each.code)
    params = root / "params" / each.code
    params.mkdir(parents=True)
    card = {
        "name": each.name, "short_name": each.short_name, "kind": each.kind,
        "address": f"示例县示例路{chance.randint(1, 300)}号", "postcode": '"000000"',
        "phone": "0000-0000000", "email": f"{each.code}@example.invalid",
        "website": f"https://www.example.invalid/{each.code}",
    }  # fmt: skip
    text = "".join(f"{key}: {value}\n" for key, value in card.items())
    (params / "agency.yaml").write_text(text, encoding="utf-8")
    standing = chance.randint(2, 30)
    for year in (YEAR - 1, YEAR):
        lines = (
            f"agency: {each.code}\nyear: {year}\nreport_date: {year + 1}-01-20\nsignature: true\n"
        )
        (params / f"{year}.yaml").write_text(lines, encoding="utf-8")
        standing = _write_year(root / "data" / each.code / str(year), each, year, chance, standing)


def _write_year(folder: Path, each: Bureau, year: int, chance: random.Random, standing: int) -> int:
    """The files of a year; how many normative documents stand at its end."""
    folder.mkdir(parents=True)
    channels = ("政府网站", "政务微信", "公告栏")
    categories = chance.sample(CATEGORIES, 8)
    rows = [(channel, c, chance.randint(1, 300)) for channel in channels for c in categories]
    marked = (channels[0], f"专栏{each.marker}", 7)
    _write(folder / "disclosures.csv", ("渠道", "类别", "条数"), [*rows, marked])
    made = chance.randint(0, 4)
    gone = chance.randint(0, min(2, standing))
    standing += made - gone
    _write(
        folder / "decisions.csv",
        ("项目", "本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量",
         "本年收费金额（万元）", "说明"),
        [
            ("规章", 0, 0, 0, "", "", ""),
            ("行政规范性文件", made, gone, standing, "", "", ""),
            ("行政许可", "", "", "", chance.randint(1, 900), "", ""),
            ("行政处罚", "", "", "", chance.randint(0, 120), "", ""),
            ("行政强制", "", "", "", chance.randint(0, 12), "", ""),
            ("行政事业性收费", "", "", "", "", f"{chance.randint(0, 9999) / 100:.2f}", ""),
        ],
    )  # fmt: skip
    _write(
        folder / "requests.csv",
        ("登记号", "收到日期", "申请人类型", "办理结果", "答复日期"),
        list(_requests(year, chance)),
    )
    kinds = ("行政复议", "未经复议直接起诉", "复议后起诉")
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结")
    _write(
        folder / "reviews.csv",
        ("类型", "结果", "件数"),
        [(k, r, chance.choice((0, 0, 0, 1, 2))) for k in kinds for r in results],
    )
    figures = [("培训次数", chance.randint(1, 6), "次", ""), ("信息处理费", 0, "元", "")]
    _write(folder / "figures.csv", ("名称", "数值", "单位", "说明"), figures)
    (folder / "narrative.md").write_text(_narrative(each, chance), encoding="utf-8")
    return standing


def _requests(year: int, chance: random.Random) -> Iterable[tuple[object, ...]]:
    for number in range(1, chance.randint(3, 40)):
        start = datetime.date(year, 1, 8) + datetime.timedelta(days=chance.randint(0, 320))
        answer = start + datetime.timedelta(days=chance.randint(3, 14))
        outcome = chance.choice(OUTCOMES)
        yield f"{year}{number:03d}", start, chance.choice(APPLICANTS), outcome, answer


def _narrative(each: Bureau, chance: random.Random) -> str:
    """Its own wording of two sections, different enough from the others'."""
    topics = "、".join(chance.sample(CATEGORIES, 3))
    habits = chance.sample(
        ("每月核对栏目内容", "发布前由两人分别审核", "设专人回复群众留言", "按季度通报更新情况",
         "对公开目录逐项登记", "把公开要求写入发文单", "在大厅设置查阅点", "请群众代表评议"), 3,
    )  # fmt: skip
    return (
        f"## overview.management\n\n公开目录编号为{each.marker}。"
        f"{{{{ 年份 }}}}年重点做好{topics}方面的公开，{'，'.join(habits)}。\n\n"
        "## overview.oversight\n\n全年组织业务培训{{ 培训次数.带单位 }}。\n"
    )


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def main() -> None:
    """Write a project from the command line."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    print(len(write_project(folder, number)))


if __name__ == "__main__":
    main()
