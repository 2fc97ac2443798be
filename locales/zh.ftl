### 简体中文。每行一条消息；`{ $x }` 是参数；两份目录的消息相同（有测试检查）。
### 分组：通用词语，然后按渲染器，再按检查项。新消息加在文件末尾，自设标题。

## 通用词语

objects-count = { $count } 个对象
instances-count = { $count } 个实例
threads-count = { $count } 个线程
classes-count = { $count } 个类
elements-count = { $count } 个元素
paths-count = { $count } 条路径
yes = 是
no = 否

## 结论

verdict-biggest-holder = { $holder } 持有 { $size }，占堆的 { $share }。

## OutOfMemoryError 的种类

oom-kind-java-heap-space = Java 堆空间不足
oom-kind-gc-overhead-limit = GC 开销超限
oom-kind-gc-overhead-limit-exceeded = GC 开销超限
oom-kind-metaspace = 元空间（Metaspace）不足
oom-kind-compressed-class-space = 压缩类空间不足
oom-kind-direct-buffer-memory = 直接缓冲区内存不足
oom-kind-unable-to-create-native-thread = 无法创建本地线程
oom-kind-native-thread = 无法创建本地线程
oom-kind-requested-array-size = 请求的数组超过虚拟机上限
oom-kind-requested-array-size-exceeds-vm-limit = 请求的数组超过虚拟机上限
oom-kind-code-cache = 代码缓存不足
oom-kind-out-of-swap-space = 交换空间不足
oom-kind-other = 其他种类
oom-kind-unknown = 种类不明

## 泄漏、负载还是垃圾；可信度；严重程度；持有者；形态；角色

kind-leak = 泄漏
kind-load = 负载
kind-garbage = 垃圾
kind-leak-about = 由与进程同寿命的对象持有：不会释放，还会增长。
kind-load-about = 只由正在运行的线程持有：请求结束后就会释放。
kind-garbage-about = 没有任何持有者：只是垃圾回收器还没来得及回收。
confidence-exact = 已证实
confidence-likely = 很可能
confidence-estimated = 推测
severity-error = 严重
severity-warning = 警告
severity-info = 提示
holder-static-field = 静态字段
holder-instance-field = 字段
holder-stack-local = 局部变量
holder-thread-local = 线程局部变量（ThreadLocal）
holder-thread = 线程
holder-jni-global = 本地代码（JNI 全局引用）
holder-class-loader = 类加载器
holder-other = GC 根
holder-nobody = 无持有者
holder-in-thread = { $place }，线程 { $thread }
holder-is-thread = 线程 { $thread }（{ $class }）
holder-thread-named = 线程 { $thread }
pattern-collection = 不断增长的集合
pattern-repeated = 同类对象过多
pattern-big-object = 单个大对象
pattern-class-loader = 类加载器
pattern-off-heap = 堆外内存
pattern-threads = 线程
role-culprit = 肇事者
role-victim = 只是受害者
role-unknown = 无法判断是肇事者还是受害者

## 各节的标题与说明

