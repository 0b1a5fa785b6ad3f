//! Traditional characters, as mirror sites convert pages: character by character, some left, some overdone.

use std::collections::HashMap;

use super::style::Script;

/// Simplified and traditional, in pairs: the characters the generator uses and every mirror converts.
const PAIRS: &str = "万萬与與专專业業东東严嚴个個丰豐临臨为為举舉习習乡鄉书書云雲产產从從价價众眾优優会會体體关關兴興养養册冊写寫农農决決\
    况況减減击擊别別办辦务務动動区區医醫华華协協单單卫衛厅廳历歷县縣参參双雙发發变變号號后後听聽员員围圍国國图圖场場处處备備复復头頭\
    学學宁寧实實审審对對导導将將层層属屬岗崗岭嶺应應废廢开開张張强強当當录錄总總态態怀懷户戶执執扫掃护護报報担擔据據拟擬数數时時显顯\
    术術机機权權条條来來构構标標栏欄档檔桥橋检檢气氣汇匯沟溝没沒泄洩济濟浏瀏滞滯点點状狀环環现現电電疗療监監码碼确確碍礙称稱稳穩笔筆\
    简簡类類紧緊纠糾级級纳納纸紙线線组組细細织織经經结結绕繞绝絕统統继繼续續维維编編缴繳网網罚罰职職联聯脑腦获獲补補规規视視览覽计計\
    订訂认認训訓议議记記讲講许許讼訟设設访訪证證评評识識诉訴话話询詢该該语語误誤说說请請读讀课課调調谈談负負财財责責账賬质質购購贴貼\
    费費资資转轉载載较較输輸达達过過运運还還这這进進适適邮郵释釋针針钩鉤链鏈错錯镇鎮长長门門闭閉问問间間闻聞阅閱阳陽随隨隐隱难難页頁\
    项項顾顧预預领領频頻题題额額风風龙龍内內无無见見够夠";

/// Characters with two traditional forms, turned into the one that is wrong in a report.
const OVERDONE: &str = "制製面麵复複范範于於准準划劃台臺系係";

/// The text in the letters of the document.
pub(crate) fn convert(text: &str, script: Script) -> String {
    if script == Script::Simplified {
        return text.to_owned();
    }
    let mut map = pairs(PAIRS);
    if script == Script::Overdone {
        map.extend(pairs(OVERDONE));
    }
    text.chars().map(|char| *map.get(&char).unwrap_or(&char)).collect()
}

fn pairs(listed: &str) -> HashMap<char, char> {
    let chars: Vec<char> = listed.chars().filter(|char| !char.is_whitespace()).collect();
    chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}
