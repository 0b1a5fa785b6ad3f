//! The sentences between the tables, in words of our own.

use super::random::Random;

/// What sentences may mention.
pub(crate) struct Facts {
    /// The year reported on.
    pub(crate) year: i32,
    /// 我县, 我局 …
    pub(crate) we: &'static str,
    /// The body's name.
    pub(crate) issuer: String,
    /// The notice the introduction cites.
    pub(crate) notice: &'static str,
    /// Applications received.
    pub(crate) received: u64,
    /// Applications brought forward.
    pub(crate) carried_in: u64,
    /// Applications answered.
    pub(crate) answered: u64,
    /// Applications carried over.
    pub(crate) carried_out: u64,
}

/// Replaces `{…}` by facts and small numbers.
pub(crate) fn fill(random: &mut Random, facts: &Facts, template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        text += head;
        let (name, tail) = tail.split_once('}').expect("every template closes its braces");
        let fact = match name {
            "y" => facts.year.to_string(),
            "next" => (facts.year + 1).to_string(),
            "we" => facts.we.to_owned(),
            "issuer" => facts.issuer.clone(),
            "notice" => facts.notice.to_owned(),
            "received" => facts.received.to_string(),
            "carried_in" => facts.carried_in.to_string(),
            "answered" => facts.answered.to_string(),
            "carried_out" => facts.carried_out.to_string(),
            "k" => random.between(1, 9).to_string(),
            "n" => random.between(10, 90).to_string(),
            "m" => random.between(100, 4000).to_string(),
            "phone" => {
                format!("0{}-{}", random.between(310, 999), random.between(2_100_000, 8_999_999))
            }
            "post" => random.between(100_000, 859_999).to_string(),
            other => unreachable!("no fact is called {other}"),
        };
        text += &fact;
        rest = tail;
    }
    text + rest
}

const INTRODUCTIONS: &[&str] = &[
    "依照《中华人民共和国政府信息公开条例》（以下简称《条例》）和《政府信息公开工作年度报告格式》（{notice}）的规定，编制{issuer}{y}年度报告。",
    "现将{issuer}{y}年度政府信息公开工作情况向社会公布。本报告依照《条例》第四十九条、第五十条编写。",
    "按照《中华人民共和国政府信息公开条例》要求和上级公开办的部署，{issuer}汇总本单位资料，形成本报告（格式见{notice}）。",
];

const LISTING: &str = "全文共六个部分：一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况，四、政府信息公开行政复议、行政诉讼情况，五、存在的主要问题及改进情况，六、其他需要报告的事项。";

const PERIODS: &[&str] = &[
    "所列数据的统计时段为{y}年1月1日至{y}年12月31日。",
    "数据统计期自{y}年1月1日起，到12月31日止。",
    "文中数据截止时间为{y}年12月31日。",
];

const CONTACTS: &[&str] = &[
    "读者对内容有不明之处，可与{issuer}联系（电话：{phone}，邮政编码：{post}）。",
    "报告电子版在门户网站可供下载，咨询电话：{phone}。",
];

const OVERVIEW: &[&str] = &[
    "{y}年，{we}把公开透明作为转变作风的抓手，各项公开任务按期落实。",
    "一年来，{we}围绕年度中心任务，持续充实公开内容，群众获取信息更加方便。",
    "{y}年，{we}认真执行新修订的《条例》，公开工作总体平稳有序。",
    "{we}将政务公开列入年度重点工作，由主要负责人牵头，办公室具体承担。",
];

const ACTIVE: &[&str] = &[
    "全年通过门户网站发布各类信息{m}条，其中通知公告{n}条、工作动态{m}条。",
    "更新机构职能、领导分工等栏目{n}次，保证内容不过期。",
    "围绕乡村振兴、就业和社会保障等领域，集中公开资金安排{n}批次。",
    "编发政策解读稿件{n}篇，其中图解{k}篇、短视频{k}个。",
    "财政预决算信息按时上网，公开单位{n}家。",
    "公开重大建设项目批准和实施信息{n}条，接受社会监督。",
    "政务微信推送消息{m}条，关注人数较上年增加{m}人。",
    "召开新闻发布会{k}场，负责人在线访谈{k}次。",
    "本年共形成公文{m}份，其中主动公开类{n}份、依申请公开类{n}份、不予公开类{k}份。",
    "公开教育、医疗、养老等民生信息{n}条，回应群众留言{n}件。",
    "对外公布“双随机、一公开”检查结果{n}条。",
    "在政务大厅、村务公开栏张贴告示{n}份，发放办事手册{m}册。",
];

