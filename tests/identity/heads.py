"""Heads of annual reports as sites, offices and tools print them, in our own words: pages whose agency and year are known.

Sixty patterns, written before anything was tuned to them, filled with divisions of GB/T 2260 and invented towns. Half of
the patterns (`TUNED`) may be looked at while rules are written; the others are only counted (`score` says how often each
is right). `agency` or `year` is None where a careful reader could not say, ANY where it does not matter.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from govdisclosure.identity import identify
from govdisclosure.model import Document, Grid, GridCell, Heading, Line, Piece, Section, Source

ANY = "any"
REPORT = "政府信息公开工作年度报告"
PLACES = (
    ("江苏省", "淮安市", "洪泽区"), ("云南省", "楚雄彝族自治州", "大姚县"), ("浙江省", "台州市", "三门县"),
    ("陕西省", "榆林市", "府谷县"), ("湖南省", "益阳市", "桃江县"), ("广东省", "湛江市", "遂溪县"),
    ("四川省", "达州市", "万源市"), ("河北省", "张家口市", "怀来县"), ("内蒙古自治区", "赤峰市", "巴林左旗"),
    ("贵州省", "遵义市", "凤冈县"), ("福建省", "三明市", "将乐县"), ("吉林省", "松原市", "扶余市"),
    ("江西省", "赣州市", "信丰县"), ("湖北省", "襄阳市", "枣阳市"), ("山东省", "临沂市", "沂水县"),
    ("甘肃省", "平凉市", "崆峒区"), ("安徽省", "六安市", "霍山县"), ("黑龙江省", "黑河市", "嫩江市"),
)  # fmt: skip
DEPARTMENTS = (
    "财政局", "教育体育局", "市场监督管理局", "住房和城乡建设局", "农业农村局", "卫生健康委员会", "发展和改革委员会",
    "水利局", "司法局", "审计局", "人力资源和社会保障局", "退役军人事务局", "应急管理局", "医疗保障局", "统计局",
)  # fmt: skip
TOWNS = ("青龙镇", "柳林乡", "石桥镇", "白沙镇", "大河乡", "新店镇")
STREETS = ("东关街道", "城南街道", "文峰街道")
TRADITIONAL = str.maketrans(
    "县镇门会财务报总业农乡监计统规实关开体数据况", "縣鎮門會財務報總業農鄉監計統規實關開體數據況"
)
PINYIN = {"县": "(xiàn)", "财": "(cái)", "务": "(wù)", "镇": "(zhèn)", "门": "(mén)", "开": "(kāi)"}


@dataclass
class Head:
    """A page's first and last words, and what a reader knows from them."""

    agency: str | None
    year: int | str | None
    lines: list[str] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    footer: str = ""
    path: str = "page-001.html"
    grid: list[list[str]] = field(default_factory=list)

    def document(self) -> Document:
        """As a reader hands it on."""
        lines = [*self.lines, *(t for s in self.sections.values() for t in s.split("\n"))]
        blocks: list = [
            Heading(line.lstrip("# "), f"line {n}")
            if line.startswith("#")
            else Line((Piece(line, f"line {n}"),), f"line {n}")
            for n, line in enumerate(lines, 1)
        ]
        if self.grid:
            width = max(map(len, self.grid))
            rows = []
            for r, row in enumerate(self.grid):
                cells = [GridCell(t, f"r{r}", r, c) for c, t in enumerate(row)]
                if len(row) == 1:
                    cells = [GridCell(row[0], f"r{r}", r, 0, 1, width)] * width
                rows.append(tuple(cells))
            blocks.insert(0, Grid(tuple(rows), "table 1"))
        return Document(
            Source(self.path, self.path),
            tuple(blocks),
            tuple(self.titles),
            self.metadata,
            self.footer,
        )

    def identity(self):
        """What `identify` makes of it."""
        sections = tuple(Section(n, "", text, "") for n, text in self.sections.items())
        return identify(self.document(), sections)


class Place:
    """Names and years to fill a pattern with."""

    def __init__(self, rng: random.Random) -> None:
        self.province, self.city, self.county = rng.choice(PLACES)
        self.dept, self.dept2 = rng.sample(DEPARTMENTS, 2)
        self.town, self.street = rng.choice(TOWNS), rng.choice(STREETS)
        self.y = rng.randint(2019, 2025)
        self.day = f"{self.y + 1}年1月{rng.randint(5, 30)}日"
        self.iso = f"{self.y + 1}-01-{rng.randint(10, 30)}"
        self.own = self.county + self.dept  # 洪泽区财政局
        self.full = self.city + self.own
        self.gov = self.county + "人民政府"
        self.towngov = self.county + self.town + "人民政府"
        self.self_ = "我委" if self.dept.endswith("委员会") else "我局"


