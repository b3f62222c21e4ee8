//! Invented names: of people, places, companies. Surnames as common as in China (the first
//! twenty bear half of all people), given names from one pool: namesakes come by themselves.

use super::chance::Draw;

const SURNAMES: [&str; 48] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓",
    "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "欧阳",
];
const GIVEN: [&str; 60] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "兰", "霞", "平", "刚", "英", "建", "国", "玉", "华", "文", "辉", "红", "梅", "春", "秀", "志", "海",
    "波", "宁", "福", "生", "龙", "元", "全", "胜", "学", "祥", "才", "发", "武", "新", "利", "清", "飞",
    "彬", "富", "顺", "信", "子", "杏", "莲", "雪", "琴",
];
const FIRST: [&str; 16] =
    ["青", "云", "河", "清", "安", "临", "永", "东", "南", "高", "平", "长", "白", "泉", "石", "新"];
const SECOND: [&str; 16] =
    ["山", "川", "原", "溪", "岭", "湾", "阳", "丰", "和", "宁", "桥", "源", "岗", "洲", "渡", "口"];
const TRADE: [&str; 14] = [
    "建材", "运输", "商贸", "砂石", "餐饮", "物流", "劳务", "典当", "水产", "置业", "拆迁", "娱乐", "汽修",
    "环保",
];

/// A surname: the earlier in the list, the more common.
pub(super) fn surname(draw: &mut Draw) -> &'static str {
    let at = (draw.unit() * draw.unit() * SURNAMES.len() as f64) as usize;
    SURNAMES.get(at).copied().unwrap_or("王")
}

/// A given name of one or two characters.
pub(super) fn given(draw: &mut Draw) -> String {
    let first = draw.word(&GIVEN);
    if draw.chance(0.4) { first.to_owned() } else { format!("{first}{}", draw.word(&GIVEN)) }
}

/// What friends call somebody.
pub(super) fn nickname(surname: &str, draw: &mut Draw) -> String {
    match draw.below(4) {
        0 => format!("老{surname}"),
        1 => format!("{surname}老{}", draw.word(&["二", "三", "四", "五", "六", "七"])),
        2 => format!("阿{}", draw.word(&GIVEN)),
        _ => format!("{surname}{}", draw.word(&["哥", "总", "胖子", "麻子", "瘸子"])),
    }
}

/// The name of the county or district in this place; all are different up to 65,536.
pub(super) fn place(at: usize) -> String {
    let two = |at: usize| format!("{}{}", FIRST[at % 16], SECOND[(at / 16 + at) % 16]);
    if at < 256 { two(at) } else { format!("{}{}", two(at / 256 % 256), two(at % 256)) }
}

/// A company's name.
pub(super) fn company(place: &str, draw: &mut Draw) -> String {
    let ending = draw.word(&["有限公司", "有限公司", "有限责任公司", "经营部", "商行"]);
    format!("{place}{}{}{ending}", given(draw), draw.word(&TRADE))
}

/// A gang's name, as people call it.
pub(super) fn gang(place: &str, draw: &mut Draw) -> String {
    let surname = surname(draw);
    match draw.below(3) {
        0 => format!("{place}{surname}家帮"),
        1 => format!("{place}{}{}帮", draw.word(&FIRST), draw.word(&SECOND)),
        _ => format!("{surname}{}团伙", given(draw)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::chance::Seed;

    #[test]
    fn places_differ_and_common_surnames_are_common() {
        let places: std::collections::BTreeSet<String> = (0..2000).map(place).collect();
        assert_eq!(places.len(), 2000);
        let seed = Seed::new(1);
        let common = (0..2000).filter(|&at| {
            let name = surname(&mut seed.of("s", at));
            SURNAMES[..20].contains(&name)
        });
        assert!(common.count() > 1000);
    }
}
