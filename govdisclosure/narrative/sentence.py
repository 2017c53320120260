"""One sentence as the rules see it: its tokens, what stands left and right of a number, its time and scope."""

from __future__ import annotations

import re

from govdisclosure.model import Figure
from govdisclosure.narrative.codes import UNITS
from govdisclosure.narrative.text import Compact
from govdisclosure.narrative.tokens import A, B, D, K, Number, tokenize

REACH = 40  # tokens looked at on each side of a number
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
ENDS = frozenset((",", "num", "("))


class Sentence:
    """Tokens and figures of one sentence.

    ``topic``: the last object named before the current token (kind, token index). ``frame``: what the last account
    number was read as, for lists that go on without a verb. ``dealt``: number token → label token, where 分别 or 各
    deals numbers out to a list of labels.
    """

    __slots__ = ("compact", "section", "start", "end", "toks", "year", "topic", "frame", "total", "dealt", "figures",
                 "before", "last", "base", "done", "text", "counted", "whole", "kinds", "seen", "printed")  # fmt: skip

    def __init__(
        self, compact: Compact, section: int, start: int, end: int, year: int | None, before: str
    ) -> None:
        self.compact, self.section, self.start, self.end = compact, section, start, end
        self.text = compact.text
        self.toks = tokenize(compact.text, start, end)
        self.kinds = {token[K] for token in self.toks}
        if "to" in self.kinds or "nm" in self.kinds:
            self.kinds = {token[K] for token in merged_into(compact.text, self.toks)}
        self.seen: dict[
            tuple[str, int, int], list
        ] = {}  # what left and right found, until 分别 or 各 deals anew
        self.year, self.before = year, before
        self.topic: tuple[str, int] = (before, -1)
        self.frame = self.total = self.last = self.base = self.whole = self.printed = None
        self.counted: list[int] = []
        self.dealt: dict[int, int] = {}
        self.done: set[int] = set()
        self.figures: list[Figure] = []

    def left(self, i: int) -> list[tuple[str, str, int, bool]]:
        """Tokens left of token i in its clause, nearest first: (kind, data, index, residue in between)."""
        key = ("left", i, self.dealt.get(i, -1))
        if key not in self.seen:
            self.seen[key] = self._left(i)
        return self.seen[key]

    def _left(self, i: int) -> list[tuple[str, str, int, bool]]:
        toks, out, dirty, position = self.toks, [], False, self.toks[i][A]
        j, stop = i - 1, i - 1 - REACH
        if i in self.dealt:
            j = self.dealt[i]
            out.append((toks[j][K], toks[j][D], j, False))
            j, position = self._first_label(j), None
        while j >= 0 and j > stop:
            kind, data, start, end = toks[j]
            if position is not None and end != position:
                dirty = True
            if kind in ENDS:
                break
            if kind == ")":
                j = self._opening(j)
                position = toks[j][A]
                j -= 1
                continue
            out.append((kind, data, j, dirty))
            position = start
            j -= 1
        return out

    def _first_label(self, j: int) -> int:
        """Index left of the label list that token j belongs to."""
        kind = self.toks[j][K]
        while j >= 0 and self.toks[j][K] in (kind, "、", "f", "q"):
            j -= 1
        return j

    def _opening(self, j: int) -> int:
        depth = 0
        for k in range(j, max(j - REACH, -1), -1):
            kind = self.toks[k][K]
            depth += (kind == ")") - (kind == "(")
            if depth == 0:
                return k
        return max(j - REACH, 0)

    def right(self, i: int) -> list[tuple[str, str, int, bool]]:
        """Tokens right of token i up to the clause's end or the next number, nearest first."""
        key = ("right", i, -1)
        if key not in self.seen:
            self.seen[key] = self._right(i)
        return self.seen[key]

    def _right(self, i: int) -> list[tuple[str, str, int, bool]]:
        toks, out, dirty, position = self.toks, [], False, self.toks[i][B]
        for j in range(i + 1, min(i + 1 + REACH, len(toks))):
            kind, data, start, end = toks[j]
            if start != position:
                dirty = True
            if kind in ENDS or kind == ")":
                break
            out.append((kind, data, j, dirty))
            position = end
        return out

    def left_all(self, i: int) -> list[tuple[str, str, int]]:
        """Tokens left of token i back to the comma (numbers and brackets do not end it)."""
        out = []
        for j in range(i - 1, max(i - 1 - REACH, -1), -1):
            if self.toks[j][K] == ",":
                break
            out.append((self.toks[j][K], self.toks[j][D], j))
        return out

    def closes(self, i: int) -> bool:
        """True when nothing but a mark (or the sentence's end) follows token i directly."""
        if i + 1 == len(self.toks):
            return self.toks[i][B] >= self.end or self.text[self.toks[i][B]] in "。！？”\n"
        return self.toks[i + 1][A] == self.toks[i][B] and self.toks[i + 1][K] in (
            ",",
            "、",
            "(",
            ")",
            ":",
        )

    def in_clause(self, i: int, kinds: frozenset | set) -> bool:
        """Whether the comma clause of token i has a token of one of `kinds`."""
        toks = self.toks
        if kinds.isdisjoint(self.kinds):
            return False
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(toks) and abs(j - i) < REACH and toks[j][K] != ",":
                if toks[j][K] in kinds:
                    return True
                j += step
        return toks[i][K] in kinds

    def period(self, i: int, flow: bool = True) -> str:
        """'year', 'previous_year', 'earlier', 'cumulative', 'quarter', 'half_year' or 'month' for token i."""
        cumulative = now = False
        clauses = 0
        for j in range(i - 1, max(i - 1 - REACH, -1), -1):
            kind, data = self.toks[j][K], self.toks[j][D]
            if kind == ",":
                clauses += 1
            elif kind == "time":
                if data == "cumulative":
                    cumulative = cumulative or clauses == 0
                    if (
                        clauses == 0
                        and self.text[self.toks[j][A]] == "历"
                        or clauses <= 1
                        and self._since_before(j)
                    ):
                        return "cumulative"
                elif data == "now":
                    if (
                        clauses <= 1
                        and self.text.startswith("至今", self.toks[j][A])
                        and j
                        and self.toks[j - 1][K] == "date"
                        and self._since_before(j, "")
                    ):
                        return "cumulative"  # 自2019年3月至今
                    now = now or self.text[self.toks[j][A] : self.toks[j][B]] in (
                        "截至目前",
                        "截止目前",
                        "至今",
                    )
                elif (
                    cumulative
                    and clauses
                    and data in PARTS
                    and any(t[K] == "num" for t in self.toks[j:i])
                ):
                    return "cumulative"  # 第三季度关停13个，累计关停117个
                elif data != "previous_year" or clauses == 0 or not self._is_year(j):
                    return data
            elif kind == "date" and (said := self._dated(j, cumulative)):
                return said
        return "cumulative" if cumulative or now and flow else "year"

    def _since_before(self, j: int, ending: str = "以来") -> bool:
        """自2012年开通以来: a span from an earlier year, unless the report's own year opens it."""
        if not self.text.endswith(ending, self.start, self.toks[j][B]):
            return False
        if (
            self.toks[j][B] - self.toks[j][A] > 2
            or j
            and self.toks[j - 1][K] in ("vopen", "vstock")
        ):
            opened = True  # 开通以来, 自上线运行以来
        else:
            opened = False
        for k in range(j - 1, max(j - 6, -1), -1):
            if self.toks[k][K] == ",":
                break
            if self.toks[k][K] == "date" and (year := _YEAR.match(self.toks[k][D][0])):
                return self.year is None or int(year[0]) < self.year
        return opened

    def _is_year(self, j: int) -> bool:
        """A token 上年 followed by a number (or a 无) of its own speaks for that only."""
        return any(
            self.toks[k][K] in ("num", "neg") for k in range(j + 1, min(j + 6, len(self.toks)))
        )

    def _dated(self, j: int, cumulative: bool) -> str:
        printed, since = self.toks[j][D]
        year = int(printed[:4]) if _YEAR.match(printed) else None
        if since:
            return "year" if year is not None and year == self.year else "cumulative"
        if "半年" in printed or "季度" in printed:
            return "half_year" if "半年" in printed else "quarter"
        if year is None:
            return ""
        if cumulative and j and self.toks[j - 1][K] == "time":  # 截至2021年底累计
            return "cumulative"
        if self.year is None or year >= self.year:
            return "year"
        return "previous_year" if year == self.year - 1 else "earlier"

    def scope(self, i: int) -> str:
        """'own_office', 'government' or 'territory' where the sentence says it before token i, else ''."""
        if "scope" in self.kinds:
            for j in range(i - 1, max(i - 1 - 2 * REACH, -1), -1):
                if self.toks[j][K] == "scope":
                    return self.toks[j][D]
        return ""

    def emit(
        self,
        indicator: str,
        i: int,
        pattern: str,
        *,
        platform: str = "all",
        value: float | None = None,
        period: str | None = None,
        note: str = "",
        flow: bool = True,
    ) -> int:
        """Append the figure of number token i (or of verb token i, when it is no number); returns its index."""
        number = self.toks[i][D]
        start, end, approximate = self.toks[i][A], self.toks[i][B], False
        if isinstance(number, Number):
            end, approximate = number.end, number.numeral.approximate or self._hedged(i)
            value = number.numeral.value if value is None else value
            if number.numeral.high is not None:
                note = join(f"range:{number.numeral.value:g}-{number.numeral.high:g}", note)
        if self.printed is None:
            low, high = self.compact.span(self.start, self.end)
            self.printed = self.compact.printed[low:high]
        self.figures.append(Figure(
            indicator, platform, value, UNITS[indicator], period or self.period(i, flow), approximate, self.scope(i),
            self.section, self.printed, *self.compact.span(start, end), pattern, note))  # fmt: skip
        return len(self.figures) - 1

    def _hedged(self, i: int) -> bool:
        before = self.text[max(self.toks[i][A] - 2, self.start) : self.toks[i][A]]
        return before.endswith(HEDGES)

    def note(self, index: int, text: str) -> None:
        """Add a remark to an emitted figure."""
        figure = self.figures[index]
        if text not in figure.note.split("; "):
            self.figures[index] = figure._replace(note=join(figure.note, text))


