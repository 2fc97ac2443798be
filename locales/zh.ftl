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

oom-kind-java-heap = Java 堆
oom-kind-java-heap-space = Java 堆空间不足
oom-kind-gc-overhead-limit = GC 开销超限
oom-kind-gc-overhead-limit-exceeded = GC 开销超限
oom-kind-metaspace = 元空间（Metaspace）不足
oom-kind-compressed-class-space = 压缩类空间不足
oom-kind-direct-buffer-memory = 直接缓冲区内存不足
oom-kind-unable-to-create-native-thread = 无法创建本地线程
oom-kind-native-thread = 无法创建本地线程
oom-kind-requested-array-size = 请求的数组超过虚拟机上限
oom-kind-array-too-large = Java 堆空间不足或请求的数组超过虚拟机上限
oom-kind-requested-array-size-exceeds-vm-limit = 请求的数组超过虚拟机上限
oom-kind-code-cache = 代码缓存不足
oom-kind-out-of-swap-space = 交换空间不足
oom-kind-other = 其他种类
oom-kind-unknown = 种类不明

## 泄漏、负载还是垃圾；可信度；严重程度；持有者；形态；角色

kind-leak = 泄漏
kind-backlog = 积压
kind-cache = 缓存 · 对此堆而言过大
kind-leak-if-it-grows = 若增长则为泄漏
kind-load = 负载
kind-waste = 浪费
kind-garbage = 垃圾
kind-threads = 线程堆积
kind-largest = 较大持有者
kind-ordinary = 无异常
kind-leak-about = 由与进程同寿命的对象持有：不会释放，还会增长。
kind-load-about = 只由正在运行的线程持有：请求结束后就会释放。
kind-garbage-about = 没有任何持有者：只是垃圾回收器还没来得及回收。
confidence-exact = 已证实
confidence-likely = 很可能
confidence-estimated = 推测
standing-largest = 没有证据表明有问题
standing-meant = 大小符合设定
standing-soft = 内存耗尽前会被清除
holder-exact = 持有者已证实
holder-likely = 持有者：很可能
holder-likely-by-element = 持有者：很可能（它的一个元素又引回到它）
holder-likely-referred = 持有者：很可能（还有其他对象引用它）
holder-likely-of = 持有者：很可能（所查 { $samples } 个中有 { $agreeing } 个）
holder-estimated = 持有者为推测
garbage-estimated = 估计值
severity-error = 严重
severity-warning = 警告
severity-info = 提示
holder-static-field = 静态字段
holder-instance-field = 字段
holder-stack-local = 局部变量
holder-thread-local = 线程局部变量（ThreadLocal）
holder-thread = 线程
holder-is-jni-global = 本地代码（指向 { $class } 的 JNI 全局引用）
holder-jni-global = 本地代码（JNI 全局引用）
holder-class-loader = 类加载器
holder-other = GC 根
holder-in = 位于
holder-nobody = 无持有者
holder-in-thread = 线程 { $thread } 中的 { $place }
holder-in-threads = { $count } 个线程 { $thread } 中的 { $place }
holder-captured = { $class } 捕获的变量 { $name }
size-about = 约 { $size }
size-range = { $least } 至 { $most }
holder-captured-by-lambda = { $class } 的 lambda 所捕获的变量
holder-of-call = 线程 { $thread } 的 { $place } 中的 { $field }
holder-of-calls = { $count } 个线程 { $thread } 的 { $place } 中的 { $field }
holder-is-thread = 线程 { $thread }（{ $class }）
holder-are-threads = { $count } 个线程 { $thread }（{ $class }）
holder-thread-named = 线程 { $thread }
pattern-collection = 一个大集合
pattern-repeated = 同类对象过多
pattern-big-object = 单个大对象
pattern-empty-collection = 容量很大而几乎没有元素的集合
pattern-class-loader = 类加载器
pattern-off-heap = 堆外内存
pattern-threads = 线程
role-culprit = 肇事者
role-one-of-them = 肇事者之一
role-works-for = 在为肇事者工作
role-victim = 只是受害者
role-unknown = 无法判断是肇事者还是受害者

## 各节的标题与说明

section-suspects = 嫌疑对象
section-suspects-about = 谁占用了大量内存，嫌疑最大的排在最前，并给出使其存活的引用路径。
section-findings = 诊断发现
section-findings-about = 针对常见类库的规则和各项检查对这个堆的判断。
section-histogram = 类直方图
section-histogram-about = 每个类有多少可达对象，各占多少内存。
section-dominators = 支配树
section-dominators-about = 谁支配谁：去掉某一行的对象，其下的一切都会随之释放。
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
section-off-heap-about = 堆中对象所代表的 Java 堆外内存与套接字。
section-unreachable = 不可达对象
section-unreachable-about = 垃圾回收器还没回收的垃圾。它在转储文件里，但不是泄漏。
section-unreachable-about-class-values = 转储中没有任何根能到达它们。其中一部分挂在 ClassValue 上：若其所属的类仍已加载，则为被持有，否则为垃圾；转储无法判断。其余是垃圾。
section-unreachable-about-unmounted = 转储中没有任何根能到达它们：是垃圾，或正被未在运行的虚拟线程使用，而转储中没有这些线程的栈。
section-unreachable-about-roots-lost = 文件中剩下的根都到达不了它们。文件有一部分已丢失，因此其中有些可能仍在使用。
section-system = 系统属性与虚拟机
section-system-about = 虚拟机的启动参数和自身信息。看起来像机密的值已被遮盖。
section-waste = 浪费
section-waste-about = 不改变程序行为就能省下的内存。
section-growth = 增长
section-growth-about = 与较早的转储相比，增长了什么。
section-layout = 对象大小如何得出
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
loader-boot = <引导类加载器>
loader-unknown = <未知>

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
html-oom-earlier = 此转储不是在 OutOfMemoryError 时生成的，但其中有一个此前抛出的 OutOfMemoryError。
html-reachable-total = 可达堆
html-heap-picture = 堆的构成与持有者
html-heap-limit = 堆最大可达 { $limit }
html-heap-limit-about = 堆最大约可达 { $limit }（估计值）
html-heap-rest = 其余部分
html-heap-soft = 仅软引用可达
html-heap-finalizer = 仅由终结器引用
html-heap-unreachable = 不可达（垃圾）
html-heap-reflection = 由类为反射以软引用保留
html-heap-fillers = 已预留而未使用（虚拟机的 int[]）
html-heap-class-values = 由 ClassValue 持有，或为垃圾
html-heap-unmounted = 被虚拟线程使用，或为垃圾
html-heap-roots-lost = 不可达（仅就文件所余内容而言）
html-of-heap = 占{ share-whole }的 { $share }
html-of-garbage = 占垃圾的 { $share }
html-suspect = 嫌疑对象 { $rank }
html-suspect-made-of = 内存构成
html-change = 应该怎样改
html-change-same = 与上一张卡片相同。
html-finding-details = 详情
html-finding-told = 由谁持有、应该怎样改：
html-details = 引用路径与详情
html-held-by = 持有者
html-oom-thread = 抛出线程
html-oom-stack = 该线程的调用栈
html-oom-site = 位置
html-oom-held = 自身持有
html-oom-culprit = 问题出在
html-why = 依据
html-path = 它为何不能被回收
html-path-example = 其中之一为何不能被回收
html-path-alone = 仅可释放
html-path-size-alone = 仅可释放 { $size }
html-path-alone-about = “仅可释放”是指只去掉这一个对象时能释放的内存；其余部分还有别的引用。
html-path-from = GC 根
html-path-more = 中间还有 { $count } 步
html-path-here = 内存在此分散
html-holders = 所有持有者
html-alone = 仅此一处放手可释放
html-holders-others = 持有其中一部分的其他对象
html-holds-about = 按抽样估计
html-together = 全部放手时释放
html-examples = 其中的值
html-values-share = 抽查的对象中有 { $share } 与此相同。
html-rule = 规则
html-fingerprint = 指纹
html-findings-none = 没有诊断发现。
html-suspects-none = 没有嫌疑对象：没有哪个对象或哪组对象占用了明显过多的内存。
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
link-class-loader = <类加载器>
link-super-class = <父类>
link-class = <类>
link-signers = <签名者>
link-protection-domain = <保护域>
value-size = 大小 { $count }
value-length = 长度 { $count }
value-class = 类 { $class }
value-plain = { $value }
html-cut = …（共 { $count } 个字符）
html-zero = 均为零：
html-no-match = 没有匹配的行。
html-expand-all = 再展开一层
html-collapse-all = 全部收起
html-treemap = 矩形树图
html-icicle = 冰柱图
html-icicle-about = 同样的内容按层级排列：每个区域所持有的对象位于其下方。
map-dominators = 保留内存的面积图
html-map-about = 面积越大，保留的内存越多。嫌疑对象用其类别的颜色；其他颜色只用来区分最上层的区域。
html-map-hint = 点击某个区域可进入其中，按 Esc 返回。
html-map-rest = 更小的对象
html-map-all = 整个堆
html-paths = 到达这些对象的所有途径
html-paths-hint = 每个方框是以同样方式到达的同类对象，并标出经过的路径数；线上的文字是字段名。有多个持有者的对象在每处都计数。
html-paths-wider = 图比页面宽：请左右滚动查看全图。
paths-same = 到达这些对象的途径与嫌疑对象 { $rank } 相同。
paths-of-all = 合并了到全部 { $count } 个对象的最短强引用路径。
paths-of-some = 合并了到 { $count } 个对象中 { $looked } 个的最短强引用路径；占比为估计值。
paths-of-one = 经由每个持有者的强引用路径。
paths-roots = GC 根
paths-others = 其余所有途径
paths-above = （后续同上）
html-from = 从
html-to = 到
html-groups = 行为相同的线程
html-all-threads = 全部线程
html-thread-search = 查找线程、栈帧或类
html-thread-daemon = 守护线程
html-thread-virtual = 虚拟线程
html-thread-unnamed = 未命名
html-threads-omitted = 另有 { $count } 个线程未列入本报告。
html-thread-threw = 抛出了 OutOfMemoryError
html-thread-waits = 等待 { $what }
html-thread-no-stack = 转储中没有该线程的栈。
html-thread-locals = 局部变量持有
html-thread-thread-locals = ThreadLocal 持有
html-thread-shared = 其中一部分也被别处引用，因此线程结束时释放得更少。
html-thread-count = { $shown } / { $total } 个线程
html-damage-banner = 转储文件已损坏；本报告涵盖能读出的部分。
html-truncated = 文件在最后一条记录结束之前就中断了。
html-offset = 最早出现在偏移量 { $offset }
html-strings-left-out = 文本内容可能涉密，因此没有列出；加上 --strings 即可列出。
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
root-class-value-of-a-class = 某个类的 ClassValue 值
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
term-confidence-about = 持有者有多确定。已证实：转储本身就能证明。很可能：有若干迹象支持。推测：说得通，但转储中没有佐证。是否在增长，单个转储无法证明；它只显示已堆积了什么。

## 嫌疑对象

