"""Vocabulary for telling who reports, and on which year: data only, with where it was seen.

Sources: titles, metadata tables and footers as counted in the design notes on 318 report pages of 2019-2025; the Organic
Law of Local People's Congresses and Governments (地方组织法) for the kinds of governments and their offices; GB/T 2260
for divisions; the State Council's list of its departments (国务院机构) for central bodies. All is matched against text
without spaces, in NFKC (so brackets and colons are half-width). Lists are words set off by spaces.
"""

from __future__ import annotations


def listed(words: str) -> tuple[str, ...]:
    """Words set off by spaces."""
    return tuple(words.split())


# Closed list of levels. A government's general office (办公厅/办公室) has the government's level; a central body's organ
# in a place is a state branch; zones are those that are no division of GB/T 2260; a municipality's district is a county.
LEVELS: dict[str, str] = {
    "state": "国务院",
    "state department": "国务院部门",
    "state branch": "中央垂直管理机构",
    "province": "省级政府",
    "province department": "省级部门",
    "prefecture": "地级政府",
    "prefecture department": "地级部门",
    "county": "县级政府",
    "county department": "县级部门",
    "township": "乡级政府",
    "development zone": "开发区",
    "development zone department": "开发区部门",
    "public institution": "事业单位",
    "other": "其他",
}

# Metadata keys, compared without spaces and colons and in lower case; best first.
TITLE_KEYS = listed("名称 标题 信息名称 公文名称 文件名称 题名 articletitle title dc:title")
AGENCY_KEYS = listed("""
    发布机构 发布单位 公开机构 公开单位 公开主体 发文机关 发文单位 制发单位 制作机构 制发机构 编制机构 编制单位 填报单位 单位 发布机关 责任部门 责任单位 信息来源
    文章来源 来源 信息提供单位 contentsource dc:creator author 作者
""")
PUBLISHED_KEYS = listed("""
    公开日期 发布日期 发布时间 公开时间 发文日期 成文日期 生成日期 印发日期 pubdate publishdate article:published_time
    dc:date dcterms:issued 日期 时间 更新日期 更新时间
""")
SITE_CODE_KEYS = listed("网站标识码 政府网站标识码 siteidcode sitecode")
SITE_NAME_KEYS = listed("sitename og:site_name 网站名称 主办单位 网站主办单位")
YEAR_KEYS = listed("年度 报告年度 报告年份")
ASKED = {*TITLE_KEYS, *AGENCY_KEYS, *PUBLISHED_KEYS, *SITE_CODE_KEYS, *SITE_NAME_KEYS, *YEAR_KEYS}
# Other labels; they end the value before them.
OTHER_LABELS = listed(
    "索引号 索取号 文号 发文字号 分类 主题分类 关键词 主题词 浏览次数 字体 字号 有效性 阅读次数 点击数"
)

# The words that make a title the title of an annual report.
OPENNESS = r"(?:政府信息|政务信息|信息|政务)(?:(?:和|与|及|暨|、)(?:政务|政府信息))?(?:主动)?公开"
COLUMN = rf"{OPENNESS}(?:目录|指南|年报|专栏|平台|专区|网)?(?!办|领导|工作|科|局|处|中心|服务)|年报"  # a site's column
REPORT = r"(?:年度报告|年报|工作报告|报告|总结)"
# In front of the agency: reasons to issue, labels, navigation; and behind it.
LEAD = r"^(?:附件\d*|附|标题|名称|题名|首页|当前位置|您的位置|年报|公示|转发|现将|关于|发布|公布|印发|上报|报送|公开|[-—#:,、.\d号()\"'《【】\]\[]+)"
TAIL = r"(?:关于|的|本级|\(本级\)|有关|年度|开展|公开|公布|发布|做好|编制|网站|门户网站|[,、(《\"'“【\[.·]+)$"
ISSUES = r"关于(?:印发|公布|发布|报送|上报|公开|转发)"
NAVIGATION = listed(
    "首页 当前位置 您的位置 字体 打印 浏览 来源 索引号 关闭 登录 搜索 上一篇 下一篇 今天是"
)

