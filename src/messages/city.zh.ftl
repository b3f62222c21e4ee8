# 虚构的城市，以及在其上测得的结果。
progress-generate = 正在生成
generate-summary = 人员 { $people } 名，其中公职人员 { $officials } 名，黑恶组织 { $gangs } 个；关系 { $relations } 条，另有 { $lost } 条缺失；保护伞 { $umbrellas } 对、看似可疑的清白关系 { $decoys } 对，见 truth.csv
error-generate-folder = “{ $path }”不是空文件夹；城市要写到单独的文件夹
error-generate-people = 城市人口为 { $least } 至 { $most } 人