suspect-title-one = { $holder } 持有一个 { $class }
suspect-title-many = { $holder } 持有 { $count } 个 { $class }
suspect-title-many-below = { $holder } 之下的 { $place } 中有 { $count } 个 { $class }
suspect-title-beside = { $holder } 持有一个 { $class }（{ $size }）和 { $count } 个 { $element }
suspect-title-with = { $holder } 持有一个 { $class }，其中有 { $count } 个 { $element }
suspect-elements-of-classes = 元素（{ $list }）
suspect-title-many-with = { $holder } 持有 { $count } 个 { $class }，其中共有 { $parts } 个 { $element }
suspect-title-carrying = { $holder } 持有 { $count } 个 { $class }，每个含一个 { $element }
suspect-title-chained = { $holder } 持有 { $first } 个未完成的 CompletableFuture，以及依次排在其后等待的另外 { $count } 个
suspect-chained-captured = 等待中的各阶段的函数捕获了 { $class }，共有 { $count } 个。
suspect-advice-chained = 这样的链中只需完成第一个：请在任何情况下完成它（应答丢失或连接断开时以异常完成），并设置时限（orTimeout）。请限制排在其后等待的阶段数量：每个阶段都会保留其函数捕获的一切。
suspect-title-captured = { $holder } 中的 { $count } 个 { $kept }，各由一个 lambda 持有
suspect-title-known = { $name }，由 { $holder } 持有
suspect-title-two = { $first } 和 { $second } 共同持有 { $count } 个 { $class }
suspect-title-several = { $first }、{ $second } 及另外 { $rest } 个持有者共同持有 { $count } 个 { $class }
suspect-title-two-with = { $first } 和 { $second } 共同持有一个 { $class }，其中有 { $count } 个 { $element }
suspect-title-several-with = { $first }、{ $second } 及另外 { $rest } 个持有者共同持有一个 { $class }，其中有 { $count } 个 { $element }
suspect-title-threads = { $count } 个{ $kind } { $thread } 停在 { $place }
suspect-title-threads-doing = { $count } 个{ $kind } { $thread }，{ $doing }，停在 { $place }
suspect-title-threads-named = { $count } 个{ $kind } { $thread }
suspect-title-threads-of-executors = { $executors } 个除自身线程外没有任何引用的执行器，其线程的 { $holder } 中有 { $count } 个 { $class }
suspect-title-own-threads = { $count } 个 { $class }，各由一个自己的、仍在运行的线程 { $thread } 保留
suspect-own-threads-executors = 这些线程属于 { $holder } 中的执行器。
suspect-threads-permit = 它们在等待 { $lock } 的许可，{ $left ->
    [0] 它已没有剩余
   *[other] 它只剩 { $left } 个
}。
suspect-threads-lock = 它们在等待 { $lock }，该锁由线程 { $thread } 持有。
suspect-threads-lock-in = 它们在等待 { $lock }，该锁由线程 { $thread } 在 { $place } 中持有。
suspect-threads-lock-doing = 它们在等待 { $lock }，该锁由线程 { $thread } 持有，而它自己正在：{ $doing }，停在 { $place }。
suspect-threads-started = 它们的任务来自 { $place }。
suspect-threads-doing = 这些线程几乎都在做同一件事：{ $doing }，停在 { $place }。
suspect-queue-full = 它已满（{ $entries } / { $limit }）：不会再增长，放入者只能等待。
suspect-registered = 其中 { $size } 是它们注册为 MBean 的内容，由 { $holder } 持有：关闭它们即会收回。
suspect-queue-nobody = 此刻没有任何线程持有它或其中那类元素：请检查本应从中取出元素的线程是否仍在运行。
suspect-in-registry = 它同时也在 { $holder } 中，其中只有正在运行的调用所处理的对象：请确认调用结束时会在 finally 中把它取出。
suspect-queue-only-main = 只有线程 { $thread } 持有它（位于 { $place }，{ $doing }）；没有其他线程在处理它或与其内容同类的对象：请检查本应从中取出元素的线程是否仍在运行。
suspect-queue-only-filled = { $count ->
    [one] 线程 { $thread }（位于 { $place }）在向其中放入；没有线程在等待从中取出，也没有其他线程在处理它或与其内容同类的对象。
   *[other] { $count } 个线程（如位于 { $place } 的 { $thread }）在向其中放入；没有线程在等待从中取出，也没有其他线程在处理它或与其内容同类的对象。
}
suspect-queue-starved = 其中任何任务都不会再被处理：本应处理它们的线程正在等待这个队列中的任务。
suspect-queue-worker = 线程池唯一的线程 { $thread } 停在 { $place }：{ $doing }。
suspect-queue-worker-in = 线程池唯一的线程 { $thread } 停在 { $place }。
suspect-queue-workers = 线程池的全部 { $count } 个线程 { $thread } 都在 { $place }。
suspect-queue-full-of-pool = 它已满（{ $entries } / { $limit }）：不会再增长。
suspect-as-many-as-call = 其数量与 { $holder } 持有的 { $count } 个 { $class } 相同：很可能是同样的行又存了一份，在那里少查询一些，这里也会变少。
suspect-queue-full-then = 它已满（{ $entries } / { $limit }）：不会再增长；{ $then }。
suspect-receiver = { $place } 的 { $count } 个协程从中接收。
suspect-receiver-in = { $place } 的 { $count } 个协程从中接收，其中一个此刻在 { $inner } 中。
queue-full-throws = 再提交的任务会被拒绝并抛出异常
queue-full-caller-runs = 再提交者须自行运行任务
queue-full-drops = 再提交的任务会被丢弃
queue-full-drops-oldest = 每个新任务都会挤掉最旧的任务
suspect-queue-putting = { $count } 个线程 { $thread } 停在 { $place }，等待放入。
suspect-queue-others = 另有 { $count } 个线程 { $thread } 也使用它：{ $doing }，停在 { $place }。
suspect-queue-others-in = 另有 { $count } 个线程 { $thread } 也使用它，停在 { $place }。
suspect-title-empty = { $holder } 持有 { $count } 个空的 { $class }
suspect-title-nearly-empty = { $holder } 持有 { $count } 个几乎为空的 { $class }
suspect-thread-locals-stale = { $threads ->
    [one] 该线程
   *[other] 这些线程
}共有 { $entries } 个 ThreadLocal 条目，其中 { $stale } 个已失去键：那些 ThreadLocal 已不存在，其值却留了下来。
suspect-none-is-young = 自上次回收以来它似乎没有增长：最后创建的对象（其中 { $size } 已是垃圾）里没有它的任何部分。
suspect-of-library = 这是库自己的表：其中没有应用自身的对象，最后创建的对象（其中 { $size } 已是垃圾）里也没有它的任何条目。
suspect-own-limit = 它的代码限制了它：{ $field } 为 { $limit }，现有 { $entries } 个；装满时约占 { $size }。
suspect-each-by-fields = 每个 { $class } 平均有 { $size }：{ $parts }。
suspect-each-by-field = 每个 { $class } 平均有 { $size }，几乎全部在其字段 { $field } 中。
suspect-few-large = 一共只有 { $count } 个：每个 { $class } 的几乎全部都在一个平均 { $size } 的 { $part } 中，而它还可以变大。
suspect-few-large-with = 一共只有 { $count } 个，其中共有 { $number } 个 { $element }：每个 { $class } 平均有 { $size }。
suspect-same-elements = { $distinct ->
    [one] 全部 { $count } 个都是所有字段相同的 { $class }。
   *[other] 这 { $count } 个当中只有约 { $distinct } 个 { $class } 的字段不同：每个在其中出现约 { $times } 次。
}
suspect-lambdas-of-places = 这 { $count } 个 { $lambda } 由 { $class } 代码中的 { $places } 处创建。
suspect-few-of-many = { $all } 个 { $class } 中的 { $count } 个持有它。
suspect-few-of-many-named = { $all } 个 { $class } 中的一个持有它：{ $field } 为 { $value } 的那个。
suspect-few-of-many-hidden = { $all } 个 { $class } 中的一个持有它，其 { $field } 与其余各个不同；用 --strings 可显示该值。
suspect-in-threads = { $count ->
    [one] { $field } 是一个 ThreadLocal：几乎全部是它在线程 { $thread } 中的值。
   *[other] { $field } 是一个 ThreadLocal：{ $count } 个线程 { $thread } 各有自己的值，每个 { $sizes }。
}
suspect-in-threads-mostly = { $field } 是一个 ThreadLocal：{ $count } 个线程各有自己的值。其中 { $most } 的最大，为 { $size }；其余 { $thread } 每个 { $sizes }。
suspect-in-objects = 它分布在 { $count } 个 { $class } 中，每个 { $sizes }。
suspect-in-objects-of = 它分布在 { $count } 个 { $class } 中，每个 { $sizes }，它们都在 { $place } 中。
suspect-shared-among = 此外它们共用 { $size }，只计一次。
suspect-under-numbers = 它们分布在 { $keys } 个键之下，其中一个键之下最多有 { $most } 个。
suspect-in-entries = 该映射有 { $entries } 个条目，其键为 { $class }。
suspect-in-each = 它们位于 { $count } 个 { $class } 的字段 { $field } 中。
suspect-in-each-several = 它们位于 { $count } 个 { $class } 的字段 { $field } 中，共占 { $places } 处。
suspect-keys = 键
suspect-keys-of = { $map } 的键
suspect-keys-like = { $keys }形如 { $pattern }（查看的 { $samples } 个中有 { $count } 个）。
suspect-keys-like-all = { $keys }形如 { $pattern }（查看了 { $samples } 个）。
suspect-keys-like-others = { $keys }形如 { $pattern }（查看的 { $samples } 个中有 { $count } 个）以及 { $others }。
suspect-keys-two-fields = 其键是 { $class }：在查看的 { $samples } 个中，{ $first } 有 { $most } 个不同的值，{ $second } 有 { $less } 个。
suspect-keys-three-fields = 其键是 { $class }：在查看的 { $samples } 个中，{ $first } 有 { $most } 个不同的值，{ $second } 有 { $less } 个，{ $third } 有 { $least } 个。
suspect-keys-varied-two = 几乎没有两个键的 { $first } 相同：在查看的 { $samples } 个 { $class } 中，它有 { $most } 个不同的值，{ $second } 有 { $less } 个。
suspect-keys-varied-three = 几乎没有两个键的 { $first } 相同：在查看的 { $samples } 个 { $class } 中，它有 { $most } 个不同的值，{ $second } 有 { $less } 个，{ $third } 有 { $least } 个。
suspect-keys-unique = 在查看的作为键的 { $samples } 个 { $class } 中，{ $field } 各不相同。
suspect-state-value-set = 已设置
suspect-state = { $others ->
    [0] 在查看的 { $samples } 个 { $class } 中，{ $field } 全部为 { $value }。
   *[other] 在查看的 { $samples } 个 { $class } 中，有 { $count } 个的 { $field } 为 { $value }。
}
suspect-state-done = { $others ->
    [0] 在查看的 { $samples } 个 { $class } 中，{ $field } 全部为 { $value }：它们看来已不再需要，却仍被持有。
   *[other] 在查看的 { $samples } 个 { $class } 中，有 { $count } 个的 { $field } 为 { $value }：它们看来已不再需要，却仍被持有。
}
suspect-state-passed = { $others ->
    [0] 在查看的 { $samples } 个 { $class } 中，{ $field } 全部已过。
   *[other] 在查看的 { $samples } 个 { $class } 中，有 { $count } 个的 { $field } 已过。
}
suspect-state-passed-done = { $others ->
    [0] 在查看的 { $samples } 个 { $class } 中，{ $field } 全部已过，却仍被持有。
   *[other] 在查看的 { $samples } 个 { $class } 中，有 { $count } 个的 { $field } 已过，却仍被持有。
}
suspect-state-never = 在查看的 { $samples } 个 { $class } 中，{ $field } 全部为 Long.MAX_VALUE：该时刻永远不会到来。
suspect-failed = { $class }.{ $field } 中有一个 { $exception }：本应从中取走内容的一方可能已因此结束。
suspect-failed-with = { $class }.{ $field } 中有一个 { $exception }（{ $message }）：本应从中取走内容的一方可能已因此结束。
suspect-under-keys = 它们分布在 { $keys } 个键（{ $class }）之下，其中一个键之下最多有 { $most } 个。
suspect-under-keys-shown = 它们分布在 { $keys } 个键（{ $class }）之下，其中 { $most } 个在 { $key } 之下。
suspect-no-reader = 其余 { $others } 个中，有 { $count } 个几乎为空，且各有一个线程在 { $place } 中等待新内容；这个 { $class } 却没有：从中取出的线程可能已经结束。
suspect-serves = { $count ->
    [one] 该线程
   *[other] 这些线程
}为线程 { $thread } 中的 { $place } 工作，后者在等待结果。
suspect-helpers = { $count ->
    [one] 线程 { $thread } 承担其部分工作，持有其中的 { $size }。
   *[other] { $count } 个线程 { $thread } 分担其工作，持有其中的 { $size }。
}
suspect-title-recursion = 线程 { $thread } 中 { $place } 的 { $count } 层嵌套调用
suspect-title-garbage = { $count } 个不可达的 { $class }
suspect-evidence-alone = 此持有者一旦放手，可释放 { $size }。
suspect-evidence-at-work = 待正在使用它的方法返回后，此持有者一旦放手，可释放 { $size }。
suspect-evidence-by-element = 它的一个元素又引回到它，而另有对象持有该元素：只要持有一个元素，就保留全部。
suspect-evidence-referred = 还有其他对象引用它：仅在此处放手不会释放。应查看它内部增长的部分。
suspect-evidence-shared = 由 { $count } 个持有者共享：仅第一个放手时释放 { $alone }；全部放手时释放 { $size }。
suspect-evidence-elements = 其中 { $count } 个元素保留了 { $size }。
suspect-evidence-group = 抽查的 { $samples } 个对象中有 { $agreeing } 个由它持有。
suspect-evidence-room = 有 { $elements } 个元素，而容量为 { $capacity }。
suspect-evidence-load = 没有长寿命对象引用它：只有一个运行中线程的栈。
suspect-evidence-leak = 持有它的对象与进程同寿命：不会随请求结束而释放。
suspect-evidence-threads = { $count } 个同名线程停在同一方法中，都不属于线程池，单个占用都不大：问题在于数量。
suspect-evidence-garbage = 没有任何 GC 根通向它。全部垃圾共 { $size }。各类所占为估计值。
suspect-advice-field = 检查放入 { $holder } 而从未取出的内容：设上限、让条目过期，或用完即删。
suspect-advice-limit-too-high = 如果 { $field }（{ $limit }）就是 { $holder } 的上限，那么对这么大的元素来说它太高了：现有 { $entries } 个，每个 { $each }；装满时约占 { $size }。请调低它，或让每个元素保留得更少。如果它限制的是别的东西：给 { $holder } 设上限、让条目过期，或用完即删。
suspect-advice-no-reader = 从 { $class } 中取出内容的线程无论因何结束，都请把该 { $class } 从向其写入的地方移除（在 finally 中取消订阅），并给 { $holder } 设上限。
suspect-advice-slices = 数组一部分的视图会保留整个数组：请复制需要保留的部分（Arrays.copyOfRange、String、ByteBuffer.allocate(n).put(slice)），整个 { $array } 即可释放。
suspect-advice-failed = 因异常失败而不再继续的一方：请重新启动它，或让它拒绝永远不会处理的内容。
suspect-advice-outer = 内部类的对象会保留创建它的外层对象：除非 { $inner } 需要整个 { $kept }，否则请把它改为 static（或 record），只交给它所需要的内容。
suspect-advice-captured-this = lambda 一旦使用其 { $kept } 的字段或方法，就会捕获整个对象：请把所需内容复制到局部变量中再使用。
suspect-advice-captured = 如果 { $inner } 只需要其 { $kept } 的一部分，请把这一部分复制到局部变量中再使用。
suspect-advice-class-path = 类加载器在其存活期间一直保留从类路径上各 jar 读到的内容：jar 或类加载器越少，占用就越少。
suspect-advice-keys = 如果字段相同的键应当是同一个键：为 { $class } 编写比较这些字段的 equals 和 hashCode（record 自带）；没有它们，新建的键永远找不到原有的条目，每次 put 都会多出一个条目。如果已经有了，那么键在放入之后被修改过。如果每个键本来就是单独的条目，用完后请将其移除。
suspect-advice-key-field = 几乎每个条目的键都有不同的 { $field }：如果值与它无关，就把它从键中去掉；或者像缓存那样按数量和时间限制 { $holder }。
suspect-advice-key-field-if-it-grows = 如果它在增长：几乎每个条目的键都有不同的 { $field }；如果值与它无关，就把它从键中去掉，或者像缓存那样按数量和时间限制 { $holder }。
suspect-advice-key-ids = 键中含有标识：如果所有标识共用一个条目就够了（例如计时器或计数器），请用路径模板作为键（{ $template }）；否则为 { $holder } 设上限，或让条目过期。
suspect-advice-key-ids-if-it-grows = 如果它在增长：键中含有标识；如果所有标识共用一个条目就够了（例如计时器或计数器），请用路径模板作为键（{ $template }），否则为 { $holder } 设上限，或让条目过期。
suspect-advice-keys-with-arrays = { $class } 的字段中有数组，而数组不按元素比较，record 的 equals 也不比较元素：新建的键永远找不到原有的条目，每次 put 都会多出一个条目。请用 Arrays.equals 和 Arrays.hashCode 编写 equals 和 hashCode，或改用 String、List 或 ByteBuffer。
suspect-advice-array-keys = 数组没有比较元素的 equals 和 hashCode：新建的 { $class } 永远找不到原有的条目，每次 put 都会多出一个条目。请使用有 equals 的键，例如 String、List 或 ByteBuffer。
suspect-advice-connections = 每个 { $class } 用完后都要在 finally 块中或用 try-with-resources 关闭，并从 { $holder } 中移除；或者用有上限的池反复使用少量几个。
suspect-advice-full-beside = 从 { $place } 中移除其中之一时，也要把它从 { $holder } 中移除。
suspect-advice-task-rests = 让 { $class } 的下一次运行不再带着它：把它放在局部变量中，或在一次运行结束时在 finally 块中清空 { $holder }。如果之后的运行需要它，就给它设上限。
suspect-advice-task-rests-if-it-grows = 如果它在增长，或者之后的运行不需要它：把它放在运行的局部变量中，或在一次运行结束时在 finally 块中清空 { $holder }。
suspect-advice-run-again = 请在 { $field } 的单次运行内捕获可能抛出的异常，并重新启动它：在此之前它不会从 { $holder } 中移除任何内容。
suspect-advice-chain = 持有其中一个，就持有挂在它后面的全部：{ $field } 不再需要时就不要保留，或者在仍在使用的那些之后切断这条链。
suspect-advice-list = 请确认：从其他集合中移除它们的代码，也在这里把它们从链上摘下（{ $field }）。
suspect-advice-own-lists = 为每个 { $class } 的链表设上限：限制其中的数量，放掉最旧的，或者用完后取出。
suspect-advice-own-lists-if-it-grows = 如果它在增长：为每个 { $class } 的链表设上限；限制其中的数量，放掉最旧的，或者用完后取出。
suspect-advice-under-keys = 检查放入 { $holder } 中各个集合而从未取出的内容：为每个集合设上限、让条目过期，或用完即删。
suspect-advice-under-keys-if-it-grows = 如果它在增长：检查放入 { $holder } 中各个集合而从未取出的内容；为每个集合设上限、让条目过期，或用完即删。
suspect-advice-in-each = 检查放入每个 { $class } 的 { $field } 而从未取出的内容：设上限、让条目过期，或用完即删。
suspect-advice-in-each-if-it-grows = 如果它在增长：检查放入每个 { $class } 的 { $field } 而从未取出的内容；设上限、让条目过期，或用完即删。
suspect-advice-callbacks = 如果 { $holder } 保存的是回调：谁注册，谁就要在其 { $kept } 结束时取消。重新生成的 lambda 或方法引用永远不等于已注册的那个，因此请把它保存在字段中。如果不是回调，请设上限，或用完即删。
suspect-advice-callbacks-if-it-grows = 如果它在增长，而且 { $holder } 保存的是回调：谁注册，谁就要在其 { $kept } 结束时取消。重新生成的 lambda 或方法引用永远不等于已注册的那个，因此请把它保存在字段中。如果不是回调，请设上限，或用完即删。
suspect-advice-done = 每个用完时（{ $field } 为 { $value }）就从 { $holder } 中取出：其中几乎全部都已如此。
suspect-advice-done-if-it-grows = 如果它在增长：每个用完时（{ $field } 为 { $value }）就从 { $holder } 中取出。
suspect-advice-done-close = 每个用完时（{ $field } 为 { $value }）关闭其堆外部分，并从 { $holder } 中取出：其中几乎全部都已如此。
suspect-advice-done-close-if-it-grows = 如果它在增长：每个用完时（{ $field } 为 { $value }）关闭其堆外部分，并从 { $holder } 中取出。
suspect-advice-keys-may-change = 这里的每个 { $class } 本身就是键：若键的 hashCode() 或 equals() 在放入之后改变，remove() 便找不到它，因此请确保二者不涉及会变化的字段。
suspect-advice-key-port = 客户端的每个连接端口都不同：请不要把端口放进键中，并让不再来的客户端的条目过期。
suspect-advice-key-port-if-it-grows = 如果它在增长：客户端的每个连接端口都不同，因此请不要把端口放进键中，并让不再来的客户端的条目过期。
suspect-advice-recorded = 如果此后无人再需要，就在 { $field } 为 { $value } 时把每个从 { $holder } 中取出。
suspect-advice-recorded-if-it-grows = 如果它在增长：如果此后无人再需要，就在 { $field } 为 { $value } 时把每个从 { $holder } 中取出。
suspect-advice-done-listeners = 它们已注册（{ $list }），而看来已不再需要（{ $field } 为 { $value }）：确保届时取消各自的注册。remove() 只能找到与所添加者相等的对象：重新生成的 lambda 或方法引用永远不相等，因此请把它保存在字段中。
suspect-advice-passed = 在 { $field } 已过时把每个从 { $holder } 中取出，由定期查找它们的任务来做，或使用条目会过期的缓存。
suspect-advice-passed-if-it-grows = 如果它在增长：在 { $field } 已过时把每个从 { $holder } 中取出，由定期查找它们的任务来做，或使用条目会过期的缓存。
suspect-advice-listeners = 它们是为接收通知而注册的（{ $field }）：谁注册，谁就要在自己结束时取消（在 close() 中移除，或以弱引用注册）。lambda 或内部类会一并持有其外层对象。
suspect-advice-object = 检查这个 { $class } 收集而从未放手的内容：设上限、让条目过期，或用完即删。
suspect-advice-field-if-it-grows = 如果它在增长：检查放入 { $holder } 而从未取出的内容；设上限、让条目过期，或用完即删。
suspect-advice-object-if-it-grows = 如果它在增长：检查这个 { $class } 收集而从未放手的内容；设上限、让条目过期，或用完即删。
suspect-advice-queue = 查看是谁在取走 { $holder } 中的元素，是否跟得上放入的速度：若没有人取走，请移除已完成的元素。设上限后，添加者会等待或得到通知。
suspect-advice-queue-if-it-grows = 如果它在增长：查看是谁在取走 { $holder } 中的元素，是否跟得上放入的速度；若没有人取走，请移除已完成的元素。设上限后，添加者会等待或得到通知。
suspect-advice-queue-without-limit = 查看是谁在取走 { $holder } 中的元素，是否跟得上放入的速度：若没有人取走，请移除已完成的元素。它本身不能设上限：换成有上限的队列（如 ArrayBlockingQueue），或在外面用 Semaphore 控制，添加者就会等待或得到通知。
suspect-advice-queue-without-limit-if-it-grows = 如果它在增长：查看是谁在取走 { $holder } 中的元素，是否跟得上放入的速度；若没有人取走，请移除已完成的元素。它本身不能设上限：换成有上限的队列（如 ArrayBlockingQueue），或在外面用 Semaphore 控制，添加者就会等待或得到通知。
suspect-advice-cell = 检查加入 { $holder } 的值中而从未移出的内容：设上限、让条目过期，或用完即删。
suspect-advice-cell-if-it-grows = 如果它在增长：检查加入 { $holder } 的值中而从未移出的内容；设上限、让条目过期，或用完即删。
suspect-advice-own-object = 查看这个 { $class } 的哪个字段占了其中大部分，以及放入该处而从未取出的内容：设上限、让条目过期，或用完即删。
suspect-advice-own-object-if-it-grows = 如果它在增长：查看这个 { $class } 的哪个字段占了其中大部分，以及放入该处而从未取出的内容；设上限、让条目过期，或用完即删。
suspect-advice-made-whole = 它一经建成就无法再添加内容：请减少用来建它的内容，确认只有一份，或为它留出足够的堆空间。
suspect-advice-each-and-number = 限制每个 { $class } 所保存的内容（用时间窗口或上限，或丢弃旧的内容），并查看这 { $count } 个是否都还需要。
suspect-advice-each-and-number-if-it-grows = 如果它在增长：限制每个 { $class } 所保存的内容（用时间窗口或上限，或丢弃旧的内容），并查看这 { $count } 个是否都还需要。
suspect-advice-each = 应限制每个 { $class } 所保存的内容，而不是它们的个数：用时间窗口或上限、以汇总代替逐个数值，或丢弃旧的内容。
suspect-advice-each-if-it-grows = 如果它在增长：应限制每个 { $class } 所保存的内容，而不是它们的个数；用时间窗口或上限、以汇总代替逐个数值，或丢弃旧的内容。
suspect-advice-field-of-library = { $holder } 是某个库的字段：请找出库中限制它、清空它或收回所交内容的设置或调用（close、remove、unregister），并查看是谁交给它这么多。
suspect-advice-field-of-library-if-it-grows = 如果它在增长：{ $holder } 是某个库的字段；请找出库中限制它、清空它或收回所交内容的设置或调用（close、remove、unregister），并查看是谁交给它这么多。
suspect-advice-below-field = { $holder } 中是库的一个对象，库把它们放在 { $place } 中：请找出库中限制或清空后者的设置或调用。
suspect-advice-below-field-if-it-grows = 如果它在增长：{ $holder } 中是库的一个对象，库把它们放在 { $place } 中；请找出库中限制或清空后者的设置或调用。
suspect-advice-same-elements = 如果每个 { $class } 只应在其中出现一次：再次加入之前先取出与之相等的那个，或改用每个元素只存一次的集合：LinkedHashSet；若要记录使用顺序，用设置了 accessOrder 的 LinkedHashMap。
suspect-advice-compare = 一次转储无法区分泄漏和本应存在的数据（例如一次装入、之后只读的表）：若在多次转储间持续增大（oomph diff 旧转储 新转储），即为泄漏。
suspect-advice-room = clear() 和 remove() 都不会缩小它的数组：清空 { $holder } 之后换成一个新的集合（列表可调用 trimToSize()）。若它从未装满，请按实际需要指定容量。
suspect-advice-load-of-calls = 这些调用结束后即会释放，没有哪一个单独占用过多：请限制并发数（线程池大小、信号量），或让每个调用分批处理。
suspect-entry = 几乎全部位于映射的同一个条目中，其键为 { $key }。
suspect-keys-of-library = 库的这个映射为 { $count } 个不同的文本各有一个条目（用 --strings 可显示）：它随所收到的文本而增长。
suspect-keys-of-library-shown = 库的这个映射为 { $count } 个不同的文本各有一个条目，例如 { $example }：它随所收到的文本而增长。
suspect-keys-of-library-field = 库的这个映射以 { $count } 个 { $class } 为键，其 { $field } 几乎各不相同（用 --strings 可显示）：它随为此收到的文本而增长。
suspect-keys-of-library-field-shown = 库的这个映射以 { $count } 个 { $class } 为键，其 { $field } 几乎各不相同，例如 { $example }：它随为此收到的文本而增长。
suspect-advice-keys-of-library = 请查看是谁把每次都不同的这种文本（含有编号、id 或时间）交给库：固定的文本不会增加条目；若每个都必须不同，请在用完后移除其条目。
suspect-same-keys = 查看了 { $count } 个键，它们只有 { $distinct } 种不同的内容：其余是所有字段都相同的 { $class }，而映射把它们当作不同的键。
suspect-linked-chain = 其中有 { $count } 个 { $class }，它们连成链：几乎每一个都由另一个的字段 { $field } 持有。
suspect-until-due = 其中每一个都会保留到它到期为止。
suspect-other-arrays = 同一个 { $class } 的字段 { $field } 中还有 { $size }，属于同一张表。
suspect-next-size = 线程 { $thread } 当时正在 { $place } 中扩大它：其数组的下一个尺寸此时另占 { $size }。
suspect-other-array = 同一个 { $class } 的字段 { $field } 中还有 { $size }，属于同一张表。
suspect-own-list = { $head } 指向一个含 { $count } 个 { $class } 的链表：每一个都通过 { $field } 指向下一个。
suspect-own-queue = { $head } 与 { $tail } 是一个含 { $count } 个 { $class } 的链表的两端：每一个都通过 { $field } 指向下一个。
suspect-own-lists = 它们位于 { $lists } 个由 { $head } 指向的链表中，每个链表约有 { $count } 个 { $class }：每一个都通过 { $field } 指向下一个。
suspect-linked-branching = 其中有 { $count } 个 { $class }，构成一棵树：几乎每一个都由另一个的字段 { $field } 之一持有。
suspect-linked-list = 其中有 { $count } 个 { $class }，通过 { $field } 互相链接：其中大多数没有被别的对象引用。
suspect-linked-partly = 其中共有 { $count } 个 { $class }：有 { $held } 个由另一个的字段 { $field } 持有，只要后者还在就不会释放。
suspect-linked-tree = 其中有 { $count } 个 { $class }，构成一棵树：几乎每一个都在另一个的字段 { $field } 中。
suspect-linked-tree-wide = 其中有 { $count } 个 { $class }，构成一棵树：几乎每一个都在另一个的字段 { $field } 中，其中单独一个就有 { $most } 个。
suspect-own-field = 其中大部分在 { $count } 个 { $class } 的字段 { $field } 中。
suspect-each-leads-to = 每个 { $class } 的 { $share } 都是其字段 { $field } 所引向的对象（{ $way }）：如果只需要其中的文本或数值，请只保留这些。
suspect-slices = 每个 { $array }（平均 { $size }）只被仅显示其一小部分的对象保留：在查看的 { $samples } 个中，{ $view } 平均只显示其中的 { $part }。
suspect-each-outer = 每个 { $class } 自身只占 { $own }，却通过 { $field } 保留着其外层的 { $kept }（{ $size }），而后者没有别的持有者。
suspect-each-outer-within = 每个 { $class } 都引向一个 { $inner }，后者通过 { $field } 保留着其外层的 { $kept }（{ $size }），而它没有别的持有者。
suspect-each-captured = 每个 { $class } 自身只占 { $own }，却保留着它所捕获的 { $kept }（{ $field }，{ $size }），而后者没有别的持有者。
suspect-each-captured-within = 每个 { $class } 都引向一个 { $inner }，后者保留着它所捕获的 { $kept }（{ $field }，{ $size }），而它没有别的持有者。
suspect-unanswered = 在查看的 { $samples } 个中，有 { $count } 个的 { $field } 中的 CompletableFuture 尚未完成：没有人应答过它们。
suspect-unanswered-itself = 在查看的 { $samples } 个中，有 { $count } 个尚未完成：没有人应答过它们。
suspect-advice-unanswered = 调用方放弃时（在 finally 中，或超时时）请像收到应答时那样移除每一项。
suspect-most-in-field = 其中 { $size } 是由 { $field } 持有的 { $count } 个 { $class }。
suspect-reached-by = 应用通过 { $field } 到达它。
suspect-own-each = 每一个都在 { $holder } 中。
suspect-own-elements = 其中大部分是 { $count } 个 { $class }，位于各个 { $owner } 的字段 { $field } 中。
suspect-own-chains = 其中大部分是 { $lists } 个链表中的 { $count } 个 { $class }，每个 { $owner } 各有一个：其字段 { $field } 指向第一个，每个又通过 { $next } 指向下一个，每个链表约有 { $each } 个。
suspect-own-chains-of-title = 它们在 { $lists } 个链表中，每个 { $owner } 各有一个：其字段 { $field } 指向第一个，每个又通过 { $next } 指向下一个，每个链表约有 { $each } 个。
suspect-own = 其中大部分挂在 { $count } 个 { $class } 上。
suspect-entry-hidden = 几乎全部位于映射的同一个条目中；用 --strings 可显示其键。
suspect-advice-load = 该调用结束后即会释放。如果太大：分批处理、限制单次请求的大小，或限制并发数。
suspect-advice-load-until = { $call } 结束后即会释放。如果太大：分批处理、限制单次请求的大小，或限制并发数。
suspect-advice-load-rows = 该调用结束后即会释放。如果太大：每个 { $class } 一读出或生成就处理，不要保留；限制单次请求的大小，或限制并发数。
suspect-advice-load-rows-until = { $call } 结束后即会释放。如果太大：每个 { $class } 一读出或生成就处理，不要保留；限制单次请求的大小，或限制并发数。
suspect-advice-unmounted = 如果当时未运行的 { $threads } 个虚拟线程正在使用这些对象，它们就不是垃圾：请查看这些线程的任务在局部变量中保存了什么，以及同时运行多少个任务。JDK 25 的转储包含它们的栈。否则它们是垃圾，只含存活对象的转储（jmap -dump:live）中不会出现。
suspect-advice-class-values = 转储不显示 { $holder } 的计算结果属于哪个类。如果那个类仍被加载，它会一直被持有，直到该类被卸载或对其调用 remove()；否则它是垃圾。只含存活对象的转储（jmap -dump:live）里没有垃圾。
suspect-advice-class-values-left = 不被任何根引用的对象中有 { $size } 挂在 ClassValue 的计算结果上：如果对应的类仍被加载，它们就被持有，否则是垃圾；转储无法区分。只含存活对象的转储（jmap -dump:live）里没有垃圾。
suspect-evidence-class-values = ClassValue 的计算结果挂在类的字段上，而转储不包含这些字段；转储中还有成为垃圾的类加载器，这部分可能是它们的类留下的。
suspect-title-or-garbage = { $title }，也可能是已卸载的类留下的垃圾
suspect-advice-garbage-waiting = 没有任何对象持有它，下一次回收就会释放它，本身并不是问题。只含存活对象的转储（jmap -dump:live）里不会有它。
suspect-advice-garbage = 没有任何对象持有它，下一次回收就会释放它；只含存活对象的转储（jmap -dump:live）里不会有它。如果回收过于频繁，请少创建或复用这类对象。
suspect-advice-thread-local = 线程上的工作完成后在 finally 中调用 remove()：线程池的线程会一直带着这些数据。
suspect-advice-thread-local-alike = 每个线程各有一个，都由相同的数组构成，且不会增长：线程的工作缓冲区就是这样。一次转储无法判断其中的内容是否本应清除。
suspect-advice-thread-local-of-library = 该 ThreadLocal 属于库内部，他人无法调用其 remove()：请在线程上的工作完成后，于 finally 中调用库中用于清除它的方法。线程池的线程会一直带着这些数据。
suspect-advice-thread-local-of-jdk = 这是 JDK 为每个用过它的线程保留的，线程结束时才放开：减少线程数，或让线程结束，它就会减少。
suspect-advice-thread-local-of-objects = 若每个对象的字段各有一个 ThreadLocal，则每个对象都会在线程中产生一个条目，对象消失后其值仍留在那里：请将该 ThreadLocal 改为 static（每个类一个），改用局部变量，或在放弃对象之前调用 remove()。
suspect-advice-recursion = 每层调用都保留自己的变量，直到内层调用返回：请限制深度（永不结束的递归就是这样），不要在内层调用期间保留大的缓冲区或列表。
suspect-advice-main = 进程存活期间 { $holder } 不会返回，它建立的对象会一直存在：检查放入其中而从未取出的内容。
suspect-advice-other = 查明是谁把它注册到 { $holder }，以及为何没有注销。
suspect-calls-besides = 正在运行的调用（例如 { $call }）也持有它：在它们结束之前不会释放；它们是否会结束，单个转储无法判断。
suspect-advice-same-collection = 所有持有者引用的是同一个 { $class }：从中移除的内容，各持有者都会一并放开。
suspect-advice-shared = 只有所有持有者都放手才会释放：请同时从每一处移除，或由其中一处拥有，其余用弱引用。
suspect-advice-unmodifiable = 它不可修改，不会再增长：大小由创建时放入的内容决定。
suspect-advice-as-made = 这是一个由其他集合创建、之后没有再加入内容的列表：它没有增长。
suspect-advice-full-array = 它是没有空位的数组，不会再增长：大小在创建时就已确定。
suspect-advice-full-arrays-of-one = 它的数组没有空位，不会再增长：大小在创建时就已确定。
suspect-advice-full-arrays = 它们位于 { $count } 个长度均为 { $length } 且没有空位的数组中，而数组不会再增长：只有 { $class } 增多（现有 { $count } 个），它们才会增多。
suspect-advice-emptied = 其中的元素也在被移除：该类已有 { $count } 个对象成为垃圾。
suspect-advice-ordinary = 没有证据表明有问题：它只是占用较多。若它在多次转储之间不断增长，再来查看。
suspect-advice-meant = 它有上限，大小符合设定：并非泄漏。若堆容纳不下，请调低上限。
suspect-advice-soft = 由软引用持有：JVM 会在内存耗尽前清除它们。这不是泄漏；仅当回收耗时过长时才需限制缓存。
suspect-being-loaded = 线程 { $thread } 正在 { $place } 中：程序可能仍在加载它，这不是泄漏。
suspect-consumer-takes = { $count ->
    [one] 线程 { $thread } 位于 { $place }，{ $doing }，手中有一个 { $class }：如果它取自此处，那么在处理完手中的之前不会再取。
   *[other] { $count } 个线程（例如 { $thread }，位于 { $place }，{ $doing }）手中各有一个 { $class }：如果它们取自此处，那么在处理完手中的之前不会再取。
}
suspect-consumer-takes-at-work = { $count ->
   *[other] { $count } 个线程（例如在 { $place } 中运行的 { $thread }）各持有一个不在该链表中的 { $class }：如果是从链表中取出的，在处理完之前它不会再取。
}
suspect-consumer-slow = { $count ->
    [one] 线程 { $thread } 位于 { $place }，{ $doing }：如果由它从此处取出，则取得比放入得慢。
   *[other] { $count } 个线程（例如 { $thread }）位于 { $place }，{ $doing }：如果由它们从此处取出，则取得比放入得慢。
}
suspect-consumer-stands = 线程 { $thread } 位于 { $place }，{ $doing }。
suspect-consumer-inside = 在 { $method } 中{ $doing }
suspect-advice-ended-thread = { $field } 中的线程 { $thread } 已结束：如果它本应取走 { $holder } 的内容，现在已无人处理。请查明其终止原因，捕获单个条目可能抛出的异常，并监控其运行。
suspect-advice-ended-keys = { $holder } 中查看的 { $all } 个线程有 { $count } 个已结束：为线程保存的内容必须在线程结束前移除（在其 run() 的 finally 块中），或放入随线程一起消失的 ThreadLocal。
suspect-advice-ended-workers = { $field } 中 { $all } 个线程有 { $count } 个已结束：如果它们本应取走 { $holder } 的内容，现在取走的更少，甚至无人处理。请查明其终止原因，捕获单个条目可能抛出的异常，并监控其运行。
suspect-advice-failed-task = { $field } 中的任务因 { $error } 而结束，不会再运行：如果它本应取走 { $holder } 的内容，现在已无人处理。周期任务在首次抛出异常后即停止：请在任务内部捕获异常。
suspect-advice-threads = 查明这些线程在等什么、由谁启动：工作或客户端消失时结束线程，为等待设置超时，或把工作交给有界线程池。
suspect-advice-threads-virtual = 查明这些线程在等什么、由谁启动：为等待设置超时，客户端消失时结束线程，并限制同时启动的数量。
suspect-advice-threads-network = 对端可能让它们永远等下去：请为读写设置超时（Socket.setSoTimeout，或客户端库自带的超时），并限制同时启动的数量。
suspect-advice-own-threads = 只要线程还在运行，它所保留的对象就不会消失：所服务的对象消失时请结束线程（关闭其执行器或定时器，调用启动者的 stop() 或 close()），或由少量线程完成全部工作。
suspect-threads-of-executors = 已无人能关闭这些执行器。
suspect-task-may-loop = 该线程现在只在执行 { $place }：如果它是循环，就不会结束，这便是泄漏。
suspect-call-writes = 线程 { $thread } 此刻正在 { $place } 中向网络写入：如果客户端读取缓慢或根本不读，它就会带着这一切停在那里，直到超时（如果设置了超时）。
suspect-call-reads = 线程 { $thread } 此刻正在 { $place } 中从网络读取：它会带着这一切停在那里，直到对方应答，或直到超时（如果设置了超时）。
suspect-call-waits = 线程 { $thread } 此刻在 { $place } 中{ $doing }，在此期间一直持有这一切。
suspect-advice-threads-lock = 持有锁的线程必须尽快放开：持锁期间不要等待网络、数据库或其他锁，或只在有超时的情况下等待；同时限制放入的任务数量。
suspect-queue-room = 它有 { $entries } 个元素，上限为 { $limit }，不会超过此数；装满时约占 { $size }。
suspect-queue-room-of-heap = 它有 { $entries } 个元素，上限为 { $limit }，不会超过此数；装满时约占 { $size }，为堆上限的 { $share }。
suspect-queue-room-beyond = 它有 { $entries } 个元素，上限为 { $limit }；装满时约占 { $size }，超过堆的上限。
suspect-pool-lost = 这是一个对象池：{ $field } 中的 { $all } 个 { $class } 只有 { $idle } 个在 { $free } 中，其中 { $lost } 个除 { $field } 外没有任何引用：它们被取走后从未归还。
suspect-pool-idle = 这是一个对象池：{ $all } 个 { $class } 中有 { $idle } 个空闲，在 { $free } 中。
suspect-free-buffers = 它有 { $entries } 个元素，上限为 { $limit }，不会超过此数；每个都是长度为 { $length } 的 { $class }：空闲缓冲区的池就是这个样子。
suspect-advice-queue-room = 查看消费者是否跟得上。如果队列可能装满，请把上限降到堆能容纳的大小：此后添加者会等待或得到通知。
suspect-advice-pool-lost = 在 finally 块中归还每个 { $class }，处理失败时也要归还：给池或 { $holder } 设上限只会让取用者永远等待。
suspect-advice-queue-consumer = 放入 { $holder } 的比取出的多：给队列设上限，使放入者等待或得到通知；并让取出者不要在那里等待（设超时、减少重试、把失败的放到一边），或让更多线程取出。
suspect-advice-consumer-reads = 只要对方不应答，{ $thread } 就不会从 { $holder } 取出任何元素：请为它的读取设置超时（Socket.setSoTimeout 或客户端库的相应设置），使它能继续或重新连接。
suspect-advice-queue-nobody = 找出本应从 { $holder } 取出的线程以及它为何不取：只要没有人取出，任何队列都会被填满。同时给队列设上限，使放入者等待或得到通知。
suspect-advice-queue-compare = 一次转储无法区分只增不减的队列和被一阵高峰填满、随后会处理完的队列：若在多次转储间越来越多（oomph diff 旧转储 新转储），就是取出者跟不上。
suspect-fewer-beside = 这些 { $class } 中只有 { $entries } 个也在 { $place } 中。
suspect-full-inside = { $place } 中有其中的 { $entries } 个 { $class }，并且已满：从中移除的对象仍留在该 { $owner } 中。
suspect-full-beside = { $place } 中有其中的 { $entries } 个 { $class }，并且已满：从中移除的对象仍留在 { $holder } 中。
suspect-task-rests = { $class } 没有在运行：它在等待下一次运行，并保留着之前运行留下的内容。
suspect-task-waits = { $class } 没有在运行：它在等待运行，其间一直保留着这些内容。
suspect-taken-out = 按其修改次数，至今至少有 { $count } 个条目已被取出；现有 { $entries } 个。
suspect-advice-taken-out = { $holder } 中的条目会被取出，但不是全部：找出条目留下的途径（出错、超时、键已改变），设上限，或让条目过期。
suspect-advice-taken-out-if-it-grows = 如果它在增长：{ $holder } 中的条目会被取出，但不是全部；找出条目留下的途径（出错、超时、键已改变），设上限，或让条目过期。
suspect-advice-compare-emptied = 一次转储无法判断取出的是否与放入的一样多：若在多次转储间持续增大（oomph diff 旧转储 新转储），即为泄漏。
suspect-advice-queue-full = 查看是谁在取走元素：它在等待网络、数据库或锁时，就没有元素被取走。请为这类等待设置超时，或用更多线程来消费；降低上限只能节省内存。

