"""The columns of every frame, once: name, type, meaning, example. Frames, Parquet, the codebook and
``datapackage.json`` are all made from this table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa


class Field(NamedTuple):
    """A column. ``type``: 'string', 'category', 'year', 'number', 'integer' or 'boolean'."""

    name: str
    type: str
    en: str
    zh: str
    example: str = ""


_ID = (
    Field("report_id", "string", "the manifest's id, else the file stem", "报告标识", "dayao-2021"),
    Field(
        "agency",
        "category",
        "agency as printed in the title; NA where the report does not say",
        "行政机关",
        "大姚县人民政府",
    ),
    Field("year", "year", "the year reported on, never the year of publication", "年度", "2021"),
)
_FORM = (
    Field("form", "category", "form detected by structure: 2014, 2019 or 2021", "格式版本", "2021"),
)
_CELL = (
    Field(
        "value",
        "number",
        "the figure in `unit`; NA unless status is reported or imputed. A blank is NA, never 0",
        "数值",
        "45219",
    ),
    Field(
        "unit",
        "category",
        "件, 项, 万元 or 元; NA where neither the form nor the report says",
        "单位",
        "件",
    ),
    Field(
        "status",
        "category",
        "reported, blank, not_applicable (/ — 无), unreadable, absent, imputed",
        "填报状态",
        "reported",
    ),
    Field("text", "string", "as printed", "原文", "45219"),
    Field("where", "string", "place in the document", "出处", "table 1, row 7, column 2"),
    Field(
        "source",
        "category",
        "text, or ocr where characters were recognised in a picture",
        "来源",
        "text",
    ),
    Field(
        "confidence",
        "number",
        "confidence of the recognition, 0 to 1; NA for text",
        "识别置信度",
        "",
    ),
)

FRAMES: dict[str, tuple[Field, ...]] = {
    "cells": (
        *_ID, *_FORM,
        Field("table", "category", "proactive (二), requests (三), disputes (四) or statistics (2014-18)", "表", "requests"),
        Field("row", "category", "row code", "行", "received"),
        Field("column", "category", "column code", "列", "total"),
        *_CELL,
    ),
    "reports": (
        *_ID, *_FORM,
        Field("title", "string", "title as printed", "标题", "2021年政府信息公开工作年度报告"),
        Field("level", "category", "level of the agency", "层级", "county"),
        Field("division_code", "string", "six-digit code, GB/T 2260", "行政区划代码", "532326"),
        Field("province", "category", "province", "省份", "云南省"),
        Field("published", "string", "date of publication, ISO 8601", "发布日期", "2022-01-24"),
        Field("agency_origin", "category", "where the agency was read", "机关出处", "title"),
        Field("year_origin", "category", "where the year was read", "年度出处", "title"),
        Field("level_origin", "category", "where the level comes from", "层级出处", "agency"),
        Field("division_origin", "category", "where the code comes from", "代码出处", "metadata 网站标识码"),
        Field("path", "string", "the file as given", "文件", "data/reports/dayao-2021.txt"),
        Field("url", "string", "address of the original", "网址", ""),
        Field("sha256", "string", "hash of the file's bytes", "SHA-256", ""),
        Field("media_type", "category", "format, by content; of a table of figures also who said it (text/csv; origin=official)", "格式", "text/plain"),
        Field("cells_reported", "integer", "cells with a figure", "有数格数", "200"),
        Field("cells_blank", "integer", "cells printed and empty", "空白格数", "0"),
        Field("cells_not_applicable", "integer", "cells with / — 无", "不适用格数", "0"),
        Field("cells_unreadable", "integer", "cells with text that is no number", "不可读格数", "0"),
        Field("cells_absent", "integer", "cells of the form that the document lacks", "缺失格数", "0"),
        Field("unplaced", "integer", "printed figures that have no cell in the form", "未归位数", "0"),
        Field("errors", "integer", "findings of severity error", "错误数", "0"),
        Field("warnings", "integer", "findings of severity warning", "警告数", "0"),
        Field("infos", "integer", "findings of severity info", "提示数", "0"),
    ),
    "sections": (
        *_ID,
        Field("number", "integer", "1 to 6; 0 is what stands before section one", "序号", "1"),
        Field("heading", "string", "title as printed", "标题", "一、总体情况"),
        Field("text", "string", "prose, paragraphs set off by line feeds, tables left out", "正文", ""),
        Field("where", "string", "place of the title", "出处", "line 1"),
    ),
    "narrative": (
        *_ID,
        Field("indicator", "category", "what is counted", "指标", "new_media_closed"),
        Field("platform", "category", "all, wechat, weibo, douyin, …", "平台", "wechat"),
        Field("value", "number", "the figure; NA where a verb stands without one", "数值", "25"),
        Field("unit", "category", "unit as counted", "单位", "个"),
        Field("period", "category", "year, previous_year, cumulative, planned, …; in tables of figures also 2023Q1, 2023-04", "期间", "year"),
        Field("approximate", "boolean", "余, 多, 近, 约, 超", "约数", "False"),
        Field("scope", "category", "own_office, government, territory, part (tables of figures: a part of the whole, see note), or NA", "口径", "territory"),
        Field("section", "integer", "section number", "所在部分", "1"),
        Field("sentence", "category", "the sentence", "原句", ""),
        Field("start", "integer", "offset of the figure in the section's text", "起", "10"),
        Field("end", "integer", "offset of its end", "止", "12"),
        Field("pattern", "category", "how it is printed: number, zero, named, verb", "写法", "number"),
        Field("note", "string", "what needs saying about it", "说明", ""),
        Field("confidence", "number", "how sure the reading is, 0 to 1; checks use 0.8 and more", "置信度", "0.97"),
    ),
    "findings": (
        *_ID,
        Field("rule", "category", "code of the rule", "规则", "requests.balance"),
        Field("kind", "category", "printed, reading, cross_year, narrative or form", "类别", "printed"),
        Field("severity", "category", "error (does not add up), warning (doubtful), info", "程度", "error"),
        Field("expected", "number", "what the rule expects", "应为", "11"),
        Field("actual", "number", "what stands", "实为", "0"),
        Field("gap", "number", "actual − expected", "差额", "-11"),
        Field("cells", "string", "cells that take part, table.row.column, set off by spaces", "涉及单元格", ""),
        Field("message", "string", "in words", "说明", ""),
        Field("suggestion", "string", "the one cell that would make every sum true; never applied", "建议", ""),
    ),
    "unplaced": (
        *_ID,
        Field("table", "category", "table, or NA for a table that is none of the form's", "表", "proactive"),
        Field("row", "string", "row code or label as printed", "行", "行政检查"),
        Field("column", "string", "column code or header as printed", "列", ""),
        Field("value", "number", "the figure", "数值", "12"),
        Field("text", "string", "as printed", "原文", "12"),
        Field("where", "string", "place in the document", "出处", ""),
        Field("reason", "category", "subtotal, extra_row, extra_column, no_label, does_not_fit, repeated, other_table", "原因", "extra_row"),
    ),
    "failures": (
        Field("path", "string", "the file", "文件", "scan.jpg"),
        Field("kind", "category", "kind of error", "类别", "unreadable_file"),
        Field("message", "string", "what was expected, what was seen, what to do", "说明", ""),
    ),
}  # fmt: skip

_ARROW = {
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "year": pa.int16(),
    "number": pa.float64(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
}


@lru_cache(maxsize=None)
def arrow_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame; `category` columns are dictionaries of strings."""
    return pa.schema([(f.name, _ARROW[f.type]) for f in FRAMES[frame]])
