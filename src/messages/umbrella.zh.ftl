# 官员与组织之间各项因素的说法；然后是缺什么、查什么、另一种解释。
umbrella-prior = 尚无证据时的起点：{ $told ->
    [0] 该类组织平均有保护伞
   *[other] 按指定（--expected），一个组织预期有保护伞
 } { $expected } 个，其活动地域内有公职人员 { $officials } 人。
umbrella-prior-few = 尚无证据时的起点：{ $told ->
    [0] 该类组织平均有保护伞
   *[other] 按指定（--expected），一个组织预期有保护伞
 } { $expected } 个；材料中其活动地域内仅列公职人员 { $officials } 人，多半只是被怀疑者，按 { $taken } 人计。
umbrella-kin-front = { $relative }在{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }任职。仅任职说明不了多少问题。
umbrella-kin-front-share = { $relative }持有{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }股份（{ $share }%）。
umbrella-kin-front-seat = { $relative }在{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }担任董事等职务。
umbrella-kin-front-own = 该公职人员本人在{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }任职。
umbrella-kin-front-own-share = 该公职人员本人持有{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }股份（{ $share }%）。
umbrella-kin-front-own-seat = 该公职人员本人在{ $stated ->
    [1] {""}
   *[other] 可能由
 }{ $gang }控制的{ $company }担任董事等职务。
umbrella-money-direct = 组织一方直接付款给{ $end }，中间无人过手：{ $hops }。{ $chance ->
    [0] {""}
   *[other] 但这与偶然相差无几：档案中{ $usual }的付款本来就流向其近旁。
 }
umbrella-money-chain = 资金由组织一方流向{ $end }：{ $hops }。按金额和时间，前后付款可接成{ $runs }趟{ $ways ->
    [1] {""}
   *[other] ，经{ $ways }条路径
 }{ $known ->
    [0] {""}
   *[other] ，由此到{ $hands }手中共{ $total }
 }{ $besides ->
    [0] 。
   *[other] 。另有{ $more }以其他方式（直接付款、馈赠或经他人之手）到其本人或密切关系人名下。
 }{ $chance ->
    [0] {""}
   *[other] 但这与偶然相差无几：档案中{ $usual }的付款本来就流向其近旁。
 }
umbrella-close = { $name }（该公职人员的{ $how }）
umbrella-close-own = { $name }（即该公职人员本人）
umbrella-close-hop = { $word }
umbrella-close-next = { $before }{ $name }的{ $word }
umbrella-close-same = { $before }{ $name }，疑为同一人的两个名字
umbrella-money-hop = { $from }→{ $to }{ $known ->
    [0] {""}
   *[other] {" "}{ $amount }
 }{ $payments ->
    [1] {""}
   *[other] ，{ $payments }笔
 }{ $days ->
    [0] {""}
    [1] （{ $first }）
   *[other] （{ $first }至{ $last }）
 }
umbrella-hub = 资金路径经过{ $hub }，其资金往来多达{ $ties }条，像银行、律师、会计那样与谁都有往来。
umbrella-case-favour = 对{ $gang }案件作出的{ $decided }次决定中，{ $favours }次有利于该组织（通常为{ $rate }）；该组织{ $all }起案件中有{ $cases }起由其经办。
umbrella-case-share = { $gang }的{ $all }起案件中有{ $cases }起由其经办，超出正常分工。
umbrella-strict-decisions = 对{ $gang }案件作出的{ $decided }次决定中，{ $favours }次有利于该组织：并不多于通常。
umbrella-lenient-with-all = 其办理的其他案件也有{ $rate }从宽：对谁都宽。
umbrella-raid-leak = { $contacts ->
    [0] 针对{ $gang }的{ $empty }次扑空行动，其事前均知情。
   *[other] 针对{ $gang }的{ $empty }次扑空行动中，有{ $contacts }次在行动前数日内由其本人或密切关系人联系过该组织。
 }