## 总结

verdict-oom-culprit = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：它自己持有 { $size }。
verdict-oom-culprit-beside = 线程 { $thread } 在 { $site } 抛出了 OutOfMemoryError（{ $kind }）。它是元凶之一：自身持有 { $size }，而其他对象持有得更多。
verdict-oom-filling = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：它正在填充 { $holder }。
verdict-oom-filling-part = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：它正在填充 { $holder } 中的一个 { $class }。
verdict-oom-filling-beside = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它是肇事者之一：它正在填充 { $holder }，后者占了堆的相当一部分，虽不是最大的一个。
verdict-oom-filling-probably = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它很可能就是肇事者：它正处于持有 { $holder } 且其他内容很少的 { $class } 的方法中。
verdict-oom-filling-together = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它很可能是肇事者之一：{ $count } 个名为 { $other } 的线程都处于该方法中，并且只有它们手中有持有 { $holder } 的 { $class }。
verdict-oom-filling-alike = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它是肇事者之一，即填充 { $holder } 的那些线程之一：同名类型的线程 { $other } 正处于同一方法中，当时正在添加内容。
verdict-oom-filling-alike-making = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它是肇事者之一，即填充 { $holder } 的那些线程之一：同名类型的线程 { $other } 正处于同一方法中，当时正在创建新的 { $class }。
verdict-oom-one-of-them = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）：内存由许多线程共同持有，它是其中之一，自己持有 { $size }。
verdict-oom-works-for = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）。它承担的是 { $holder } 的一部分工作，后者才是肇事者。
verdict-oom-classes = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：它正在又生成一个数量已过多的同类类。
verdict-classes = 已加载的类中有 { $count } 个是 { $class }。
verdict-classes-advice = 相同用途的类只生成一次并重复使用，或在单独的类加载器中定义它，没有引用后即可被卸载。
verdict-oom-array = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：它申请了一个过大的数组。
verdict-oom-array-asked = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），它就是肇事者：{ $place } 申请了一个过大的数组。
verdict-array-size = { $field } 为 { $count }。
verdict-array-advice = 请查明这个大小从何而来：请求参数（页大小、条数上限）或消息、请求头、文件中的长度，在据此分配内存之前必须先与上限比较（端口上的协议不对会给出荒谬的数值）；确实这么大的数据则应分块读取。
verdict-oom-victim = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }），但它只是受害者：它仅持有 { $size }。
verdict-oom-unknown = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）。它持有 { $size }；转储不足以说明责任在谁。
verdict-oom-classes-unclear = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）。此时任何再需要一个类的线程都会得到此错误：它是否正在向持有类加载器的 { $holder } 添加内容，转储无法说明。
verdict-thread-ending = 线程 { $thread } 正因另一个 OutOfMemoryError 而结束。
verdict-oom-within = 线程 { $thread } 在 { $site } 抛出 OutOfMemoryError（{ $kind }）。它仅持有 { $size }；转储无法表明当时是它还是其他线程在填充 { $holder }。
verdict-leak = { $title }：{ $size }，占{ share-whole }的 { $share }。只要进程还在，它就不会释放。
verdict-backlog = { $title }：{ $size }，占{ share-whole }的 { $share }。它在等待处理，只要新增的速度快于处理的速度，就会继续增长。
verdict-cache = { $title }：{ $size }，占{ share-whole }的 { $share }。它是会淘汰的缓存，但允许占用的超过此堆的容量。
verdict-backlog-starved = { $title }：{ $size }，占{ share-whole }的 { $share }。
verdict-backlog-full = { $title }：{ $size }，占{ share-whole }的 { $share }。它在等待处理。
verdict-leak-if-it-grows = { $title }：{ $size }，占{ share-whole }的 { $share }。只要进程还在，它就不会释放：若在多次转储间持续增大，即为泄漏。
verdict-small-heap = { $title }：{ $size }，占{ share-small-whole }的 { $share }，是应用自身持有的最大部分：若在多次转储间持续增大，即为泄漏。
verdict-heap-free = 堆目前没有压力：已用部分占其上限 { $estimates ->
        [0] { $limit }
       *[other] 约 { $limit }
    } 的 { $share }。
