evidence-title = 证据
evidence-question = 每次运行的测量值是多少，各组相差多少？
