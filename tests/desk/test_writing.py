"""What people write at the desk is in one place, the place where it lives already."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.desk.desks import Client, open_desk
from tests.projects import copy_project

from nianbao.inputs.load import load_inputs
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook

AGENCY, YEAR = "shili-zrzyj", 2024
BASE = f"/agency/{AGENCY}/{YEAR}"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau whose whole year is in its workbook."""
    root = copy_project(tmp_path_factory.mktemp("desk"), AGENCY)
    folder = root / f"data/{AGENCY}/{YEAR}"
    data = draw_workbook(workbook_content(root, AGENCY, YEAR))
    for file in folder.iterdir():
        file.unlink()
    (folder / "填报表（终稿）.xlsx").write_bytes(data)
    return root


@pytest.fixture
def root(handed_in: Path, tmp_path: Path) -> Path:
    """The bureau as each test finds it: what one writes is not there for the next."""
    return shutil.copytree(handed_in, tmp_path / "desk")


@pytest.fixture
def client(root: Path) -> Iterator[Client]:
    with open_desk(root) as opened:
        yield opened


def cells(root: Path, sheet: str) -> dict[str, list[str]]:
    """The first filled cell of each row of the workbook's sheet, and the others."""
    file = next((root / f"data/{AGENCY}/{YEAR}").glob("*.xlsx"))
    rows = load_workbook(BytesIO(file.read_bytes()))[sheet].iter_rows(values_only=True)
    filled = ([str(c) for c in row if c not in (None, "")] for row in rows)
    return {row[0]: row[1:] for row in filled if row}


def names(root: Path) -> set[str]:
    return {p.name for p in (root / f"data/{AGENCY}/{YEAR}").iterdir()}


def test_a_text_of_the_workbook_is_written_into_the_workbook(client: Client, root: Path) -> None:
    data = {"base": "", "how": "mine", "text": "第一段。\n\n第二段，收到{{ 新收申请 }}件。"}
    answer = client.submit(
        f"{BASE}/texts/other", data=data, headers={"Accept": "application/json"}
    ).json()
    assert answer["text"] == data["text"]
    assert "第二段，收到{{ 新收申请 }}件。" in cells(root, "正文")["other"][-1]
    assert names(root) == {"填报表（终稿）.xlsx"}, "no second source"
    assert load_inputs(root, AGENCY, YEAR).narrative["other"].text == data["text"]
    again = {"base": answer["text"], "text": answer["text"].replace("第一段", "首段")}
    client.submit(f"{BASE}/texts/other", data=again)
    assert load_inputs(root, AGENCY, YEAR).narrative["other"].text == again["text"]


def reasons(client: Client) -> dict[str, str]:
    findings = client.desk.standing(AGENCY, YEAR).digest.findings
    return {f.key: f.reason for f in findings if f.open_to_reason or f.reason}


def test_a_reason_is_given_once_wherever_it_was_given_first(client: Client, root: Path) -> None:
    key = next(iter(reasons(client)))
    file = next((root / f"data/{AGENCY}/{YEAR}").glob("*.xlsx"))
    book = load_workbook(file)
    book["核对说明"].append([key, "表里写的理由"])
    sent = BytesIO()
    book.save(sent)
    client.submit(f"{BASE}/reason", data={"key": key, "reason": "网页上写的理由"})
    assert reasons(client)[key] == "网页上写的理由"
    # A workbook that is handed in afterwards is the newer.
    files = [("files", ("填报表2.xlsx", sent.getvalue()))]
    assert "已收下" in client.submit(f"{BASE}/hand-in", files=files).text
    assert client.desk.standing(AGENCY, YEAR).digest.problems == ()
    assert reasons(client)[key] == "表里写的理由"
    client.submit(f"{BASE}/reason", data={"key": key, "reason": "又改的理由"})
    assert reasons(client)[key] == "又改的理由"
    assert cells(root, "核对说明")[key] == ["又改的理由"]
    client.submit(f"{BASE}/reason", data={"key": key, "reason": ""})
    assert reasons(client)[key] == ""
    assert key not in cells(root, "核对说明")


def test_reasons_in_file_and_workbook_stand_together(client: Client, root: Path) -> None:
    first, second = list(reasons(client))[:2]
    client.submit(f"{BASE}/reason", data={"key": first, "reason": "甲"})
    file = next((root / f"data/{AGENCY}/{YEAR}").glob("*.xlsx"))
    book = load_workbook(file)
    book["核对说明"].append([first, "乙"])
    book["核对说明"].append([second, "丙"])
    book.save(file)
    digest = client.desk.standing(AGENCY, YEAR).digest
    assert digest.problems == ()
    given = {f.key: f.reason for f in digest.findings}
    assert (given[first], given[second]) == ("甲", "丙")
    assert any("“乙”" in f.message and "“甲”" in f.message for f in digest.findings if f.id == "D8")


def test_the_day_and_the_contact_are_changed_where_they_stand(client: Client, root: Path) -> None:
    page = client.get(f"{BASE}/about").text
    assert 'name="report_date" value="2025-01-20"' in page
    sent = {"report_date": "2025-01-22", "phone": "010-12345678", "parent": ""}
    assert "已保存" in client.submit(f"{BASE}/about", data=sent).text
    inputs = load_inputs(root, AGENCY, YEAR)
    assert (inputs.params.report_date, inputs.agency.phone) == ("2025-01-22", "010-12345678")
    assert cells(root, "基本信息")["成文日期"][0] == "2025年1月22日"
    assert "# 虚构机关" in (root / f"params/{AGENCY}/agency.yaml").read_text("utf-8")
    before = (root / f"params/{AGENCY}/{YEAR}.yaml").read_bytes()
    wrong = client.submit(f"{BASE}/about", data={"report_date": "2025-02-30", "phone": "1"})
    assert wrong.status_code == 422
    assert "实际存在的日期" in wrong.text
    assert (root / f"params/{AGENCY}/{YEAR}.yaml").read_bytes() == before
    assert load_inputs(root, AGENCY, YEAR).agency.phone == "010-12345678"


def test_a_file_is_known_by_what_it_holds(client: Client, root: Path) -> None:
    rows = "登记号,收到日期,申请人类型,办理结果,答复日期\n1,2023-03-05,自然人,予以公开,2023-03-20\n"
    sent = [("files", ("新建文本文档.txt", rows.encode("gb18030")))]
    answer = client.submit(f"{BASE}/hand-in", files=sent).text
    assert "认作申请台账" in answer
    assert "2023年，请核对" in answer
    (root / f"data/{AGENCY}/{YEAR}/requests.csv").unlink()
    other = draw_workbook(
        workbook_content(copy_project(root / "x", "shili-scjgj"), "shili-scjgj", 2024)
    )
    answer = client.submit(f"{BASE}/hand-in", files=[("files", ("填报表.xlsx", other))]).text
    assert "是别的单位的填报表" in answer