verdict-heap-room = 堆尚未占满：已用部分占其上限 { $estimates ->
        [0] { $limit }
       *[other] 约 { $limit }
    } 的 { $share }。
verdict-heap-nearly-full = 堆即将耗尽：已用部分占其上限 { $estimates ->
        [0] { $limit }
       *[other] 约 { $limit }
    } 的 { $share }。
verdict-room = { $title }：{ $count ->
    [1] 其数组占用
   *[other] 它们的数组占用
} { $size }，占{ share-whole }的 { $share }。这是为曾经存放或预计存放的元素留出的空间，不会自行缩小。
outside-direct = 堆外：{ $count } 个直接缓冲区，共 { $size }。
outside-direct-held = 堆外：{ $count } 个直接缓冲区，共 { $size }，大部分由 { $holder } 持有。
outside-mapped = 堆外：{ $count } 个文件映射，共 { $size }。
outside-mapped-held = 堆外：{ $count } 个文件映射，共 { $size }，大部分由 { $holder } 持有。
outside-arena = 堆外：{ $count } 个未关闭的 java.lang.foreign Arena，共 { $size }。
outside-native = 堆外：{ $count } 个 { $class }，共 { $size }。
outside-native-held = 堆外：{ $count } 个 { $class }，共 { $size }，大部分由 { $holder } 持有。
outside-native-about = 堆外：{ $count } 个 { $class }，共约 { $size }（估算：按每个对象的地址和大小字段）。
outside-native-about-held = 堆外：{ $count } 个 { $class }，共约 { $size }（估算：按每个对象的地址和大小字段），大部分由 { $holder } 持有。
outside-arena-held = 堆外：{ $count } 个未关闭的 java.lang.foreign Arena，共 { $size }，大部分由 { $holder } 持有。
outside-what-direct = { $count } 个直接缓冲区
outside-what-mapped = { $count } 个文件映射
outside-what-arena = { $count } 个未关闭的 java.lang.foreign Arena
outside-what-native = { $count } 个 { $class }
verdict-outside-leak = { $title }：堆外{ $estimates ->
    [0] { $outside }
   *[other] 约 { $outside }（估算）
}，在{ $what }中，堆内 { $size }。只要进程还在，它就不会释放。
verdict-outside-if-it-grows = { $title }：堆外{ $estimates ->
    [0] { $outside }
   *[other] 约 { $outside }（估算）
}，在{ $what }中，堆内 { $size }。只要进程还在，它就不会释放：若在多次转储间持续增大，即为泄漏。
verdict-beside = 此外，{ $title }：{ $size }，占{ share-whole }的 { $share }。
verdict-beside-load = 此外，{ $title }：{ $size }，占{ share-whole }的 { $share }，在其调用结束后即会释放。
verdict-beside-stays = 此外，{ $title }：{ $size }，占{ share-whole }的 { $share }，那次调用结束后它仍然留存：若在各次转储之间增长，就是泄漏。
verdict-beside-if-it-grows = 此外，{ $title }：{ $size }，占{ share-whole }的 { $share }，若增长也是泄漏。
verdict-beside-leak = 此外还有一处泄漏，{ $title }：{ $size }，占{ share-whole }的 { $share }。
verdict-thread-local-alike = { $title }：{ $size }，占{ share-whole }的 { $share }。每个线程各有一个，彼此相同且不会增长；线程存活期间不会释放。
verdict-thread-local = { $title }：{ $size }，占{ share-whole }的 { $share }。线程存活期间不会释放。
verdict-load = { $title }：{ $size }，占{ share-whole }的 { $share }。该调用结束后即会释放。
verdict-load-until = { $title }：{ $size }，占{ share-whole }的 { $share }。{ $call } 结束后即会释放。
verdict-load-in-flight = { $title }：{ $size }，占{ share-whole }的 { $share }。正在进行的操作结束后即会释放。
verdict-load-of-calls = { $title }：{ $size }，占{ share-whole }的 { $share }。这些调用结束后即会释放。
verdict-threads = { $title }：{ $size }，占{ share-whole }的 { $share }，另有每个线程在堆外的栈（默认 1 MiB）。线程结束后才会释放。
verdict-threads-virtual = { $title }：{ $size }，占{ share-whole }的 { $share }。这些线程结束后就会释放。
verdict-finding = { $title }。
verdict-finding-held = { $title }，其中大部分由 { $holder } 持有。
verdict-finding-instances = { $title }，其实例由 { $holder } 持有。
verdict-finding-of = { $title }（{ $holder }）。
verdict-garbage = 转储中有 { $size }（{ $share }）是回收器尚未回收的垃圾，不是泄漏。
verdict-no-garbage-reflection = 转储中有 { $size }（{ $share }）是类为反射以软引用保留的数据：转储不显示这一引用关系，它不是垃圾。
verdict-no-garbage-fillers = 转储中有 { $size }（{ $share }）是 { $count } 个没有任何对象（连垃圾也没有）引用的 int[]：虚拟机用这样的数组填充线程已预留而未使用的内存（已返回的方法所用的数组看起来也一样）。
verdict-garbage-let-go = 转储中有 { $size }（{ $share }）是垃圾。收集器在抛出错误之前不会留下垃圾：持有它的一方在那之后放开了它，很可能是遇到同一错误的调用。
verdict-garbage-made-of = 其中大部分挂在 { $count } 个 { $class } 上：创建得比回收快。
verdict-garbage-partly = 其中 { $share } 挂在 { $count } 个 { $class } 上：创建得比回收快。
verdict-garbage-arrays = 其中 { $share } 是 { $count } 个 { $class }。
verdict-garbage-of = 其中 { $share } 挂在 { $count } 个 { $class } 上。
verdict-garbage-among = 其中有 { $count } 个 { $class }，约 { $share } 的垃圾挂在它们上（估计值）。
verdict-unmounted = 转储中有 { $size }（{ $share }）不被任何根引用：要么是垃圾，要么正被 { $threads } 个当时未运行的虚拟线程使用，而转储中没有它们的栈。
verdict-unmounted-made-of = 其中 { $share } 挂在 { $count } 个 { $class } 上。
verdict-class-values = 转储中有 { $size }（{ $share }）不被任何根引用：要么是垃圾，要么由 ClassValue 的计算结果持有，其中 { $held } 挂在这些结果上。转储不显示它们属于哪些类。
verdict-class-values-too = 其中 { $held } 挂在 ClassValue 的计算结果上：如果对应的类仍被加载，它们就被持有。
verdict-finalizable = 已用内存中有 { $size }（{ $share }）仅由终结器引用，例如 { $count } 个 { $class }：它们已被丢弃，但终结方法还没有运行，运行之后的那次回收才会释放它们。
verdict-finalizable-unproven = 已用内存中有 { $size }（{ $share }）仅由终结器引用，例如 { $count } 个 { $class }：要么是上次回收之后丢弃的，要么正被转储中没有的东西使用。
verdict-roots-lost = 转储中有 { $size }（{ $share }）从文件所余内容都到达不了：可能由已丢失的部分持有，也可能无人持有。
verdict-empty = 文件中没有任何对象：无法判断堆的情况。
verdict-told-by-rule-with = { $rule }：{ $count } 个 { $element }，由 { $holder } 持有
verdict-told-by-rule-each = { $rule }，各带一个 { $element }，由 { $holder } 持有
verdict-told-by-rule-two = { $rule }，由 { $holder } 和 { $second } 持有
verdict-told-by-rule = { $rule }，由 { $holder } 持有
verdict-next-largest = 其次的持有者：{ $title }（{ $size }，占{ share-whole }的 { $share }）；没有证据表明它有问题。
verdict-largest-holder = 最大的单个持有者：{ $title }（{ $size }，占{ share-whole }的 { $share }）。
verdict-largest-meant = 没有明显问题。最大的持有者就是应有的大小：{ $title }（{ $size }，占{ share-whole }的 { $share }）。
verdict-ordinary = 没有明显问题。所持有的最大一项：{ $title }（{ $size }，占{ share-whole }的 { $share }）。
verdict-larger-fixed = 最大的持有者没有问题：{ $title }（{ $size }，占{ share-whole }的 { $share }）。它不会再增长：大小在创建时就已确定。
verdict-larger-meant = 最大的持有者没有问题：{ $title }（{ $size }，占{ share-whole }的 { $share }）。它正是它应有的大小。
verdict-largest = 没有证据表明有问题。最大的持有者：{ $title }（{ $size }，占{ share-whole }的 { $share }）；它是否应当这么大，单个转储无法说明。
verdict-largest-fixed = 没有明显问题。最大的持有者：{ $title }（{ $size }，占{ share-whole }的 { $share }）。它不会再增长：大小在创建时就已确定。
verdict-largest-why = 没有证据表明有问题。最大的持有者：{ $title }（{ $size }，占{ share-whole }的 { $share }）。
verdict-healthy = 没有明显问题：已用 { $size }，没有任何单个持有者或一组对象占据很大部分。
verdict-healthy-besides = 此外没有明显问题：其余已用 { $size }，没有任何单个持有者或一组对象占据其中很大一部分。
verdict-no-holder-besides = 其余已使用 { $size }，没有任何单个持有者或一组对象占用其中很大一部分。
verdict-no-holder = 已使用 { $size }，没有任何单个持有者或一组对象占用其中很大一部分。
oom-evidence-held = 该线程自身持有 { $size }，占堆的 { $share }。
oom-evidence-same-class = 它正处于声明 { $holder } 的类中，但从它手中的对象看不出抛出时正在向其中添加内容。
oom-evidence-own-value = 它自己在 { $holder } 中的值占用 { $size }，当时正在使用该值。
oom-evidence-alike = 同名类型的线程 { $other } 正处于同一方法中，当时正在 { $place } 添加内容。
oom-evidence-alike-making = 同名类型的线程 { $other } 正处于同一方法中，当时正在创建新的 { $class }。
oom-evidence-in-keeper = 它正处于持有其中几乎全部、且其他内容很少的 { $class } 的方法中。
oom-evidence-in-hand-of-all = 全部 { $count } 个线程 { $thread } 都处于该方法中，并且手中都有持有其中几乎全部内容的 { $class }，而其他线程都没有。
oom-evidence-made-by-others = 线程 { $other } 当时正在 { $place } 中创建 { $class }：占满堆的内容由其他线程添加，而该线程做的是别的工作。
oom-evidence-part = 它正处于填充堆的对象之一 { $class } 的方法中，该对象自身持有 { $size }；有 { $count } 个同名类型的线程处于该方法中。
oom-evidence-request = 它正在处理 { $place }。
oom-evidence-task = 它正在运行 { $place }。
oom-evidence-full = 堆已占用 { $size }（含垃圾），最大可达 { $limit }。
oom-evidence-full-about = 堆已占用 { $size }（含垃圾），最大约可达 { $limit }（估计值：转储中没有 -Xmx）。
oom-evidence-half-empty = 仅使用了 { $size }，而堆最大可达 { $limit }：是单个数组过大。
oom-evidence-half-empty-about = 仅使用了 { $size }，而堆最大约可达 { $limit }（估计值：转储中没有 -Xmx）：是单个数组过大。
oom-evidence-free = 抛出时堆中约有 { $size } 空闲（估计值）：它一次申请的内存超过此数，或申请的数组找不到连续的空间。
oom-evidence-free-or-given-up = 抛出时堆中约有 { $size } 空闲（估计值）：它一次申请的内存超过此数，或申请的数组找不到连续的空间，也可能只申请了很少，而收集器已放弃：ParallelGC 在年轻代仍有空间时也会放弃（“GC overhead limit exceeded”）。
oom-evidence-regions = { $count } 个数组各自独占 G1 的区域，剩下至少 { $size } 无法放入其他对象，因此堆实际上比在用部分更满。增大区域（-XX:G1HeapRegionSize），或使每块小于半个区域，可减少浪费。
oom-evidence-array = 其变量中最大的数组是 { $size } 的 { $class }；扩容时须复制到更大的数组，两者会同时存在。
oom-evidence-array-only = 其变量中最大的数组是 { $size } 的 { $class }。
oom-evidence-asked = 申请者是 { $place }。
oom-evidence-asked-size = 申请者是 { $place }，其中 { $field } 为 { $count }。
oom-evidence-no-message = 转储中没有该错误的消息：可能是 “Java heap space”，也可能是 “GC overhead limit exceeded”，二者看起来一样。
oom-evidence-no-message-array = 转储中没有该错误的消息：单个数组放不下时抛出 "Java heap space"，数组大到任何虚拟机都无法创建时抛出 "Requested array size exceeds VM limit"。
oom-evidence-no-message-classes = 转储中没有该错误的消息：“Compressed class space” 看起来也一样。
oom-evidence-classes = 共加载 { $classes } 个类，由 { $loaders } 个类加载器定义。
oom-evidence-loaders = 其中 { $count } 个加载器是 { $class }。
oom-evidence-copies = 其中 { $count } 个类是 { $class }。
oom-evidence-direct = { $count } 个直接缓冲区占用 { $size }，上限为 { $limit }。
oom-evidence-direct-unlimited = { $count } 个直接缓冲区占用 { $size }。
oom-evidence-thread-count = 共有 { $count } 个线程，每个都在堆外占用栈；其中 { $most } 个是 { $thread }。
oom-thrown = 在生成此转储之前抛出过 { $count } 个 OutOfMemoryError：{ $message }
oom-thrown-in = 在生成此转储之前，{ $place } 中抛出过 { $count } 个 OutOfMemoryError：{ $message }
oom-thrown-in-kept = 在生成此转储之前，{ $place } 中抛出过 { $count } 个 OutOfMemoryError，由 { $holder } 持有：{ $message }
oom-own = { $count } 个 OutOfMemoryError 是应用程序自己在 { $place } 中创建的：虚拟机并不缺内存
oom-own-message = 其内容为：{ $message }
oom-own-advice = 耗尽的只是应用程序自己计算的额度：请查看它在那里检查的上限，并改为抛出自己的异常：等待 OutOfMemoryError 的机制（-XX:+HeapDumpOnOutOfMemoryError、-XX:+ExitOnOutOfMemoryError）看不到它，而处理程序会把它当作进程的终结。
oom-met-as-well = 另有 { $count } 个线程也遇到过这种错误：{ $threads }。
oom-met-elsewhere = 此前在 { $places } 也抛出过这种错误。
oom-thrown-stack = 抛出于 { $stack }
oom-thrown-ends-thread = 没有代码捕获它：线程 { $thread } 正因它而结束。
oom-thrown-held = 它由 { $holder } 持有。
oom-thrown-advice = 被这种错误终止的线程已不存在，它们的工作只做了一半：请重启进程，并使用 -XX:+ExitOnOutOfMemoryError。
oom-thrown-kept-advice = 持有它的代码捕获了它，或者得知了它：线程可能继续运行，而转储显示的是之后某一时刻的堆。当时的工作只做了一半。要看到出错时刻的堆，请使用 -XX:+HeapDumpOnOutOfMemoryError；若新进程好过受损的进程，请使用 -XX:+ExitOnOutOfMemoryError。
oom-thrown-direct-advice = 与堆无关：请查看谁持有直接缓冲区（堆外内存），从有上限的池中取用，或增大 -XX:MaxDirectMemorySize。该错误既不会写转储也不会结束进程：HotSpot 只关注它自己抛出的错误（-XX:+HeapDumpOnOutOfMemoryError）。
oom-thrown-array-advice = 有一个数组要比数组所能达到的长度（约二十亿个元素）更长：再大的堆也不够。请查明该长度从何而来（溢出，或从文件、客户端读入的长度），或分段处理。由 Java 代码抛出时，-XX:+ExitOnOutOfMemoryError 不起作用。
oom-thrown-task-advice = 它结束了一个任务；执行器的线程会继续执行其他任务。该任务只做了一半，周期任务则不会再运行：请重启进程，并使用 -XX:+ExitOnOutOfMemoryError。
oom-thrown-threads = { $place } 无法再启动线程（OutOfMemoryError: unable to create native thread）：{ $count } 个线程中有 { $most } 个是 { $thread }
oom-thrown-threads-advice = 耗尽的不是堆：每个线程在堆外占用一个栈（默认 1 MiB，-Xss），用户、容器和内核都限制线程数量（ulimit -u、pids.max）。请不要让 { $place } 为每个客户端或任务启动一个线程：使用有上限的线程池、非阻塞 I/O 或虚拟线程。
oom-evidence-growing = 它正在 { $place } 中扩大缓冲区。
oom-evidence-growing-table = 它正在 { $place } 中扩大映射或集合的哈希表。
oom-evidence-copying = 它正在 { $place } 中把一个数组或其一部分复制到新数组。
oom-evidence-growing-part = 它正在 { $place } 中扩大占满堆的某个 { $class } 的数组：其中每一个都在增长，应限制单个对象保留的内容。
oom-evidence-growing-one-of-many = 它正在 { $place } 中扩大占满堆的某个 { $class } 的数组。这样的对象有 { $count } 个，每个约 { $size }：先看是否数量过多，再考虑限制单个对象保留的内容。

