### 全部运行合计的机器用量及其曲线。

usage-gpu-hours = GPU 小时
usage-runs = { $all } 次运行中采样 { $n } 次
usage-energy = GPU 能耗（Wh）
usage-carbon = CO₂（kg）
usage-carbon-note = 按每 kWh { $factor } kg
usage-curve = { $family ->
    [gpu] GPU 利用率
    [gpu_memory] GPU 显存
    [power] GPU 功率
    [cpu] CPU 利用率
   *[memory] 内存
}
usage-unit = { $family ->
    [power] 瓦
   *[other] 百分比
}
usage-time = 自首次采样起的时间
usage-alt = { $runs } 次运行随时间的{ $family ->
    [gpu] GPU 利用率
    [gpu_memory] GPU 显存
    [power] GPU 功率
    [cpu] CPU 利用率
   *[memory] 内存
}，最优在前；最高值为 { $peak }（{ $run }）。
usage-device = { $run }，GPU { $gpu }
usage-method = GPU 小时：运行采样的每块 GPU 在运行期间的小时数，无论忙闲。能耗：GPU 的能耗，由采样的瓦数按梯形法计算；空缺不计。
usage-near-limit = { $n } 次运行几乎用满内存
usage-near-limit-detail = { $runs } · { $what } { $peak }
