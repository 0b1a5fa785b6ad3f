//! The two official forms: which tables, rows and columns they have, and how the notices name them.

/// An edition of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// 国办公开办函〔2019〕60号, on trial.
    Trial2019,
    /// 国办公开办函〔2021〕30号.
    Current2021,
}

/// A key of the record contract and the label printed for it.
pub(crate) type Named = (&'static str, &'static str);

/// One article of 第二十条: its columns and rows.
pub(crate) struct Article {
    /// 一, 五, 六, 八 or 九.
    pub(crate) number: &'static str,
    /// Columns after 信息内容.
    pub(crate) columns: &'static [Named],
    /// Rows.
    pub(crate) rows: &'static [Named],
}

/// Which bracketed group a row of the applications table belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Outside 三、本年度办理结果.
    Top,
    /// In 三 directly: （一）, （二）, （七）, and （六） of 2019.
    Result,
    /// （三）不予公开
    Refused,
    /// （四）无法提供
    Unavailable,
    /// （五）不予处理
    NotProcessed,
    /// （六）其他处理 of 2021.
    Other,
}

impl Group {
    /// The label of the rowspan cell, for the groups that have one.
    pub(crate) fn label(self) -> Option<&'static str> {
        match self {
            Self::Top | Self::Result => None,
            Self::Refused => Some("（三）不予公开"),
            Self::Unavailable => Some("（四）无法提供"),
            Self::NotProcessed => Some("（五）不予处理"),
            Self::Other => Some("（六）其他处理"),
        }
    }
}

/// A data row of the applications table.
pub(crate) struct ApplicationRow {
    /// Its group.
    pub(crate) group: Group,
    /// Its key.
    pub(crate) key: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// The one form that has it; both when nothing is said.
    only: Option<Form>,
}