## 转储的事实

certified = 已验证：全部 { $objects } 个可达对象的支配者和保留大小均已得到证明，共检查 { $edges } 条引用和根，其中 { $ordered } 个对象由 low-high 序证明。
fact-certified_objects = 支配者和保留大小已验证的对象
fact-edges = 检查过的引用和根
fact-ordered_objects = 由 low-high 序证明的对象
layout-given = 该布局由命令行指定。
layout-sized-by-gap = 没有公式符合的 { $classes } 个类，其大小取自对象间距。
layout-evidence = 对象间距证实了 { $confirmed } 个大小，否定 { $refuted } 个，{ $open } 个未定。
damage-truncated = 文件在一条记录中间结束（末尾 { $size } 丢失）：磁盘已满，或虚拟机写入时被终止。
damage-unclosed = 文件结尾没有表示堆转储结束的记录：虚拟机写入时被终止，或仍在写入。缺失多少无法得知。
damage-packing = 压缩数据中断或损坏；之前的内容已读取。
damage-lost-bytes = { $count } 处共 { $size } 不是记录，已跳过。
damage-unknown-record = 跳过了 { $count } 条未知种类的记录。
damage-short-record = { $count } 条记录过短，已跳过。
damage-no-heap = 文件中没有堆转储。
damage-lost-roots = 文件在 GC 根之前就结束了。现以所有类的静态字段作为根；只被线程持有的对象看起来不可达。
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
table-elements = 元素
table-fields = 字段与元素
table-referrers = 引用者
table-dominators = 支配者（由近及远）
table-paths = 路径
table-suspects = 嫌疑对象
column-unreachable_instances = 不可达
column-reachable = 可达
column-key = 键
column-element = 元素
column-declared_in = 声明于
fact-address = 地址
fact-class = 类
fact-value = 值
fact-shallow_bytes = 浅大小
fact-retained_bytes = 保留大小
fact-reachable = 可达
fact-loader = 类加载器
fact-loaded_from = 加载自
fact-gc_root = GC 根

