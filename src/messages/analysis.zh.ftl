### 指标：名称、含义、计算代价。

measure-degree-title = 度
measure-degree-says = 与多少人或单位有直接关系。
measure-degree-cost = 任何规模都即时得出。

measure-strength-title = 强度
measure-strength-says = 大约有多少条关系属实：各条关系的可信强度之和。
measure-strength-cost = 任何规模都即时得出。

measure-betweenness-title = 中介度
measure-betweenness-says = 处在多少对他人之间的最短路径上：谁能居中传递，也能从中截断。
measure-betweenness-cost = 随人数乘关系数增长：一万人约一秒；十万人为数分钟，可改用估计，约一秒。

measure-closeness-title = 调和接近度
measure-closeness-says = 离所有人有多近：每个能到达者按“一除以步数”计入。
measure-closeness-cost = 随人数乘关系数增长：一万人即时得出，十万人约半分钟。

measure-eigenvector-title = 特征向量中心度
measure-eigenvector-says = 相邻者越重要，本人越重要：最密集部分的核心。该部分以外一律为零。
measure-eigenvector-cost = 对全部关系计算数十至数千轮。

measure-pagerank-title = PageRank
measure-pagerank-says = 沿关系随机行走（强关系走得更多）的人最常停留在谁那里。
measure-pagerank-cost = 对全部关系计算数十轮：百万人为数秒。

measure-personalised-pagerank-title = 个性化 PageRank
measure-personalised-pagerank-says = 综合所有路径，离 --from 所指的人有多近（团伙即指其成员）。
measure-personalised-pagerank-cost = 对全部关系计算数十轮：百万人为数秒。

measure-approximate-betweenness-title = 中介度（估计）
measure-approximate-betweenness-says = 随机抽取最短路径估计的中介度：十次中有九次，任何人的误差都不超过全部配对数的百分之一。网络大时多数人的数值还没有这么大，可用 --epsilon 要求更小的误差。抽哪些路径由种子决定。
measure-approximate-betweenness-cost = 百万人为数秒。

measure-katz-title = Katz 地位
measure-katz-says = 有多少条任意长度的路径通向此人，每多一步权重递减。
measure-katz-cost = 对全部关系计算至多 200 轮。

measure-core-title = 核数
measure-core-says = 所属的最密集部分：其中每人在该部分内至少有这么多关系。
measure-core-cost = 任何规模都即时得出。

measure-constraint-title = 约束度（Burt）
measure-constraint-says = 关系在多大程度上绕回同一小圈。约束最小者居于互不相识的圈子之间，排在最前；没有关系者计 0，排在最后。
measure-constraint-cost = 十万人约一秒。

measure-effective-size-title = 有效规模（Burt）
measure-effective-size-says = 联系人数减去联系人之间的重复。
measure-effective-size-cost = 十万人约一秒。

measure-triangles-title = 三角形
measure-triangles-says = 有多少对联系人彼此相识。
measure-triangles-cost = 百万人约一秒。

measure-clustering-title = 聚集系数
measure-clustering-says = 联系人中彼此相识的配对所占比例：封闭圈子接近 1，跨圈子者接近 0。
measure-clustering-cost = 百万人约一秒。

measure-parts-title = 割点
measure-parts-says = 没有此人，其所在部分会裂成几块；两块以上，则块与块之间的一切都经过此人。
measure-parts-cost = 任何规模都即时得出。

measure-common-neighbours-title = 缺失关系：共同联系人
measure-common-neighbours-says = 与 --from 所指的人没有记录关系、而共同联系人最多者：提示到哪里去查漏，不是存在关系的证据。通话层中偶然联系太多，参考价值低。
measure-common-neighbours-cost = 即时得出。

measure-adamic-adar-title = 缺失关系：Adamic–Adar
measure-adamic-adar-says = 与 --from 所指的人的共同联系人，联系越广者计得越少：提示到哪里去查漏，不是存在关系的证据。通话层中偶然联系太多，参考价值低。
measure-adamic-adar-cost = 即时得出。

