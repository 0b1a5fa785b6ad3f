//! Reports whose headings are worded and printed in many manners: every section is found or its loss is reported, and
//! nothing of the text is lost or doubled.

use nianbao::finding::Code;
use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::Report;
use nianbao::source::Source;

const KEYS: [&str; 6] =
    ["overview", "proactive", "applications", "review_litigation", "problems", "other"];
const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// Eight wordings of each heading; only the first is the form's.
const HEADINGS: [[&str; 8]; 6] = [
    [
        "总体情况",
        "概述",
        "工作开展总体情况",
        "政府信息公开工作概况",
        "2022年工作综述",
        "工作推进情况",
        "总体概况",
        "全年工作总体情况",
    ],
    [
        "主动公开政府信息情况",
        "主动公开信息的基本情况",
        "政府信息主动公开工作情况",
        "依法主动公开政府信息情况",
        "主动公开工作推进情况",
        "行政机关主动公开情况统计",
        "主动公开政府信息的主要情况",
        "主动公开",
    ],
    [
        "收到和处理政府信息公开申请情况",
        "政府信息公开申请办理情况",
        "依申请公开工作情况",
        "收到政府信息公开申请及答复情况",
        "办理依申请公开情况",
        "申请公开政府信息的受理情况",
        "依申请公开政府信息办理情况",
        "申请收办情况",
    ],
    [
        "政府信息公开行政复议、行政诉讼情况",
        "行政复议和行政诉讼有关情况",
        "因政府信息公开申请引起的复议、诉讼情况",
        "被申请行政复议、被提起行政诉讼情况",
        "复议诉讼情况",
        "行政复议、行政诉讼和申诉情况",
        "涉及政府信息公开的行政复议与诉讼情况",
        "政府信息公开工作复议及诉讼情况",
    ],
    [
        "存在的主要问题及改进情况",
        "存在的困难和改进措施",
        "工作中的不足与下一步打算",
        "主要问题和下一步工作计划",
        "存在不足及整改措施",
        "问题与改进",
        "工作短板和今后努力方向",
        "存在的主要问题、原因及改进措施",
    ],
    [
        "其他需要报告的事项",
        "需要说明的其他事项",
        "其他有关事项",
        "其它需要说明的情况",
        "其他事项说明",
        "需要报告的其他情况",
        "有关情况说明",
        "其他",
    ],
];

/// How a heading is printed.
const PRINTED: [fn(&str, &str) -> String; 8] = [
    |numeral, words| format!("{numeral}、{words}"),
    |numeral, words| format!("{numeral}、 {words}"),
    |numeral, words| format!("第{numeral}部分 {words}"),
    |numeral, words| format!("## {numeral}、{words}"),
    |numeral, words| format!("**{numeral}、{words}**"),
    |numeral, words| format!("{numeral}、{words}："),
    |numeral, words| format!("　　{numeral}．{words}"),
    |numeral, words| format!("{numeral} {words}"),
];

/// What stands in the sections: sub-headings, lists and sentences that use the words of headings.
const PROSE: [&[&str]; 6] = [
    &[
        "2022年，我局公开政务信息{n}条。",
        "（一）主动公开政府信息情况",
        "全年主动公开行政处罚等信息{n}条。",
        "（二）收到和处理政府信息公开申请情况",
        "收到行政复议{n}件，其中维持1件、纠正1件，行政诉讼0件。",
    ],
    &["本年度情况见下表。"],
    &["全年收到申请{n}件，均按时答复。"],
    &["全年未发生政府信息公开行政复议、行政诉讼。"],
    &[
        "（一）存在的主要问题",
        "一是公开不够及时；二是解读形式单一。",
        "1.主动公开力度不够",
        "2.其他事项统筹不够",
        "下一步，将加强培训{n}次。",
    ],
    &["收取信息处理费0元。"],
];

const TABLE: &str = "第二十条第（一）项
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
规章 | 0 | 0 | 0
行政规范性文件 | 2 | 1 | 7
第二十条第（五）项
信息内容 | 本年处理决定数量
行政许可 | 31
第二十条第（六）项
信息内容 | 本年处理决定数量
行政处罚 | 4
行政强制 | 0
第二十条第（八）项
信息内容 | 本年收费金额（单位：万元）
行政事业性收费 | 0
";

