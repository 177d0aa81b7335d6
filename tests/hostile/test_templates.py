"""A placeholder is a name: the published ways out of template engines lead nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile.corpus import is_quiet
from tests.inputs.builders import CODE, YEAR, write_project

from nianbao.errors import NarrativeError, Place
from nianbao.notebook.report import Report
from nianbao.prose.facts import Fact, Vocabulary, resolve, walk
from nianbao.prose.template import parse_path, parse_template

# CVE-2016-10745, CVE-2019-10906, CVE-2024-56201, CVE-2024-56326, CVE-2025-27516 of Jinja2 and the
# usual payloads of lists for template injection, in this and in other engines.
ESCAPES = (
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__()[132].__init__.__globals__['popen']('id').read() }}",
    "{{ config }}",
    "{{ config.items() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os.environ }}",
    "{{ namespace.__init__.__globals__.os.listdir('/') }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ request.application.__globals__.__builtins__.open('/etc/passwd').read() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(新收申请) }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ ''|attr('format')('{0.__class__}') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ['{0.__class__}'.format]|map('call')|list }}",
    "{{ ('a'.replace|attr('__func__')) }}",
    "{{ dict(x=1)|xmlattr }}",
    "{{ {'x/onmouseover=alert(1)': 1}|xmlattr }}",
    "{{ [].append(1) }}",
    "{{ 新收申请|safe }}",
    "{{ 新收申请.__class__ }}",
    "{{ 新收申请['__class__'] }}",
    "{{ 新收申请[0] }}",
    "{{ 新收申请.below }}",
    "{{ 新收申请.__dict__ }}",
    "{{ 新收申请() }}",
    "{{ 新收申请 or 1 }}",
    "{{ 新收申请 if 1 else 2 }}",
    "{{ 新收申请 + 1 }}",
    "{{ 新收申请 ~ 'a' }}",
    "{{ range(10**9) }}",
    "{{ 'a' * 10**9 }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ os.environ }}",
    "{{ environ.PATH }}",
    "{{ env['HOME'] }}",
    "{{ __import__('os') }}",
    "{{ f'{1}' }}",
    "{{ lambda: 1 }}",
    "{{ x := 1 }}",
    "{{ _ }}",
    "{{ _[1] }}",
    "{{ __builtins__ }}",
    "{{ super() }}",
    "{{ loop.index }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ debug }}",
    "{{ {{ 新收申请 }} }}",
    "{{ '{{' }}",
    "{{ }}",
    "{{",
    "}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'a' import b %}",
    "{% extends 'a' %}",
    "{% set x = 1 %}",
    "{% macro a() %}{% endmacro %}",
    "{% raw %}{{ 新收申请 }}{% endraw %}",
    "{% filter upper %}a{% endfilter %}",
    "{% debug %}",
    "{%- if 1 -%}a{%- endif -%}",
    "{# 注 #}",
    "{{ 新收申请 }",
    "{{ 新收申请\n}}",
    "{{ 甲.乙.丙 }}",
    "{{ shili-other.新收申请 }}",
    "{{ ../shili-other/2024/新收申请 }}",
    "{{ data/shili-other/2024/figures.csv }}",
    "{{ file:///etc/passwd }}",
    "{{ /etc/passwd }}",
    "{{ 上级.机关名称 }}",
)  # fmt: skip
# In other engines these do something; to us they are words.
WORDS = (
    "${7*7}", "#{7*7}", "<%= 7*7 %>", "$(id)", "`id`", "@(7*7)", "{7*7}", "[[7*7]]",
    "#set($x=1)", "{php}echo 1{/php}", "*{7*7}", "~{x}", "%{7*7}", "<#assign x=1>", "{0.__class__}",
)  # fmt: skip
SECRET = "示例县秘密数字"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two bureaus; one of them has a figure that the other may not know."""
    files = {
        "figures.csv": "名称,数值\n培训次数,2\n",
        f"data/shili-other/{YEAR}/figures.csv": f"名称,数值\n{SECRET},4711\n",
        "params/shili-other/agency.yaml": "name: 示例县另一局\nkind: department\n",
        f"params/shili-other/{YEAR}.yaml": f"agency: shili-other\nyear: {YEAR}\n",
    }
    return write_project(tmp_path_factory.mktemp("two"), files)


@pytest.fixture(scope="module")
def vocabulary(root: Path) -> Vocabulary:
    return Report.open(CODE, YEAR, root=root).vocabulary


@pytest.mark.parametrize("text", ESCAPES)
def test_no_way_out_of_a_placeholder(text: str, vocabulary: Vocabulary) -> None:
    place = Place("narrative.md", line=3)
    with pytest.raises(NarrativeError) as caught:
        resolve(parse_template(text, place), vocabulary, "overview", place)
    for problem in caught.value.problems:
        assert str(problem).startswith("narrative.md 第")
        assert is_quiet(str(problem))
        assert "root:" not in str(problem)


@pytest.mark.parametrize("text", WORDS)
def test_what_other_engines_compute_is_a_word(text: str, vocabulary: Vocabulary) -> None:
    place = Place("narrative.md", line=3)
    assert resolve(parse_template(text, place), vocabulary, "overview", place) == (text,)


def test_a_narrative_knows_its_own_bureau_alone(vocabulary: Vocabulary) -> None:
    facts = list(walk(vocabulary))
    assert any(fact.name == "培训次数" for fact in facts)
    reported = " ".join(f"{fact.name} {fact.value} {fact.text} {fact.source}" for fact in facts)
    assert SECRET not in reported
    assert "4711" not in reported
    assert "另一局" not in reported
    values = {v for v in os.environ.values() if len(v) > 6}
    assert [v for v in values if v in reported] == []


FACTS = {"甲": Fact("甲", 1, "一", below={"乙": Fact("甲.乙", 2, "二")})}


@given(st.text(max_size=40) | st.from_regex(r"\{\{[^{}]{0,20}\}\}"))
def test_a_text_gives_facts_and_its_own_letters_and_nothing_else(text: str) -> None:
    place = Place("narrative.md")
    try:
        parts = resolve(parse_template(text, place), FACTS, "overview", place)
    except NarrativeError:
        return
    known = {fact.name: fact for fact in walk(FACTS)}
    for part in parts:
        assert part in text if isinstance(part, str) else known[part.name] is part


@given(st.text(max_size=60))
def test_a_name_is_steps_of_its_own_letters(name: str) -> None:
    for step in parse_path(name) or ():
        assert step in name
