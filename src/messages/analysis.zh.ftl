### 指标：名称、含义、计算代价。

measure-degree-title = 度
measure-degree-says = 与多少人或单位有直接关系。
measure-degree-cost = 任何规模都即时得出。

measure-strength-title = 强度
measure-strength-says = 大约有多少条关系属实：各条关系的可信强度之和。
measure-strength-cost = 任何规模都即时得出。

measure-betweenness-title = 中介度
measure-betweenness-says = 处在多少对他人之间的最短路径上：谁能居中传递，也能从中截断。
measure-betweenness-cost = 随人数乘关系数增长：数千人为数秒，十万人为数分钟。

measure-closeness-title = 调和接近度
measure-closeness-says = 离所有人有多近：每个能到达者按“一除以步数”计入。
measure-closeness-cost = 随人数乘关系数增长：数千人为数秒，十万人为数分钟。

measure-eigenvector-title = 特征向量中心度
measure-eigenvector-says = 相邻者越重要，本人越重要：最密集部分的核心。该部分以外一律为零。
measure-eigenvector-cost = 对全部关系计算数十至数千轮。

measure-pagerank-title = PageRank
measure-pagerank-says = 沿关系随机行走（强关系走得更多）的人最常停留在谁那里。
measure-pagerank-cost = 对全部关系约计算 150 轮：百万人为数秒。

measure-personalised-pagerank-title = 个性化 PageRank
measure-personalised-pagerank-says = 综合所有路径，离 --from 所指的人有多近（团伙即指其成员）。
measure-personalised-pagerank-cost = 对全部关系约计算 150 轮：百万人为数秒。

## 路径

path-shared-source = 第 { $hops } 步仅凭来源 { $source }：应作为一个疑点看待，而非几个相互独立的证据。
path-shared-protected = 第 { $hops } 步仅凭同一受保护来源：应作为一个疑点看待，而非几个相互独立的证据。
path-shared-nobody = 第 { $hops } 步均未注明来源：应作为一个疑点看待，而非几个相互独立的证据。