PATTERNS: dict[str, Callable[[Place], Head]] = {}


def pattern(make: Callable[[Place], Head]) -> Callable[[Place], Head]:
    """Registers a pattern under its name."""
    PATTERNS[make.__name__] = make
    return make


def said(p: Place, times: int = 1) -> str:
    return "\n".join([f"{p.y}年，{p.self_}主动公开政府信息{40 + n}条。" for n in range(times)])


@pattern
def title_alone(p):
    return Head(p.own, p.y, titles=[f"{p.own}{p.y}年{REPORT}"])


@pattern
def publisher_gives_the_city(p):
    return Head(p.full, p.y, titles=[f"{p.own}{p.y}年{REPORT}"], metadata={"发布机构": p.full})


@pattern
def title_on_four_lines(p):
    return Head(
        p.own, p.y, lines=[p.own, f"{p.y}年", "政府信息公开工作", "年度报告", "一、总体情况"]
    )


@pattern
def glued_to_its_data(p):
    line = f"{p.own}{p.y}年{REPORT}发布时间：{p.iso}来源：{p.own}浏览次数：12字体：大中小"
    return Head(p.own, p.y, lines=[line], sections={1: said(p)})


@pattern
def breadcrumb_before(p):
    crumb = f"当前位置：首页 > 政府信息公开 > 法定主动公开内容 > 政府信息公开年报 > {p.y + 1}年"
    return Head(
        p.own, p.y, lines=[p.city + "人民政府", crumb, f"{p.own}{p.y}年{REPORT}", f"时间：{p.iso}"],
        footer=f"主办：{p.city}人民政府办公室",
    )  # fmt: skip


@pattern
def signature_against_site(p):
    return Head(
        p.own, p.y, titles=[f"{p.y}年{REPORT}"], metadata={"来源": p.city + "人民政府网站"},
        sections={1: said(p), 6: f"无其他报告事项。\n{p.own}\n{p.day}"},
    )  # fmt: skip


@pattern
def crumb_names_another(p):
    return Head(
        p.own, p.y, lines=[f"首页 > {p.gov} > 部门 > 政府信息公开年报", f"{p.y}年政府信息公开年报"],
        sections={1: said(p, 2), 6: f"{p.own}{p.y}年没有收取信息处理费。"},
    )  # fmt: skip


@pattern
def announced_by_the_town(p):
    return Head(
        p.towngov, p.y, lines=[f"索引号 | 0123/{p.y + 1}-1 | 发布机构 | {p.gov}办公室 |"],
        sections={0: f"根据县政府办要求，现将{p.towngov}{p.y}年政府信息公开工作报告如下：", 1: f"{p.y}年，我镇公开信息40条。"},
    )  # fmt: skip


@pattern
def year_once_bare_name(p):
    return Head(ANY, p.y, sections={1: f"{p.y}年，县{p.dept}认真贯彻条例，主动公开信息40条。"})


@pattern
def traditional(p):
    name = p.own.translate(TRADITIONAL)
    return Head(name, p.y, lines=[f"{name}{p.y}年政府信息公開工作年度報告", "一、總體情況"])


@pattern
def pinyin(p):
    title = f"{p.county}财政局{p.y}年政府信息公开工作年度报告".replace("信息公开", "信息公開")
    marked = "".join(c + PINYIN.get(c, "") for c in title)
    return Head(f"{p.county}财政局", p.y, lines=[marked, "一、總體(tǐ)情況(kuàng)"])


@pattern
def year_first_site_owner(p):
    return Head(
        p.own,
        p.y,
        titles=[f"{p.y}年度{p.own}政府信息公开年报"],
        footer=f"主办单位：{p.city}人民政府",
    )


@pattern
def about_the_work(p):
    return Head(p.own, p.y, lines=[f"关于{p.own}{p.y}年政府信息公开工作情况的报告", p.iso])


@pattern
def office_with_number(p):
    number = f"{p.county[0]}府办发〔{p.y + 1}〕3号"
    return Head(p.gov + "办公室", p.y, lines=[number, f"{p.gov}办公室{p.y}年{REPORT}"])


@pattern
def field_table_in_lines(p):
    return Head(
        p.full, p.y,
        lines=[f"索引号 | 00123/{p.y + 1}-00012 | 发布机构 | {p.full} |", f"发布日期 | {p.iso} | 有效性 | 有效 |",
               f"名 称 | {p.y}年{REPORT} |", "一、总体情况"],
    )  # fmt: skip