section-suspects = 嫌疑对象
section-suspects-about = 谁占用了大量内存，嫌疑最大的排在最前，并给出使其存活的引用路径。
section-findings = 发现
section-findings-about = 针对常见类库的规则和各项检查对这个堆的判断。
section-histogram = 类直方图
section-histogram-about = 每个类有多少可达对象，各占多少内存。
section-dominators = 支配树
section-dominators-about = 谁让谁存活：去掉一行，它下面的一切都会随之释放。
section-threads = 线程
section-threads-about = 每个线程在做什么，其局部变量持有多少内存。
section-classloaders = 类加载器
section-classloaders-about = 谁加载了哪些类，又让哪些内存存活。
section-strings = 字符串
section-strings-about = 文本占用多少内存，其中有多少是重复的。
section-collections = 集合
section-collections-about = 列表、映射和集合：有多少是空的、稀疏的或容量过大的。
section-arrays = 数组
section-arrays-about = 空的、几乎全为零的或重复的数组。
section-boxed = 装箱数值
section-boxed-about = Integer、Long 之类：每个数值都要占用一个对象。
section-references = 引用与终结器
section-references-about = 软引用、弱引用和虚引用持有什么，又有什么在等待终结。
section-off-heap = 堆外内存
section-off-heap-about = 由这个堆中的对象所代表的、Java 堆之外的内存。
section-unreachable = 不可达对象
section-unreachable-about = 垃圾回收器还没回收的垃圾。它在转储文件里，但不是泄漏。
section-system = 系统属性与虚拟机
section-system-about = 虚拟机的启动参数和自身信息。看起来像机密的值已被遮盖。
section-waste = 浪费
section-waste-about = 不改变程序行为就能省下的内存。
section-growth = 增长
section-growth-about = 与较早的转储相比，增长了什么。
section-layout = 大小是怎样得出的
section-layout-about = 转储文件并不记录对象在内存中的大小。这里说明对象布局是怎样推导出来的。
section-damage = 损坏
section-damage-about = 转储文件有什么问题。凡是能读出的内容都已包含在本报告中。
section-glossary = 术语表
section-glossary-about = 本报告用到的术语，供初次接触的读者查阅。

## 列

column-class = 类
column-loader = 类加载器
column-instances = 实例数
column-objects = 对象数
column-shallow_bytes = 浅大小
column-retained_bytes = 保留大小
column-bytes = 大小
column-count = 数量
column-share = 占比
column-children = 子节点数
column-address = 地址
column-name = 名称
column-value = 值
column-package = 包
column-field = 字段
column-holder = 持有者
column-thread = 线程
column-state = 状态
package-none = 无：基本类型数组和没有包的类

## 事实

fact-file = 文件
fact-file-bytes = 文件大小
fact-format = 格式
fact-created = 写入时间
fact-java-version = Java 版本
fact-vendor = 供应商
fact-vm = 虚拟机
fact-header-bytes = 对象头
fact-reference-bytes = 堆内引用
fact-alignment-bytes = 对象对齐
fact-compact-headers = 紧凑对象头
fact-confidence = 可信度

## HTML 页面

