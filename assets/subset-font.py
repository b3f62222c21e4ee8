"""Makes ParasolSansSC-Regular.ttf, the font embedded in every picture.

Needs fontTools and NotoSansSC_400Regular.ttf, as in the npm package
@expo-google-fonts/noto-sans-sc 0.4.3 (licence: OFL-1.1, see OFL.txt).

    python3 subset-font.py NotoSansSC_400Regular.ttf ParasolSansSC-Regular.ttf

The subset holds GB2312, Latin, punctuation, arrows, and characters beyond GB2312 that are
frequent in given names. It has no layout features, so that a text is exactly as wide as the
sum of its characters. It is renamed, as the licence asks of changed fonts.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Parasol Sans SC"
# Frequent in names, absent from GB2312.
NAMES = (
    "喆堃玥赟犇骉羴焱垚昇祎頔翀珺琭珝珣玙琰璟琨瑨璠瑄瑭瑢瑧嬿媄昉昳昫昽晅晞晗晳晢曈曌暕旻旼旸炘炆烜焜煊"
    "燊燚镕锟鎏铖锴鎔翙翚翯翾芃苡莙蘅沄沚泷洺洹浥淏渼湉溦滢潆澍濛瀅瀛鋆钊钘钜铻锜锳镝镠闫闿陞隽霈霖靓韬颋颎飏"
    "驷骁骅骐骕骞鹍鹔麒麴龑龢亓仉仝佟俣俶倓偲傃傒僖兕冼劼勍勖厍叕吒呂哿啠喦嗣嘏嘉囡圳坤垣埈埗埜堉堽墡壵夆奭妘"
    "妤妧姞姮娅娉娫婳婻媖媛嫄嫕孖孛宓宥寯尕屾岍峣峤峯崟嵘嵩巘帇帡幵庹弢彧徕忞忻恽悫惇愔慜憬戬扆抃揆撄斅斐昶晁"
    "晙晟晧晫暐暠朓杕枟柷栐栩桄梓梣梽棨棪椤楙榕槿樾橚檑欤歆毓毖氾汧沨泂泠洳浛涴淯渟湝溱滉漷潽澂澴瀍瀹炟炻烔烶煐煚"
    "熥熳爔牧牮犨狄玕玘玚玠玢玦玶玹珂珅珈珉珌珑珙珞珧珩珪琇琊琏琟琠琤琦琪琬琯琲瑀瑁瑂瑗瑱瑾璀璁璆璈璘璪璬璱璲瓒瓘"
    "甡畯皓皞眙睿矧砚祺禔禛禤稑穆竑竣筠筼篁箬籛粲綦絪絺縠繇纮绂绎绡绶缃缐翊翎翦翥聿肸胤脩臻舸艏芊芎芘芷苧茉茗荃荇"
    "荻莛莜菁菖菘萩葆葭蒗蒨蓓蓥蔺蕊薇藁藴虓蚡蛟袆裎褚觐訚訢詝誾謇诒诜诹谌谖谞谡谧豳贇贠贲赆跂踔軒轾辀辂迓迺逄逖遒"
    "邈邬邰邳郃郄郅郇郏郗郜郤郦郯鄄鄞鄢酆醴钇钰铉铤铧銮锘锽镈镔镕镛镡閎闳闵阆陉隗隰雯雱霭青靖靳韡頫顼飖饴馗馥駪驎骢骥"
    "髙鬯魁鲂鲲鳐鸢鹄鹏麐麓麟黉黻鼐龄龠"
)
EXTRA = "⟦⟧〚〛…—–·•→←↑↓↔⇒−×÷±≤≥≈≠∞√°′″‰№℃①②③④⑤⑥⑦⑧⑨⑩■□▲△▼▽◆◇○●★☆✓✗〇※"


def characters():
    """GB2312 by walking its code table; Latin; punctuation; names."""
    chars = set(range(0x20, 0x7F)) | set(range(0xA0, 0x250)) | set(range(0x1E00, 0x1F00))
    chars |= set(range(0x2010, 0x2028)) | set(range(0x2030, 0x2060)) | set(range(0x20A0, 0x20C0))
    chars |= set(range(0x2190, 0x21A0)) | set(range(0x2460, 0x2474)) | set(range(0x3000, 0x3020))
    chars |= set(range(0xFF01, 0xFF5F)) | {0x300, 0x301, 0x302, 0x303, 0x304, 0x308, 0x30C}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.add(ord(bytes([high, low]).decode("gb2312")))
            except (UnicodeDecodeError, TypeError):
                pass
    return chars | set(map(ord, NAMES + EXTRA))


def main(source, target):
    font = TTFont(source, recalcTimestamp=False)
    # The white square brackets that mark hidden direction marks: drawn by their CJK twins.
    for table in font["cmap"].tables:
        if table.isUnicode() and 0x301A in table.cmap and table.format in (4, 12):
            table.cmap.setdefault(0x27E6, table.cmap[0x301A])
            table.cmap.setdefault(0x27E7, table.cmap[0x301B])
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "DSIG"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    names = font["name"]
    for record in list(names.names):
        new = {1: FAMILY, 3: FAMILY + " Regular 1.0", 4: FAMILY + " Regular", 6: "ParasolSansSC-Regular"}
        if record.nameID in new:
            names.setName(
                new[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID
            )
    font.save(target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
