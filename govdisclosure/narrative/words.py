"""The words of the prose by what they mean, as data: kind → words. The longest word wins; a word stands once.

Source: the field's terms in 国令第711号, 国办公开办函〔2021〕30号 and 国办发〔2018〕123号; the rest from the labelled text
(`data/prose-labels`).
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what is counted
    "request": "政府信息公开申请件 政府信息公开申请 信息公开申请件 信息公开申请 依申请公开政府信息 依申请政府信息公开 依申请公开信息 政府信息依申请公开 "
    "信息依申请公开 政府信息依申请 依申请公开 依申请 公开申请 申请公开 公开请求 申请件 申请事项 申请 请求 收件",
    "recon": "行政复议案件 行政复议 复议案件 复议",
    "lit": "行政诉讼案件 行政诉讼 诉讼案件 诉讼 行政应诉 应诉 行政案件 起诉",
    "hot": "12345 热线",
    "media": "两微一端 两微一抖 两微 双微 政务新媒体账号 政务新媒体 新媒体账号 新媒体 政务账号 账号 帐号 政务号",
    "item": "政府信息 政务信息 公开信息 各类信息 信息 稿件 文章 推文 图文 新闻 报道 短视频 视频 作品 内容 条目 消息 资讯 原创 博文 宣传稿 素材 文稿 稿",
    "topic": "工作动态 动态 公告 公示 通知 计划 总结 概况 领导 机构 职能 人事 财政 预算 决算 规划 招标 采购 要闻 招聘 价格 重点领域 专题 专项 民生 目录",
    "ogi": "政府信息公开 信息公开 政务公开",
    "interp": "政策问答 政策解读 解读材料 解读信息 解读稿件 解读产品 解读 图解",
    "doc": "行政规范性文件 规范性文件 政策文件 政策性文件 文件 规章 公文 政策 决定书",
    "matter": "应用程序 移动应用 建议 提案 议案 信访 留言 来信 信箱 投诉 举报 咨询 许可 处罚 强制 发布会 访谈 征集 会议 舆情 回应 诉求 工单 意见 案件 事项 项目 民意 调查 "
    "行政许可 行政处罚 行政强制 调研 指南 清单 通报 整改 错误 错别字 活动 服务 简报 经费 资金 罚款",
    "column": "公开栏目 栏目 专栏 专区 板块 频道 专题专栏 公开栏",
    "train": "业务培训 培训班 培训会 培训",
    "attend": "参训 参加 参会 受训",
    "staff": "专兼职 工作人员 人员 同志 干部 信息员 联络员 专人 员工 名",
    "full_time": "专职 全职",
    "part_time": "兼职",
    "fee": "信息处理费用 信息处理费 处理费用 处理费 收费 费用 费",
    "body": "机构 法院 复议机关",
    # where
    "website": "县政府门户网站 市政府门户网站 区政府门户网站 省政府门户网站 州政府门户网站 人民政府门户网站 县政府网站 市政府网站 区政府网站 省政府网站 州政府网站 人民政府网站 县政府网 市政府网 区政府网 省政府网 州政府网 人民政府网 政务公开平台 政务公开网 门户网站 政府网站 官方网站 部门网站 网站 官网 门户网 政务网 政府网 信息网 网页 公开平台 信息公开平台 政府信息公开平台 部门频道 信息公开目录 公开网 网站群 信息公开专栏",
    "wechat": "微信公众号 政务微信号 政务微信 官方微信 微信公众平台 微信平台 微信订阅号 微信服务号 公众号 订阅号 服务号 微信号 微信 官微",
    "weibo": "新浪微博 政务微博 官方微博 微博号 微博",
    "douyin": "抖音短视频号 抖音公众号 抖音账号 政务抖音 抖音号 抖音",
    "toutiao": "今日头条号 今日头条 头条号 头条",
    "video_account": "微信视频号 视频号",
    "app": "移动客户端 客户端 APP App app",
    "mini_program": "微信小程序 小程序",
    "other_platform": "快手号 快手 百家号 企鹅号 大鱼号 网易号 搜狐号 南方号 南方+ 美篇 学习强国 贴吧 喜马拉雅 哔哩哔哩 B站 小红书 澎湃号 人民号 微视 其他平台 其他账号 其他新媒体 其他渠道 其他方式",
    "others": "其他 其它 其余",
    "gazette": "政府公报 公报",
    "press": "融媒体平台 融媒体 融媒 报刊 报纸 广播 电视台 电视 媒体 日报 晚报 晨报 新闻媒体 主流媒体 人民网 新华网 央视 刊物 杂志 导报",
    "notice_board": "政务公开栏 信息公开栏 公告栏 公示栏 公开栏 显示屏 便民服务大厅 服务大厅 宣传栏 电子屏",
    "way": "网上 网络 线上 邮寄 信函 来信 当面 现场 传真 邮件 信件 书面 窗口 邮政 电话 来函 途径 渠道 方式 形式",
    "kinds": "各类媒体 多种渠道 等渠道 等平台 等媒体 多渠道 媒介 载体 平台",
    # what is done
    "publish": "主动公开 依法公开 全文公开 公开 发布 推送 更新 推出 编发 发表 刊登 刊载 刊发 刊播 刊用 播发 播出 发稿 发文 制作 上传 登载 公布 公示 编辑 采写 推介 配发 加载 发送 上线 制发 印发",
    "report_up": "报送 上报 采用 采纳 转载 录用 投稿 供稿 审核 下架 屏蔽 删除 退回",
    "receive": "新收到 新收 收到 受理 接收 接到 新受理 接获 收悉 收 提交 递交 提出",
    "handle": "收办 办理 处理 承办 接办 处置",
    "conclude": "已办结 办结 答复 回复 审结 办毕 办复 结案 办理完毕 办理完结 办完",
    "carry_over": "上年结转 上年度结转 上一年度结转 上年度转接 上年顺延 上年度顺延 上一年度转接 转入本年 上年转结 上年转 结转上年 结转自 往年结转 上年末结转",
    "carry_forward": "结转下年度 结转下一年度 结转下年 结转至下 结转到下 结转下一年 结转 转下一年 转下年 转入下 顺延 延至 延到 转至下 下年度 下一年度 下年 次年 转结 跨年度 跨年 留待",
    "close": "关停注销 注销关停 关停整合 整合关停 关停并转 关停 注销 关闭 停用 停止运营 清理整合 清理 整合 归集 归并 撤并 撤销 合并 下线 停运 精简 停更",
    "open": "开设 开通 开办 入驻 创建 注册 建成 开辟",
    "open_new": "新开设 新开通 新开办 新开 新增备案 新增设 新增 增设 新建 新设 新注册 新上线",
    "register": "备案登记 登记备案 备案 登记 纳入 报备",
    "stock": "共有 现有 正常运行 在运行 运行 在运维 运维 运营 保留 目前有 拥有 在用 现存 总量 总数 数量 管理",
    "sample": "抽查 检查 抽检 监测 排查 检测 巡查 自查",
    "faulty": "无力 无人 无效 不合格 合格 问题 未更新 无法访问 停更 逾期未",
    "whole": "全覆盖 检查范围 普查 全面检查 正常 逐一检查",
    "fall_to": "降至 减至 减少到 减少至 压减至 精简至 整合至 下降到 下降至 压缩至 缩减至 整合为 精简为 压减到 降到 降为 减为 增至 增加到 增加至 由 从",
    # outcomes
    "full": "予以公开 同意公开 全部公开 全部答复公开 准予公开 完全公开",
    "partial": "予以部分公开 同意部分公开 部分公开",
    "both": "予以公开及部分公开 予以公开或部分公开 予以公开和部分公开 全部或部分公开 公开及部分公开 公开或部分公开 公开和部分公开 公开（含部分公开）",
    "denied": "不予公开 不同意公开 不公开 拒绝公开",
    "unable": "无法提供",
    "not_processed": "不予处理 不予受理",
    "other_outcome": "其他处理 作其他处理 其它处理 其他方式处理",
    "reason": "不属于本机关 不属于本单位 信息不存在 不存在 不掌握 国家秘密 第三方 内部事务 过程性 执法案卷 查询事项 重复申请 信访举报 补正 不明确 非本机关 不属于政府信息 告知 撤回 撤件 撤销申请 逾期 已主动公开 不属于",
    "upheld": "维持原 结果维持 维持 胜诉",
    "corrected": "结果纠正 纠正 被纠正 撤销原 责令 确认违法 变更 败诉 纠错",
    "other_result": "其他结果 驳回 终止 撤诉",
    "pending": "尚未审结 未审结 尚在审理 审理中 正在审理 在审 待审 未办结",
    "natural": "自然人 公民 个人",
    "organization": "法人或其他组织 法人和其他组织 法人及其他组织 法人或者其他组织 法人、其他组织 法人 其他组织 企业 商业企业 商业机构 科研机构 社会公益组织 法律服务机构 组织",
    # how
    "negation": "未收到 未接到 没有收到 未收取 未发生 没有发生 未产生 未出现 未引发 未引起 未受理 未接收 未新增 未新开设 未开设 未 无 没有 零 不存在 不涉及 暂无 尚无 并未 从未",
    "not": "不 非 免",
    "because": "因 由于 引起 引发 涉及 有关",
    "all_of": "均为 均 皆 都 各 分别为 分别是 分别",
    "of_which": "其中 包括 包含 含 涵盖 涉及到",
    "sum": "共计 总计 合计 共 总 累计",
    "up": "增长 增加 上升 提高 增幅 增多 增 升 多出 多收 多公开 多",
    "down": "回落 下降 减少 降低 降幅 减幅 压减率 减 降 少",
    "compare": "同比 环比 相比 较 比",
    "share": "占比 占总数 占",
    "rate": "按时办结率 按期办结率 办结率 满意率 满意度 回复率 答复率 合格率 解读率 办复率 更新率 支持率 率",
    "follow": "粉丝 关注 订阅 用户 好友",
    "read": "阅读量 阅读 浏览 点击 访问 播放 点赞 转发 互动 人次",
    # when and whose
    "last_year": "上一年度 上一年 上年同期 上年度 上年末 上年底 上年 去年同期 去年 年初 前一年 往年",
    "this_year": "全年 本年度 本年 今年 年内 一年来 年度 年末 年底",
    "running": "截至 截止 以来 历年 历史 至今 目前 自",
    "plan": "拟 将 计划 力争 下一步 明年 预计 争取 待 应 需 要求 确保 原则上 不少于 不得",
    "quarter": "季度",
    "territory": "县级部门 市级部门 省级部门 市直部门 县直部门 区直部门 全市 全县 全区 全省 全州 全旗 全盟 全镇 我市 我县 我区 我省 我州 各级 各部门 各乡镇 各县 各区 各市",
    "own": "融媒体中心 我局 本局 我委 本委 我办 本办 本机关 本单位 我单位 我厅 本厅 我镇 我街道 本级 局 委 厅 办公室 街道",
    "government": "人民政府 县政府 市政府 区政府 省政府 州政府",
}

# Counters by what they count; 字, 年, 处 and the like count nothing here but end a number.
COUNTERS: dict[str, str] = {
    "item": "条 条次 篇 篇次 则",
    "case": "件 件次 件(次) 宗 起 例 笔 封 单 通",
    "account": "个 家 款 个次",
    "piece": "份 项 部 幅 组",
    "time": "期 期次 次 场 场次 场(次) 班次 批次 堂 轮 批 课",
    "person": "人 人次 人(次) 名 位",
    "money": "元 万元 亿元",
    "percent": "%",
    "": "个百分点 百分点 件（次） 人（次） 场（次） ％ 户 字 号 个月 个工作日 工作日 年 页 张 版 套 台 处 门 类 种 章 分钟 分 天 小时 级 大类 岁 米 公里 亩 吨",
}
# Chinese numerals count only before these: 一种, 一类, 一批, 三年 are no figures here.
CHINESE_COUNTERS = "个 家 款 件次 件 条 篇 人次 人 名 位 场次 场 期 班次 次 批次 份 宗 起 例 项 则 部 幅 通 单 笔 元"

_CHANNELS = "wechat weibo douyin toutiao video_account app mini_program other_platform website gazette press media notice_board kinds"
_CASES = "request recon lit hot full partial both denied unable not_processed other_outcome carry_over carry_forward conclude natural organization"
_ITEMS = f"item interp publish {_CASES} {_CHANNELS}"
# Kinds of words that belong together.
GROUPS: dict[str, str] = {
    "platforms": "wechat weibo douyin toutiao video_account app mini_program other_platform",
    "channels": _CHANNELS,
    # what may share a number, or take one of several (各, 均, 分别)
    "labels": "wechat weibo douyin toutiao video_account app mini_program other_platform website recon lit rate full partial denied unable "
    "not_processed other_outcome natural organization",
    "joints": "、 all_of sum negation because",
    # what may be denied: 未收到申请, 无行政复议
    "zeros": "request recon lit fee media wechat weibo douyin carry_over carry_forward open open_new close partial full denied unable pending corrected upheld",
    "topics": "request recon lit hot media item interp train staff fee doc matter wechat weibo website column",
    "other objects": "website column matter staff",
    "account verbs": "open open_new close register",
    "between": "media sum all_of stock share",  # a platform and its number
    "fillers": "sum this_year date",
}
# What a number with a counter of a kind needs in its sentence to be looked at.
NEEDS: dict[str, str] = {
    "account": f"media interp {_CASES} {_CHANNELS}",
    "person": "staff train attend full_time part_time hot",
    "money": "fee",
    "percent": "up down share rate",
    "time": "train interp",
    "case": f"{_CASES} item interp gazette body compare",
    **dict.fromkeys(("piece", "item", "none"), _ITEMS),
}
# Indicators (by how they begin) → what may count them; "none": no counter is printed.
UNITS: dict[str, str] = {
    "new_media_": "account none named verb zero",
    "requests_": "case item piece account none time zero",
    "reconsideration_": "case piece account none time zero",
    "litigation_": "case piece account none time zero",
    "disputes_": "case piece none",
    "hotline_": "case item account none time person piece",
    "items_": "item case piece account time none",
    "interpretations": "item case piece account time none",
    "training_": "time account none",
    "persons_": "person none",
    "staff": "person none account",
    "processing_fee": "money none zero",
}
SHARED = "disclosed_full disclosed_partial disclosed denied unable not_processed other natural_person organization"


def group(name: str) -> frozenset[str]:
    """The kinds of `GROUPS` under a name."""
    return frozenset(GROUPS[name].split())