html-title = 堆分析报告：{ $file }
html-skip = 跳到正文
html-nav = 目录
html-verdict = 结论
html-language = 语言
html-generated = 由 { $tool } 生成于 { $date }。
html-made-by = 由 { $tool } 生成。
html-no-scripts = 脚本已被禁用：表格只显示前几行且不能排序，图形不能缩放。其余一切照常。
html-healthy = 未见异常
html-no-oom = 转储中没有 OutOfMemoryError 的迹象。
html-reachable-total = 可达堆
html-heap-picture = 堆的构成与持有者
html-heap-rest = 其余部分
html-heap-soft = 仅软引用可达
html-heap-finalizer = 仅等待终结
html-heap-unreachable = 不可达（垃圾）
html-of-heap = 占堆的 { $share }
html-of-garbage = 占垃圾的 { $share }
html-suspect = 嫌疑对象 { $rank }
html-suspect-made-of = 由什么构成
html-change = 应该怎样改
html-details = 引用路径与详情
html-held-by = 持有者
html-oom-thread = 抛出线程
html-oom-site = 位置
html-oom-held = 该线程自身持有
html-oom-culprit = 真正的原因
html-why = 依据
html-path = 是什么让它存活
html-path-from = GC 根
html-path-more = 中间还有 { $count } 步
html-path-here = 内存从这里散开
html-holders = 所有持有者
html-alone = 仅此一处放手可释放
html-examples = 其中的值
html-rule = 规则
html-fingerprint = 指纹
html-findings-none = 没有发现。
html-suspects-none = 没有嫌疑对象：没有哪个对象或哪组对象占用了引人注目的内存。
html-link = 该类库的文档
html-count = 数量
html-filter = 筛选
html-rows-of = { $shown } / { $total } 行
html-copy = 复制
html-copy-csv = 复制 CSV
html-copy-summary = 复制文字摘要
html-copied = 已复制
html-show-more = 显示更多
html-show-all = 全部显示
html-omitted = 另有 { $count } 行未列入本报告。
html-static-rows = 前 { $count } 行；启用脚本后可查看全部 { $total } 行。
html-no-rows = 没有数据。
html-no-match = 没有匹配的行。
html-expand-all = 展开
html-collapse-all = 收起
html-treemap = 矩形树图
html-icicle = 冰柱图
map-dominators = 保留内存的面积图
html-map-hint = 点击某个区域可进入其中，按 Esc 返回。
html-map-rest = 更小的对象
html-map-all = 整个堆
html-paths-hint = 每个方框是以同样方式到达的同类对象；线上的文字是字段名；线越粗，路径越多。
html-paths-table = 以表格显示
html-from = 从
html-to = 到
html-groups = 做同样事情的线程
html-all-threads = 全部线程
html-thread-search = 查找线程、栈帧或类
html-thread-daemon = 守护线程
html-thread-virtual = 虚拟线程
html-thread-threw = 抛出了 OutOfMemoryError
html-thread-waits = 等待 { $what }
html-thread-no-stack = 转储中没有该线程的栈。
html-thread-locals = 局部变量持有
html-thread-thread-locals = ThreadLocal 持有
html-thread-count = { $shown } / { $total } 个线程
html-damage-banner = 转储文件已损坏；本报告涵盖能读出的部分。
html-truncated = 文件在最后一条记录结束之前就中断了。
html-offset = 最早出现在偏移量 { $offset }
html-times = { $count } 次
html-explain = 这是什么？

## GC 根的种类

root-class = 类
root-class-of = 由 { $loader } 加载的类
root-jni-global = JNI 全局引用
root-jni-local = JNI 局部引用
root-java-frame = Java 栈帧
root-native-stack = 本地栈
root-sticky-class = 系统类
root-thread-block = 线程块
root-monitor-in-use = 使用中的监视器
root-thread-object = 运行中的线程
root-interned-string = 驻留字符串
root-finalizing = 正在终结
root-debugger = 调试器
root-reference-cleanup = 引用清理
root-vm-internal = 虚拟机内部
root-jni-monitor = JNI 监视器
root-unreachable = 不可达
root-unknown = 种类不明

## 术语表

term-retained-size = 保留大小
term-retained-size-about = 如果这个对象消失，能释放多少内存：它自身，以及只靠它存活的一切。判断什么东西太大时，就看这个数字。
term-shallow-size = 浅大小
term-shallow-size-about = 对象自身占用的内存，不含它引用的任何东西：对象头加字段，按虚拟机的对齐方式取整。
term-dominator = 支配者
term-dominator-about = 如果从 GC 根到某个对象的每条路径都经过另一个对象，后者就支配前者。支配者消失，被支配者也随之消失。
term-gc-root = GC 根
term-gc-root-about = 垃圾回收器的起点：类的静态字段、运行中线程的局部变量、本地代码的引用。从这里到达不了的就是垃圾。
term-path = 到 GC 根的路径
term-path-about = 使对象存活的一串字段。切断所有路径共有的任何一环，对象就能被回收。
term-accumulation-point = 聚集点
term-accumulation-point-about = 内存从这里开始由一个大块散成许多小块：通常就是那个不断增长的集合。
term-holder = 持有者
term-holder-about = 程序员可以修改的字段、局部变量或线程，改了它就能释放这些内存。
term-leak-load-garbage = 泄漏、负载还是垃圾
term-leak-load-garbage-about = 泄漏：由与进程同寿命的对象持有。负载：只由运行中的线程持有，工作做完就释放。垃圾：没有持有者，只因回收器还没运行才出现在转储里。
term-culprit-victim = 肇事者还是受害者
term-culprit-victim-about = 得到 OutOfMemoryError 的线程只是最后一个申请内存的。它自身持有大量内存时才是肇事者，否则就是别人的受害者。
term-reference-strength = 引用强度
term-reference-strength-about = 强引用使对象存活。软引用在内存不足时被清除，弱引用在任何一次回收时被清除，虚引用只通知对象已消失。终结器会让对象一直存活到它执行完毕。
term-unreachable = 不可达
term-unreachable-about = 没有任何 GC 根能到达：下一次垃圾回收就会释放。不带 live 选项生成的转储里常有大量这样的对象。
term-class-loader = 类加载器
term-class-loader-about = 加载类的对象。它使这些类及其静态字段存活；应用重新部署后，旧的类加载器应当消失。
term-shares = 占比
term-shares-about = 除非另有说明，均指占全部可达对象内存的比例。
term-confidence = 可信度
term-confidence-about = 已证实：转储本身就能证明。很可能：有若干迹象支持。推测：说得通，但转储中没有佐证。