/// A report, and its letters without title and table.
fn report(manner: usize, seed: usize) -> (String, String) {
    let mut text = "黟县统计局2022年政府信息公开工作年度报告\n".to_owned();
    let mut prose = String::new();
    let mut add = |text: &mut String, line: &str| {
        text.push_str(line);
        text.push('\n');
        prose.push_str(line);
    };
    add(&mut text, "本报告依据条例编制，由总体情况等六个部分组成。");
    let print = PRINTED[seed % PRINTED.len()];
    for (section, wordings) in HEADINGS.iter().enumerate() {
        // not all headings of a report are worded by one hand
        let wording = wordings[(manner + section * (seed / PRINTED.len())) % wordings.len()];
        if seed.is_multiple_of(3) {
            text.push('\n');
        }
        add(&mut text, &print(NUMERALS[section], wording));
        for line in PROSE[section] {
            let line = line.replace("{n}", &(seed + 10 * section + 3).to_string());
            add(&mut text, &line);
        }
        if section == 1 {
            text.push_str(TABLE);
        }
    }
    (text, letters(&prose))
}

/// Letters and digits; the words of 第一部分 are no part of an ordinal.
fn letters(text: &str) -> String {
    text.replace('第', "").replace("部分", "").chars().filter(|c| c.is_alphanumeric()).collect()
}

fn read(report: &Report<'_>) -> String {
    let mut all: String = report.preamble.concat();
    for section in &report.sections {
        all.push_str(section.ordinal.as_deref().unwrap_or_default());
        all.push_str(&section.title);
        all.push_str(&section.paragraphs.concat());
    }
    letters(&all)
}

#[test]
fn every_section_is_found_or_its_loss_is_reported() {
    let set = GrammarSet::built_in();
    let (mut right, mut silent, mut other) = (0, Vec::new(), Vec::new());
    let all: Vec<(usize, usize)> =
        (0..8).flat_map(|m| (0..25).map(move |seed| (m, seed))).collect();
    for &(manner, seed) in &all {
        let (text, prose) = report(manner, seed);
        let source = Source::new("a.txt", text.as_str());
        let report = pipeline::parse(&source, &set);
        let keys: Vec<&str> = report.sections.iter().map(|section| section.key.as_str()).collect();
        let is_told = report
            .findings
            .iter()
            .any(|f| matches!(f.code, Code::HeadingMissing | Code::HeadingUncertain));
        right += usize::from(keys == KEYS);
        if keys != KEYS && !is_told {
            silent.push(format!("{manner} {seed}: {keys:?}\n{text}"));
        }
        let read = read(&report);
        if read != prose {
            other.push(format!("{manner} {seed}:\n{read}\n{prose}"));
        }
        assert_eq!(
            report.form.as_deref().map(|form| form.id.as_str()),
            Some("disclosure-2021"),
            "{text}"
        );
    }
    println!("{} reports, {right} right, {} silent", all.len(), silent.len());
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    assert!(other.is_empty(), "letters lost or doubled:\n{}", other.join("\n"));
    assert!(right * 100 >= all.len() * 97, "{right} of {}", all.len());
}

#[test]
fn reports_before_the_form_have_sections_of_their_own() {
    let set = GrammarSet::built_in();
    let text = "黟县文化局2013年度信息公开工作年度报告
一、主动公开政府信息的情况:
2013年度主动公开信息8条。
二、依申请公开信息的情况和不予公开信息的情况
2013年度没有依申请公开信息的情况。
三、因信息公开申请行政复议、提起行政诉讼的情况
没有发生。
四、信息公开的收费及减免情况
2013年度没有收费。
五、政府信息公开咨询情况
接受咨询3人次。
六、信息公开工作存在的主要问题及改进情况
公开不及时。
七、附表
见附件。
2014年3月25日
";
    let source = Source::new("a.txt", text);
    let report = pipeline::parse(&source, &set);
    let keys: Vec<&str> = report.sections.iter().map(|section| section.key.as_str()).collect();
    let expected =
        ["proactive", "applications", "review_litigation", "fees", "consultations", "problems"];
    assert_eq!(keys, expected);
    assert_eq!(report.sections[3].paragraphs, ["2013年度没有收费。"]);
    // 附表 is none that has a key
    assert!(report.findings.iter().any(|f| f.code == Code::HeadingUncertain));
    assert!(report.findings.iter().all(|f| f.code != Code::TablesMissing));
}