measure-resource-allocation-title = 缺失关系：资源分配
measure-resource-allocation-says = 同 Adamic–Adar，但联系广者折扣更大：提示到哪里去查漏，不是存在关系的证据。通话层中偶然联系太多，参考价值低。
measure-resource-allocation-cost = 即时得出。

measure-l3-title = 缺失关系：三步路径
measure-l3-says = 到 --from 所指的人的三步路径；两端性质不同（人与公司）时优于共同联系人：提示到哪里去查漏，不是存在关系的证据。
measure-l3-cost = 即时至一秒。

measure-pagerank-from-title = 缺失关系：PageRank
measure-pagerank-from-says = 反复从 --from 所指的人（团伙即指其成员）出发随机行走，遇到此人的频度；已与其中任何人相连者不计：提示去哪里找缺失的记录，不是关系的证据。通话中偶然联系很多，说明不了什么。
measure-pagerank-from-cost = 对全部关系计算数十轮：百万人为数秒。

measure-katz-from-title = 缺失关系：卡茨指数
measure-katz-from-says = 从 --from 所指对象出发、任意长度的路有多少通到此人，每多一步计得越少；已相连者不计：提示去哪里找缺失的记录，不是关系的证据。通话中偶然联系很多，说明不了什么。
measure-katz-from-cost = 最多对全部关系算 200 轮。

## 路径

path-shared-source = 第 { $hops } 步仅凭来源 { $source }：应作为一个疑点看待，而非几个相互独立的证据。
path-shared-protected = 第 { $hops } 步仅凭同一受保护来源：应作为一个疑点看待，而非几个相互独立的证据。
path-shared-nobody = 第 { $hops } 步均未注明来源：应作为一个疑点看待，而非几个相互独立的证据。

groups-communities-title = 社区
groups-communities-says = 比偶然更紧密地连在一起的人和物（莱顿算法，按模块度）：每个社区内部连通，每个对象属于一个社区。关系按强度计。
groups-communities-cost = 百万人为数秒。

groups-potts-title = 同密度社区
groups-potts-says = 同社区，但每个社区内部的密度都高于 --resolution（波茨模型），大网络中的小社区不会被并掉。
groups-potts-cost = 百万人为数秒。

groups-components-title = 连通分量
groups-components-says = 彼此有路可通的全部对象。
groups-components-cost = 即时得出。

groups-cores-title = 核
groups-cores-says = 由内到外最密集的部分：k 核中的每个对象在其中至少有 k 条关系。
groups-cores-cost = 即时得出。

groups-blocks-title = 块
groups-blocks-says = 三个以上、少了其中任何一个仍连在一起的对象。
groups-blocks-cost = 即时得出。

groups-bridges-title = 桥
groups-bridges-says = 少了就完全到不了某人的关系，以及会被隔开多少：那里可能缺记录，或者两侧只靠这一条关系相连。
groups-bridges-cost = 即时得出。

groups-brokers-title = 单位与团伙之间的中间人
groups-brokers-says = 居于不同单位、团伙的人之间而这些人彼此不相连者（古尔德与费尔南德斯的角色）；不计强度。
groups-brokers-cost = 百万人为数秒。

groups-community-brokers-title = 社区之间的中间人
groups-community-brokers-says = 居于不同社区的人之间而这些人彼此不相连者。
groups-community-brokers-cost = 百万人为数秒。

groups-fragment-title = 关键人物：去掉最散
groups-fragment-says = 去掉这几人后，其余的人互相到不了的配对最多；不计强度。
groups-fragment-cost = 即时；大网络为数秒。

groups-reach-title = 关键人物：覆盖最广
groups-reach-says = 这几人本人及其 --hops 步之内覆盖网络最广。
groups-reach-cost = 即时得出。

groups-faction-title = 圈子的两派
groups-faction-says = 把某人（--of）的圈子一分为二，使两方内部的关系强度最多：先列他本人一方。
groups-faction-cost = 即时得出。
