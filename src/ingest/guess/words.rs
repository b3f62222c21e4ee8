//! What names of tables, ties and headers suggest.

use crate::ingest::columns::Col;
use crate::model::{Table, TieType};

/// Words in names of tables: what they are, and the kind of organisation or object.
pub(super) const TABLES: &[(&str, Table, &str)] = &[
    ("official officer cadre judge prosecutor inspector policeman 公职 干部 民警 官员", Table::Officials, ""),
    ("gangster 涉案成员 骨干", Table::GangMembers, ""),
    ("person people human individual citizen resident suspect 人员 人口 居民", Table::People, ""),
    ("gang syndicate crew mafia cartel 团伙", Table::Organisations, "gang"),
    (
        "agency department bureau ministry court authority station office 机关 单位",
        Table::Organisations,
        "agency",
    ),
    ("company firm business enterprise corporation 公司 企业", Table::Organisations, "company"),
    ("organisation organization 组织 机构", Table::Organisations, "other"),
    ("case crime incident investigation 案件", Table::Cases, ""),
    ("account iban wallet 账户 账号", Table::Objects, "account"),
    ("phone telephone mobile sim 电话 手机", Table::Objects, "phone"),
    ("vehicle car plate 车辆", Table::Objects, "vehicle"),
    ("address location place 地址 住址", Table::Objects, "address"),
    ("document file record 文件", Table::Objects, "document"),
    ("event raid 事件 行动", Table::Objects, "event"),
    ("lead tip complaint 线索 举报", Table::Leads, ""),
    ("relation relationship tie link edge 关系", Table::Relations, ""),
];

/// Words in names of ties: what they are, with the role; where the ends stand the other way round, a `<`.
pub(super) const TIES: &[(&str, TieType, &str)] = &[
    ("spouse married wife husband", TieType::Family, "spouse"),
    ("sibling brother sister", TieType::Family, "sibling"),
    ("parent father mother", TieType::Family, "parent"),
    ("child son daughter", TieType::Family, "child"),
    ("family kin relative rel 亲属 家庭成员", TieType::Family, ""),
    ("classmate", TieType::Associate, "classmate"),
    ("colleague", TieType::Associate, "former_colleague"),
    ("knows friend associate", TieType::Associate, ""),
    ("met meets meeting", TieType::Meeting, ""),
    ("attended attends", TieType::Attended, ""),
    ("called calls phoned call 通话 话单", TieType::Call, ""),
    ("paid pays payment transfer transferred remitted 转账 流水 付款 汇款 交易", TieType::Payment, ""),
    ("gave gift", TieType::Gift, ""),
    ("owns owned owner shareholder shares 股权 持股 股东", TieType::Ownership, ""),
    ("director directs manager manages board", TieType::Directorship, ""),
    ("works employed employee employment", TieType::Employment, ""),
    ("serves post posted", TieType::Post, ""),
    ("supervises supervised superior", TieType::Supervises, ""),
    ("subordinate reports", TieType::Supervises, "<"),
    ("handled handles investigated investigates", TieType::Handled, ""),
    ("suspect accused party charged", TieType::Suspect, ""),
    ("member belongs", TieType::Member, ""),
    ("controls controlled", TieType::Controls, ""),
    ("holder holds has uses lives address registered", TieType::Holder, ""),
];

/// Who somebody or something *has*: the far end is what the word says.
pub(super) const BELONGING: &str = "parent father mother child son daughter owner shareholder director employee superior \
                         subordinate suspect accused member holder";

/// Words of headers beside those that imports know.
pub(super) const HEADERS: &[(&[Table], &str, Col)] = &[
    (&[], "uid uuid identifier guid key 工号 统一编号 警号 编码", Col::Id),
    (&[], "fullname full_name", Col::Name),
    (&[], "dob born birthday birth", Col::BirthDate),
    (&[], "job profession", Col::Occupation),
    (&[], "registration_number reg_no tax_id", Col::CreditCode),
    (&[], "since from_date start_date begin began started begins 起始 起始时间 起 开始", Col::Start),
    (&[], "till until end_date ended to_date 截止 截止时间 止 结束", Col::End),
    (
        &[Table::Relations],
        "date day time timestamp datetime on when 日期 时间 检查日期 交易日期 交易时间 通话时间 发生时间",
        Col::Start,
    ),
    (&[Table::Relations], "sum total value", Col::Amount),
    (&[Table::Relations], "comment remarks description notes 摘要 用途", Col::Note),
    (&[Table::Relations], "percent percentage stake 持股 持股比例 出资比例", Col::Share),
    (&[Table::Relations], "source_id src begin_id a", Col::From),
    (&[Table::Relations], "target_id dst end_id b", Col::To),
    (&[Table::Relations], "result outcome 结果 检查结果 处理结果", Col::Decision),
    (&[Table::Cases], "name description type", Col::Title),
    (&[Table::Cases], "date", Col::Opened),
    (&[Table::Leads], "description body content", Col::Text),
    (&[Table::Leads], "date", Col::Received),
    (&[Table::Objects], "name address description", Col::Label),
    (&[Table::Objects], "phone_no account_no account_number plate reg registration iban", Col::Number),
];

/// Headers that stand for the two ends of a tie, and say which tie it is.
pub(super) const ENDS: &[(&str, &str, TieType)] = &[
    (
        "payer sender debtor 付款人 付款账号 付款账户 付款户名 转出方 转出账号 汇款人 汇出方",
        "payee recipient beneficiary creditor 收款人 收款账号 收款账户 收款户名 转入方 转入账号 汇入方",
        TieType::Payment,
    ),
    (
        "caller calling_number 主叫 主叫方 主叫号码",
        "callee called_number 被叫 被叫方 被叫号码",
        TieType::Call,
    ),
    (
        "shareholder investor 股东 股东名称 投资人 出资人",
        "company 公司 公司名称 企业 企业名称 被投资企业",
        TieType::Ownership,
    ),
    ("employee 员工 职工", "employer 用人单位 工作单位", TieType::Employment),
    ("member 成员 组员", "gang 团伙 帮派", TieType::Member),
    ("本人 当事人 户主", "relative 亲属 家属 家庭成员 关系人", TieType::Family),
    (
        "inspector 检查人 检查人员 执法人员",
        "inspected 被检查企业 被检查单位 受检单位 被检查人",
        TieType::Inspected,
    ),
];