# How a government's own name ends, after its division's name; a town's; a zone's.
GOVERNMENT = r"(?:人民政府|政府)?(?:\(本级\)|本级|机关)?(?:办公厅|办公室|办)?(?:\([^)]{0,20}\))?|行政公署(?:办公室|办)?|行署(?:办公室|办)?"
TOWN = r"(?:镇|乡|街道|苏木|地区)"
NO_TOWN = r"(?!.*(?:[城乡村场]镇|(?:开发|管理|保税|园|高新|经济|保护|新|示范|度假|试验|合作|产业|集聚)区)$)"
TOWN_TAIL = r"(?:人民政府|政府|办事处|人民政府办公室|办事处办公室|党政办公室|党政综合办公室|公所)?"
ZONE = r"(?:开发区|新区|工业园区|工业园|产业园区|产业园|产业集聚区|集聚区|科技园区|科技园|园区|高新区|经开区|保税区|保税港区|合作区|度假区|试验区|示范区|风景区|名胜区|旅游区|管理区|自贸区|自由贸易港|科学城|新城|经济区|自贸试验区|贸易试验区|片区|实验区|基地)"
ZONE_BODY = r"(?:管理委员会|管委会|管委|工作委员会|工委|管理局|行政管理委员会)?(?:办公室|党政办公室|综合办公室|综合办)?"

# How the names of departments end; of institutions; of other bodies; of any body.
DEPARTMENT = r"(?:局|厅|委员会|委|办公室|办|署|处|科|支队|总队|大队|队|分局|督查室|研究室|参事室|指挥部|总社|供销合作社|供销社|行政公署|监管会|领导小组|宣传部|组织部|统战部|工作部|武装部|公安厅|金融监管局|司令部|管理站|管理所|监测站|监督所|服务站)"
INSTITUTION = r"(?:大学|学院|学校|中学|小学|幼儿园|医院|卫生院|保健院|图书馆|博物馆|文化馆|美术馆|档案馆|纪念馆|体育馆|研究院|研究所|科学院|中心|融媒体|出版社|电视台|广播台|福利院|敬老院|林场|农场|气象台|党校|服务部)"
OTHER_BODY = r"(?:公司|集团|银行|总工会|工会|联合会|残联|妇联|文联|科协|红十字会|法院|检察院|政协|人大|协会|学会|商会|团委|纪委|支行|分行)"
ENDS = rf"(?:人民政府|政府|{DEPARTMENT}|{INSTITUTION}|{OTHER_BODY}|{ZONE}|办事处|公署|管委会|工委|总署|部|馆|院|校|站|所|社|会|海关|兵团)$"
# What shows that a run of text is no agency's name: words of sentences, of documents, and names without a place.
# 全州县, 本溪市, 将乐县, 和田市, 向阳区 are names, so only whole phrases exclude.
NOT_A_NAME = (
    r"^(?:我|本(?:局|单位|机关|部门|[县市区镇乡级委厅办站网年报])|各(?!族)|全[县市区镇乡省局年]|全州(?!县)|其|该|由|与|请|经(?![开济])|被|对|及|在|为|按|据)"
    r"|、[县市区省州镇乡]|的|了|公开(?!办|领导|工作(?:领导|办|局)|局|科|委)|信息网|要求|条例|编制(?!委)|情况|报告|通过|进行|开展|本年度|网站"
    r"|工作(?!委员会|委|室|办|处|部|局|队|中心|站|领导)|我[局委县市区镇乡]|本[局机单]|办法|规定|通知|意见|方案|制度"
    r"|^(?:人民政府|政府|办公室|办公厅|委员会|上级|有关|相关|县级|市级|区级|省级|县政府|市政府|区政府|省政府|县委|市委|区委)$"
)
MEDIA = r"新华|日报|晚报|晨报|人民网|融媒|电视|广播|传媒|新闻|通讯社|网站|编辑|管理员"  # sources of news