## 嫌疑对象

suspect-title-one = { $holder } 持有一个 { $class }
suspect-title-many = { $holder } 持有 { $count } 个 { $class }
suspect-title-garbage = { $count } 个不可达的 { $class }
suspect-evidence-alone = 此持有者一旦放手，可释放 { $size }。
suspect-evidence-elements = 其中 { $count } 个元素保留了 { $size }。
suspect-evidence-group = 抽查的 { $samples } 个对象中有 { $agreeing } 个由它持有。
suspect-evidence-load = 没有长寿命对象引用它：只有一个运行中线程的栈。
suspect-evidence-leak = 持有它的对象与进程同寿命：不会随请求结束而释放。
suspect-evidence-garbage = 没有任何 GC 根通向它。全部垃圾共 { $size }。各类所占为估计值。
suspect-advice-field = 检查放入 { $holder } 而从未取出的内容：设上限、让条目过期，或用完即删。
suspect-advice-load = 该调用结束后即会释放。如果太大：分批处理、限制单次请求的大小，或限制并发数。
suspect-advice-garbage = 没有任何对象持有它。少创建或复用这类对象；只含存活对象的转储（jmap -dump:live）里不会有它们。
suspect-advice-thread-local = 线程上的工作完成后在 finally 中调用 remove()：线程池的线程会一直带着这些数据。
suspect-advice-other = 查明是谁把它注册到 { $holder }，以及为何没有注销。

## 总结

verdict-oom-culprit = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是元凶：它自己持有 { $size }，或正在往占用内存的地方填充。
verdict-oom-victim = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），但它只是受害者：它仅持有 { $size }。
verdict-oom-unknown = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）。它持有 { $size }；转储不足以说明责任在谁。
verdict-leak = { $title }：{ $size }，占堆的 { $share }。只要进程还在，它就不会释放。
verdict-load = { $title }：{ $size }，占堆的 { $share }。该调用结束后即会释放。
verdict-garbage = 转储中有 { $size }（{ $share }）是回收器尚未回收的垃圾，不是泄漏。
verdict-garbage-made-of = 其中大部分挂在 { $count } 个 { $class } 上：创建得比回收快。
verdict-healthy = 没有明显问题：已用 { $size }，没有任何单个持有者或一组对象占据很大部分。
oom-evidence-held = 该线程自身持有 { $size }，占堆的 { $share }。
oom-evidence-request = 它正在处理 { $place }。
oom-evidence-growing = 它正在 { $place } 中扩大缓冲区。

## 转储的事实