@pattern
def town_by_contact(p):
    text = f"如有疑问，请与{p.county}{p.town}党政办公室联系（电话：0517-1234567）。"
    return Head(
        p.towngov, p.y, sections={0: text, 1: f"{p.y}年，我镇共公开信息30条。", 6: f"无。\n{p.day}"}
    )


@pattern
def file_name_alone(p):
    return Head(
        p.own,
        p.y,
        path=f"{p.own}{p.y}年{REPORT}.docx",
        lines=["一、总体情况", "本单位公开信息若干。"],
    )


@pattern
def spaced_out(p):
    return Head(p.own, p.y, lines=[" ".join(f"{p.own}{p.y}年{REPORT}"), "一、 总 体 情 况"])


@pattern
def numerals(p):
    year = "".join("〇一二三四五六七八九"[int(d)] for d in str(p.y))
    return Head(
        p.own,
        p.y,
        lines=[f"{p.own}", f"{year}年政府信息公开工作报告"],
        sections={6: f"{p.own}\n{year[:3]}{year[3]}年"},
    )


@pattern
def page_title_with_site(p):
    return Head(
        p.own, p.y, titles=[f"{p.own}{p.y}年{REPORT}_政府信息公开年报_{p.gov}", f"{p.gov}门户网站"],
        metadata={"SiteName": p.gov, "ColumnName": "政府信息公开年报"},
    )  # fmt: skip


@pattern
def quoted(p):
    return Head(p.own, p.y, lines=[f"《{p.own}{p.y}年度政府信息公开工作报告》"])


@pattern
def column_then_title(p):
    return Head(
        p.own, p.y, lines=["# 政府信息公开年报", f"## {p.own}{p.y}年{REPORT}", f"{p.iso} 10:20"]
    )


@pattern
def neighbours_listed_after(p):
    after = [
        f"上一篇：{p.county}{p.dept2}{p.y}年{REPORT}",
        f"下一篇：{p.county}{p.dept2}{p.y - 1}年{REPORT}",
    ]
    return Head(
        p.own,
        p.y,
        lines=[f"{p.own}{p.y}年{REPORT}"],
        sections={1: said(p), 6: "\n".join(["无。", *after])},
    )


@pattern
def neighbours_without_own_title(p):
    after = [
        f"上一篇：{p.county}{p.dept2}{p.y}年{REPORT}",
        f"下一篇：{p.county}{p.dept2}{p.y - 1}年{REPORT}",
    ]
    return Head(
        p.own,
        p.y,
        sections={1: said(p, 3), 6: "\n".join([f"{p.own}{p.y}年度未收取信息处理费。", *after])},
    )


@pattern
def sidebar_of_years(p):
    years = [f"{y}年{REPORT}" for y in range(p.y - 2, p.y + 1)]
    period = f"本报告所列数据的统计期限自{p.y}年1月1日起至{p.y}年12月31日止。"
    return Head(
        p.own, p.y, lines=years, metadata={"公开主体": p.own}, sections={0: period, 1: said(p)}
    )


@pattern
def tax_branch(p):
    name = f"国家税务总局{p.county}税务局"
    return Head(
        name, p.y, titles=[f"{name}{p.y}年{REPORT}"], footer=f"主办单位：国家税务总局{p.city}税务局"
    )


@pattern
def zone(p):
    name = f"{p.county}经济开发区管理委员会"
    return Head(name, p.y, lines=[name, f"{p.y}年度政府信息公开工作年度报告", f"（{p.day}）"])


@pattern
def city_department(p):
    return Head(
        p.city + p.dept,
        p.y,
        titles=[f"{p.city}{p.dept}{p.y}年{REPORT}"],
        metadata={"发文机关": p.dept},
    )


@pattern
def province_department(p):
    return Head(
        p.province + "水利厅",
        p.y,
        lines=[f"{p.province}水利厅{p.y}年{REPORT}"],
        footer=f"版权所有：{p.province}人民政府",
    )


@pattern
def hospital(p):
    name = p.county + "人民医院"
    return Head(
        name,
        p.y,
        titles=[f"{name}{p.y}年度信息公开工作年度报告"],
        metadata={"来源": p.county + "卫生健康局"},
    )


@pattern
def year_in_brackets_behind(p):
    return Head(
        p.own,
        p.y,
        titles=[f"{p.own}政府信息公开工作年度报告（{p.y}年度）"],
        metadata={"发布日期": p.iso},
    )