# Central bodies by name (国务院机构, after the reforms of 2018 and 2023; older names of the years since 2008 too).
STATE = listed("国务院 国务院办公厅 中央人民政府 中华人民共和国国务院")
STATE_MINISTRIES = listed("""
    外交部 国防部 教育部 科学技术部 科技部 工业和信息化部 公安部 国家安全部 民政部 司法部 财政部
    人力资源和社会保障部 自然资源部 国土资源部 生态环境部 环境保护部 住房和城乡建设部 交通运输部 水利部 农业农村部
    农业部 商务部 文化和旅游部 文化部 应急管理部 退役军人事务部 审计署 海关总署 铁道部 卫生部 监察部 新闻出版总署
    国家旅游局 中国人民银行 国家卫生健康委员会 国家发展和改革委员会 国家民族事务委员会 国务院国有资产监督管理委员会
    国家国际发展合作署 中国民用航空局 中国气象局 中国地震局 中国证券监督管理委员会 中国银行保险监督管理委员会
    中国银行业监督管理委员会 中国保险监督管理委员会 国家医疗保障局 国务院参事室 国务院研究室 国务院港澳事务办公室
""")
STATE_PREFIX = r"^(?:中华人民共和国|国家|国务院|中国(?!\(|.{0,4}自由贸易)).*(?:局|委员会|署|总局|部|院|中心|银行|办公室|会)$"
# Organs under direct central management carry these words; what stands before or after is the place.
BRANCH_LEAD = r"(?:国家税务总局|国家统计局|中华人民共和国|国家金融监督管理总局|中国人民银行|中国银行保险监督管理委员会|中国银保监会|中国证券监督管理委员会|中国证监会|国家能源局|国家矿山安全监察局|国家外汇管理局|国家邮政局|中国民用航空)"
BRANCH_WORD = r"(?:税务局|国家税务局|调查总?队|海关|海事局|气象局|地震局|邮政管理局|通信管理局|出入境边防检查(?:总站|站)|银保监局|银保监分局|监管局|监管分局|证监局|煤矿安全监察局|矿山安全监察局|储备物资管理局|边防检查站|烟草专卖局)"
# After a place's name these alone say it; 监管局 or 税务局 there could be a local body's.
BRANCH_OF_PLACE = r"(?:国家税务局|税务局|.{0,3}海关|海事局|气象局|地震局|邮政管理局|通信管理局|证监局|银保监局|银保监分局|烟草专卖局|.{0,4}调查总?队)"
CORPS_LEAD = r"新疆生产建设兵团(?:第?[一二三四五六七八九十]{1,3}师)?"
PARTY_LEAD = r"(?:中共|中国[(（])?"  # 中共沭阳县委办公室, 中国（上海）自由贸易试验区

# Peoples' names inside the names of autonomous divisions; people write 大理州 for 大理白族自治州, 峨山县 for 峨山彝族自治县.
PEOPLES = listed("""
    蒙古族 蒙古 回族 藏族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族
    哈萨克 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜 土族 达斡尔族 仫佬族 羌族
    布朗族 撒拉族 毛南族 仡佬族 锡伯族 锡伯 普米族 塔吉克 怒族 鄂温克族 德昂族 保安族 裕固族 独龙族 鄂伦春
    各族
""")
# Everyday short names that are not what is left without the people's name: name code, set off by spaces.
SHORT_NAMES = listed("""
    博州 652700 巴州 652800 克州 653000 伊犁州 654000 前郭县 220721 杜蒙县 230624 达茂旗 150223 科左中旗 150521
    科左后旗 150522 科右前旗 152221 科右中旗 152222 莫旗 150722 鄂温克旗 150724 塔县 653131
""")

# Licence plates' short names of provinces in ICP and public-security record numbers (滇ICP备…): mark and two digits.
RECORD_MARKS = listed("""
    京11 津12 冀13 晋14 蒙15 辽21 吉22 黑23 沪31 苏32 浙33 皖34 闽35 赣36 鲁37 豫41 鄂42 湘43 粤44 桂45 琼46 渝50
    川51 蜀51 黔52 贵52 滇53 云53 藏54 陕61 秦61 甘62 陇62 青63 宁64 新65
""")

# Radicals that survive NFKC (CJK Radicals Supplement), and the plain characters.
RADICALS = str.maketrans(
    "⺠⻓⻔⻢⻋⻅⻉⻛⻜⻩⻬⻰⻥⻦⻨⻁⻤⻘⻄⺟⻝⻚⻮",
    "民长门马车见贝风飞黄齐龙鱼鸟麦虎鬼青西母食页齿",
)
WIDE, NARROW = (
    "，：；（）！\u3000\xa0",
    ",:;()!  ",
)  # marks of nearly every report, and what NFKC makes of them