layout-given = 该布局由命令行指定。
layout-sized-by-gap = 没有公式符合的 { $classes } 个类，其大小取自对象间距。
layout-evidence = 对象间距证实了 { $confirmed } 个大小，否定 { $refuted } 个，{ $open } 个未定。
damage-truncated = 文件在一条记录中间结束（末尾 { $size } 丢失）：磁盘已满，或虚拟机写入时被终止。
damage-packing = 压缩数据中断或损坏；之前的内容已读取。
damage-lost-bytes = { $count } 处共 { $size } 不是记录，已跳过。
damage-unknown-record = 跳过了 { $count } 条未知种类的记录。
damage-short-record = { $count } 条记录过短，已跳过。
damage-no-heap = 文件中没有堆转储。
damage-duplicate-object = { $count } 个对象的编号重复；以第一个为准。
damage-duplicate-class = { $count } 个类被描述了两次；以第一次为准。
damage-unknown-class = { $count } 个对象所属的类在转储中没有描述。
damage-odd-instance = { $count } 个对象在文件中的大小与其类不符。
damage-circular-class = 切断了 { $count } 个父类循环。
damage-dangling-root = { $count } 个根不是转储中的对象。
damage-dangling-reference = { $count } 个引用指向转储中没有的对象。
column-rank = 排名
column-kind = 种类
column-title = 嫌疑
column-root = 根

## 查看

section-find = 查找结果
section-find-about = 该名称的类，以及其中保留内存最多的对象。
section-show = 一个对象
section-show-about = 它包含什么、谁引用它、谁支配它。
section-paths = 到 GC 根的路径
section-paths-about = 每个对象的最短路径；形状相同的路径合并显示。
table-classes = 类
table-objects = 对象
table-fields = 字段与元素
table-referrers = 引用者
table-dominators = 支配者（由近及远）
table-paths = 路径
table-suspects = 嫌疑对象
column-unreachable_instances = 不可达
column-reachable = 可达
column-declared_in = 声明于
fact-address = 地址
fact-class = 类
fact-value = 值
fact-shallow_bytes = 浅大小
fact-retained_bytes = 保留大小
fact-reachable = 可达
fact-loader = 类加载器
fact-gc_root = GC 根

## 终端

terminal-heap = 已用：{ $size }，{ $objects } 个对象，{ $classes } 个类。
terminal-heap-garbage = 尚未回收的垃圾：{ $size }，{ $objects } 个对象。
terminal-heap-soft = 仅由软引用持有：{ $size }。
terminal-heap-finalizer = 等待终结：{ $size }。
terminal-oom = OutOfMemoryError
terminal-oom-site = 抛出位置：{ $site }
terminal-oom-culprit = 内存由 { $holder } 持有
terminal-of-heap = 占堆的 { $share }
terminal-of-garbage = 占垃圾的 { $share }
terminal-made-of = 构成：{ $list }
terminal-example = 例如 { $example }
terminal-also-held = 另由 { $holder } 持有
terminal-root = { $root }
terminal-more-steps = …… 省略 { $count } 步 ……
terminal-damage-at = （首次出现于偏移 { $offset }）
terminal-daemon = 守护
terminal-virtual = 虚拟
terminal-retains = 保留 { $size }
terminal-locals = 局部变量 { $size }
terminal-thread-group = { $count } × { $pattern }，共保留 { $size }
terminal-omitted = …… 另有 { $count } 行（--limit 0 显示全部）

## Rules

section-rules = 规则
section-rules-about = 将已知库的经验应用于此堆：数量过多、占用过大或缺少线程的对象。
table-rules = 规则的发现
table-known-rules = 已知规则
table-rule-trial = 各规则的进展
column-link = 文档
column-fulfilling = 满足条件
column-rule = 规则
column-severity = 严重程度
column-finding = 发现
rule-evidence-holder = 抽查的 { $samples } 个中有 { $count } 个由 { $holder } 持有。
rule-evidence-group = { $key }：{ $count } 个，共保留 { $size }。
rule-garbage-title = { $count } 个不可达的 { $class }，占 { $size }：分配快于回收，并非泄漏
rule-garbage-advice = 这些对象已无人持有。它们消耗的是分配和回收，而不是持久内存；不必为它们查找泄漏。