umbrella-handler = 在{ $contacts }次有收获的行动之前曾与{ $gang }联系：更像是联络耳目。
umbrella-licence-favour = 对{ $gang }控制公司的{ $decided }次检查、许可中，{ $favours }次予以方便（通常为{ $rate }）{ $more ->
    [0] 。
   *[other] ：{ $parts }。
 }
umbrella-licence-waived = 通过的{ $passed }次检查中有{ $waived }次免检（通常为{ $usual }）
umbrella-licence-fast = 许可平均用时{ $days }天，其经办的其他公司{ $usual }天
umbrella-light-office = 对其他公司也有{ $rate }予以通过：对谁都松。
umbrella-strict-permits = 对{ $gang }控制公司的{ $decided }次检查、许可中，{ $favours }次予以方便：并不多于通常。
umbrella-sign-off = 涉及{ $gang }的{ $reviewed }件线索、案件中，其以查无实据或未发现保护伞了结{ $closed }件；{ $later ->
    [0] 此后再无人反映
   *[other] 此后另有{ $later }个来源继续反映
 }{ $contradicted ->
    [0] 。
   *[other] ，所了结事项后又重启或被证实。
 }
umbrella-fair-review = 其审查涉及{ $gang }的线索、案件{ $reviewed }件，查实{ $upheld }件。
umbrella-allegation = { $voices }个相互独立的来源、{ $channels }种渠道同时反映其与{ $gang }。
umbrella-slander = 同时反映二者的{ $leads }件举报出自同一来源：说多少遍也只算一个声音。
umbrella-popular-target = 举报还将其与另外{ $gangs }个组织相提并论：出头露面的人容易被议论。
umbrella-unfounded = 同时反映二者的{ $leads }件线索经查不实。
umbrella-contact = 与{ $gang }的{ $members }人有直接联系（按其联系人数量，本就会有约{ $expected }人）：{ $with }{ $more ->
    [0] 。
   *[other] ，另有{ $more }人。
 }
umbrella-contact-with = { $member }{ $times }次{ $days ->
    [0] {""}
    [1] （{ $first }）
   *[other] （{ $first }至{ $last }）
 }
umbrella-contact-known = { $member }（登记为{ $role }）
umbrella-name = { $name }
umbrella-familiar = 与{ $with }本是亲属、邻居、同学或同乡：相识往来不需要别的理由。
umbrella-shared = 同样的材料也指向{ $with }：材料中的人与其同样亲近，材料本身分不清代表谁。
umbrella-broker-kin = { $relative }与{ $gang }的{ $contacts }人有联系，超出偶然。
umbrella-popular = 其有联系人{ $ties }个：联系人越多，与任何组织越难免有交集。
umbrella-case-share-usual = { $gang }的 { $all } 起案件中有 { $cases } 起由其经办：与履职本来会遇到的相差无几。
umbrella-duty-contact = 其经办{ $gang }的案件或公司事项：接触可由履职解释。
umbrella-recusal = 涉及{ $gang }的事项其已回避。
umbrella-refuted = 本应计入的{ $ties }条关系已查明不实。
umbrella-silence = 在下列方面查现有记录，未见二者之间的情况：{ $companies ->
    [1] 在该组织公司持股或任职；
   *[other] {""}
 }{ $payments ->
    [1] 组织一方的资金；
   *[other] {""}
 }{ $handled ->
    [1] 办案偏袒；
   *[other] {""}
 }{ $calls ->
    [1] 行动前通话；
   *[other] {""}
 }{ $permits ->
    [1] 检查与许可偏袒；
   *[other] {""}
 }{ $reviews ->
    [1] 线索被压；
   *[other] {""}
 }{ $leads ->
    [1] 同时反映二者的线索；
   *[other] {""}
 }这些记录的平均完整程度为{ $complete }。
umbrella-kin-cap = 二者之间只有亲属、任职或成员关系：仅凭这些不得过线。
umbrella-calibration = 按虚构城市实测，材料如此完整时，这样的证据说得偏低，据此上调。
umbrella-alone = 几乎全部分量来自单一机制，而单一机制可能另有清白的解释：据此压低。
umbrella-alone-house = 全部分量都经由其身边的人；其本人的行为和他人的指认几乎都未佐证：据此压低。
umbrella-ceiling = 材料再多，也没有什么是确定的：不超过 0.98。

