"""A rich Document made by hand: 示例县人民政府, an invented county, with every kind of block.

For the tests of all writers (HTML, PDF, Word). The figures satisfy the identities of the
statutory tables; the words are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from tests.documents.sample_blocks import (
    bars,
    fact,
    heading,
    listing,
    paragraph,
    photo,
    table,
)
from tests.documents.sample_tables import FORMAT, YEAR, grid, request_numbers

from nianbao.prose.blocks import Block, Document, ImageBlock, Words
from nianbao.statutory.layout import decisions_layout, requests_layout, reviews_layout

NAME = "示例县人民政府"
PHONE = "0999-1234567"


def _preface() -> list[Block]:
    return [
        paragraph(
            "preface",
            f"根据《{FORMAT.regulation_title}》（{FORMAT.regulation_number}，以下简称《条例》）"
            f"和《{FORMAT.notice_title}》（{FORMAT.notice_number}）的要求，"
            f"由{NAME}办公室编制本报告。全文包括总体情况、主动公开政府信息情况、"
            "收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、"
            "存在的主要问题及改进情况、其他需要报告的事项六个部分。",
        ),
        paragraph(
            "preface",
            f"本报告所列数据的统计期限自{YEAR}年1月1日至12月31日。电子版可在示例县人民政府网站"
            f"（www.shilixian.example）查阅和下载。如有疑问，请与{NAME}办公室联系"
            f"（地址：示例县人民路1号；邮政编码：999999；电话：{PHONE}；"
            "电子邮箱：zwgk@shilixian.example）。",
        ),
    ]


def _overview(numbers: dict[str, tuple[int, ...]]) -> list[Block]:
    new, carried, done = (numbers[k][-1] for k in ("new", "carried_in", "total"))
    channels = ["县政府门户网站", "政务新媒体", "政府公报", "新闻发布会"]
    counts = [8123, 4310, 96, 12]
    outcome = {"予以公开": 161, "部分公开": 44, "不予公开": 31, "无法提供": 82, "其他": 22}
    by_channel = table(
        ["渠道", "条数", "占比"],
        *(
            [name, str(n), f"{100 * n / sum(counts):.2f}%"]
            for name, n in zip(channels, counts, strict=True)
        ),
        align=("left", "right", "right"),
        key="disclosures_by_channel",
        title="主动公开政府信息渠道分布",
        unit="条",
        source="disclosures.csv",
        notes=("占比按四舍五入计算。",),
    )
    return [
        heading(1, "overview", "一、总体情况"),
        paragraph(
            "overview",
            f"{YEAR}年，示例县各级行政机关把公开透明作为依法行政的基本要求，"
            "围绕群众和企业最关心的事项主动公开，按时答复每一件申请，"
            "政府信息公开工作运行平稳、有序、有效。",
        ),
        heading(2, "overview.disclosure", "（一）主动公开"),
        paragraph(
            "overview.disclosure",
            f"全年主动公开政府信息{sum(counts)}条，其中县政府门户网站{counts[0]}条，"
            f"政务新媒体{counts[1]}条，政府公报{counts[2]}条，新闻发布会{counts[3]}场。"
            "财政预算决算、重大建设项目、公共资源配置、社会救助、生态环境、食品药品安全、"
            "义务教育、医疗卫生等重点领域的信息，均在形成或者变更之日起20个工作日内公开。",
        ),
        by_channel,
        heading(3, "overview.disclosure.policy", "1.政策解读"),
        paragraph(
            "overview.disclosure.policy",
            "坚持政策文件与解读材料同步起草、同步审签、同步发布，全年发布解读材料",
            Words("68篇", strong=True),
            "，其中图文解读41篇、视频解读9个、负责人解读18篇。对群众咨询集中的"
            "“一老一小”、稳岗就业、老旧小区改造等事项，组织业务科室负责人走进乡镇、社区面对面讲解，"
            "把条款讲成办事步骤，把术语讲成家常话。",
        ),
        heading(4, "overview.disclosure.policy.form", "（1）解读形式"),
        paragraph(
            "overview.disclosure.policy.form",
            "解读材料一律说明制定背景、主要内容、适用范围、执行标准和联系方式，",
            Words("不以转发新闻稿代替解读", emph=True),
            "。",
        ),
        bars("disclosures", f"{YEAR}年主动公开渠道分布", "条", channels, counts),
        heading(2, "overview.requests", "（二）依申请公开"),
        paragraph(
            "overview.requests",
            "全年新收政府信息公开申请",
            fact("新收申请", new, "件"),
            "，上年结转",
            fact("上年结转", carried, "件"),
            "，办结",
            fact("办结", done, "件"),
            "，均在法定期限内答复。答复前逐件进行合法性审核，答复后逐件归档，"
            "对不掌握相关信息的申请，一并告知申请人掌握该信息的行政机关及联系方式，方便其另行提出。",
        ),
        bars("requests_by_outcome", f"{YEAR}年申请办理结果", "件", [*outcome], [*outcome.values()]),
        heading(2, "overview.management", "（三）政府信息管理"),
        paragraph(
            "overview.management",
            "落实公文公开属性源头认定制度，拟稿时明确主动公开、依申请公开或者不予公开，并说明理由。"
            "对现行有效的行政规范性文件实行目录管理，清理结果在县政府网站集中公布，"
            "每份文件标注有效性，提供在线查阅、检索、下载。编号〔2024〕1号等文件均已入库。",
        ),
        heading(2, "overview.platform", "（四）政府信息公开平台建设"),
        paragraph(
            "overview.platform",
            "县政府门户网站（https://www.shilixian.example/zwgk/zfxxgk/fdzdgknr/index.html）"
            "完成适老化与无障碍改造，全县21个政务新媒体账号统一纳入监测，关停“僵尸”账号3个。"
            "在县政务服务中心、档案馆、图书馆设置政府信息查阅场所，全年接待查阅群众1260人次。",
        ),
        heading(2, "overview.oversight", "（五）监督保障"),
        paragraph(
            "overview.oversight",
            "把政府信息公开纳入年度综合考核，分值权重不低于4%；组织业务培训4期、620人次；"
            "委托第三方开展社会评议1次，群众满意率97.6%。全年未发生责任追究情形。",
        ),
    ]


def _closing() -> list[Block]:
    image = ImageBlock(
        f"data/shili-xzf/{YEAR}/venue.png",
        "示例县政务服务中心政府信息查阅点的照片",
        "image/png",
        photo(),
    )
    return [
        heading(1, "problems", "五、存在的主要问题及改进情况"),
        heading(2, "problems.issues", "（一）存在的主要问题"),
        paragraph(
            "problems.issues",
            "一是公开内容与群众期待还有差距，部分乡镇公开的惠民资金信息不够具体，"
            "只有总数没有明细；二是解读形式偏重文字，对老年人不够友好；"
            "三是少数单位答复文书说理不充分，个别答复在行政复议中被纠正；"
            "四是基层从事公开工作的人员变动频繁，新手较多，业务衔接不紧。",
        ),
        heading(2, "problems.improvements", "（二）改进情况"),
        paragraph("problems.improvements", "针对上述问题，主要采取以下措施："),
        listing(
            True,
            "统一惠民资金公开样表，逐项列明标准、对象、金额和发放时间，由县财政局按季度抽查，"
            "抽查结果在全县通报，整改不到位的年底不得评优。",
            "制作方言音频解读和大字版办事指南，在村级便民服务点摆放。",
            "编印答复文书示范文本十五种，复杂申请由司法行政部门会商后答复。",
            section="problems.improvements",
        ),
        heading(1, "other", "六、其他需要报告的事项"),
        heading(2, "other.fees", "（一）收取信息处理费情况"),
        paragraph("other.fees", "本年度发出收费通知3件，收取信息处理费2230元。"),
        heading(2, "other.tasks", "（二）政务公开工作要点落实情况"),
        paragraph("other.tasks", "年度政务公开工作要点各项任务均已完成，重点工作有："),
        listing(
            False,
            "聚焦优化营商环境，公开涉企检查事项清单和年度检查计划；",
            "聚焦民生保障，公开就业、教育、医疗、养老、托育政策一览表；",
            "聚焦基层治理，公开村级小微权力清单①、②两批共46项。",
        ),
        image,
    ]


@cache
def sample_document() -> Document:
    """The Document."""
    layouts = {
        "decisions": (decisions_layout(FORMAT), "主动公开政府信息情况", "件"),
        "requests": (requests_layout(FORMAT), "收到和处理政府信息公开申请情况", "件"),
        "reviews": (reviews_layout(FORMAT), "政府信息公开行政复议、行政诉讼情况", "件"),
    }
    note = {"reviews": ("注：行政复议、行政诉讼数量含上年度结转数量。",)}
    grids = {key: grid(key, *rest, note.get(key, ())) for key, rest in layouts.items()}
    titles = {section.key: section.heading for section in FORMAT.sections}
    tables = [block for key in grids for block in (heading(1, key, titles[key]), grids[key])]
    return Document(
        title=FORMAT.title.format(name=NAME, year=YEAR),
        agency_name=NAME,
        year=YEAR,
        date=date(2025, 1, 20),
        signature=True,
        draft=False,
        description=f"{NAME}{YEAR}年政府信息公开工作年度报告，含六个部分和三张统计表。",
        blocks=(*_preface(), *_overview(request_numbers()), *tables, *_closing()),
    )


def plain(blocks: list[Block], **more: Any) -> Document:
    """A Document of just these blocks."""
    return replace(sample_document(), blocks=tuple(blocks), **more)