## Inspections: histogram, dominators, threads, unreachable, system

table-packages = 包
table-unreachable = 不可达对象
table-tree = 支配树的顶部
table-map = 以面积表示的保留内存
table-pools = 按名称分组的线程
table-deadlocks = 死锁
table-tops = 最上层的不可达对象及其下挂的内容
table-properties = 系统属性
table-environment = 环境变量
table-arguments = JVM 参数
facts-total = 总计
facts-summary = 概要
facts-vm = 虚拟机
facts-layout = 对象布局
column-threads = 线程数
column-runnable = 可运行
column-blocked = 阻塞
column-waiting = 等待
column-locals_only_bytes = 仅由其栈持有
column-deadlock = 死锁
column-waits_for = 等待对象
column-at = 位置
fact-instances = 实例数
fact-share_of_dump = 占转储的比例
fact-in_circles_bytes = 位于垃圾环中
fact-threads = 线程
fact-threads_not_shown = 未列出的线程
fact-daemon_threads = 守护线程
fact-virtual_threads = 虚拟线程
fact-runnable = 可运行
fact-blocked = 阻塞
fact-waiting = 等待
fact-timed_waiting = 限时等待
fact-java_version = Java 版本
fact-command = 命令
fact-collectors = 垃圾收集器
fact-max_direct_memory = 直接内存上限
fact-header_bytes = 对象头
fact-reference_bytes = 堆内引用
fact-alignment_bytes = 对象对齐
fact-compact_headers = 紧凑对象头
threads-deadlock = { $threads } 互相死锁
threads-deadlock-advice = 在所有代码中以相同的顺序获取这些锁，或使用带时限的 tryLock。
threads-deadlock-wait = { $thread } 正在等待 { $what }
threads-doing-idle = 空闲：等待任务
threads-doing-lock = 等待锁
threads-doing-queue = 在队列上等待
threads-doing-waiting = 等待信号
threads-doing-sleeping = 休眠
threads-doing-selecting = 等待网络事件
threads-doing-accepting = 接受连接
threads-doing-reading = 从网络读取
threads-doing-writing = 向网络写入
unreachable-virtual-threads = 生成转储时有些虚拟线程没有在运行，因而不在任何根中（JDK 21 至 24 如此写出）：只由它们持有的对象也计入此处，尽管可能仍在使用。

## Inspections: strings, collections, arrays, boxed, waste

table-repeated = 重复的内容
table-longest = 最长的
table-largest = 最大的数组
table-kinds = 浪费的种类
table-parts = 可节省的内存
column-strings = 字符串
column-arrays = 数组
column-characters = 数组长度
column-wasted_bytes = 浪费
column-references = 引用
column-collection_kind = 种类
column-empty = 空
column-single = 单元素
column-sparse = 稀疏
column-oversized = 过大
column-elements = 元素
column-capacity = 容量
column-longest = 最长
column-nulls = 空引用
column-zero = 全零
column-zero_bytes = 全零的大小
column-length = 长度
column-distinct = 不同的值
column-commonest = 最常见的值
column-commonest_count = 次数
column-waste = 浪费
column-inspection = 检查
fact-strings = 字符串
fact-distinct = 不同的文本
fact-empty_strings = 空字符串
fact-bytes = 大小
fact-share = 占堆的比例
fact-repeated = 重复出现的内容
fact-wasted_bytes = 浪费
fact-collections = 集合
fact-empty = 空
fact-single = 单元素
fact-sparse = 稀疏
fact-arrays = 数组
fact-zero = 全零
fact-zero_bytes = 全零的大小
collection-list = 列表
collection-map = 映射
collection-set = 集合
collection-queue = 队列
waste-strings = 重复的字符串
waste-arrays = 重复的数组
waste-zeros = 全零的数组
waste-collections = 空的和过大的集合
waste-boxed = 重复的装箱数字
strings-repeated = 重复的字符串浪费 { $size }，占堆的 { $share }
strings-repeated-advice = 在读取这些值的地方共享它们：用一个映射为每个值保留一个实例，值很少时使用 String.intern，或使用 -XX:+UseStringDeduplication（G1，JDK 18 起其他收集器也支持）。