PARTS = frozenset(("quarter", "half_year", "month"))
PRIVATE = ("企业", "用户", "管理员", "后台", "工作人员", "系统", "执法人员", "网民", "群众")
MERGING = ("整合", "合并", "归并", "撤并")


def merged_into(text: str, toks: list[tuple]) -> list[tuple]:
    """整合到“某县发布”: the merging word of 由A整合到B is a closure when no number follows it."""
    for j, (kind, _, start, end) in enumerate(toks):
        if kind == "to" and text.startswith(MERGING, start):
            k = j + 1
            while k < min(j + 4, len(toks)) and toks[k][K] in ("f", "time", "date", "de"):
                k += 1
            if k == len(toks) or toks[k][K] != "num":
                toks[j] = ("vclose", "", start, end)
        elif kind == "nm" and end - start == 2 and text.endswith(PRIVATE, 0, start):
            toks[j] = ("ot", "", start, end)  # 企业账号, 管理员账号 are no official media
    return toks


HEDGES = ("近", "约", "超", "超过", "逾", "突破", "大约", "接近", "将近")


def join(*notes: str) -> str:
    """Remarks joined, empty ones left out."""
    return "; ".join(note for note in notes if note)


def first(tokens: list, through: frozenset) -> tuple | None:
    """The nearest token that is none of `through`, or None when residue comes before it or nothing is left."""
    for token in tokens:
        if token[3]:
            return None
        if token[0] not in through:
            return token
    return None