/// Columns of the applications table.
pub(crate) const APPLICANTS: [Named; 7] = [
    ("natural_person", "自然人"),
    ("business", "商业企业"),
    ("research", "科研机构"),
    ("public_interest", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other_org", "其他"),
    ("total", "总计"),
];

/// The vertical label of rows three onwards.
pub(crate) const RESULTS: &str = "三、本年度办理结果";
/// The corner cell of the applications table.
pub(crate) const CORNER: &str =
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";

/// Rows of the review table.
pub(crate) const REVIEWS: [Named; 3] = [
    ("reconsideration", "行政复议"),
    ("litigation_direct", "未经复议直接起诉"),
    ("litigation_after_reconsideration", "复议后起诉"),
];

/// Columns of the review table.
pub(crate) const OUTCOMES: [Named; 5] = [
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
];

const DECISIONS: &[Named] = &[("decisions", "本年处理决定数量")];
const CHANGES: &[Named] = &[
    ("items_last_year", "上一年项目数量"),
    ("change", "本年增/减"),
    ("decisions", "处理决定数量"),
];

const ARTICLES_2021: &[Article] = &[
    Article {
        number: "一",
        columns: &[
            ("issued", "本年制发件数"),
            ("repealed", "本年废止件数"),
            ("in_force", "现行有效件数"),
        ],
        rows: &[("regulations", "规章"), ("normative_documents", "行政规范性文件")],
    },
    Article { number: "五", columns: DECISIONS, rows: &[("licences", "行政许可")] },
    Article {
        number: "六",
        columns: DECISIONS,
        rows: &[("penalties", "行政处罚"), ("coercive_measures", "行政强制")],
    },
    Article {
        number: "八",
        columns: &[("amount", "本年收费金额（单位：万元）")],
        rows: &[("fees", "行政事业性收费")],
    },
];

const ARTICLES_2019: &[Article] = &[
    Article {
        number: "一",
        columns: &[
            ("produced", "本年新制作数量"),
            ("published", "本年新公开数量"),
            ("public_total", "对外公开总数量"),
        ],
        rows: &[("regulations", "规章"), ("normative_documents", "规范性文件")],
    },
    Article {
        number: "五",
        columns: CHANGES,
        rows: &[("licences", "行政许可"), ("other_services", "其他对外管理服务事项")],
    },
    Article {
        number: "六",
        columns: CHANGES,
        rows: &[("penalties", "行政处罚"), ("coercive_measures", "行政强制")],
    },
    Article {
        number: "八",
        columns: &[("items_last_year", "上一年项目数量"), ("change", "本年增/减")],
        rows: &[("fees", "行政事业性收费")],
    },
    Article {
        number: "九",
        columns: &[("items", "采购项目数量"), ("amount", "采购总金额")],
        rows: &[("procurement", "政府集中采购")],
    },
];

const fn row(group: Group, key: &'static str, label: &'static str) -> ApplicationRow {
    ApplicationRow { group, key, label, only: None }
}

const fn row_of(
    form: Form,
    group: Group,
    key: &'static str,
    label: &'static str,
) -> ApplicationRow {
    ApplicationRow { group, key, label, only: Some(form) }
}

const APPLICATIONS: &[ApplicationRow] = &[
    row(Group::Top, "received", "一、本年新收政府信息公开申请数量"),
    row(Group::Top, "carried_in", "二、上年结转政府信息公开申请数量"),
    row(Group::Result, "granted", "（一）予以公开"),
    row(
        Group::Result,
        "partly_granted",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    ),
    row(Group::Refused, "refused.state_secret", "1.属于国家秘密"),
    row(Group::Refused, "refused.prohibited_by_law", "2.其他法律行政法规禁止公开"),
    row(Group::Refused, "refused.safety_stability", "3.危及“三安全一稳定”"),
    row(Group::Refused, "refused.third_party_rights", "4.保护第三方合法权益"),
    row(Group::Refused, "refused.internal_affairs", "5.属于三类内部事务信息"),
    row(Group::Refused, "refused.process_information", "6.属于四类过程性信息"),
    row(Group::Refused, "refused.enforcement_file", "7.属于行政执法案卷"),
    row(Group::Refused, "refused.administrative_query", "8.属于行政查询事项"),
    row(Group::Unavailable, "unavailable.not_held", "1.本机关不掌握相关政府信息"),
    row(Group::Unavailable, "unavailable.needs_creation", "2.没有现成信息需要另行制作"),
    row(Group::Unavailable, "unavailable.unclear_after_correction", "3.补正后申请内容仍不明确"),
    row(Group::NotProcessed, "not_processed.petition", "1.信访举报投诉类申请"),
    row(Group::NotProcessed, "not_processed.repeat", "2.重复申请"),
    row(Group::NotProcessed, "not_processed.publication", "3.要求提供公开出版物"),
    row(Group::NotProcessed, "not_processed.excessive", "4.无正当理由大量反复申请"),
    row(
        Group::NotProcessed,
        "not_processed.confirmation",
        "5.要求行政机关确认或重新出具已获取信息",
    ),
    row_of(Form::Trial2019, Group::Result, "other", "（六）其他处理"),
    row_of(
        Form::Current2021,
        Group::Other,
        "other.not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    row_of(
        Form::Current2021,
        Group::Other,
        "other.fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    row_of(Form::Current2021, Group::Other, "other.rest", "3.其他"),
    row(Group::Result, "outcome_total", "（七）总计"),
    row(Group::Top, "carried_out", "四、结转下年度继续办理"),
];

impl Form {
    /// The id of its grammar.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Trial2019 => "disclosure-2019",
            Self::Current2021 => "disclosure-2021",
        }
    }

    /// The articles of its second table.
    pub(crate) fn articles(self) -> &'static [Article] {
        match self {
            Self::Trial2019 => ARTICLES_2019,
            Self::Current2021 => ARTICLES_2021,
        }
    }

    /// The data rows of its third table.
    pub(crate) fn applications(self) -> Vec<&'static ApplicationRow> {
        APPLICATIONS.iter().filter(|row| row.only.is_none_or(|form| form == self)).collect()
    }

    /// The notice that an introduction cites.
    pub(crate) fn notice(self) -> &'static str {
        match self {
            Self::Trial2019 => "国办公开办函〔2019〕60号",
            Self::Current2021 => "国办公开办函〔2021〕30号",
        }
    }
}
