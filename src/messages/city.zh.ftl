# 虚构的城市，以及在其上测得的结果。
progress-generate = 正在生成
generate-summary = 人员 { $people } 名，其中公职人员 { $officials } 名，黑恶组织 { $gangs } 个；关系 { $relations } 条{ $lost ->
    [0] {""}
   *[other] ，另有 { $lost } 条缺失
 }；保护伞 { $umbrellas } 对、看似可疑的清白关系 { $decoys } 对，见 truth.csv
error-generate-folder = “{ $path }”不是空文件夹；城市要写到单独的文件夹
generate-least = 这样的城市关系不能再少：登记、机关、黑恶组织及其所植入的共 { $least } 条
generate-unplaced = 有 { $unplaced } 对未能植入：没有空闲的公职人员
error-generate-gangs = { $people } 人的城市最多有 { $most } 个黑恶组织
error-generate-people = 城市人口为 { $least } 至 { $most } 人
progress-evaluate = 城市
error-judged = “{ $path }”不是真相文件，也不是排序文件：{ $reason }
error-baseline = 某项基线无法计算：{ $reason }
evaluate-cities = 缺失 { $missing } 的行；城市 { $cities } 座，种子 { $seeds }，风格 { $styles }
evaluate-pairs = 公职人员与黑恶组织共 { $pairs } 对，其中真实关系 { $truths } 对（k：每座城市 { $k }），看似可疑的清白关系 { $decoys } 对；基础比率 { $rate }
evaluate-weights = 权重 { $digest }
evaluate-unfinished = 已中断：并非所要求的全部城市
evaluate-few = 至少 { $least } 座城市才给出区间
evaluate-broken-off = 已中断：{ $done ->
    [0] 尚未测完任何城市
   *[other] { $wanted } 座城市测完 { $done } 座，结果仅限于此
 }；没有留下其他文件
evaluate-share = { $all } 中有 { $part }（{ $share }；95% 区间 { $low }–{ $high }）
evaluate-of-none = 无
evaluate-discoveries = 有 q ≤ 0.1 的城市：{ $cities }。q ≤ 0.1 中不实的：{ $wrong }；不计看似可疑的清白关系：{ $plain }；按城市平均：{ $mean }，不计看似可疑的清白关系：{ $mean_plain }
head-ranking = 排序
head-cities = 城市
head-average-precision = 平均精度
head-precision = 前 k 名精度
head-recall = 真实关系达到报告线
head-decoys-in-top = 前 k 名中看似可疑的清白关系
head-brier = Brier
head-skill = 技巧分
head-over-line = 达到报告线的对数
head-wrong-over-line = 其中不实
head-mechanism = 手法
head-truths = 真实关系
head-found = 在前 k 名
head-said = 分值
head-pairs = 对数
head-mean-said = 平均分值
head-so = 属实
error-other-city = { $path }：其中 { $count } 对都不在本库中；是不是另一座城市的文件？
evaluate-strangers = 有 { $count } 对提到本库没有的对象