## 终端

terminal-heap = 已用：{ $size }，{ $objects } 个对象；已加载 { $classes } 个类。
terminal-heap-limit = 堆最大可达 { $limit }。
terminal-heap-limit-about = 堆最大约可达 { $limit }（估计值）。
terminal-heap-garbage = 尚未回收的垃圾：{ $size }，{ $objects } 个对象。
terminal-heap-unmounted = { " " }不被任何根引用：{ $size }，共 { $objects } 个对象，是垃圾，或由 { $threads } 个当时未运行的虚拟线程持有。
terminal-heap-unreached = { " " }不被任何根引用：{ $size }，共 { $objects } 个对象。
terminal-heap-soft = 仅由软引用持有：{ $size }。
terminal-heap-reflection = 看来由类为反射以软引用保留：{ $size }。
terminal-heap-finalizer = 仅由终结器引用：{ $size }。
terminal-oom = OutOfMemoryError
# 占比的分母：堆远未装满时为已用部分。
share-whole = { $inuse ->
    [1] 已用部分
   *[other] 堆
}
share-small-whole = { $inuse ->
    [1] 已用部分
   *[other] 这个小堆
}
terminal-of-heap = 占{ share-whole }的 { $share }
terminal-of-garbage = 占垃圾的 { $share }
terminal-made-of = 构成：{ $list }
terminal-example = 例如 { $example }
terminal-also-held = 另由 { $holder } 持有
terminal-held-estimated = 其中一部分由 { $holder } 持有：按抽样估计约 { $size }
terminal-held-none-alone = 仅其中一个放手不会释放任何内存：{ $holders }
terminal-held-alone = 仅 { $holder } 放手：释放 { $size }
terminal-held-together = 全部放手：释放 { $size }
terminal-root = GC 根：{ $root }
terminal-more-steps = …… 省略 { $count } 步 ……
terminal-same-steps = …… 与嫌疑对象 { $rank } 相同的 { $count } 步 ……
terminal-damage-at = （首次出现于偏移 { $offset }）
terminal-daemon = 守护
terminal-virtual = 虚拟
terminal-retains = 保留 { $size }
terminal-locals = 局部变量 { $size }
terminal-thread-group = { $count } × { $pattern }，共保留 { $size }
terminal-waits-for = - 等待 { $what }
terminal-same-stack = ……其余 { $count } 帧与 "{ $thread }" 相同
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
rule-evidence-entries = 其中共有 { $count } 个条目。
rule-evidence-group = { $key }：{ $count } 个，共保留 { $size }。
rule-garbage-title = { $count } 个不可达的 { $class }，占 { $size }：分配快于回收，并非泄漏
rule-garbage-waiting-title = { $count } 个不可达的 { $class }，占 { $size }：尚未回收，并非泄漏
rule-garbage-advice = 这些对象已无人持有。它们消耗的是分配和回收，而不是持久内存；不必为它们查找泄漏。
rule-class-values-title = { $count } 个不可达的 { $class }，共 { $size }：是垃圾，或由 ClassValue 的计算结果持有
rule-class-values-advice = 如果 ClassValue 所对应的类仍被加载，它们就在使用中，转储无法区分。否则它们只耗费分配和回收，不会长期占用内存。
rule-unmounted-title = { $count } 个不可达的 { $class }，占 { $size }：是垃圾，或者正被当时未运行的虚拟线程使用
rule-unmounted-advice = 转储中没有当时未运行的虚拟线程的栈。除非其中某个线程正在使用这些对象，否则它们消耗的只是分配和回收，并不长期占用内存；用 JDK 25 或更高版本生成的转储可以区分。

## Inspections: histogram, dominators, threads, unreachable, system