umbrella-missing-companies = 工商登记或亲属关系材料{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。
umbrella-missing-payments = 银行流水{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }：查不到资金往来说明不了问题。
umbrella-missing-handled = 案件经办情况{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。
umbrella-missing-calls = 话单或行动知情人员材料{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。
umbrella-missing-permits = 检查、许可记录{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。
umbrella-missing-reviews = 线索审查、案件签结记录{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。
umbrella-missing-leads = 线索材料{ $none ->
    [1] 未入库
   *[other] 不全（在库约{ $complete }）
 }{ $local ->
    [1] （就相关地方和任职年份而言）
   *[other] {""}
 }。

umbrella-check-refuted = 核对二者之间的材料因何、由谁否定。若否定不成立，分数由{ $now }变为约{ $then }。
umbrella-check-none = 暂无必要：任何单项材料都难以使分数超过{ $then }（目前{ $now }）。
umbrella-check-any = 先核对最有分量的因素背后的原始记录（目前{ $now }）。
umbrella-check-kin-front = 调取工商档案，查清{ $official }亲属的股份、职务由谁出资。若属正常，分数由{ $now }变为{ $then }。
umbrella-check-money-chain = 向开户行查清中间人转账的用途。若属正常经营，分数由{ $now }变为{ $then }。
umbrella-check-kin-front-own = 调取工商档案，查清{ $official }如何取得该股份或职务。若属正常，分数由{ $now }变为{ $then }。
umbrella-check-money-direct = 向付款人和收款人的开户行查清该款项的用途。若属正常，分数由{ $now }变为{ $then }。
umbrella-check-case-favour = 请其他单位复查{ $gang }的案卷。若原决定站得住，分数由{ $now }变为{ $then }。
umbrella-check-raid-leak = 查清行动前谁知情、谁与谁联系、因何联系。若另有缘由，分数由{ $now }变为{ $then }。
umbrella-check-licence-favour = 请其他单位重新检查{ $gang }控制的公司。若许可合规，分数由{ $now }变为{ $then }。
umbrella-check-sign-off = 重新核查已了结的涉{ $gang }线索。若确属不实，分数由{ $now }变为{ $then }。
umbrella-check-allegation = 问明反映人如何得知。若只是听说，分数由{ $now }变为{ $then }。
umbrella-check-broker = 问明居间人与{ $gang }联系的事由。若另有缘由，分数由{ $now }变为{ $then }。
umbrella-check-contact = 问明其与{ $gang }联系的事由。若属履职，分数由{ $now }变为{ $then }。
umbrella-search-companies = 调取{ $official }家庭成员的工商、户籍登记。若持有{ $gang }控制公司的股份，分数由{ $now }变为{ $then }。
umbrella-search-payments = 调取{ $official }家庭成员和{ $gang }控制公司的银行流水。若查出资金链条，分数由{ $now }变为{ $then }。
umbrella-search-handled = 调取{ $gang }案件的经办记录。若有从宽决定，分数由{ $now }变为{ $then }。
umbrella-search-calls = 调取针对{ $gang }的行动前数日的话单。若有通风报信，分数由{ $now }变为{ $then }。
umbrella-search-permits = 调取{ $gang }控制公司的许可、检查记录。若有放行，分数由{ $now }变为{ $then }。
umbrella-search-reviews = 调取涉{ $gang }线索的审查记录。若有压案，分数由{ $now }变为{ $then }。
umbrella-search-leads = 梳理涉{ $gang }线索中是否提到{ $official }。若有独立来源反映，分数由{ $now }变为{ $then }。

umbrella-innocent-none = 二者除了距离近别无牵连；离组织近的公职人员多数与其无关。
umbrella-innocent-kin-front = 亲属的股份或工作可能是正当的，{ $official }也可能已经回避。
umbrella-innocent-money-chain = 中间人可能只是正常经营：借款、租金、货款。
umbrella-innocent-kin-front-own = { $official }的股份或职务可能公开合规，也可能并不知道该公司由谁控制。
umbrella-innocent-money-direct = 该款项可能是正当的：工资、租金、还款、货款或朋友间的馈赠。
umbrella-innocent-case-favour = 案件本身可能证据不足，或者只是恰由{ $official }当班。
umbrella-innocent-raid-leak = 行动也会因运气不好而扑空；行动前的联系可能是联络耳目，或者只是老熟人平日往来。
umbrella-innocent-licence-favour = 这些公司可能手续齐全。
umbrella-innocent-sign-off = 这些线索可能确属不实。
umbrella-innocent-allegation = 举报可能都源自同一传言；出头露面的公职人员常被提及。
umbrella-innocent-broker = 居间人与这些人可能另有自己的往来，该公职人员并不知情。
umbrella-innocent-contact = 其在当地可能交游广泛，其中难免有这些人；也可能是履职接触。

umbrella-innocent-handler = { $official }可能是在联络耳目：联系之后的行动都有收获。
umbrella-innocent-slander = 可能是一人因私怨或传言反复反映：说得多不等于属实。
umbrella-innocent-popular-target = 线索还把{ $official }与其他组织相提并论：传言爱落在出头露面的公职人员身上。
umbrella-innocent-unfounded = 所反映的情况经核查不实。
umbrella-innocent-light-office = { $official }对各类公司一向管得松：是手松，不是偏袒。
umbrella-innocent-lenient-with-all = { $official }办理他人案件同样从宽：是习惯，不是偏袒。
umbrella-innocent-strict-decisions = { $official }因履职经办该组织的案件，决定并不比通常更宽。
umbrella-innocent-strict-permits = { $official }因履职检查该组织的公司，处理并不比通常更松。
umbrella-innocent-fair-review = { $official }因履职审查涉及该组织的线索，了结的并不比通常更多。
umbrella-innocent-duty-contact = { $official }经办该组织的案件或公司，履职自然会有接触。
umbrella-innocent-shared = 材料属于另一名公职人员：持股或收款人同样是其家人。
umbrella-innocent-familiar = 双方是亲属、邻居、同学或同乡，因此相识。
umbrella-innocent-popular = { $official }交往广泛，其中难免有该组织的人。
umbrella-innocent-hub = 资金经过的人与谁都有往来，像银行、律师那样。
umbrella-innocent-recusal = 凡涉及该组织，{ $official }已经回避。
umbrella-innocent-refuted = 原先认为的牵连已查明不存在。
umbrella-innocent-kin = 二者之间只有亲属、任职或成员关系；亲属无法选择，多数亲属也并不知情。

umbrella-problem-unknown = 线索没有提到库中的任何人或单位。
umbrella-problem-no-gang = 线索没有提到组织或其成员；所列为被反映人附近的组织。
umbrella-problem-no-official = 线索没有提到公职人员。
umbrella-problem-no-source = 线索没有来源：此类线索合起来只算一个声音。

umbrella-problem-closed = 线索已以不实了结，此后没有其他来源再反映同样的情况。
umbrella-problem-cleared = 线索已核查澄清，此后没有其他来源再反映同样的情况。
umbrella-problem-repeated = 线索已了结而未查实，此后又有{ $voices }个来源反映同样的情况：应当复查。

umbrella-same-number = 身份证号相同
umbrella-same-other-number = 身份证号不同
umbrella-same-name = 一方的姓名见于另一方的姓名或别名
umbrella-same-birth = 出生日期相同
umbrella-same-home = 籍贯相同
umbrella-same-neighbours = 有{ $shared }个共同联系对象
umbrella-same-tied = 但二者之间有往来，像两个人
umbrella-nothing-for = 材料中没有任何支持因素：仅凭起点较高，绝不能达到报告线。

list-join = ；
