"""Names of cells in sentences."""

from __future__ import annotations

import pytest
from tests.statistics.factory import FORMAT

from nianbao.statutory import cell_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (("requests", "new", "自然人"), "表三“一、本年新收政府信息公开申请数量”×“自然人”"),
        (("requests", "other_3", "其他"), "表三“三、（六）其他处理/3.其他”×“其他”"),
        (("requests", "total", "总计"), "表三“三、（七）总计”×“总计”"),
        (("decisions", "规章", "现行有效件数"), "表二“规章”×“现行有效件数”"),
        (("reviews", "行政复议", "总计"), "表四“行政复议”×“总计”"),
    ],
)
def test_cell_names(key: tuple[str, str, str], name: str) -> None:
    assert cell_name(*key, FORMAT) == name


def test_names_are_unambiguous() -> None:
    keys = [(r.key, c) for r in FORMAT.request_rows for c in FORMAT.request_columns]
    assert len({cell_name("requests", *key, FORMAT) for key in keys}) == 175