table-packages = 包
table-unreachable = 不可达对象
table-tree = 支配树的顶部
table-roots = 按种类统计的 GC 根
roots-about = “按种类统计的 GC 根”表累加每个根独自保留的内存。仅由多个根共同保留的内存不计入任何一行；线程局部变量保留的内存同时计入栈帧和线程两行。
table-fill = 填充率
column-fill = 已用容量
column-arrays_bytes = 数组大小
column-roots = 根数
table-limited = 有上限的集合
column-entries = 元素数
column-limit = 上限
table-map = 以面积表示的保留内存
table-pools = 按名称分组的线程
table-deadlocks = 处于死锁的线程
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
fact-virtual_threads_left_out = 转储未写入的虚拟线程
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
threads-deadlock = { $guessed ->
    [0] {""}
   *[other] 很可能：
}{ $threads } 互相死锁
threads-deadlock-in = { $guessed ->
    [0] {""}
   *[other] 很可能：
}{ $threads } 在 { $place } 互相死锁
threads-deadlock-behind = { $guessed ->
    [0] {""}
   *[other] 很可能：
}{ $threads } 互相死锁；另有 { $behind } 个线程在其后等待
threads-deadlock-in-behind = { $guessed ->
    [0] {""}
   *[other] 很可能：
}{ $threads } 在 { $place } 互相死锁；另有 { $behind } 个线程在其后等待
threads-deadlock-monitors = 堆转储不记录监视器由哪个线程持有：这是根据各栈帧的变量推断的。
threads-deadlock-wait-monitor-in = { $thread } 在 { $place } 等待 { $what } 的监视器，它似乎由 { $owner } 持有
threads-deadlock-wait-monitor = { $thread } 正在等待 { $what } 的监视器，它似乎由 { $owner } 持有
threads-upgrade = { $threads } 在 { $place } 永远等待 { $lock } 的写锁，而其读锁正由它自己持有{ $behind ->
    [0] {""}
   *[other] ；另有 { $behind } 个线程在其后等待
}
threads-upgrade-wait-in = { $thread } 在 { $place } 等待 { $what } 的写锁，而其读锁由它自己持有
threads-upgrade-wait = { $thread } 正在等待 { $what } 的写锁，而其读锁由它自己持有
threads-upgrade-advice = 读锁不能升级为写锁：请先释放读锁，再获取写锁，并重新读取其间可能变化的内容。写锁可以降级为读锁。
threads-lost-stamped = { $count } 个线程在等待 { $lock }，它已被锁定，而没有其他线程正在使用它
threads-lost-stamped-own = { $thread } 在等待自己：它在 { $inner } 请求 { $lock }（StampedLock），而该锁很可能由它自己在 { $outer } 获取{ $count ->
    [0] {""}
   *[other] ；另有 { $count } 个线程在其后等待
}
threads-lost-stamped-advice = StampedLock 不可重入：持有它的线程再次获取时会等待自己。请检查这些线程中哪一个在外层已获取它，或何处没有在 finally 中释放。
threads-deadlock-wait-end = { $thread } 在 { $place } 等待 { $other } 结束
threads-deadlock-wait-result = { $thread } 在 { $place } 等待 { $other } 所执行任务的结果
threads-deadlock-join-advice = 持有某线程所需的锁时，不要等待该线程结束：请在 join() 之前释放锁，或带时限地 join。
threads-deadlock-advice = 在所有代码中以相同的顺序获取这些锁，或使用带时限的 tryLock。
threads-deadlock-wait = { $thread } 正在等待 { $what }
threads-deadlock-wait-in = { $thread } 在 { $place } 等待 { $what }，它由 { $owner } 持有
threads-deadlock-wait-owned = { $thread } 正在等待 { $what }，它由 { $owner } 持有
threads-behind-in = 在其后有 { $count } 个线程 { $thread } 停在 { $place } 等待
threads-behind = 在其后有 { $count } 个线程 { $thread } 等待
threads-starved = 线程池 { $pool } 在等待自己：它的全部 { $count } 个线程都在 { $place } 等待自身队列中任务的结果（队列中有 { $queued } 个任务）
threads-starved-latch = 线程池 { $pool } 在等待自己：它的全部 { $count } 个线程都在 { $place } 等待 CountDownLatch，而倒数它的任务就在自身队列中（队列中有 { $queued } 个任务）
threads-starved-advice = 在另一个线程池中运行内层任务，或组合 future（thenCompose、thenCombine），不要在任务内部等待它们。增加线程只能推迟问题。
threads-all = { $count ->
    [2] 两个线程 { $pool } 都
   *[other] 全部 { $count } 个线程 { $pool }
}
threads-some = { $all } 个线程 { $pool } 中的 { $count } 个
threads-of-kind = 线程
threads-of-kind-virtual = 虚拟线程
threads-of-them = 其中 { $count } 个正在{ $doing }
threads-stuck = { $whom } 停在 { $place }，{ $doing }
threads-stuck-inside = { $whom } 停在 { $place }，{ $doing }；{ $owner } 也在其中，正在{ $inside }
threads-stuck-owner = { $whom } 停在 { $place }，{ $doing }；{ $owner } 正在{ $inside }
threads-stuck-queued = { $whom } 停在 { $place }，{ $doing }；{ $queued } 个任务在等待空闲线程
threads-stuck-queued-inside = { $whom } 停在 { $place }，{ $doing }；{ $owner } 也在其中，正在{ $inside }；{ $queued } 个任务在等待空闲线程
threads-stuck-queued-owner = { $whom } 停在 { $place }，{ $doing }；{ $owner } 正在{ $inside }；{ $queued } 个任务在等待空闲线程
threads-wait-in = { $whom } 在 { $place } 处等待。
threads-stuck-lender = { $whom } 停在 { $place }，{ $doing }；为该池工作的 { $owner } 正在{ $inside }
threads-stuck-queued-lender = { $whom } 停在 { $place }，{ $doing }；为该池工作的 { $owner } 正在{ $inside }；{ $queued } 个任务在等待空闲线程
threads-queue-full = 其队列已满（{ $limit } / { $limit }）。
threads-queue-full-then = 其队列已满（{ $limit } / { $limit }）：{ $then }。
threads-caller-runs = { $count } 个线程 { $thread } 自己执行被拒绝的任务（CallerRunsPolicy），停在 { $place }。
threads-stuck-lock-advice = 持有锁时不要做可能等待的事（网络、磁盘、其他锁），或为其设置时限；其他线程可使用带时限的 tryLock。
threads-stuck-output-advice = 当管道的另一端无人读取（监管进程、日志驱动）或磁盘没有响应时，写标准输出或文件的线程会等待，所有写日志的线程都在等它：请读取另一端，改写文件，或使用宁可丢弃也不等待的异步 appender。
threads-stuck-permit-advice = 在 finally 块中归还每个许可：因异常而丢失的许可不会再回来。带时限的 tryAcquire 能发现这一点。
threads-stuck-permits-advice = 许可正在使用，并未丢失：为持有许可期间的操作设置时限（连接与读取），缩短其耗时，并限制调用者等待的时间（带时限的 tryAcquire）。
threads-stuck-network-advice = 为调用设置时限（连接与读取），并限制同时等待对方的数量（熔断、隔离）。
threads-stuck-latch-advice = 请在 finally 中以及出错的回调中对闩锁倒数：因异常而丢失的一次倒数不会再来。等待时设置时限（await(time, unit)）。
threads-stuck-library-advice = 它们在库内部等待尚未得到的东西，例如连接、可用的服务器或应答：请查看该库的状态与日志了解它在等什么、对方是否可达，并缩短该库的等待时限。
threads-stuck-pool-advice = 查看谁持有池借出的对象，并确保出错时也在 finally 中归还（try-with-resources、close()）；如果池并未借出任何对象，查看它在等什么才能创建，并为之设置连接与读取时限。限制调用者等待池的时间。
threads-stuck-advice = 在它们等待的东西到来之前，它们都无法继续：查看应由谁提供它，并为等待设置时限。
threads-stuck-sleep-advice = 休眠会自行结束：若是限速、轮询或重试前的停顿，它就决定了该线程池能完成多少；查看是否应有这么多任务为此等待。
threads-overdue = 线程 { $thread } 负责其调度器的全部任务，现停在 { $place }，{ $doing }；其后有 { $late } 个任务已过期，最早的已晚 { $seconds } 秒
threads-overdue-all = 某调度器的全部 { $count } 个线程 { $thread } 都停在 { $place }，{ $doing }；其后有 { $late } 个任务已过期，最早的已晚 { $seconds } 秒
threads-overdue-advice = 同一调度器的任务彼此等待。请为该任务所等待的操作设置时限（连接与读取超时、带时限的 await），把可能挂起的工作交给单独的线程池，或增加调度器的线程数。
threads-stands = { $thread } 停在 { $place }
threads-stands-doing = { $thread } 停在 { $place }：{ $doing }
threads-pool-nested = 池 { $pool } 借出的 { $lent } 个对象全部在等待再借一个的线程手中：{ $count } 个线程 { $thread } 停在 { $place }，谁也无法继续
threads-pool-nested-behind = 池 { $pool } 借出的 { $lent } 个对象全部在等待再借一个的线程手中：{ $count } 个线程 { $thread } 停在 { $place }，谁也无法继续；另有 { $behind } 个线程排在其后
threads-pool-nested-advice = 请把连接传递给被调用的方法，而不是在其中再打开一个（嵌套事务、REQUIRES_NEW、游标未关闭时的查询）；或使池的数量大于同时运行的调用数。缩短池的等待时限只会把等待变成错误。
threads-stuck-tail = { $title }；{ $tail }
threads-permits-lost = 没有其他线程在该方法中：在那里取得许可的线程没有归还
threads-permits-at-work = 其中另外 { $count } 个线程正在{ $doing }
threads-lost-lock = 线程 { $owner } 持有 { $lock } 时已结束：该锁永远不会释放；{ $count } 个线程 { $thread } 停在 { $place } 等待它
threads-lost-lock-advice = 请在 finally 块中解锁：lock() 与 unlock() 之间的异常使线程结束。只有重启才能让锁重新可用。
threads-ended-workers = { $holder } 的 { $all } 个线程 { $thread } 中有 { $count } 个已结束（{ $ended }）：交给它们的工作永远不会完成
threads-ended-workers-advice = 交给已结束线程的工作永远不会完成。请查明使其结束的异常或 Error（用 UncaughtExceptionHandler 记录），在此类线程的循环内捕获单个条目可能抛出的异常，并重启进程；若原因是 OutOfMemoryError，请使用 -XX:+ExitOnOutOfMemoryError。
threads-full-queue = { $count } 个线程 { $thread } 停在 { $place }，等待放入 { $queue }；该队列已满（{ $entries } / { $limit }），且没有线程从中取出
threads-full-queue-ended = { $count } 个线程 { $thread } 停在 { $place }，等待放入 { $queue }；该队列已满（{ $entries } / { $limit }）：无人取出，而属于它的线程 { $ended } 已结束
threads-full-queue-advice = 负责取出的线程已结束，很可能是因为无人看到的异常：请在其循环内捕获单个元素可能抛出的异常，记录使线程结束的原因（UncaughtExceptionHandler），并重新启动它。使用带时限的 offer，放入者即可得知无人取出。
threads-missing-party = { $count } 个线程 { $thread } 停在 { $place }，等待 { $barrier }（{ $parties } 方的 CyclicBarrier）；还缺 { $missing } 方，而没有其他线程会到来
threads-missing-party-advice = 某一方已结束（很可能因异常）而没有告知其他方：请在其 catch 块中打破屏障（reset()，或中断其他线程），并带时限等待（await(time, unit)），超时会为所有方打破屏障。
threads-blocked-loop = { $count } 个事件循环 { $thread } 停在 { $place }，{ $doing }：由它服务的其他一切都在等待
threads-blocked-loop-advice = 事件循环服务许多连接，绝不能等待：请把可能等待的工作交给线程池（为 handler 使用 EventExecutorGroup、executeBlocking、publishOn、dispatch；JDK HttpServer 的 setExecutor），或使用回调式客户端；并为该调用设置连接与读取时限。
threads-busy-acceptor = 没有线程在接受 { $socket } 的连接：持有它的 { $thread } 停在 { $place }，{ $doing }
threads-busy-acceptor-advice = 在同一循环中接受并处理连接的线程一次只服务一个客户端，一个不发送数据的客户端会让所有人停下。请把每个已接受的连接交给有上限的线程池，并为它设置时限（Socket.setSoTimeout）。
threads-not-notified = { $count } 个线程 { $thread } 在 { $place } 等待通知，而 { $field } 中已有 { $entries } 个元素，且没有线程在使用它：若它们等的正是这些元素，则丢失了一次 notify
threads-not-notified-advice = 添加元素的一方必须在同一个 synchronized 块中调用 notifyAll()；notify() 只唤醒一个线程，而它可能在等待别的东西。BlockingQueue 会自动做到这一点。
threads-no-carrier = { $count } 个虚拟线程 { $waiting } 在等待载体线程：全部 { $carriers } 个都被 { $thread } 占用，停在 { $place }，{ $doing }
threads-no-carrier-advice = 虚拟线程只有在等待时才让出载体线程。请把计算放到单独的平台线程池（线程数与处理器数相同）；不要在虚拟线程上于本地代码中等待，在 JDK 24 之前也不要在 synchronized 中等待。
threads-timer-ended = Timer { $thread } 的线程已结束：它的 { $count } 个任务（{ $task }）仍标记为已安排，但不会再运行
threads-timer-ended-advice = 任一任务抛出的第一个异常或 cancel() 都会使 Timer 结束；之后再安排任务会得到 "Timer already cancelled."。请在每个任务的 run() 中捕获 Throwable，或使用 ScheduledExecutorService（只有抛出异常的任务会停止）；若确实要 cancel()，请释放该 Timer 及其任务。
threads-task-failed = { $count } 个周期任务因 { $error } 而结束，不会再运行
threads-task-failed-in = { $count } 个周期任务在 { $place } 因 { $error } 而结束，不会再运行
threads-task-failed-pool = 它运行在线程 { $thread } 上，其执行器仍在运行。
threads-task-failed-advice = ScheduledExecutorService 的周期任务在首次有异常逃出时即停止；异常只告知对其 future 调用 get() 的一方，不会记录日志。请在任务内部捕获并记录单次运行可能抛出的异常，并立即重新安排该任务（重启进程）。
threads-initialisers = 正在初始化类的线程似乎在互相等待：{ $threads }
threads-initialisers-behind = 正在初始化类的线程似乎在互相等待：{ $threads }；另有 { $behind } 个线程在等待这些类
threads-initialisers-advice = 打破静态初始化的循环：任何一个类在初始化时都不能使用另一个类（把共同需要的内容移到第三个类，或在首次使用时再创建）。
threads-doing-running = 运行
threads-doing-blocked = 等待监视器锁
threads-doing-monitor = 等待 { $lock } 的监视器
threads-doing-permit = 等待 { $lock } 的许可（剩余 { $left } 个）
threads-doing-semaphore = 等待信号量的许可
threads-doing-lock-named = 等待 { $lock }
threads-doing-idle = 空闲：等待任务
threads-doing-lock = 等待锁
threads-doing-lock-of = 等待 { $lock }，它由 { $thread } 持有
threads-doing-queue = 在队列上等待
threads-doing-pool = 等待池借出对象
threads-doing-full-queue = 等待放入已满的队列
threads-doing-waiting = 等待信号
threads-doing-latch = 等待 CountDownLatch 倒数到零
threads-doing-inside = 在 { $method } 内等待
threads-doing-barrier = 在屏障处等待其他线程
threads-doing-result = 等待 Future 的结果
threads-doing-sleeping = 休眠
threads-doing-selecting = 等待网络事件
threads-doing-accepting = 接受连接
threads-doing-connecting = 等待对方接受连接
threads-doing-reading = 从网络读取
threads-doing-reading-in = 从文件或管道读取
threads-doing-writing = 向网络写入
threads-doing-writing-out = 向文件、管道或控制台写入
threads-doing-full-pipe = 向已满的管道写入
threads-doing-reading-pipe = 从空管道读取
unreachable-class-values = 其中 { $size } 挂在 ClassValue 的计算结果上：如果对应的类仍被加载，它们就被持有，转储无法区分。
unreachable-virtual-threads = 生成转储时有 { $count } 个虚拟线程没有在运行，虚拟机（JDK 21 至 24）没有把它们写成线程。转储中有它们的栈（{ $stacks }），但没有栈所引用的对象。只由它们持有的对象也计入此处：这 { $size } 中最多有一部分仍在使用。

## Inspections: strings, collections, arrays, boxed, waste

table-repeated = 重复的内容
table-longest = 最长的
table-collections-longest = 最长的集合
table-strings-longest = 最长的字符串
table-collisions = 哈希冲突
table-crowded = 键冲突最严重的 Map
table-largest = 最大的数组
table-kinds = 浪费的种类
table-heap-by-kind = 按种类划分的堆
table-heap-by-package = 按包划分的堆
table-heap-by-loader = 按类加载器划分的堆
table-heap-by-thread = 仅由线程持有的堆
heap-kind-objects = 对象
heap-kind-strings = 字符串（不含其字符数组）
heap-kind-classes = 类
heap-kind-object-arrays = 对象数组
heap-kind-primitive-arrays = 基本类型数组
heap-others = 其余部分
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
column-buckets_used = 已用桶数
column-collisions = 冲突数
column-collision_ratio = 冲突率
column-key_class = 键的类
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
fact-zero_bytes = 全零数组的大小
collection-list = 列表
collection-map = 映射
collection-set = 集合
collection-queue = 队列
waste-strings = 重复的字符串
waste-arrays = 重复的数组
waste-zeros = 全零的数组
waste-collections = 空的和过大的集合
waste-boxed = 重复的装箱数字
strings-repeated = 重复的字符串浪费 { $size }，占{ share-whole }的 { $share }
strings-repeated-advice = 在读取这些值的地方共享它们：用一个映射为每个值保留一个实例，值很少时使用 String.intern，或使用 -XX:+UseStringDeduplication（G1，JDK 18 起其他收集器也支持）。
arrays-repeated = 内容相同的数组浪费 { $size }，占{ share-whole }的 { $share }
arrays-repeated-advice = 每种内容只保留一个数组（按其哈希查找），让所有使用者引用它：对多数对象都相同的内容，例如默认图片或空白页，只应存在一份。
arrays-repeated-evidence = 长度为 { $length } 的 { $class } 有 { $count } 个内容相同。
off-heap-open-both = { $deflaters } 个 Deflater 和 { $inflaters } 个 Inflater（java.util.zip）未关闭，在堆外约占 { $size }
strings-sampled = 每 { $step } 个内容重复的数组中查看了一个以确定持有者：按字段的数字为估计值。
collections-wasteful = 空集合和容量过大的集合浪费 { $size }，占{ share-whole }的 { $share }
collections-wasteful-advice = 有第一个元素时再创建集合（在此之前用 Collections.emptyList() 或 null），按实际需要指定容量，对长期保留的列表调用 trimToSize()。
collections-emptied-advice = clear() 和 remove() 都不会缩小集合的数组：清空后换成一个新的集合，或对列表调用 trimToSize()。
waste-field = { $field }：{ $size }
collisions-about = 冲突是指不在所属桶首位的条目，冲突率是它们占全部条目的比例。哈希码分布均匀时为 15% 至 30%；远高于此说明 hashCode() 几乎不能区分键，每次查找都要经过其中许多条目。
collisions-many = { $class } 的 hashCode() 几乎不能区分键：Map 的 { $count } 个条目中有 { $share } 发生冲突
collisions-advice = 让 { $class } 的 hashCode() 取决于 equals() 比较的所有内容并充分混合（Objects.hash，或对 id 用 Long.hashCode）；无法修改时让该类实现 Comparable。
collisions-evidence = { $class } @ { $address }：{ $entries } 个条目落在 { $places } 个桶中的 { $used } 个里。

## Inspections: executors, references

table-executors = 执行器
table-ended_threads = 已结束但仍被引用的线程
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
fact-softly_bytes = 软引用对象的大小
fact-finalizable = 带终结方法的对象
fact-finalizer_objects = 仅因终结而保留的对象
fact-finalizer_bytes = 终结器对象的大小
fact-finalizer_queue = 终结队列长度
references-only-finalizers = { $size } 已丢弃的对象要到终结方法运行之后的那次回收才会释放，其中有 { $count } 个 { $class }
references-only-finalizers-advice = 带有 finalize() 方法的对象在被发现已丢弃的那次回收之后仍会存在。请改用 close() 配合 try-with-resources 或 Cleaner，并少创建这类对象。
references-only-finalizers-unproven = { $size } 仅由终结器引用，其中有 { $count } 个 { $class }
references-only-finalizers-unproven-advice = 转储中几乎没有别的垃圾，或者转储没有虚拟线程的栈：那么可能有转储中没有的东西正在使用它们，例如这些栈或类的字段。
references-backlog = { $count } 个对象在等待终结，其中大多数是 { $class }
references-backlog-advice = 显式关闭这些对象，并查看终结线程在做什么：一个阻塞的终结方法会拖住所有其他终结方法。
references-finalizer-at = 终结线程停在 { $place }。
references-finalizer-in = 终结线程位于 { $place }，{ $doing }。
references-finalizer-blocked = 终结线程在 { $place } 等待一个监视器。
references-finalizer-owner = 线程 { $thread } 似乎持有它：位于 { $place }，{ $doing }。
references-finalizer-beside = 线程 { $thread } 位于同一个类中（{ $place }），{ $doing }：如果持有该监视器的是它，那么在它放开之前不会运行任何终结方法。