@pattern
def three_short_lines(p):
    return Head(p.own, p.y, lines=[p.own, "政府信息公开", f"{p.y}年年报", "一、总体情况"])


@pattern
def own_level(p):
    return Head(p.gov, p.y, titles=[f"{p.gov}（本级）{p.y}年{REPORT}"])


@pattern
def signature_glued(p):
    return Head(
        p.own, p.y, lines=[f"{p.y}年政府信息公开工作报告"],
        sections={1: said(p), 6: f"没有其他需要报告的事项。\n特此报告。\n{p.own}{p.day}"},
    )  # fmt: skip


@pattern
def markdown(p):
    return Head(p.own, p.y, lines=[f"# {p.own}{p.y}年{REPORT}", f"发布日期：{p.iso} 来源：{p.gov}"])


@pattern
def annex(p):
    return Head(p.own, p.y, lines=["附件2", p.own, f"{p.y}年度{REPORT}"])


@pattern
def publisher_is_the_county(p):
    return Head(
        p.towngov, p.y, lines=[f"{p.y}年{REPORT}"], metadata={"发布机构": p.gov},
        sections={1: f"{p.y}年，我镇公开信息10条。{p.towngov}高度重视信息公开工作。", 5: "我镇还存在不足。"},
    )  # fmt: skip


@pattern
def publisher_only_but_town(p):
    return Head(
        None, p.y, lines=[f"{p.y}年{REPORT}"], metadata={"发布机构": p.gov},
        sections={1: f"{p.y}年，我镇公开信息10条。", 5: "我镇还存在不足。"},
    )  # fmt: skip


@pattern
def years_in_conflict(p):
    return Head(ANY, None, sections={1: f"{p.y}年，公开信息10条。\n{p.y - 1}年，公开信息9条。"})


@pattern
def compiled_by(p):
    text = f"本报告由{p.full}根据《中华人民共和国政府信息公开条例》编制，数据统计期限为{p.y}年1月1日至12月31日。"
    return Head(
        p.full, p.y, titles=[f"{p.gov}门户网站"], lines=["无障碍阅读", "登录"], sections={0: text}
    )


@pattern
def made_the_report(p):
    text = f"根据条例规定，{p.own}编制了{p.y}年度政府信息公开工作年度报告。本年度报告可在网站下载。"
    return Head(p.own, p.y, sections={0: text, 1: "主动公开信息若干条。"})


@pattern
def period_gives_the_year(p):
    text = f"本年度报告中所列数据的统计期限为{p.y}年1月1日至{p.y}年12月31日。"
    return Head(
        p.own, p.y, titles=[f"{p.own}{REPORT}"], sections={0: text}, metadata={"发布日期": p.iso}
    )


@pattern
def bare_year_number(p):
    return Head(p.own, p.y, titles=[f"{p.own}{p.y}政府信息公开年报"])


@pattern
def radicals(p):
    title = (
        f"{p.county}人民政府{p.y}年政府信息公开工作年度报告".replace("人", "⼈")
        .replace("工", "⼯")
        .replace("民", "⺠")
    )
    return Head(p.gov, p.y, lines=[title])


@pattern
def subdistrict(p):
    name = f"{p.county}人民政府{p.street}办事处"
    return Head(
        name, p.y, titles=[f"{name}{p.y}年{REPORT}"], metadata={"发布机构": p.county + p.street}
    )


@pattern
def contact_gives_the_city(p):
    text = f"如对本报告有疑问，请与{p.full}办公室联系（地址：{p.city}{p.county}人民路1号）。"
    return Head(p.full, p.y, titles=[f"{p.own}{p.y}年{REPORT}"], sections={0: text})


@pattern
def bare_place_in_title(p):
    text = f"本报告由{p.city}{p.gov}办公室编制。"
    return Head(p.city + p.gov, p.y, titles=[f"{p.county}{p.y}年{REPORT}"], sections={0: text})