const REQUESTS: &[&str] = &[
    "全年收到政府信息公开申请{received}件，上年转入{carried_in}件，均按规定程序登记和答复。",
    "健全登记、审核、办理、答复、存档的全流程，答复文书统一格式。",
    "{y}年共办结申请{answered}件，转入下一年度{carried_out}件，没有逾期答复。",
    "对内容不清楚的申请，主动与申请人电话沟通，引导其补正。",
    "对疑难申请组织会商{k}次，听取法律顾问意见。",
];

const QUOTED: &[&str] = &[
    "本年新收政府信息公开申请数量{received}件，上年结转政府信息公开申请数量{carried_in}件，结转下年度继续办理{carried_out}件。",
    "表中“本年新收政府信息公开申请数量”为{received}件，“予以公开”等各项见第三部分。",
];

const CLASSES: &[&str] = &[
    "从公文属性看，主动公开类{n}件，依申请公开类{n}件，不予公开类{k}件。",
    "全年制发文件{m}件，其中依申请公开信息数{n}条，不予公开信息数{k}条。",
];

const MANAGEMENT: &[&str] = &[
    "严格执行先审查后发布制度，拟发信息逐条过审，全年未发生失泄密事件。",
    "清理失效文件，对已废止的文件在网上标注状态。",
    "建立信息台账，每季度核对一次发布情况。",
    "规范公文属性源头认定，拟稿时即明确公开方式和理由。",
    "对历史信息进行隐私排查，处理不规范内容{n}处。",
];

const PLATFORM: &[&str] = &[
    "优化网站栏目设置，合并重复栏目{k}个，修复错误链接{n}个。",
    "在便民服务中心设查阅点{k}处，配备电脑和资料架。",
    "关停长期不更新的新媒体账号{k}个，保留账号实行专人维护。",
    "完成网站适老化和无障碍改造，支持语音朗读。",
    "开通网上申请渠道，群众可随时查询办理进度。",
];

const SUPERVISION: &[&str] = &[
    "把公开工作纳入年度考核，占比不低于4%。",
    "组织业务培训{k}期，参训{n}人次。",
    "邀请代表委员和群众开展评议，收回问卷{m}份，总体评价良好。",
    "全年未出现因公开不力被追责的情形。",
    "每月通报栏目更新情况，督促责任科室整改。",
];

const PROBLEMS: &[&str] = &[
    "部分科室主动公开的意识还不够强，信息报送有时滞后。",
    "解读形式偏于单一，文字材料多，图表和视频少。",
    "从事公开工作的人员多为兼职，岗位变动较大。",
    "栏目内容与群众关心的事项结合不紧。",
    "依申请公开答复的说理还不充分。",
    "基层公开目录的动态调整不够及时。",
];

const REMEDIES: &[&str] = &[
    "针对上年提出的问题，{we}补充了专职人员{k}名，更新滞后的情况明显好转。",
    "下一步，加强业务学习，把《条例》列入干部培训课程。",
    "{next}年将细化公开清单，明确每一事项的责任人和时限。",
    "今后将丰富解读方式，邀请起草人走进直播间讲政策。",
    "完善与法院、司法行政部门的沟通机制，提高答复质量。",
    "继续开展政府开放日活动，听取群众意见。",
    "建立公开内容定期巡查制度，发现问题当日整改。",
];

const FEES: &[&str] = &[
    "本年度没有收取信息处理费。",
    "依据《政府信息公开信息处理费管理办法》，{y}年收取信息处理费0元。",
    "{y}年按件计收信息处理费{n}元，涉及申请{k}件。",
    "{y}年没有其他需要说明的事项。",
];

