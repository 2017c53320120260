"""Government new-media accounts: from the reports' prose and from inspection bulletins, in one table."""

from __future__ import annotations

import pandas as pd

PLATFORMS = {
    "微信公众号": "wechat", "微信订阅号": "wechat", "微信服务号": "wechat", "新浪微博": "weibo", "抖音": "douyin", "今日头条": "toutiao",
    "视频号": "video_account", "视频类": "video_account", "移动客户端": "app", "小程序": "mini_program", "其他": "other", "all": "all",
}  # fmt: skip
MEASURES = {
    "new_media_in_operation": "in_operation",
    "new_media_opened": "opened",
    "new_media_closed": "closed",
    "new_media_registered": "registered",
}
COLUMNS = ["agency", "year", "period", "measure", "platform", "value", "said", "source", "sentence"]


def read_bulletins(path) -> pd.DataFrame:
    """The bulletins' figures (agency, year, period, source_type, measure, platform, accounts, url); empty where there is no such file."""
    try:
        return pd.read_csv(path, dtype={"agency": "string", "period": "string"}, comment="#")
    except FileNotFoundError:
        return pd.DataFrame(
            columns=[
                "agency",
                "year",
                "period",
                "source_type",
                "measure",
                "platform",
                "accounts",
                "url",
            ]
        )


def accounts(narrative: pd.DataFrame, bulletins: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per figure: agency, year, period, measure, platform, value (个), said, source ('report' or 'bulletin'), sentence.

    measure: in_operation, opened, closed, registered (reports and bulletins), reopened, to_close, closure_pending
    (bulletins only). `said` is 'number', 'approximate' or 'words' (a verb without a number: value NA).
    """
    rows = narrative[narrative["indicator"].astype("string").isin(list(MEASURES))]
    rows = rows.assign(
        measure=rows["indicator"].astype("string").map(MEASURES),
        platform=rows["platform"].astype("string"),
    )
    said = (
        pd.Series("number", index=rows.index)
        .mask(rows["approximate"].fillna(False).astype(bool), "approximate")
        .mask(rows["value"].isna(), "words")
    )
    own = rows.assign(
        said=said,
        source="report",
        period=rows["period"].astype("string"),
        agency=rows["agency"].astype("string"),
    )[COLUMNS]
    if bulletins is None or bulletins.empty:
        return own.reset_index(drop=True)
    other = bulletins.rename(columns={"accounts": "value"}).assign(
        said="number", source="bulletin", sentence=pd.NA
    )
    other["platform"] = other["platform"].map(lambda p: PLATFORMS.get(p, p))
    other["year"] = other["year"].astype("Int16")
    other["value"] = other["value"].astype("Float64")
    return pd.concat([own, other[COLUMNS]], ignore_index=True)


def stock(table: pd.DataFrame) -> pd.DataFrame:
    """Accounts in operation: the highest figure per agency, year and source of 'all' platforms. Where a stock before is
    printed too ('from 611 to 105'), its period is that earlier year.
    """
    rows = table[(table["measure"] == "in_operation") & (table["platform"] == "all")].dropna(
        subset=["value", "year"]
    )
    period = pd.to_numeric(
        rows["period"].where(rows["period"].fillna("").str.fullmatch(r"\d{4}")), errors="coerce"
    )
    before = rows["period"].fillna("") == "previous_year"
    year = rows["year"].where(~before, rows["year"] - 1)
    rows = rows.assign(year=period.fillna(year.astype("Float64")).astype("Int16"))
    return (
        rows.sort_values("value")
        .drop_duplicates(["agency", "year"], keep="last")
        .sort_values(["agency", "year"])
        .reset_index(drop=True)
    )


def platforms(table: pd.DataFrame) -> pd.DataFrame:
    """Accounts in operation by platform: agency, year, platform, value, total, gap (total − sum of platforms).

    Only the platforms printed with the agency's latest total of 'all'; two WeChat kinds are added up.
    """
    rows = table[(table["measure"] == "in_operation")].dropna(subset=["value", "year"])
    # A later bulletin of the same year repeats the list: the rows after its total belong to it.
    rows = rows.assign(block=(rows["platform"] == "all").astype(int).cumsum())
    totals = rows[rows["platform"] == "all"].set_index("block")
    parts = (
        rows[rows["platform"] != "all"]
        .groupby(["block", "agency", "year", "platform"], observed=True)["value"]
        .sum()
        .reset_index()
    )
    parts = parts[parts["block"].isin(totals.index)]
    parts["total"] = parts["block"].map(totals["value"])
    same = parts["agency"] == parts["block"].map(totals["agency"])
    parts = parts[same & (parts["block"] == parts.groupby("agency")["block"].transform("max"))]
    parts["gap"] = parts["total"] - parts.groupby("block")["value"].transform("sum")
    return parts.drop(columns="block").reset_index(drop=True)


def movements(table: pd.DataFrame) -> pd.DataFrame:
    """Accounts opened and closed in the year ('all' platforms): agency, year, measure, value, said; one row each."""
    rows = table[
        table["measure"].isin(["opened", "closed"])
        & ~table["period"].fillna("").isin(["planned", "cumulative", "previous_year"])
    ]
    whole = rows[rows["platform"] == "all"]
    single = rows[
        ~rows.set_index(["agency", "year", "measure"]).index.isin(
            whole.set_index(["agency", "year", "measure"]).index
        )
    ]
    summed = (
        single.groupby(
            ["agency", "year", "measure", "said", "source"], observed=True, dropna=False
        )["value"]
        .sum(min_count=1)
        .reset_index()
    )
    out = pd.concat([whole, summed], ignore_index=True).sort_values("value", na_position="first")
    out = out.drop_duplicates(["agency", "year", "measure"], keep="last")
    return (
        out[["agency", "year", "measure", "value", "said", "source"]]
        .sort_values(["agency", "year", "measure"])
        .reset_index(drop=True)
    )