## Inspections: executors, references

table-executors = 执行器
table-referents = 引用所指的对象
table-finalizer_queue = 等待终结的对象
column-active = 工作中
column-most_threads = 线程上限
column-queued = 排队任务
column-queue = 队列
column-completed = 已完成任务
column-shut_down = 已关闭
column-strength = 强度
column-cleared = 已清除
strength-soft = 软
strength-weak = 弱
strength-final = 终结
strength-phantom = 虚
fact-softly_objects = 仅由软引用保留的对象
fact-softly_bytes = 其大小
fact-finalizable = 带终结方法的对象
fact-finalizer_objects = 仅因终结而保留的对象
fact-finalizer_bytes = 其大小
fact-finalizer_queue = 终结队列长度
references-backlog = { $count } 个对象在等待终结，其中大多数是 { $class }
references-backlog-advice = 显式关闭这些对象，并查看终结线程在做什么：一个阻塞的终结方法会拖住所有其他终结方法。
references-finalizer-at = 终结线程停在 { $place }。

## Inspections: off-heap, class loaders

table-holders = 缓冲区的持有者
table-buffers = 最大的缓冲区
table-native = 其他本地内存的所有者
table-loaders = 类加载器
table-hierarchy = 类加载器层级
table-kinds_of_loaders = 按类统计的类加载器
table-duplicates = 被多个加载器定义的类
table-generated = 运行时生成的类
column-buffer_kind = 种类
column-open = 未关闭
column-free_bytes = 未使用
column-classes = 类
column-instances_retained_bytes = 实例保留大小
column-stopped = 已停止
column-parent = 父加载器
column-loaders = 类加载器
buffer-direct = 直接内存
buffer-native = 本地代码
buffer-mapped = 映射文件
buffer-view = 视图
fact-direct_buffers = 直接缓冲区
fact-direct_bytes = 其容量
fact-native_buffers = 本地代码的缓冲区
fact-native_bytes = 其容量
fact-mapped_buffers = 映射文件
fact-mapped_bytes = 其大小
fact-views = 切片和副本
fact-unreachable_bytes = 不可达缓冲区占用
fact-reserved_bytes = JVM 统计的已预留
fact-limit_bytes = 上限
fact-thread_stacks = 线程栈
fact-netty_used_bytes = Netty 已使用
fact-netty_limit_bytes = Netty 上限
fact-class_loaders = 类加载器
fact-classes = 类
fact-empty_loaders = 没有类的加载器
fact-duplicate_classes = 被重复定义的类名
off-heap-near-limit = 直接缓冲区占用 { $size }，达到上限 { $limit } 的 { $share }
off-heap-near-limit-advice = 释放或复用这些缓冲区；只有缓冲区对象被回收后直接内存才会归还。只有确实都需要时才调大 -XX:MaxDirectMemorySize。
off-heap-held = { $holder } 持有其中 { $count } 个，共 { $size }。
off-heap-open = { $count } 个 { $class } 实例未关闭，在堆外占用约 { $size }
off-heap-open-advice = 在 finally 块中调用 end()，或用 try-with-resources 关闭包装它们的流。
classloaders-stopped = Web 应用 { $name } 已停止，但其类加载器仍被持有，占用 { $size }
classloaders-stopped-advice = 查看到其类加载器的路径：通常是应用停止时没有收回的线程、线程局部变量、驱动或监听器。
classloaders-many = { $count } 个 { $loader } 类加载器各自定义了 { $class }
classloaders-many-advice = 只创建一次类加载器并保留它，或让旧的加载器被释放：仍有对象引用着每一个旧加载器。