#[test]
fn a_heading_behind_a_sentence_is_one() {
    let set = GrammarSet::built_in();
    let text = "青石县水务局2022年政府信息公开工作年度报告
根据规定编制本报告。一、总体情况2022年，我局做了工作。二、主动公开政府信息情况第二十条第（一）项信息内容 本年制发件数 本年废止件数 现行有效件数规章 0 0 0行政规范性文件 3 1 9";
    let source = Source::new("a.txt", text);
    let report = pipeline::parse(&source, &set);
    let keys: Vec<&str> = report.sections.iter().map(|section| section.key.as_str()).collect();
    assert_eq!(keys, ["overview", "proactive"]);
    assert_eq!(report.preamble, ["根据规定编制本报告。"]);
    assert_eq!(report.sections[0].paragraphs, ["2022年，我局做了工作。"]);
}

#[test]
fn a_numeral_alone_is_no_section_of_another_familys_report() {
    let set = GrammarSet::built_in();
    let text = "某市商务局2023年度行政执法总体情况
一、行政执法主体概况
共有执法人员12名。
二、2023年度行政执法案件情况
作出行政处罚3件。
三、行政执法培训情况
培训2次。
";
    let source = Source::new("a.txt", text);
    let report = pipeline::parse(&source, &set);
    let keys: Vec<&str> = report.sections.iter().map(|section| section.key.as_str()).collect();
    assert!(!keys.contains(&"proactive") && !keys.contains(&"applications"), "{keys:?}");
    assert!(report.findings.iter().any(|f| f.code == Code::HeadingUncertain));
}

#[test]
fn words_of_two_sections_are_decided_by_the_numeral_or_not_at_all() {
    let set = GrammarSet::built_in();
    let text = "黟县建新镇2018年政府信息公开工作年度报告
一、主动公开政府信息的情况
公开22条。
二、政府信息依申请公开办理情况
没有收到申请。
三、依申请信息公开收费情况
没有收费。
四、复议、诉讼和申诉情况
没有发生。
五、存在问题和不足
人员少。
";
    let source = Source::new("a.txt", text);
    let report = pipeline::parse(&source, &set);
    let keys: Vec<&str> = report.sections.iter().map(|section| section.key.as_str()).collect();
    assert_eq!(keys, ["proactive", "applications", "fees", "review_litigation", "problems"]);
}

fn keys(text: &str) -> (Vec<String>, Vec<String>) {
    let set = GrammarSet::built_in();
    let source = Source::new("a.txt", text);
    let report = pipeline::parse(&source, &set);
    let told = report.findings.iter().filter(|f| f.code == Code::HeadingUncertain);
    let keys = report.sections.iter().map(|section| section.key.clone());
    (keys.collect(), told.map(|f| f.message.clone()).collect())
}

#[test]
fn headings_with_digits_count_from_one_or_are_a_list() {
    let (found, told) = keys(
        "黟县文化局2012年度政府信息公开工作年度报告
1、概述
公开3条。
2、主动公开情况
公开3条。
3、依申请公开情况
无。
4、收费情况
无。
5、存在问题
人少。
",
    );
    assert_eq!(found, ["overview", "proactive", "applications", "fees", "problems"]);
    assert!(told.is_empty(), "{told:?}");
    // a list within a section is none
    let (found, _) = keys(
        "黟县文化局2012年度政府信息公开工作年度报告
一、存在问题
1、主动公开力度不够
2、依申请公开办理慢
3、收费不明
4、其他事项多
",
    );
    assert_eq!(found, ["problems"]);
}

#[test]
fn a_heading_glued_to_its_text_is_told() {
    let (_, told) = keys(
        "黟县文化局2012年度政府信息公开工作年度报告
一、概述
2012年公开3条。二、依申请公开情况未收到申请，均未收费。
",
    );
    assert!(told.iter().any(|m| m.contains("二、依申请公开")), "{told:?}");
}