## Inspections: off-heap, class loaders

table-holders = 缓冲区的持有者
table-buffers = 最大的缓冲区
table-sockets = 套接字与通道
table-connectors = 连接器
column-socket_state = 状态
column-endpoint = 来源或去向
column-connector = 连接器
column-running = 运行中
column-paused = 已暂停
column-connections = 连接数
column-max_connections = 上限
column-accept_count = 接受队列
column-max_threads = 最大线程数
socket-listening = 监听
socket-connecting = 正在连接
socket-connected = 已连接
socket-half-closed = 对端已关闭
socket-reset = 被对端重置
socket-open = 打开
socket-closed = 已关闭
sockets-not-closed = { $count } 个套接字未关闭就被丢弃
sockets-not-closed-advice = 已无任何引用指向它们，其文件描述符要等到垃圾回收发现才会关闭：请在 finally 中或用 try-with-resources 关闭套接字。
sockets-reset = { $count } 个已被对端重置的连接未关闭
sockets-reset-advice = 读取者已遇到“Connection reset”却仍保留套接字：任何出错都应关闭它。
sockets-half-closed = { $count } 个连接已被对端关闭，而本端仍未关闭（CLOSE_WAIT）
sockets-half-closed-advice = 读取方已读到末尾（read 返回 -1），却保留了套接字：此时应在 finally 块中或用 try-with-resources 关闭它。
sockets-many-open = 有 { $count } 个套接字处于打开状态
sockets-many-open-advice = 每个都占用一个文件描述符，最终会出现“Too many open files”。请在套接字表（oomph off-heap）中查看谁持有它们、通向何处：使用有上限的连接池，关闭空闲连接。
sockets-most = 其中 { $count } 个：{ $state } { $endpoint }，由 { $holder } 持有
sockets-most-accepted = 其中 { $count } 个：{ $state } { $endpoint }，由本进程接受
suspect-connections = 其中有 { $count } 个打开的套接字：{ $state } { $endpoint }。
sockets-unwatched = 其中 { $count } 个在选择器上不关注任何操作（interestOps 为 0）：没有人读取它们，也没有人发现对方已离开。
sockets-unwatched-advice = 不关注任何操作的通道不会因客户端的行为而关闭（CLOSE_WAIT），并占用一个文件描述符及其键所附带的一切。请在 read() 返回 -1 或抛出异常时对通道调用 close()（同时取消其键）；若只是在等待应答，请在之后重新注册，并为空闲连接设置时限。
sockets-many-accepted-advice = 这些连接由本进程接受：只要客户端保持连接、其请求仍在处理，或客户端已离开而本进程没有关闭（read 返回 -1；CLOSE_WAIT），连接就一直打开并占用一个文件描述符。请设置连接数上限和空闲超时，并在客户端离开时结束不占线程而持续的请求（SSE、长轮询）。
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
buffer-arena = Arena
buffer-mapped = 映射文件
buffer-view = 视图
fact-direct_buffers = 直接缓冲区
fact-direct_bytes = 直接缓冲区的容量
fact-native_buffers = 本地代码的缓冲区
fact-native_bytes = 本地缓冲区的容量
fact-arenas = 未关闭的 java.lang.foreign Arena
fact-arena_bytes = 未关闭 Arena 的内存
fact-mapped_buffers = 映射文件
fact-mapped_bytes = 映射文件的大小
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
off-heap-beside-heap = { $count } 个直接缓冲区在堆外占用 { $size }；堆内全部对象仅占 { $heap }
off-heap-arenas = { $count } 个 java.lang.foreign Arena 未关闭，在堆外占用 { $size }；堆内全部对象仅占 { $heap }
off-heap-arenas-advice = 用完后关闭每个 Arena（try-with-resources，或在移除其所有者处调用 close()），或改用 Arena.ofAuto()：没有任何引用指向其内存段时，内存即被释放。JVM 没有限制这类内存的上限：进程会一直增长，直到被系统终止。
off-heap-native = { $count } 个 { $class } 在堆外占用 { $size }；堆内全部对象仅占 { $heap }
off-heap-native-advice = 用完后逐个关闭（close()，其所有者从持有者中移除时也要关闭），并限制持有者的数量。否则只有对象被回收时内存才会归还，而垃圾回收器看不到每个对象背后有多少内存：进程会一直增长，直到被系统终止。
off-heap-native-about = 按每个对象的地址和大小字段估算，{ $count } 个 { $class } 在堆外约占 { $size }；堆内全部对象仅占 { $heap }
off-heap-native-about-advice = 查看 { $class } 如何归还内存（close、free、release），用完即归还，并限制持有者的数量。垃圾回收器看不到每个对象背后有多少内存：进程会一直增长，直到被系统终止。
off-heap-not-traced = 其余，未查看
off-heap-held = { $holder } 持有其中 { $count } 个，共 { $size }。
off-heap-held-in-threads = 线程局部变量 { $holder } 在 { $threads } 个线程（例如 { $thread }）中持有其中 { $count } 个，共 { $size }。
off-heap-open = { $count } 个 { $class } 实例未关闭，在堆外占用约 { $size }
off-heap-open-advice = 在 finally 块中调用 end()，或用 try-with-resources 关闭包装它们的流。
classloaders-stopped = Web 应用 { $name } 已停止，但其类加载器仍被持有，占用 { $size }
classloaders-stopped-advice = 查看到其类加载器的路径：通常是应用停止时没有收回的线程、线程局部变量、驱动或监听器。
classloaders-many = { $count } 个 { $loader } 类加载器各自定义了 { $class }
classloaders-many-advice = 只创建一次类加载器并保留它，或让旧的加载器被释放：仍有对象引用着每一个旧加载器。
classloaders-alike = 已加载的 { $all } 个类中有 { $count } 个名为 { $class }{ $loaders ->
    [0] {""}
    [1] {""}
   *[other] ，分布在 { $loaders } 个类加载器中
}：每个类都占用堆外的 Metaspace，直到其加载器被释放
classloaders-alike-advice = 每次使用都生成的类（脚本、规则、表达式、代理）会不断积累：请为每个不同的文本只生成一个并保留，变化的部分作为参数传入；用完后释放其加载器。-XX:MaxMetaspaceSize 只会使其更早失败。
classloaders-generated = 运行时生成了 { $class } 的 { $count } 个子类
classloaders-generated-held = 抽查的 { $samples } 个实例中有 { $count } 个由 { $holder } 持有。
classloaders-generated-advice = 某个库每次使用都生成代理或增强类，而不是只生成一次，它们都留在 Metaspace 中：请让其工厂缓存这些类（Javassist 与 CGLIB 的 setUseCache(true)、Byte Buddy 的 TypeCache），或只创建一个工厂并保留生成的类。

## The gate

gate-over = { $what }：{ $measured }，超过允许的 { $allowed }
gate-kept = { $what }：{ $measured }，允许 { $allowed }
gate-under = { $what }：{ $measured }，至少需要 { $allowed }
gate-enough = { $what }：{ $measured }，至少需要 { $allowed }：已满足
gate-more = 另有 { $count } 项违反 { $budget }
gate-none-such = 此转储中没有与 { $subject } 相符的内容
gate-not-measured = { $budget } 未测量：报告中没有相应内容
gate-tolerated = 允许至 { $until }：{ $reason }
gate-expired = 豁免已于 { $until } 到期：{ $reason }
gate-no-oom = 没有线程抛出 OutOfMemoryError
gate-oom = 线程 { $thread } 抛出 OutOfMemoryError（{ $kind }）
gate-problem = { $title }（{ $measured }）；允许：{ $allowed }
gate-problem-said = { $title }；允许：{ $allowed }
gate-new-suspect = 相对基线新出现：{ $title }
gate-no-new-suspect = 相对基线没有新的嫌疑
gate-new-finding = 相对基线新出现：{ $title }
gate-no-new-finding = 相对基线没有新的发现
gate-what-reachable = 可达堆
gate-what-unreachable = 垃圾
gate-what-objects = 可达对象数
gate-what-classes = 已加载类数
gate-what-threads = 线程数
gate-what-threads-named = 符合 { $subject } 的线程数
gate-what-thread-retained = 线程 { $subject } 的保留大小
gate-what-locals = 线程 { $subject } 的局部变量所持有
gate-what-thread-locals = 线程 { $subject } 的 ThreadLocal 所持有
gate-what-loaders = 类加载器数
gate-what-loaders-named = 符合 { $subject } 的类加载器数
gate-what-loader-classes = 加载器 { $subject } 的类数
gate-what-off-heap = 堆外内存
gate-what-damage = 转储中的损坏处
gate-what-damage-kinds = 转储中的损坏处（{ $subject }）
gate-what-instances = { $subject } 的实例数
gate-what-shallow = { $subject } 的浅大小
gate-what-retained = { $subject } 的保留大小
gate-what-unreachable-instances = { $subject } 的不可达实例数
gate-what-held = { $subject } 所持有
gate-what-elements = { $subject } 所持有的元素数
gate-what-suspects = 嫌疑数（{ $subject }）
gate-what-findings = 发现数（{ $subject }）
gate-what-finding-count = { $subject } 发现的数量
gate-what-finding-bytes = { $subject } 发现的内存
gate-what-waste = 浪费（{ $subject }）
gate-what-heap-growth = 可达堆的增长
gate-what-heap-growth-beyond = 除有上限的缓存所填充的部分外，可达堆的增长
gate-what-growth = { $subject } 的增长
gate-what-instance-growth = { $subject } 实例数的增长
gate-what-element-growth = { $subject } 所持有元素数的增长
gate-what-thread-growth = 线程数的增长
gate-what-loader-growth = 类加载器数的增长
gate-no-baseline = 没有可比较的基线 { $file }；--update-baseline 会写出它
gate-other-java = 基线来自 Java { $was }，本转储来自 Java { $is }：不比较 Java 自身的类；--update-baseline 可重新生成基线
gate-held-by = 由 { $holder } 持有
gate-path = 路径：{ $path }
gate-see = 查看：{ $command }
gate-fingerprint = 指纹：{ $fingerprint }
gate-title = 堆门禁
table-gate_dumps = 转储
column-gate_dump = 转储
column-gate_result = 结果
column-gate_heap = 可达堆
column-gate_broken = 违反
column-gate_budgets = 预算
column-gate_why = 原因
gate-unreadable = 未评判
gate-passed = 通过
gate-failed = 未通过
gate-nothing-measured = 未测量
gate-dump-tolerated = { $file }：{ $count } 项预算中除策略暂时允许的 { $tolerated } 项外均未违反，可达堆 { $heap }
gate-dump-not-measured = { $file }：没有测量任何预算，因此什么也未证明；可达堆 { $heap }
gate-no-budget = 策略对此转储没有任何预算
gate-growth-needs-baseline = 未测量增长：没有可比较的基线（--baseline）
gate-first-baseline = 尚无可比较的基线；此转储从现在起就是基线（{ $file }）
gate-dump-passed = { $file }：{ $count } 项预算全部满足，可达堆 { $heap }
gate-dump-no-budget = { $file }：策略对此转储没有任何预算，可达堆 { $heap }
gate-dump-failed = { $file }：{ $count } 项预算中违反 { $broken } 项，可达堆 { $heap }
gate-sum = { $count } 个转储中 { $bad } 个未通过

## Growth between dumps

growth-headline = { $holder } 从 { $old } 增长到 { $new }：{ $class } 多了 { $count } 个。
growth-evicts = 会淘汰
growth-limited = { $holder } 增长了 { $size }，但会淘汰旧元素：正在填充的缓存不是泄漏。
growth-limited-by = { $holder } 增长了 { $size }，但有上限（{ $entries } / { $limit } 个元素）：正在填充的缓存不是泄漏。
growth-none = 没有大内存持有者增长；可达堆从 { $old } 变为 { $new }。
table-collections = 增长的集合
table-new_suspects = 新的嫌疑
fact-old_file = 较旧的转储
fact-new_file = 较新的转储
fact-reports = 比较的转储数
fact-old_bytes = 之前的可达堆
fact-new_bytes = 之后的可达堆
fact-bytes_delta = 变化
fact-objects_delta = 对象数变化
fact-unreachable_delta = 垃圾变化
column-old_elements = 之前元素数
column-new_elements = 之后元素数
column-elements_delta = 变化
column-bytes_delta = 增长
column-steady = 持续
column-path = 路径
column-old_instances = 之前实例数
column-new_instances = 之后
column-instances_delta = 变化
column-old_bytes = 之前
column-new_bytes = 之后
column-old_count = 之前
column-new_count = 之后
column-count_delta = 变化
column-fingerprint = 指纹
table-threads = 线程
growth-branch = { $path } 从 { $old } 增长到 { $new }。
growth-held = { $holder } 从 { $old } 增长到 { $new }。
growth-branch-objects = { $path } 从 { $old } 增长到 { $new }：多了 { $count } 个。
table-branches = 支配树中增长的部分
column-objects_delta = 对象数
growth-rate = 各转储前后相隔 { $minutes } 分钟：折合每小时增长 { $size }、{ $elements } 个元素。
growth-rate-bytes = 各转储前后相隔 { $minutes } 分钟：折合每小时增长 { $size }。
fact-seconds = 首末转储相隔秒数
fact-bytes_per_hour = 堆每小时的增长
table-owners = 按持有者统计的增长
table-dumps = 转储文件
column-shared_delta = 其中共享部分
column-growth_share = 占堆增长
column-trend = 趋势
column-file = 文件
column-unreachable_bytes = 垃圾
column-created = 生成时间
section-growth-owners = 增长归谁
section-growth-owners-about = 由一个持有者单独持有的内存归它自己。由几个持有者共同持有的内存要等它们全部放手才会释放，因此平均分给它们；各部分之和等于所持有内存的增长。
section-growth-collections = 增长的集合
section-growth-collections-about = 按持有集合的字段和通向集合的路径统计；每一步都在增长的排在最前，已知有上限的排在最后。泄漏的表现是某个字段中的某个集合持续增长。
section-growth-branches = 支配树中的增长
section-growth-branches-about = 支配树中增长的最内层部分，也包括尚小、还算不上嫌疑的部分。
section-growth-classes = 按类统计的增长
section-growth-classes-about = 实例数和浅大小；类名中 lambda、代理等的编号已去掉。
section-growth-suspects = 新的嫌疑
section-growth-suspects-about = 第一个转储中没有的嫌疑。
section-growth-threads = 线程与类加载器
section-growth-threads-about = 数量有变化的线程池和各类加载器。
section-growth-dumps = 参与比较的转储
section-growth-dumps-about = 最早的在前。
html-growth-title = 截至 { $file } 的增长
html-growth-picture = 增长归谁
html-growth-of-heap = 可达堆的增长
html-growth-rest = 其余
html-growth-calm = 没有明显的增长。
html-growth-limited = 有上限
html-growth-steady = 每一步都在增长
html-growth-unsteady = 有增长
html-none-of = 无内容：
html-growth-now = 现为 { $size }
html-growth-an-hour = 折合每小时 { $size }。