@pattern
def title_in_a_grid(p):
    grid = [
        [f"{p.own}{p.y}年{REPORT}"],
        ["二、主动公开政府信息情况"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0", "0"],
    ]
    return Head(p.own, p.y, grid=grid)


@pattern
def only_laws(p):
    text = "根据《中华人民共和国政府信息公开条例》（国务院令第711号，2019年4月3日公布，2019年5月15日施行）编制本报告。"
    return Head(None, None, sections={0: text, 1: "全年公开信息40条。"})


@pattern
def only_superiors(p):
    text = f"按照《{p.city}人民政府办公室关于做好政府信息公开工作年度报告编制工作的通知》要求，在{p.city}人民政府的领导下，"
    return Head(
        None,
        p.y,
        sections={
            0: text + "现将有关情况报告如下。",
            1: f"{p.y}年，本单位公开信息12条。\n{p.y}年，培训2次。",
        },
    )


@pattern
def only_published(p):
    return Head(
        p.own,
        None,
        titles=[f"{p.own}{REPORT}"],
        metadata={"发布日期": p.iso},
        sections={1: "公开信息12条。"},
    )


@pattern
def plans_and_one_year(p):
    return Head(
        p.own, p.y, titles=[f"{p.own}{REPORT}"],
        sections={1: f"{p.y}年，共公开信息12条。", 5: f"{p.y + 1}年，将加强学习。\n{p.y + 1}年，将加强公开。\n{p.y + 1}年，继续做好培训。"},
    )  # fmt: skip


@pattern
def compared_with_last(p):
    text = f"{p.y}年收到申请5件，比{p.y - 1}年增加2件；公开信息30条，较{p.y - 1}年多3条。"
    return Head(p.own, p.y, titles=[f"{p.own}{REPORT}"], sections={1: text})


@pattern
def only_a_plan(p):
    return Head(
        p.own,
        None,
        titles=[f"{p.own}{REPORT}"],
        sections={1: "公开信息12条。", 5: f"{p.y + 1}年，我局将继续做好公开工作。"},
    )


@pattern
def only_history(p):
    return Head(
        p.own,
        None,
        titles=[f"{p.own}{REPORT}"],
        sections={1: f"我局于{p.y}年3月由原物价局等单位合并组建，公开信息12条。"},
    )


@pattern
def year_in_the_middle(p):
    return Head(p.own, p.y, titles=[f"政府信息公开{p.own}{p.y}年工作年度报告"])


@pattern
def dash_and_agency_behind(p):
    return Head(
        p.own, p.y, lines=[f"{p.y}年{REPORT}", f"——{p.own}", p.iso], metadata={"来源": "本站原创"}
    )


@pattern
def key_of_year(p):
    return Head(
        p.own,
        p.y,
        titles=[f"{p.own}政府信息公开年报"],
        metadata={"年度": f"{p.y}", "公开日期": p.iso},
    )


@pattern
def until_the_end_of(p):
    text = f"截至{p.y}年12月31日，{p.own}网站专栏累计公开信息320条。"
    return Head(p.own, p.y, titles=[f"{p.own}{REPORT}"], sections={1: text})


@pattern
def english_and_noise(p):
    return Head(
        p.own, p.y, lines=["English", "繁體", "网站支持IPv6", f"今天是{p.y + 2}年3月4日 星期三", p.gov, "请输入关键字",
                           f"{p.own}{p.y}年{REPORT}", f"发布时间：{p.iso}"],
    )  # fmt: skip


@pattern
def news_source(p):
    return Head(
        p.own,
        p.y,
        titles=[f"{p.own}{p.y}年{REPORT}"],
        metadata={"来源": p.county + "融媒体中心", "作者": "管理员"},
    )


@pattern
def two_reports_named(p):
    text = f"《{p.city}人民政府{p.y}年{REPORT}》已经公布。{p.own}的情况如下。"
    return Head(ANY, p.y, sections={0: text, 1: said(p)})


TUNED = frozenset(list(PATTERNS)[::2])


def heads(names: frozenset[str] | None = None, copies: int = 4) -> Iterator[tuple[str, Head]]:
    """(pattern, head) of some patterns (None: all), each filled `copies` times, the same every run."""
    for name, make in PATTERNS.items():
        rng = random.Random(name)
        for _ in range(copies):
            place = Place(rng)
            if names is None or name in names:
                yield name, make(place)


def score(names: frozenset[str] | None = None, show: bool = False) -> dict[str, Counter]:
    """How often agency and year are right, NA or wrong; `show` prints what is not right."""
    counts = {"agency": Counter(), "year": Counter()}
    for name, head in heads(names):
        found = head.identity()
        for fact, count in counts.items():
            wanted, value = getattr(head, fact), getattr(found, fact).value
            if wanted == ANY:
                continue
            kind = "right" if value == wanted else "NA" if value is None else "wrong"
            count[kind] += 1
            if show and kind != "right":
                print(
                    f"{kind:5} {name}: {fact} {value!r} ({getattr(found, fact).origin}), not {wanted!r}"
                )
    return counts


if __name__ == "__main__":
    print("tuned  ", score(TUNED, show=True))
    print("untuned", score(frozenset(PATTERNS) - TUNED))
