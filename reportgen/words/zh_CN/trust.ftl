trust-title = 可信度检查
trust-question = 除所比较的内容外各组是否一致，每次运行是否都已计入？