const OTHERS: &[&str] = &[
    "本年度承办人大代表建议{n}件、政协提案{n}件，全部按时答复并公开。",
    "落实年度公开要点的情况：各项任务已分解到科室，完成率达到百分之百。",
    "本报告由办公室负责解释。",
];

/// The sentences of a sub-section, joined.
fn passage(random: &mut Random, facts: &Facts, pool: &[&str], most: usize) -> String {
    let count = 1 + random.below(most);
    random.some(pool, count).into_iter().map(|sentence| fill(random, facts, sentence)).collect()
}

/// The paragraphs before the first section.
pub(crate) fn introduction(random: &mut Random, facts: &Facts) -> Vec<String> {
    let mut text = fill(random, facts, INTRODUCTIONS[random_index(facts, INTRODUCTIONS.len())]);
    text += &passage(random, facts, PERIODS, 1);
    if random.chance(12) {
        text += LISTING;
    }
    if random.chance(60) {
        text += &passage(random, facts, CONTACTS, 1);
    }
    vec![text]
}

/// Same body, same introduction: offices copy it from year to year.
fn random_index(facts: &Facts, count: usize) -> usize {
    facts.issuer.len() / 3 % count
}

/// 一、总体情况
pub(crate) fn overview(random: &mut Random, facts: &Facts, length: usize) -> Vec<String> {
    let mut paragraphs = vec![passage(random, facts, OVERVIEW, 2)];
    let active = passage(random, facts, ACTIVE, 1 + length * 2);
    let requests = passage(random, facts, REQUESTS, 1 + length);
    let mut parts = vec![("主动公开情况", active), ("依申请公开情况", requests)];
    if length > 0 {
        parts.push(("政府信息管理情况", passage(random, facts, MANAGEMENT, 1 + length)));
        parts.push(("平台建设情况", passage(random, facts, PLATFORM, 1 + length)));
        parts.push(("监督保障情况", passage(random, facts, SUPERVISION, 1 + length)));
    }
    if random.chance(10) {
        parts[1].1 += &passage(random, facts, QUOTED, 1);
    }
    if random.chance(10) {
        parts[0].1 += &passage(random, facts, CLASSES, 1);
    }
    let end = random.pick(&["。", "：", "。"]);
    for (mark, (name, text)) in ["一", "二", "三", "四", "五"].iter().zip(parts) {
        paragraphs.push(format!("（{mark}）{name}{end}{text}"));
    }
    paragraphs
}

/// A sentence some put between a heading and its table.
pub(crate) fn before_table(
    random: &mut Random,
    facts: &Facts,
    applications: bool,
) -> Option<String> {
    let template = match random.between(0, 99) {
        0..7 => {
            random.pick(&["该部分以表格形式报告。表格如下：", "该部分以表格形式报告。表格如下:"])
        }
        7..13 if applications => "{y}年，共收到政府信息公开申请{received}件，办结{answered}件。",
        13..16 if applications => "本年度依申请公开的具体数据见下表。",
        7..10 => "{y}年主动公开的具体数据见下表。",
        _ => return None,
    };
    Some(fill(random, facts, template))
}

/// 五、存在的主要问题及改进情况
pub(crate) fn problems(random: &mut Random, facts: &Facts, length: usize) -> Vec<String> {
    let count = 1 + random.below(1 + length);
    let mut problems = String::new();
    for (problem, mark) in
        random.some(PROBLEMS, count).into_iter().zip(["一", "二", "三", "四", "五"])
    {
        problems.extend([mark, "是", problem]);
    }
    let remedies = passage(random, facts, REMEDIES, 2 + length);
    if random.chance(50) {
        vec![format!("（一）存在的主要问题。{problems}"), format!("（二）改进情况。{remedies}")]
    } else {
        vec![problems + &remedies]
    }
}

/// 六、其他需要报告的事项
pub(crate) fn other(random: &mut Random, facts: &Facts, length: usize) -> Vec<String> {
    let fees = passage(random, facts, FEES, 1);
    vec![if length > 0 { fees + &passage(random, facts, OTHERS, length) } else { fees }]
}
