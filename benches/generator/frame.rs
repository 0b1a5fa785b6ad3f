//! What web pages and offices put around a report: navigation, metadata, signatures, tails.

use super::names::Issuer;
use super::random::Random;

const CHAINS: &[&str] = &[
    "当前位置： 首页 > 政务公开 > 政府信息公开 > 政府信息公开年报",
    "您所在的位置：首页>信息公开>法定主动公开内容>政府信息公开年报",
    "首页 政务动态 政务公开 办事服务 互动交流",
    "当前位置： 首页政务公开政府信息公开政府信息公开年报",
];

const TOOLS: &[&str] = &[
    "字体：[ 大 中 小 ]",
    "微信 微博 QQ空间",
    "--> 微信 微博 QQ空间",
    "全真版 文字版 文件下载 相关链接：",
    "浏览次数：人次",
    "点击数:人次",
    "【打印】【关闭】",
];

/// A side menu whose entries are row labels of the second table.
const MENU: &[&str] =
    &["地方性法规", "规章", "行政规范性文件", "其他文件", "政策解读", "行政许可", "财政预决算"];

const TAILS: &[&str] = &[
    "附件下载",
    "打印本页 关闭窗口",
    "扫一扫在手机打开当前页",
    "相关文档：",
    "上一篇：没有了 下一篇：没有了",
    "点击查看PDF版:",
    "主办单位：政府办公室 网站标识码：已备案",
];

/// A day of the publication season, January to March of the year after.
pub(crate) fn published(random: &mut Random, year: i32) -> (i32, u64, u64) {
    (year + 1, random.between(1, 3), random.between(4, 28))
}

/// Lines before the title; the last word on the day of publication is not the year of the report.
pub(crate) fn before(
    random: &mut Random,
    issuer: &Issuer,
    title: &str,
    day: (i32, u64, u64),
) -> Vec<String> {
    let (year, month, date) = day;
    let mut lines = Vec::new();
    if random.chance(55) {
        return lines;
    }
    if random.chance(60) {
        lines.push(random.pick(CHAINS).to_owned());
    }
    if random.chance(30) {
        lines.extend(random.some(MENU, 4).into_iter().map(ToString::to_string));
    }
    match random.between(0, 3) {
        0 => {
            lines.push(format!(
                "索 引 号： {:09}/{year}-{:05}",
                random.between(1_000_000, 99_999_999),
                random.between(1, 60_000)
            ));
            lines.push(format!("发布机构： {}", issuer.name));
            lines.push(format!("发布日期： {year}-{month:02}-{date:02}"));
            lines.push(format!("标 题： {title}"));
        }
        1 => {
            let (hour, minute) = (random.between(8, 18), random.between(0, 59));
            lines.push(format!(
                "来源：{} 时间：{year}-{month:02}-{date:02} {hour:02}:{minute:02}",
                issuer.name
            ));
        }
        2 => lines.push(format!("发布时间: {year}年{month}月{date}日 来源: {}", issuer.name)),
        _ => {}
    }
    let count = random.below(3);
    lines.extend(random.some(TOOLS, count).into_iter().map(ToString::to_string));
    lines
}

/// The body and the day under the report.
pub(crate) fn signature(random: &mut Random, issuer: &Issuer, day: (i32, u64, u64)) -> Vec<String> {
    let (year, month, date) = day;
    if random.chance(40) {
        return Vec::new();
    }
    let mut lines = vec![issuer.name.clone(), format!("{year}年{month}月{date}日")];
    if random.chance(8) {
        lines.push(format!("{}办公室 {year}年{month}月{date}日印发", issuer.name));
    }
    lines
}

/// Lines after the report.
pub(crate) fn after(random: &mut Random) -> Vec<String> {
    let count = if random.chance(60) { 0 } else { 1 + random.below(3) };
    random.some(TAILS, count).into_iter().map(ToString::to_string).collect()
}
