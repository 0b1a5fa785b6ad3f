use super::super::package::pack;
use super::super::show;
use super::read;

const RELATIONS: &str = r#"<Relationships>
    <Relationship Id="rId1" Type="http://x/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"#;

/// A document with this body, and other parts.
fn document_with(body: &str, others: &[(&str, &str)]) -> String {
    let text = format!("<w:document><w:body>{body}<w:sectPr/></w:body></w:document>");
    let mut parts = vec![("_rels/.rels", RELATIONS), ("word/document.xml", text.as_str())];
    parts.extend(others);
    let read = read(&pack(&parts)).expect("the document can be read");
    assert!(!read.is_cut);
    show(&read.blocks)
}

fn document(body: &str) -> String {
    document_with(body, &[])
}

/// A paragraph of one run.
fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A cell with properties.
fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

#[test]
fn ok_merged_cells() {
    let rows = [
        format!(
            "<w:tr>{}{}</w:tr>",
            tc(r#"<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>"#, "a"),
            tc("", "b")
        ),
        format!(
            "<w:tr>{}{}</w:tr>",
            tc(r#"<w:gridSpan w:val="2"/><w:vMerge/>"#, "hidden"),
            tc(r#"<w:vMerge w:val="restart"/>"#, "c")
        ),
        format!(
            r#"<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{}{}</w:tr>"#,
            tc("", "d"),
            tc(r#"<w:vMerge w:val="continue"/>"#, "")
        ),
    ];
    let table = format!("<w:tbl><w:tblGrid/>{}</w:tbl>{}", rows.concat(), p("end"));
    assert_eq!(document(&table), "#1\n0,0 2x2 a\n0,2 b\n1,2 2x1 c\n2,1 d\nend\n");
}

#[test]
fn ok_rows_that_are_not_shown() {
    let row = |properties: &str, text: &str| {
        format!("<w:tr><w:trPr>{properties}</w:trPr>{}{}</w:tr>", tc("", text), tc("", "1"))
    };
    let rows = [
        row("", "a"),
        row("<w:hidden/>", "b"),
        row(r#"<w:trHeight w:val="1" w:hRule="exact"/>"#, "c"),
        row(r#"<w:trHeight w:val="1" w:hRule="atLeast"/>"#, "d"),
    ];
    let table = document(&format!("<w:tbl>{}</w:tbl>", rows.concat()));
    assert_eq!(table, "#1\n0,0 a\n0,1 1\n1,0 d\n1,1 1\n");
}

#[test]
fn ok_blank_cells_keep_their_column() {
    let row = format!("<w:tr>{}<w:tc><w:p/></w:tc>{}</w:tr>", tc("", "规章"), tc("", "3"));
    assert_eq!(document(&format!("<w:tbl>{row}</w:tbl>")), "#1\n0,0 规章\n0,1 \n0,2 3\n");
}

#[test]
fn ok_revisions_show_the_last_state() {
    let body = "<w:p><w:r><w:t>本年</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom>\
        <w:r><w:t>收</w:t></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>一句</w:t></w:r></w:p><w:p><w:r><w:t>话</w:t></w:r></w:p>";
    assert_eq!(document(body), "本年新收\n一句话\n");
    let row = format!("<w:tr><w:trPr><w:del/></w:trPr>{}{}</w:tr>", tc("", "a"), tc("", "1"));
    let kept = format!("<w:tr>{}{}</w:tr>", tc("", "b"), tc("", "2"));
    assert_eq!(document(&format!("<w:tbl>{row}{kept}</w:tbl>")), "#1\n0,0 b\n0,1 2\n");
}

#[test]
fn ok_a_text_box_comes_once() {
    let inside = format!("<w:txbxContent>{}</w:txbxContent>", p("框中"));
    let body = format!(
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{inside}</mc:Choice>\
         <mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>\
         <w:r><w:t>后</w:t></w:r></w:p>"
    );
    assert_eq!(document(&body), "框中\n前后\n");
    let fallback = "<w:p><mc:AlternateContent><mc:Fallback><w:r><w:t>1</w:t></w:r></mc:Fallback>\
        </mc:AlternateContent></w:p>";
    assert_eq!(document(fallback), "1\n");
}

#[test]
fn ok_struck_and_raised_text() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
    };
    let runs = [
        run("<w:strike/>", "7"),
        run("<w:dstrike/>", "8"),
        run(r#"<w:strike w:val="0"/>"#, "12"),
        run(r#"<w:vertAlign w:val="superscript"/>"#, "1"),
        run(r#"<w:position w:val="2"/>"#, "件"),
    ];
    let paragraph = format!("<w:p>{}</w:p>", runs.concat());
    assert_eq!(document(&paragraph), "121件\n");
    let table = format!("<w:tbl><w:tr><w:tc>{paragraph}</w:tc></w:tr></w:tbl>");
    assert!(document(&table).contains("12[1]件"), "{}", document(&table));
}

#[test]
fn ok_controls_fields_and_hidden_text() {
    let body = r#"<w:sdt><w:sdtPr><w:rPr><w:vanish/></w:rPr></w:sdtPr><w:sdtContent><w:p><w:r><w:t>2022年</w:t></w:r>
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击输入</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "http://a.cn/1.doc"</w:instrText></w:r>
        <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>附件</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
        <w:r><w:t>1</w:t><w:br/><w:t>2</w:t><w:tab/><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>
        <w:p><w:r><w:ruby><w:rt><w:r><w:t>nian</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>年</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"#;
    assert_eq!(document(body), "2022年显\n附件1\n2\t-✓\n年\n");
}

#[test]
fn ok_automatic_numbers() {
    let level = |at: usize, format: &str, text: &str| {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>"#
        )
    };
    let numbering = format!(
        r#"<w:numbering><w:abstractNum w:abstractNumId="7">{}{}{}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        </w:numbering>"#,
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3.")
    );
    let styles = r#"<w:styles><w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>"#;
    let numbered = |properties: &str, text: &str| {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let list = |list: usize, level: usize| {
        format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#)
    };
    let body = [
        numbered(r#"<w:pStyle w:val="a"/>"#, "总体情况"),
        numbered(r#"<w:pStyle w:val="b"/>"#, "不予公开"),
        numbered(&list(1, 2), "属于国家秘密"),
        numbered(&list(1, 2), "其他"),
        numbered(&list(2, 2), "重新开始"),
        numbered(r#"<w:pStyle w:val="a"/><w:numPr><w:numId w:val="0"/></w:numPr>"#, "无号"),
        numbered(r#"<w:pStyle w:val="a"/>"#, "主动公开"),
    ]
    .concat();
    let others = [("word/numbering.xml", numbering.as_str()), ("word/styles.xml", styles)];
    assert_eq!(
        document_with(&body, &others),
        "一、总体情况\n（一）不予公开\n1.属于国家秘密\n2.其他\n1.重新开始\n无号\n二、主动公开\n"
    );
}

#[test]
fn ok_notes_stand_behind_the_text() {
    let notes = r#"<w:footnotes><w:footnote w:type="separator"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>
        <w:footnote w:id="1"><w:p><w:r><w:footnoteRef/><w:t>含上年结转</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let cell = "<w:tc><w:p><w:r><w:t>3</w:t><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:tc>";
    let table = format!("<w:tbl><w:tr>{}{cell}</w:tr></w:tbl>", tc("", "总计"));
    assert_eq!(
        document_with(&table, &[("word/footnotes.xml", notes)]),
        "#1\n0,0 总计\n0,1 3\n含上年结转\n"
    );
}

#[test]
fn ok_links() {
    let relations = r#"<Relationships><Relationship Id="rId9" Type="x/hyperlink" Target="http://a.cn/b.pdf"/></Relationships>"#;
    let body = "<w:body><w:p><w:hyperlink r:id=\"rId9\"><w:r><w:t>附件</w:t></w:r></w:hyperlink></w:p></w:body>";
    let bytes = pack(&[("word/document.xml", body), ("word/_rels/document.xml.rels", relations)]);
    let read = read(&bytes).expect("the document can be read");
    assert_eq!(
        (read.blocks.links[0].url.as_str(), read.blocks.links[0].text.as_str()),
        ("http://a.cn/b.pdf", "附件")
    );
}

#[test]
fn err_huge_spans_and_deep_tables() {
    let row =
        format!("<w:tr>{}{}</w:tr>", tc(r#"<w:gridSpan w:val="2147483647"/>"#, "a"), tc("", "b"));
    assert_eq!(document(&format!("<w:tbl>{row}</w:tbl>")), "#1\n0,0 a\n0,1 b\n");
    let open = "<w:tbl><w:tr><w:tc>".repeat(3000);
    let close = "</w:tc></w:tr></w:tbl>".repeat(3000);
    assert_eq!(document(&format!("{open}{}{close}", p("里"))), "里\n");
}

#[test]
fn ok_word_2003_xml() {
    let text = r#"<?xml version="1.0"?><w:wordDocument><w:body><wx:sect><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><wx:t wx:val="一、"/></w:listPr></w:pPr>
        <w:r><w:t>总体情况</w:t></w:r></w:p><w:sectPr><w:hdr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:hdr></w:sectPr></wx:sect></w:body></w:wordDocument>"#;
    assert_eq!(show(&super::read_xml(text.as_bytes()).blocks), "一、总体情况\n");
}

/// The only cell of a table with these runs, beside another one.
fn cell(runs: &str, others: &[(&str, &str)]) -> String {
    let row = format!("<w:tr>{}<w:tc><w:p>{runs}</w:p></w:tc></w:tr>", tc("", "规章"));
    let shown = document_with(&format!("<w:tbl>{row}</w:tbl>"), others);
    shown.strip_prefix("#1\n0,0 规章\n0,1").expect("it has two cells").trim().to_owned()
}

#[test]
fn ok_looks_of_styles_and_those_they_are_based_on() {
    let styles = r#"<w:styles>
        <w:style w:type="character" w:styleId="a"><w:rPr><w:color w:val="FEFEFE"/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="b"><w:basedOn w:val="a"/></w:style>
        <w:style w:type="character" w:styleId="c"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="d"><w:rPr><w:strike/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="e"><w:rPr><w:strike/></w:rPr></w:style>
        </w:styles>"#;
    let styles = [("word/styles.xml", styles)];
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
    };
    let styled = |style: &str, text: &str| run(&format!(r#"<w:rStyle w:val="{style}"/>"#), text);
    assert_eq!(cell(&format!("{}{}", styled("b", "9"), run("", "12")), &styles), "12");
    assert_eq!(cell(&format!("{}{}", run("", "12"), styled("c", "（1）")), &styles), "12[1]");
    assert_eq!(cell(&format!("{}{}", styled("d", "9"), run("", "12")), &styles), "12");
    // a cell with nothing but struck text is not blank; what both styles strike is not struck
    assert_eq!(cell(&styled("d", "9"), &styles), "~~9~~");
    let both = format!(r#"<w:pPr><w:pStyle w:val="e"/></w:pPr>{}"#, styled("d", "12"));
    assert_eq!(cell(&both, &styles), "12");
    // white on what is dark
    let white = r#"<w:color w:val="FFFFFF"/>"#;
    assert_eq!(cell(&run(white, "12"), &[]), "");
    assert_eq!(
        cell(&run(&format!(r#"{white}<w:shd w:val="clear" w:fill="1F4E79"/>"#), "12"), &[]),
        "12"
    );
    let row = tc(r#"<w:shd w:val="clear" w:fill="1F4E79"/>"#, "")
        .replace("<w:t></w:t>", &format!("<w:rPr>{white}</w:rPr><w:t>12</w:t>"));
    let shaded = document(&format!("<w:tbl><w:tr>{}{row}</w:tr></w:tbl>", tc("", "a")));
    assert_eq!(shaded, "#1\n0,0 a\n0,1 12\n");
}

#[test]
fn ok_what_forms_show() {
    let field = |data: &str, instruction: &str, result: &str| {
        format!(
            r#"<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>
            <w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>
            {result}<w:r><w:fldChar w:fldCharType="end"/></w:r>"#
        )
    };
    let list = |chosen: &str| {
        format!(r#"<w:ddList>{chosen}<w:listEntry w:val="3"/><w:listEntry w:val="12"/></w:ddList>"#)
    };
    let drop_down = |chosen: &str| cell(&field(&list(chosen), " FORMDROPDOWN ", ""), &[]);
    assert_eq!(drop_down(r#"<w:result w:val="1"/>"#), "12");
    assert_eq!(drop_down(r#"<w:default w:val="1"/>"#), "12");
    assert_eq!(drop_down(""), "3");
    assert_eq!(cell(&field("", " =SUM(LEFT) ", ""), &[]), "{=SUM(LEFT)}");
    assert_eq!(cell(&field("", " =SUM(LEFT) ", "<w:r><w:t>5</w:t></w:r>"), &[]), "5");
    assert_eq!(cell(&field("", " FORMTEXT ", ""), &[]), "");
    assert_eq!(cell(&field("", " FORMCHECKBOX ", ""), &[]), "{FORMCHECKBOX}");
    let prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>\
        <w:r><w:t>12</w:t></w:r></w:sdtContent></w:sdt>";
    assert_eq!(cell(prompt, &[]), "\u{FFFD}");
    // a cell that asks for input is a cell
    let asking = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>";
    let row =
        format!("{}{asking}{}</w:sdtContent></w:sdt>{}", tc("", "a"), tc("", "ask"), tc("", "3"));
    let table = document(&format!("<w:tbl><w:tr>{row}</w:tr></w:tbl>"));
    assert_eq!(table, "#1\n0,0 a\n0,1 \n0,2 3\n");
}

#[test]
fn ok_pictures_and_symbols_in_cells() {
    let inline = "<w:r><w:drawing><wp:inline><a:blip r:embed=\"i\"/></wp:inline></w:drawing></w:r>";
    let floating = inline.replace("inline", "anchor");
    assert_eq!(cell(inline, &[]), "\u{FFFC}");
    assert_eq!(cell(&floating, &[]), "\u{FFFC}");
    // a seal in front of a number
    assert_eq!(cell(&format!("{floating}<w:r><w:t>3</w:t></w:r>"), &[]), "3");
    let symbol = |font: &str, text: &str| {
        let fonts = format!(r#"<w:rFonts w:ascii="{font}"/>"#);
        cell(&format!("<w:r><w:rPr>{fonts}</w:rPr><w:t>{text}</w:t></w:r>"), &[])
    };
    assert_eq!(symbol("Symbol", "\u{F031}\u{F032}"), "12");
    assert_eq!(symbol("Wingdings", "1"), "\u{FFFD}");
    assert_eq!(cell("<w:r><w:sym w:font=\"Wingdings\" w:char=\"F031\"/></w:r>", &[]), "\u{FFFD}");
    // places where a word may be cut are no signs
    assert_eq!(cell("<w:r><w:t>1\u{AD}\u{200B}2\u{202C}</w:t></w:r>", &[]), "12");
}

#[test]
fn ok_documents_in_the_document() {
    let relations = r#"<Relationships><Relationship Id="c" Type="http://x/aFChunk" Target="c.html"/></Relationships>"#;
    let page = "<html><body><table><tr><td>规章</td><td>3</td></tr></table></body></html>";
    let body = format!(r#"{}<w:altChunk r:id="c"/>{}"#, p("前"), p("后"));
    let others = [("word/_rels/document.xml.rels", relations), ("word/c.html", page)];
    assert_eq!(document_with(&body, &others), "前\n#1\n0,0 规章\n0,1 3\n\n后\n");
}

#[test]
fn ok_letters_that_are_filled_with_something_else() {
    let run = |fill: &str| {
        let fill = format!("<w14:textFill>{fill}</w14:textFill>");
        cell(&format!("<w:r><w:rPr>{fill}</w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>"), &[])
    };
    let solid = |colour: &str| {
        run(&format!(r#"<w14:solidFill><w14:srgbClr w14:val="{colour}"/></w14:solidFill>"#))
    };
    assert_eq!([run("<w14:noFill/>"), solid("FFFFFF")], ["12", "12"]);
    assert_eq!(solid("000000"), "912");
    let clear = |clear: &str| {
        let alpha = format!(r#"<w14:alpha w14:val="{clear}"/>"#);
        run(&format!(
            r#"<w14:solidFill><w14:srgbClr w14:val="000000">{alpha}</w14:srgbClr></w14:solidFill>"#
        ))
    };
    assert_eq!([clear("100000"), clear("50000")], ["12", "912"]);
    // by a style, whose shadow says nothing
    let styles = |kind: &str| {
        format!(
            r#"<w:styles><w:style w:type="character" w:styleId="a"><w:rPr><w14:{kind}><w14:noFill/></w14:{kind}></w:rPr></w:style></w:styles>"#
        )
    };
    let of = |kind: &str| {
        let runs = r#"<w:r><w:rPr><w:rStyle w:val="a"/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>"#;
        cell(runs, &[("word/styles.xml", &styles(kind))])
    };
    assert_eq!([of("textFill"), of("textOutline")], ["12", "912"]);
}

#[test]
fn ok_letters_in_the_colour_of_a_marker() {
    let run = |marker: &str| {
        let look = format!(r#"<w:color w:val="FFFF00"/><w:highlight w:val="{marker}"/>"#);
        cell(&format!("<w:r><w:rPr>{look}</w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>"), &[])
    };
    assert_eq!([run("yellow"), run("darkBlue")], ["12", "912"]);
}

#[test]
fn ok_what_every_reader_has_is_read() {
    let choice = |needs: &str| {
        cell(
            &format!(
                r#"<w:r><mc:AlternateContent><mc:Choice Requires="{needs}"><w:t>9</w:t></mc:Choice>
                <mc:Fallback><w:t>12</w:t></mc:Fallback></mc:AlternateContent></w:r>"#
            ),
            &[],
        )
    };
    assert_eq!([choice("wps"), choice("w14 wpg"), choice("wps zz")], ["9", "9", "12"]);
    // a note whose mark is its own
    let mark = r#"<w:r><w:footnoteReference w:customMarkFollows="1" w:id="7"/><w:t>7</w:t></w:r>"#;
    assert_eq!(cell(&format!("<w:r><w:t>12</w:t></w:r>{mark}"), &[]), "12[7]");
    let drawn = r#"<w:r><w:pict><v:shape><v:textpath string="12"/></v:shape></w:pict></w:r>"#;
    assert_eq!(cell(drawn, &[]), "\u{FFFC}");
}

#[test]
fn ok_what_does_not_stand_side_by_side_is_not_joined() {
    for runs in [
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
        "<m:oMath><m:sSup><m:e><m:r><m:t>1</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
    ] {
        assert_eq!(cell(runs, &[]), "1\u{FFFD}2", "{runs}");
    }
    let struck = "<m:oMath><m:borderBox><m:borderBoxPr><m:strikeH/></m:borderBoxPr>\
        <m:e><m:r><m:t>12</m:t></m:r></m:e></m:borderBox></m:oMath>";
    assert_eq!(cell(struck, &[]), "\u{FFFD}12");
    let turned = r#"<w:bdo w:val="rtl"><w:r><w:t>21</w:t></w:r></w:bdo>"#;
    assert_eq!(cell(turned, &[]), "\u{FFFD}21");
    assert_eq!(cell("<w:r><w:t>\u{202E}21</w:t></w:r>", &[]), "\u{202E}21");
    assert_eq!(cell("<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>", &[]), "12");
}
