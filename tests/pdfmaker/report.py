"""A whole made-up report: prose and the three tables, with what a reader must find in it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .forms import Figures, Spec, disputes_spec, figures, proactive_spec, requests_spec

TITLE = "澄湖县示范镇人民政府2023年政府信息公开工作年度报告"
INTRO = (
    "澄湖县示范镇人民政府按照条例的规定编写本报告，内容包括总体情况、主动公开情况和依申请公开情况，"
    "统计期限自2023年1月1日起至2023年12月31日止。"
)
OVERVIEW = (
    "（一）一年来，我镇坚持以公开为常态，全年通过门户网站发布各类信息1136条，关停政务新媒体账号3个，"
    "保留在运行的政务微信公众号2个，做到专人负责、定期检查、及时更新。"
)
PROBLEMS = (
    "我镇的公开工作仍有不足，主要是解读形式比较单一、培训不够经常。下一步将举办培训2次，"
    "邀请各村各部门参加，并把检查结果写进年度考核。"
)
OTHERS = "全年收取信息处理费0元。"
SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


@dataclass(frozen=True)
class Made:
    """``blocks`` in reading order, and the figures in them."""

    form: str
    figures: Figures
    blocks: list[str | Spec]

    @property
    def specs(self) -> list[Spec]:
        return [block for block in self.blocks if isinstance(block, Spec)]


def make(form: str = "2021", seed: int = 0, top: int = 40, blanks: float = 0.0) -> Made:
    """A report on the given form with random figures; ``blanks`` is the share of its cells that are left empty."""
    found = figures(form, seed, top)
    rng = random.Random(seed)
    found = {key: "" if rng.random() < blanks else text for key, text in found.items()}
    proactive, requests, disputes = (
        proactive_spec(form, found),
        requests_spec(form, found),
        disputes_spec(found),
    )
    one, two, three, four, five, six = SECTIONS
    blocks = [
        "# " + TITLE,
        INTRO,
        one,
        OVERVIEW,
        two,
        proactive,
        three,
        requests,
        four,
        disputes,
        five,
        PROBLEMS,
        six,
        OTHERS,
    ]
    return Made(form, found, blocks)
