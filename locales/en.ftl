### English. One message a line; `{ $x }` are arguments; both catalogues have the same messages (a test checks that).
### Groups: plain words, then by renderer, then by inspection. Add yours at the end, under a heading of its own.

## Plain words

objects-count = { $count ->
    [one] { $count } object
   *[other] { $count } objects
}
instances-count = { $count ->
    [one] { $count } instance
   *[other] { $count } instances
}
threads-count = { $count ->
    [one] { $count } thread
   *[other] { $count } threads
}
classes-count = { $count ->
    [one] { $count } class
   *[other] { $count } classes
}
elements-count = { $count ->
    [one] { $count } element
   *[other] { $count } elements
}
paths-count = { $count ->
    [one] { $count } path
   *[other] { $count } paths
}
yes = yes
no = no

## Verdict

verdict-biggest-holder = { $holder } holds { $size }, { $share } of the heap.

## What kind of OutOfMemoryError

oom-kind-java-heap-space = Java heap space
oom-kind-java-heap = Java heap
oom-kind-gc-overhead-limit = GC overhead limit exceeded
oom-kind-gc-overhead-limit-exceeded = GC overhead limit exceeded
oom-kind-metaspace = Metaspace
oom-kind-compressed-class-space = Compressed class space
oom-kind-direct-buffer-memory = Direct buffer memory
oom-kind-unable-to-create-native-thread = Unable to create native thread
oom-kind-native-thread = Unable to create native thread
oom-kind-requested-array-size = Requested array size exceeds VM limit
oom-kind-array-too-large = Java heap space or Requested array size exceeds VM limit
oom-kind-requested-array-size-exceeds-vm-limit = Requested array size exceeds VM limit
oom-kind-code-cache = Code cache
oom-kind-out-of-swap-space = Out of swap space
oom-kind-other = Of another kind
oom-kind-unknown = Of unknown kind

## Leak, load or garbage; confidence; severity; holders; patterns; roles

kind-leak = Leak
kind-backlog = Backlog
kind-cache = Cache · too large for this heap
kind-leak-if-it-grows = Leak if it grows
kind-load = Load
kind-waste = Waste
kind-garbage = Garbage
kind-threads = Threads pile up
kind-largest = Large holder
kind-ordinary = Ordinary
kind-leak-about = Held by something that lives as long as the process: it stays and grows.
kind-load-about = Held only by a running thread: it goes away when the request ends.
kind-garbage-about = Held by nothing: the collector had not come to it yet.
confidence-exact = proven
confidence-likely = likely
confidence-estimated = a guess
standing-largest = nothing wrong proven
standing-meant = as large as it is meant to be
standing-soft = cleared before memory runs out
holder-exact = holder proven
holder-likely = holder likely
holder-likely-by-element = holder likely (one of its elements leads back to it)
holder-likely-referred = holder likely (others refer to it as well)
holder-likely-of = holder likely (that of { $agreeing } of { $samples } looked at)
holder-estimated = holder guessed
garbage-estimated = an estimate
severity-error = Serious
severity-warning = Warning
severity-info = Note
holder-static-field = static field
holder-instance-field = field
holder-stack-local = local variable
holder-thread-local = thread-local
holder-thread = thread
holder-is-jni-global = native code (JNI global references to { $class })
holder-jni-global = native code (JNI global)
holder-class-loader = class loader
holder-other = GC root
holder-in = in
holder-nobody = nobody
holder-in-thread = { $place } in thread { $thread }
holder-in-threads = { $place } in { $count } threads { $thread }
holder-captured = the variable { $name } that { $class } has captured
size-about = about { $size }
size-range = { $least } to { $most }
holder-captured-by-lambda = a variable that a lambda of { $class } has captured
holder-of-call = { $field } in { $place } in thread { $thread }
holder-of-calls = { $field } in { $place } in { $count } threads { $thread }
holder-is-thread = thread { $thread } ({ $class })
holder-are-threads = { $count } threads { $thread } ({ $class })
holder-thread-named = thread { $thread }
pattern-collection = one large collection
pattern-repeated = many of a kind
pattern-big-object = one big object
pattern-empty-collection = a collection with room and next to no elements
pattern-class-loader = a class loader
pattern-off-heap = memory outside the heap
pattern-threads = threads
role-culprit = The culprit
role-one-of-them = One of the culprits
role-works-for = At work for the culprit
role-victim = Only the victim
role-unknown = Not clear if culprit or victim

## Sections (titles and introductions)

section-suspects = Suspects
section-suspects-about = What holds much memory, most to blame first, with the path that keeps it alive.
section-findings = Findings
section-findings-about = What known libraries and the checks of each inspection have to say about this heap.
section-histogram = Histogram
section-histogram-about = How many objects of each class are reachable, and how much memory they hold.
section-dominators = Dominator tree
section-dominators-about = Who keeps what alive: remove a row, and everything below it goes with it.
section-threads = Threads
section-threads-about = What each thread was doing, and how much its local variables hold.
section-classloaders = Class loaders
section-classloaders-about = Who loaded which classes, and what the loaders keep alive.
section-strings = Strings
section-strings-about = What text costs, and how much of it is there more than once.
section-collections = Collections
section-collections-about = Lists, maps and sets: how many are empty, sparse or oversized.
section-arrays = Arrays
section-arrays-about = Arrays that are empty, mostly zero or there more than once.
section-boxed = Boxed numbers
section-boxed-about = Integer, Long and the like: numbers that cost an object each.
section-references = References and finalizers
section-references-about = What soft, weak and phantom references hold, and what waits for finalization.
section-off-heap = Off-heap memory
section-off-heap-about = Memory outside of the Java heap, and sockets, that objects of this heap stand for.
section-unreachable = Unreachable objects
section-unreachable-about = Garbage that the collector had not yet taken. It is in the dump, but it is no leak.
section-unreachable-about-class-values = No root that is in the dump leads to these. Part of it hangs on class values: held if their classes are loaded, garbage if not; a dump does not tell. The rest is garbage.
section-unreachable-about-unmounted = No root that is in the dump leads to these: garbage, or in use by virtual threads that were not running, whose stacks the dump leaves out.
section-unreachable-about-roots-lost = No root that is left in the file leads to these. Some of it may be in use: a part of the file is lost.
section-system = System properties and VM
section-system-about = What the virtual machine was told and what it is. Values that look like secrets are masked.
section-waste = Waste
section-waste-about = Memory that could be saved without changing what the program does.
section-growth = Growth
section-growth-about = What has grown since the older dump.
section-layout = How sizes were found
section-layout-about = A dump does not say how large objects are in memory. This is how the layout was derived.
section-damage = Damage
section-damage-about = What is wrong with the dump file. Everything that could be read is in this report.
section-glossary = Glossary
section-glossary-about = The words of this report, for those who have not met them before.

## Columns

column-class = Class
column-loader = Class loader
column-instances = Instances
column-objects = Objects
column-shallow_bytes = Shallow size
column-retained_bytes = Retained size
column-bytes = Size
column-count = Count
column-share = Share
column-children = Children
column-address = Address
column-name = Name
column-value = Value
column-package = Package
column-field = Field
column-holder = Holder
column-thread = Thread
column-state = State
package-none = none: arrays of primitives, and classes without a package
loader-boot = <boot>
loader-unknown = <unknown>

## Facts

fact-file = File
fact-file-bytes = File size
fact-format = Format
fact-created = Written
fact-java-version = Java version
fact-vendor = Vendor
fact-vm = Virtual machine
fact-header-bytes = Object header
fact-reference-bytes = Reference in the heap
fact-alignment-bytes = Object alignment
fact-compact-headers = Compact headers
fact-confidence = How sure

## HTML page

html-title = Heap report: { $file }
html-skip = Skip to the content
html-nav = Sections
html-verdict = Verdict
html-language = Language
html-generated = Made on { $date } by { $tool }.
html-made-by = Made by { $tool }.
html-no-scripts = Scripts are switched off: tables show their first rows and cannot be sorted, pictures cannot be zoomed. Everything else works.
html-healthy = Nothing stands out
html-no-oom = No trace of an OutOfMemoryError in this dump.
html-oom-earlier = This dump was not made at an OutOfMemoryError, but one that was thrown before is in it.
html-reachable-total = reachable heap
html-heap-picture = The heap, and who holds it
html-heap-limit = the heap could grow to { $limit }
html-heap-limit-about = the heap could grow to about { $limit } (estimate)
html-heap-rest = Everything else
html-heap-soft = Only softly reachable
html-heap-finalizer = Only finalizers lead to it
html-heap-unreachable = Unreachable (garbage)
html-heap-reflection = Softly held by classes, for reflection
html-heap-fillers = Reserved and not used (int[] of the virtual machine)
html-heap-class-values = Held by class values, or garbage
html-heap-unmounted = In use by virtual threads, or garbage
html-heap-roots-lost = Unreachable, as far as the file tells
html-of-heap = { $share } of { share-whole }
html-of-garbage = { $share } of the garbage
html-suspect = Suspect { $rank }
html-suspect-made-of = What it is made of
html-change = What to change
html-change-same = The same as in the card before.
html-finding-details = Details
html-finding-told = What holds it, and what to change:
html-details = Path and details
html-held-by = Held by
html-oom-thread = Thrown in thread
html-oom-stack = Stack of the thread
html-oom-site = In
html-oom-held = It held
html-oom-culprit = To blame is
html-why = Why this is said
html-path = What keeps it alive
html-path-example = What keeps one of them alive
html-path-alone = alone
html-path-size-alone = { $size } alone
html-path-alone-about = “Alone” is what would go if only this object went. Other references lead to the rest as well.
html-path-from = GC root
html-path-more = { $count ->
    [one] { $count } step in between
   *[other] { $count } steps in between
}
html-path-here = Here the memory spreads out
html-holders = All who hold it
html-alone = Freed if only this one lets go
html-holders-others = Others that hold some
html-holds-about = Estimated from a sample
html-together = Freed if all of them let go
html-examples = Values found in it
html-values-share = The same in { $share } of those looked at.
html-rule = Rule
html-fingerprint = Fingerprint
html-findings-none = No finding.
html-suspects-none = No suspect: no object and no group of objects holds a conspicuous part of the heap.
html-link = Documentation of the library
html-count = Count
html-filter = Filter
html-rows-of = { $shown } of { $total } rows
html-copy = Copy
html-copy-csv = Copy CSV
html-copy-summary = Copy the summary as text
html-copied = Copied
html-show-more = Show more
html-show-all = Show all
html-omitted = { $count ->
    [one] { $count } row more is not in this report.
   *[other] { $count } rows more are not in this report.
}
html-static-rows = The first { $count } rows; with scripts switched on, all { $total }.
html-no-rows = No rows.
link-class-loader = <class loader>
link-super-class = <super class>
link-class = <class>
link-signers = <signers>
link-protection-domain = <protection domain>
value-size = size { $count }
value-length = length { $count }
value-class = class { $class }
value-plain = { $value }
html-cut = … ({ $count } characters)
html-zero = None:
html-no-match = No row matches.
html-expand-all = Open a level more
html-collapse-all = Close all
html-treemap = Treemap
html-icicle = Icicle
html-icicle-about = The same as levels: what an area holds lies below it.
map-dominators = Retained memory as areas
html-map-about = The larger an area, the more memory it keeps alive. Suspects have the colours of their kinds; other colours only tell the topmost areas apart.
html-map-hint = Click an area to go into it; Esc goes back.
html-map-rest = smaller objects
html-map-all = Whole heap
html-paths = All ways to these objects
html-paths-hint = Boxes are objects of one class that are reached in the same way, with how many paths lead there; the words on the lines are fields. An object with several holders counts at each.
html-paths-wider = Wider than this page: scroll the picture sideways to see all of it.
paths-same = The ways to these objects are the same as for suspect { $rank }.
paths-of-all = The shortest strong paths to all { $count } objects, put together.
paths-of-some = The shortest strong paths to { $looked } of { $count } objects, put together; shares are estimates.
paths-of-one = The strong paths by way of each holder.
paths-roots = GC roots
paths-others = all other ways
paths-above = (goes on as above)
html-from = From
html-to = To
html-groups = Threads that do the same
html-all-threads = All threads
html-thread-search = Find threads, frames or classes
html-thread-daemon = daemon
html-thread-virtual = virtual
html-thread-unnamed = unnamed
html-threads-omitted = { $count ->
    [one] { $count } thread more is not in this report.
   *[other] { $count } threads more are not in this report.
}
html-thread-threw = threw the OutOfMemoryError
html-thread-waits = waits for { $what }
html-thread-no-stack = No stack in the dump.
html-thread-locals = Locals hold
html-thread-thread-locals = Thread-locals hold
html-thread-shared = Others refer to some of it too, so less would go with the thread.
html-thread-count = { $shown } of { $total } threads
html-damage-banner = The dump is damaged; this report covers what could be read.
html-truncated = The file ends before its last record does.
html-offset = First at offset { $offset }
html-strings-left-out = The texts themselves are left out, because they may be confidential: --strings puts them in.
html-times = { $count } times
html-explain = What is this?

## Kinds of GC roots

root-class = class
root-class-of = class loaded by { $loader }
root-jni-global = JNI global
root-jni-local = JNI local
root-java-frame = Java frame
root-native-stack = native stack
root-sticky-class = system class
root-thread-block = thread block
root-monitor-in-use = monitor in use
root-thread-object = running thread
root-interned-string = interned string
root-finalizing = being finalized
root-debugger = debugger
root-reference-cleanup = reference cleanup
root-class-value-of-a-class = class value of a class
root-vm-internal = VM internal
root-jni-monitor = JNI monitor
root-unreachable = unreachable
root-unknown = of unknown kind

## Glossary

term-retained-size = Retained size
term-retained-size-about = What would be freed if this object went: its own memory and all that only it keeps alive. This is the figure that matters when something is too big.
term-shallow-size = Shallow size
term-shallow-size-about = The memory of the object alone, without anything it refers to: header and fields, rounded up to the JVM's alignment.
term-dominator = Dominator
term-dominator-about = An object through which every path from the GC roots to another one leads. If it goes, the other one goes too.
term-gc-root = GC root
term-gc-root-about = Where the garbage collector starts: static fields of classes, local variables of running threads, references from native code. What it cannot reach from there is garbage.
term-path = Path to a GC root
term-path-about = The chain of fields that keeps an object alive. Cut any link that all paths share, and the object can be collected.
term-accumulation-point = Accumulation point
term-accumulation-point-about = The object below which memory stops being one big thing and becomes many small ones: usually the collection that grew.
term-holder = Holder
term-holder-about = The field, local variable or thread that a programmer can change to let go of the memory.
term-leak-load-garbage = Leak, load or garbage
term-leak-load-garbage-about = Leak: held by something that lives as long as the process. Load: held only by a running thread, it goes when the work is done. Garbage: held by nothing, and only in the dump because the collector had not run.
term-culprit-victim = Culprit or victim
term-culprit-victim-about = The thread that gets the OutOfMemoryError is only the one that asked last. It is the culprit if it holds much of what fills the heap, otherwise the victim of somebody else.
term-reference-strength = Reference strength
term-reference-strength-about = Strong references keep objects alive. Soft ones are cleared when memory runs out, weak ones at any collection, phantom ones only tell that an object is gone. Finalizers keep an object until they have run.
term-unreachable = Unreachable
term-unreachable-about = No path from any GC root leads there: the memory is free for the next garbage collection. Dumps made without "live" are full of it.
term-class-loader = Class loader
term-class-loader-about = The object that has loaded classes. It keeps them and their static fields alive; when an application is redeployed, the old one should go.
term-shares = Share
term-shares-about = Of the memory of all reachable objects, unless said otherwise.
term-confidence = How sure
term-confidence-about = How sure it is who holds it. Proven: the dump itself shows it. Likely: several signs point to it. Guessed: it fits, but nothing in the dump confirms it. Whether it grows one dump cannot prove; it shows what has piled up.

## Suspects

suspect-title-one = One { $class } held by { $holder }
suspect-title-many = { $count } { $class } held by { $holder }
suspect-title-many-below = { $count } { $class } in { $place }, below { $holder }
suspect-title-beside = One { $class } ({ $size }) and { $count } { $element } held by { $holder }
suspect-title-with = One { $class } with { $count } { $element } held by { $holder }
suspect-elements-of-classes = elements ({ $list })
suspect-title-many-with = { $count } { $class } with { $parts } { $element } held by { $holder }
suspect-title-carrying = { $count } { $class } with one { $element } each, held by { $holder }
suspect-title-chained = { $first ->
    [one] A CompletableFuture that is not completed, and { $count } more that wait behind it, one after the other,
   *[other] { $first } CompletableFutures that are not completed, and { $count } more that wait behind them, one after the other,
} held by { $holder }
suspect-chained-captured = The functions of the stages that wait have captured { $class }, of which there are { $count }.
suspect-advice-chained = Only the first of such a chain has to be completed: do so in every case, also with an exception when the answer is lost or the connection goes, and give it a time limit (orTimeout). Let no more than some stages wait behind it: each keeps all that its function has captured.
suspect-title-captured = { $count } { $kept }, each kept by a lambda in { $holder }
suspect-title-known = { $name }, held by { $holder }
suspect-title-two = { $count ->
    [one] One { $class } held by { $first } and { $second }
   *[other] { $count } { $class } held by { $first } and { $second }
}
suspect-title-several = { $count ->
    [one] One { $class } held by { $first }, { $second } and { $rest ->
        [one] another
       *[other] { $rest } others
    }
   *[other] { $count } { $class } held by { $first }, { $second } and { $rest ->
        [one] another
       *[other] { $rest } others
    }
}
suspect-title-two-with = One { $class } with { $count } { $element } held by { $first } and { $second }
suspect-title-several-with = One { $class } with { $count } { $element } held by { $first }, { $second } and { $rest ->
    [one] another
   *[other] { $rest } others
}
suspect-title-threads = { $count } { $kind } { $thread } in { $place }
suspect-title-threads-doing = { $count } { $kind } { $thread }, { $doing } in { $place }
suspect-title-threads-named = { $count } { $kind } { $thread }
suspect-title-threads-of-executors = { $executors } executors that nothing but their own threads refers to, with { $count } { $class } in { $holder } of these threads
suspect-title-own-threads = { $count } { $class }, each kept by a running thread of its own, { $thread }
suspect-own-threads-executors = The threads are those of the executors in { $holder }.
suspect-threads-permit = They wait for a permit of { $lock }, which has { $left ->
    [0] none left
   *[other] only { $left } left
}.
suspect-threads-lock = They wait for { $lock }, which thread { $thread } holds.
suspect-threads-lock-in = They wait for { $lock }, which thread { $thread } holds in { $place }.
suspect-threads-lock-doing = They wait for { $lock }, which thread { $thread } holds: it is { $doing } in { $place }.
suspect-threads-started = Their work comes from { $place }.
suspect-threads-doing = Nearly all of these threads are { $doing } in { $place }.
suspect-queue-full = It is full, { $entries } of { $limit }: it grows no more, and whoever puts into it waits.
suspect-registered = { $size } of it are what they have registered as MBeans, held by { $holder }: closing them takes it back.
suspect-queue-nobody = No thread has it, or anything like what is in it, in hand at this moment: see whether whoever should take from it still runs.
suspect-in-registry = It is in { $holder } as well, which has nothing but what calls that run now are at work with: see that it is taken out there in a finally when the call ends.
suspect-queue-only-main = Only thread { $thread } has it in hand, which is in { $place }, { $doing }; no other is at work with it or with anything like what is in it: see whether whoever should take from it still runs.
suspect-queue-only-filled = { $count ->
    [one] Thread { $thread }, which is in { $place }, puts into it; no thread waits to take from it, and no other is at work with it or with anything like what is in it.
   *[other] { $count } threads, such as { $thread } in { $place }, put into it; no thread waits to take from it, and no other is at work with it or with anything like what is in it.
}
suspect-queue-starved = None of it will be worked off: the threads that should do it wait for what is in this queue.
suspect-queue-worker = The only thread of the pool, { $thread }, is in { $place }, { $doing }.
suspect-queue-worker-in = The only thread of the pool, { $thread }, is in { $place }.
suspect-queue-workers = All { $count } threads { $thread } of the pool are in { $place }.
suspect-queue-full-of-pool = It is full, { $entries } of { $limit }: it grows no more.
suspect-as-many-as-call = There are as many as the { $count } { $class } held by { $holder }: most likely the same rows once more, and fewer when fewer are asked for there.
suspect-queue-full-then = It is full, { $entries } of { $limit }: it grows no more; { $then }.
suspect-receiver = { $count ->
    [one] A coroutine of { $place } receives from it.
   *[other] { $count } coroutines of { $place } receive from it.
}
suspect-receiver-in = { $count ->
    [one] A coroutine of { $place } receives from it, and is in { $inner } at this moment.
   *[other] { $count } coroutines of { $place } receive from it; one of them is in { $inner } at this moment.
}
queue-full-throws = more tasks are rejected with an exception
queue-full-caller-runs = whoever submits more runs it itself
queue-full-drops = more tasks are dropped
queue-full-drops-oldest = each further task pushes out the oldest
suspect-queue-putting = { $count ->
    [one] Thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} to put more into it, in { $place }.
suspect-queue-others = { $count ->
    [one] Thread { $thread }, which works with it as well, is
   *[other] { $count } threads { $thread }, which work with it as well, are
} { $doing } in { $place }.
suspect-queue-others-in = { $count ->
    [one] Thread { $thread }, which works with it as well, is
   *[other] { $count } threads { $thread }, which work with it as well, are
} in { $place }.
suspect-title-empty = { $count ->
    [one] One empty { $class } held by { $holder }
   *[other] { $count } empty { $class } held by { $holder }
}
suspect-title-nearly-empty = { $count ->
    [one] One nearly empty { $class } held by { $holder }
   *[other] { $count } nearly empty { $class } held by { $holder }
}
suspect-thread-locals-stale = { $threads ->
    [one] The thread has
   *[other] The threads have
} { $entries } entries of thread-locals; { $stale ->
    [one] one of them has lost its key: that ThreadLocal is gone, and its value has stayed.
   *[other] { $stale } of them have lost their key: those ThreadLocals are gone, and their values have stayed.
}
suspect-none-is-young = It seems not to have grown since the last collection: none of it is among the objects that were made last ({ $size } of which are garbage already).
suspect-of-library = It is a table that a library keeps for itself: nothing of the application is in it, and no entry of it is among the objects that were made last ({ $size } of which are garbage already).
suspect-own-limit = Its code limits it: { $field } is { $limit }, and it has { $entries }. With as many as that it would take about { $size }.
suspect-each-by-fields = Each { $class } has { $size } on average: { $parts }.
suspect-each-by-field = Each { $class } has { $size } on average, nearly all of it in its field { $field }.
suspect-few-large = There are only { $count }: nearly all of each { $class } is in one { $part } of { $size } on average, which has room to grow.
suspect-few-large-with = There are only { $count }, with { $number } { $element } in them: each { $class } has { $size } on average.
suspect-same-elements = { $distinct ->
    [one] All { $count } are the same { $class } in all fields.
   *[other] Of the { $count } only about { $distinct } { $class } differ in their fields: each is in it about { $times } times.
}
suspect-lambdas-of-places = The code of { $class } makes these { $count } { $lambda } in { $places } places.
suspect-few-of-many = { $count ->
    [one] One of { $all } { $class } holds it.
   *[other] { $count } of { $all } { $class } hold it.
}
suspect-few-of-many-named = One of { $all } { $class } holds it: the one with { $field } { $value }.
suspect-few-of-many-hidden = One of { $all } { $class } holds it, which its { $field } tells from the others; --strings shows that.
suspect-in-threads = { $count ->
    [one] { $field } is a ThreadLocal: nearly all of it is its value in thread { $thread }.
   *[other] { $field } is a ThreadLocal: { $count } threads { $thread } have a value of their own in it, { $sizes } each.
}
suspect-in-threads-mostly = { $field } is a ThreadLocal: { $count } threads have a value of their own in it. That of { $most } is the largest, { $size }; the others, { $thread }, have { $sizes } each.
suspect-in-objects = It is in { $count } { $class }, { $sizes } each.
suspect-in-objects-of = It is in { $count } { $class }, { $sizes } each, all of them in { $place }.
suspect-shared-among = Beside that they share { $size }, which is counted once.
suspect-under-numbers = They are under { $keys } keys, at most { $most } under one of them.
suspect-in-entries = The map has { $entries } entries; their keys are { $class }.
suspect-in-each = They are in the field { $field } of { $count } { $class }.
suspect-in-each-several = They are in the field { $field } of { $count } { $class }, in { $places } places in all.
suspect-keys = Keys
suspect-keys-of = Keys of { $map }
suspect-keys-like = { $keys } look like { $pattern } ({ $count } of { $samples } looked at).
suspect-keys-like-all = { $keys } look like { $pattern } ({ $samples } looked at).
suspect-keys-like-others = { $keys } look like { $pattern } ({ $count } of { $samples } looked at) and { $others }.
suspect-keys-two-fields = Its keys are { $class }: among { $samples } looked at { $first } has { $most } different values, { $second } { $less }.
suspect-keys-three-fields = Its keys are { $class }: among { $samples } looked at { $first } has { $most } different values, { $second } { $less }, { $third } { $least }.
suspect-keys-varied-two = Hardly any two keys have the same { $first }: among { $samples } { $class } looked at it has { $most } different values, { $second } { $less }.
suspect-keys-varied-three = Hardly any two keys have the same { $first }: among { $samples } { $class } looked at it has { $most } different values, { $second } { $less }, { $third } { $least }.
suspect-keys-unique = Each of the { $samples } { $class } looked at, which are its keys, has another { $field }.
suspect-state-value-set = set
suspect-state = { $others ->
    [0] { $field } is { $value } in all { $samples } { $class } that were looked at.
   *[other] { $field } is { $value } in { $count } of { $samples } { $class } that were looked at.
}
suspect-state-done = { $others ->
    [0] { $field } is { $value } in all { $samples } { $class } that were looked at: they seem done with, and are still held.
   *[other] { $field } is { $value } in { $count } of { $samples } { $class } that were looked at: they seem done with, and are still held.
}
suspect-state-passed = { $others ->
    [0] { $field } has passed in all { $samples } { $class } that were looked at.
   *[other] { $field } has passed in { $count } of { $samples } { $class } that were looked at.
}
suspect-state-passed-done = { $others ->
    [0] { $field } has passed in all { $samples } { $class } that were looked at, and they are still held.
   *[other] { $field } has passed in { $count } of { $samples } { $class } that were looked at, and they are still held.
}
suspect-state-never = { $field } is Long.MAX_VALUE in all { $samples } { $class } that were looked at: that time never comes.
suspect-failed = { $class }.{ $field } has an exception, { $exception }: what should take from it may have ended with that.
suspect-failed-with = { $class }.{ $field } has an exception, { $exception } ({ $message }): what should take from it may have ended with that.
suspect-under-keys = They are under { $keys } keys ({ $class }), at most { $most } under one of them.
suspect-under-keys-shown = They are under { $keys } keys ({ $class }), { $most } of them under { $key }.
suspect-no-reader = Of the { $others } others { $count } have nearly nothing there and a thread that waits in { $place } for more; none does so for this { $class }: whoever took from it may have ended.
suspect-serves = { $count ->
    [one] This thread works
   *[other] These threads work
} for { $place } in thread { $thread }, which waits for the result.
suspect-helpers = { $count ->
    [one] Thread { $thread } does a part of its work and holds { $size } of this.
   *[other] { $count } threads { $thread } do parts of its work and hold { $size } of this.
}
suspect-title-recursion = { $count } nested calls of { $place } in thread { $thread }
suspect-title-garbage = { $count } unreachable { $class }
suspect-evidence-alone = If this holder let go, { $size } would be freed.
suspect-evidence-at-work = If this holder let go, { $size } would be freed, as soon as the methods have returned that are at work with it.
suspect-evidence-by-element = One of its own elements leads back to it, and something else has that in hand: whatever has one keeps all of it.
suspect-evidence-referred = Others refer to it as well: letting go of it here alone would not free it. What grows inside of it is the thing to look at.
suspect-evidence-shared = { $count } holders share it: if only the first let go, { $alone } would be freed; if all did, { $size }.
suspect-evidence-elements = { $count ->
    [one] { $count } element retains { $size } of it.
   *[other] { $count } elements retain { $size } of it.
}
suspect-evidence-group = { $agreeing } of { $samples } objects looked at have this holder.
suspect-evidence-room = { $elements ->
    [one] { $elements } element, and room for { $capacity }.
   *[other] { $elements } elements, and room for { $capacity }.
}
suspect-evidence-load = Nothing long-lived leads to it: only the stack of a running thread.
suspect-evidence-leak = What holds it lives as long as the process: it does not go when a request ends.
suspect-evidence-threads = { $count } threads of one name are in the same method, none of them of a pool, and none holds much by itself: it is their number.
suspect-evidence-garbage = No root leads to it. All garbage together: { $size }. What hung on which class is an estimate.
suspect-advice-field = Look at what is put into { $holder } and never taken out: bound it, let entries expire, or remove them when done.
suspect-advice-limit-too-high = If { $field } ({ $limit }) limits { $holder }, it is too high for elements of that size: { $entries } of { $each } each are there, and as many as it allows would take about { $size }. Lower it, or keep less of each. If it limits something else: bound { $holder }, let entries expire, or remove them when done.
suspect-advice-no-reader = When a thread that takes from a { $class } ends, whatever ends it, take that { $class } out of where others fill it (unsubscribe in a finally), and bound { $holder }.
suspect-advice-slices = A view of a part of an array keeps all of it: copy what is to stay (Arrays.copyOfRange, a String, ByteBuffer.allocate(n).put(slice)), and the whole { $array } can go.
suspect-advice-failed = Whoever has failed with an exception and does not go on: start it again, or have it refuse what it will never work off.
suspect-advice-outer = An object of an inner class keeps the object in which it was made: unless { $inner } needs all of its { $kept }, make it static (or a record) and give it only what it needs.
suspect-advice-captured-this = A lambda that uses a field or a method of its { $kept } captures all of it: copy what it needs into local variables, and use these.
suspect-advice-captured = If { $inner } needs only a part of its { $kept }, copy that into a local variable and use this there.
suspect-advice-class-path = The class loader keeps what it has read of the jars on its class path as long as it lives: fewer jars, or fewer class loaders, have less of it.
suspect-advice-keys = If keys with the same fields are meant to be one key, give { $class } equals and hashCode that compare them (a record has them): without them no key that is made anew is ever found, and each put adds one more entry. If it has them, its keys were changed after they had been put in. If each is meant to be an entry of its own, take it out when it is done.
suspect-advice-key-field = Nearly each entry has another { $field } in its key: leave it out of the key if the values do not depend on it, or limit { $holder } by size and age, as a cache does.
suspect-advice-key-field-if-it-grows = If it grows: nearly each entry has another { $field } in its key; leave it out of the key if the values do not depend on it, or limit { $holder } by size and age, as a cache does.
suspect-advice-key-ids = Ids are part of the keys: where one entry for all ids is enough, as for a timer or a counter, use the template of the path as the key ({ $template }); else bound { $holder }, or let entries expire.
suspect-advice-key-ids-if-it-grows = If it grows: ids are part of the keys; where one entry for all ids is enough, as for a timer or a counter, use the template of the path as the key ({ $template }), else bound { $holder }, or let entries expire.
suspect-advice-keys-with-arrays = An array among the fields of { $class } is not compared by its elements, also not by the equals of a record: no key that is made anew is ever found, and each put adds one more entry. Write equals and hashCode with Arrays.equals and Arrays.hashCode, or use a String, a List or a ByteBuffer in its place.
suspect-advice-array-keys = An array has neither equals nor hashCode that look at its elements: no { $class } that is made anew is ever found, and each put adds one more entry. Use a key with equals, such as a String, a List or a ByteBuffer.
suspect-advice-connections = Close each { $class } when it is done with, in a finally block or with try-with-resources, and take it out of { $holder } then; or have a few of them used again and again, from a pool with a limit.
suspect-advice-full-beside = Whatever throws one of them out of { $place } has to take it out of { $holder } as well.
suspect-advice-task-rests = Let the next run of { $class } begin without it: keep it in a local variable, or clear { $holder } in a finally block when a run ends. If later runs need it, bound it.
suspect-advice-task-rests-if-it-grows = If it grows, or no later run needs it: keep it in a local variable of the run, or clear { $holder } in a finally block when a run ends.
suspect-advice-run-again = Catch inside of a single run of { $field } what it may throw, and start it again: until then it takes nothing out of { $holder }.
suspect-advice-chain = Whoever keeps one of them keeps all that hang on it: do not keep { $field } longer than it is needed, or cut the chain behind those that are still in use.
suspect-advice-list = See that whatever removes one of them from another collection unlinks it here as well ({ $field }).
suspect-advice-own-lists = Bound the list that each { $class } has: limit how many may be in it, and let go of the oldest, or take each out when it is done with.
suspect-advice-own-lists-if-it-grows = If it grows: bound the list that each { $class } has; limit how many may be in it, and let go of the oldest, or take each out when it is done with.
suspect-advice-under-keys = Look at what is put into the collections in { $holder } and never taken out: bound each of them, let entries expire, or remove them when done.
suspect-advice-under-keys-if-it-grows = If it grows: look at what is put into the collections in { $holder } and never taken out; bound each of them, let entries expire, or remove them when done.
suspect-advice-in-each = Look at what is put into { $field } of each { $class } and never taken out: bound it, let entries expire, or remove them when done.
suspect-advice-in-each-if-it-grows = If it grows: look at what is put into { $field } of each { $class } and never taken out; bound it, let entries expire, or remove them when done.
suspect-advice-callbacks = If { $holder } keeps callbacks: whoever registers one takes it back when its { $kept } ends. A lambda or a method reference that is made anew never equals the one that was registered, so keep that in a field. If they are no callbacks, bound them, or remove them when done.
suspect-advice-callbacks-if-it-grows = If it grows, and { $holder } keeps callbacks: whoever registers one takes it back when its { $kept } ends. A lambda or a method reference that is made anew never equals the one that was registered, so keep that in a field. If they are no callbacks, bound them, or remove them when done.
suspect-advice-done = Take each out of { $holder } when it is done with ({ $field } is { $value }): nearly all that it has are.
suspect-advice-done-if-it-grows = If it grows: take each out of { $holder } when it is done with ({ $field } is { $value }).
suspect-advice-done-close = When each is done with ({ $field } is { $value }), close what it has outside of the heap, and take it out of { $holder }: nearly all that it has are.
suspect-advice-done-close-if-it-grows = If it grows: when each is done with ({ $field } is { $value }), close what it has outside of the heap, and take it out of { $holder }.
suspect-advice-keys-may-change = Each { $class } is itself a key there: remove() does not find a key whose hashCode() or equals() has changed since it was put in, so see that they count no field that changes.
suspect-advice-key-port = Each connection of a client has another port: leave it out of the key, and let the entries of clients that come no more expire.
suspect-advice-key-port-if-it-grows = If it grows: each connection of a client has another port, so leave it out of the key, and let the entries of clients that come no more expire.
suspect-advice-recorded = Take each out of { $holder } once { $field } is { $value }, if nobody needs it after that.
suspect-advice-recorded-if-it-grows = If it grows: take each out of { $holder } once { $field } is { $value }, if nobody needs it after that.
suspect-advice-done-listeners = They are registered ({ $list }) and seem done with ({ $field } is { $value }): see that each is taken back then. remove() finds only what equals what was added: a lambda or a method reference that is made anew never does, so keep it in a field.
suspect-advice-passed = Take each out of { $holder } when { $field } has passed, by a task that looks for these now and then or a cache whose entries expire.
suspect-advice-passed-if-it-grows = If it grows: take each out of { $holder } when { $field } has passed, by a task that looks for these now and then or a cache whose entries expire.
suspect-advice-listeners = These are registered to be told of something ({ $field }): whoever registers one takes it back when it goes (remove it in close(), or register it weakly). A lambda or an inner class keeps the object around it.
suspect-advice-object = Look at what this { $class } collects and never lets go of: bound it, let entries expire, or remove them when done.
suspect-advice-field-if-it-grows = If it grows: look at what is put into { $holder } and never taken out; bound it, let entries expire, or remove them when done.
suspect-advice-object-if-it-grows = If it grows: look at what this { $class } collects and never lets go of; bound it, let entries expire, or remove them when done.
suspect-advice-queue = Look at what empties { $holder }, and whether it keeps up with what is put into it: if nothing does, take out what is done. A bound makes whoever adds to it wait, or tells it.
suspect-advice-queue-if-it-grows = If it grows: look at what empties { $holder }, and whether it keeps up with what is put into it; if nothing does, take out what is done. A bound makes whoever adds to it wait, or tells it.
suspect-advice-queue-without-limit = Look at what empties { $holder }, and whether it keeps up with what is put into it: if nothing does, take out what is done. It cannot have a limit itself: a queue with one in its place, as an ArrayBlockingQueue, or a Semaphore around it, makes whoever adds to it wait, or tells it.
suspect-advice-queue-without-limit-if-it-grows = If it grows: look at what empties { $holder }, and whether it keeps up with what is put into it; if nothing does, take out what is done. It cannot have a limit itself: a queue with one in its place, as an ArrayBlockingQueue, or a Semaphore around it, makes whoever adds to it wait, or tells it.
suspect-advice-cell = Look at what is added to the value of { $holder } and never taken out of it again: bound it, let entries expire, or remove them when done.
suspect-advice-cell-if-it-grows = If it grows: look at what is added to the value of { $holder } and never taken out of it again; bound it, let entries expire, or remove them when done.
suspect-advice-own-object = Look at which field of this { $class } keeps most of it, and at what is put there and never taken out: bound that, let entries expire, or remove them when done.
suspect-advice-own-object-if-it-grows = If it grows: look at which field of this { $class } keeps most of it, and at what is put there and never taken out; bound that, let entries expire, or remove them when done.
suspect-advice-made-whole = Nothing can be added to it once it is made: make it of less, see that there is only one of it, or give the heap room for it.
suspect-advice-each-and-number = Bound what each { $class } keeps (a window or a limit, or let go of what is old), and see whether all { $count } are still needed.
suspect-advice-each-and-number-if-it-grows = If it grows: bound what each { $class } keeps (a window or a limit, or let go of what is old), and see whether all { $count } are still needed.
suspect-advice-each = Bound what each { $class } keeps rather than how many there are: a window or a limit, sums in place of single values, or have it let go of what is old.
suspect-advice-each-if-it-grows = If it grows: bound what each { $class } keeps rather than how many there are; a window or a limit, sums in place of single values, or have it let go of what is old.
suspect-advice-field-of-library = { $holder } is a field of a library: look for its setting or call that bounds it, clears it or takes back what it was given (close, remove, unregister), and for who gives it so much.
suspect-advice-field-of-library-if-it-grows = If it grows: { $holder } is a field of a library; look for its setting or call that bounds it, clears it or takes back what it was given (close, remove, unregister), and for who gives it so much.
suspect-advice-below-field = { $holder } has one object of a library, which keeps them in { $place }: look for the setting or the call of the library that bounds or clears that.
suspect-advice-below-field-if-it-grows = If it grows: { $holder } has one object of a library, which keeps them in { $place }; look for the setting or the call of the library that bounds or clears that.
suspect-advice-same-elements = If each { $class } is meant to be in it once, take the equal one out before it is added again, or use a collection that has each only once: a LinkedHashSet, or a LinkedHashMap with accessOrder for an order of use.
suspect-advice-compare = One dump does not tell a leak from data that is meant to be there, as a table that is filled once and then read: it leaks if it grows from dump to dump (oomph diff OLD NEW).
suspect-advice-room = Neither clear() nor remove() makes its array smaller: once { $holder } has been emptied, put a new collection in its place (a list can trimToSize()). If it never was full, make it with the capacity that it will need.
suspect-advice-load-of-calls = It goes away when these calls end, and none of them holds it alone: limit how many run at once (threads of the pool, a semaphore), or let each do its work in pieces.
suspect-entry = Nearly all of it is in one entry of a map, under the key { $key }.
suspect-keys-of-library = That map of the library has an entry for each of { $count } different texts (--strings shows them): it grows with the texts that it is given.
suspect-keys-of-library-shown = That map of the library has an entry for each of { $count } different texts, such as { $example }: it grows with the texts that it is given.
suspect-keys-of-library-field = That map of the library has { $count } { $class } as keys, nearly each of them with another { $field } (--strings shows it): it grows with the texts that it is given for that.
suspect-keys-of-library-field-shown = That map of the library has { $count } { $class } as keys, nearly each of them with another { $field }, such as { $example }: it grows with the texts that it is given for that.
suspect-advice-keys-of-library = Look for who gives the library such a text that is new each time (with a number, an id or a time in it): a fixed one adds no entry; where each has to be new, have its entry taken out when it is done with.
suspect-same-keys = { $distinct ->
    [one] All { $count } keys that were looked at are the same { $class } in all fields, which the map takes for different ones.
   *[other] Of { $count } keys that were looked at only { $distinct } differ: the others are the same { $class } again in all fields, which the map takes for different ones.
}
suspect-linked-chain = There are { $count } { $class } in it, chained: nearly all of them are held by the field { $field } of another one.
suspect-until-due = Each of them stays until its time comes.
suspect-other-arrays = The same { $class } has another { $size } in its fields { $field }, which belong to the same table.
suspect-next-size = Thread { $thread } was just making it larger in { $place }: the next size of its arrays takes another { $size } meanwhile.
suspect-other-array = The same { $class } has another { $size } in its field { $field }, which belongs to the same table.
suspect-own-list = { $head } leads to a linked list of { $count } { $class }: each leads to the next one by { $field }.
suspect-own-queue = { $head } and { $tail } are the two ends of a linked list of { $count } { $class }: each leads to the next one by { $field }.
suspect-own-lists = They are in { $lists } linked lists, to which { $head } leads, with about { $count } { $class } each: each of these leads to the next one by { $field }.
suspect-linked-branching = There are { $count } { $class } in it, a tree: nearly all of them are held by one of the fields { $field } of another one.
suspect-linked-list = There are { $count } { $class } in it, linked to each other by { $field }: nothing else refers to most of them.
suspect-linked-partly = There are { $count } { $class } in it: { $held } of them are held by the field { $field } of another one, as long as that one stays.
suspect-linked-tree = There are { $count } { $class } in it, a tree: nearly all of them are in the field { $field } of another one.
suspect-linked-tree-wide = There are { $count } { $class } in it, a tree: nearly all of them are in the field { $field } of another one, and one of them alone has { $most } there.
suspect-own-field = { $count ->
    [one] Most of it is in one { $class }, in its field { $field }.
   *[other] Most of it is in { $count } { $class }, in their field { $field }.
}
suspect-each-leads-to = { $share } of each { $class } is what its field { $field } leads to ({ $way }): if a text or a number of that is all that is needed, keep that instead.
suspect-slices = Each { $array } ({ $size } on average) is kept by what shows a small part of it alone: { $view } shows { $part } of it on average, in { $samples } that were looked at.
suspect-each-outer = Each { $class } takes { $own } itself and keeps by { $field } the { $kept } around it ({ $size }), which nothing else keeps.
suspect-each-outer-within = Each { $class } leads to a { $inner } that keeps by { $field } the { $kept } around it ({ $size }), which nothing else keeps.
suspect-each-captured = Each { $class } takes { $own } itself and keeps the { $kept } that it has captured ({ $field }, { $size }), which nothing else keeps.
suspect-each-captured-within = Each { $class } leads to a { $inner } that keeps the { $kept } that it has captured ({ $field }, { $size }), which nothing else keeps.
suspect-unanswered = The CompletableFuture in { $field } is not completed in { $count } of { $samples } looked at: nobody has answered them.
suspect-unanswered-itself = { $count } of { $samples } looked at are not completed: nobody has answered them.
suspect-advice-unanswered = Take each out when its caller gives up (in finally, or at the timeout), as the answer would.
suspect-most-in-field = Of it, { $size } are { $count } { $class } held by { $field }.
suspect-reached-by = The application reaches it by { $field }.
suspect-own-each = Each is in { $holder }.
suspect-own-elements = Most of it is { $count } { $class }, in the field { $field } of each { $owner }.
suspect-own-chains = Most of it is { $count } { $class } in { $lists } linked lists, one of each { $owner }: its field { $field } leads to the first one, and each to the next one by { $next }, with about { $each } in each list.
suspect-own-chains-of-title = They are in { $lists } linked lists, one of each { $owner }: its field { $field } leads to the first one, and each to the next one by { $next }, with about { $each } in each list.
suspect-own = { $count ->
    [one] Most of it hangs on one { $class }.
   *[other] Most of it hangs on { $count } { $class }.
}
suspect-entry-hidden = Nearly all of it is in one entry of a map; --strings shows its key.
suspect-advice-load = It goes away when this call ends. If it is too much: do the work in pieces, limit the size of a request, or limit how many run at once.
suspect-advice-load-until = It goes away when { $call } ends. If it is too much: do the work in pieces, limit the size of a request, or limit how many run at once.
suspect-advice-load-rows = It goes away when this call ends. If it is too much: handle each { $class } as it is read or made and keep none of them, limit the size of a request, or limit how many run at once.
suspect-advice-load-rows-until = It goes away when { $call } ends. If it is too much: handle each { $class } as it is read or made and keep none of them, limit the size of a request, or limit how many run at once.
suspect-advice-unmounted = If the { $threads } virtual threads that were not running work with these, they are in use: look at what the tasks of those threads keep in local variables, and how many run at once. A dump of JDK 25 has their stacks. Otherwise it is garbage, which a dump made with live objects only (jmap -dump:live) does not have.
suspect-advice-class-values = A dump does not tell which class what { $holder } has computed belongs to. If that class is loaded it is held until the class is unloaded or remove() is called for it; if not it is garbage. A dump made with live objects only (jmap -dump:live) has no garbage.
suspect-advice-class-values-left = { $size } of what no root reaches hang on class values: held if the classes that these were computed for are loaded, garbage if not; a dump does not tell. One made with live objects only (jmap -dump:live) has no garbage.
suspect-evidence-class-values = What class values have computed hangs on fields of classes that no dump holds, and class loaders are garbage: it may be left over from their classes.
suspect-title-or-garbage = { $title }, or garbage of classes that were unloaded
suspect-advice-garbage-waiting = Nothing holds it, and the next collection frees it: no fault in itself. A dump of live objects only (jmap -dump:live) leaves it out.
suspect-advice-garbage = It is not held by anything, and the next collection frees it; a dump made with live objects only (jmap -dump:live) does not have it. If the collector runs too often, create fewer of these, or reuse them.
suspect-advice-thread-local = Call remove() in a finally block when the work on the thread is done: threads of a pool live on with what they were given.
suspect-advice-thread-local-alike = Each of the threads has one, all of the same arrays, and none of them grows: threads have buffers to work with like that. One dump does not tell whether what is in them should have been removed.
suspect-advice-thread-local-of-library = The ThreadLocal is the library's own, so that nobody else can call its remove(): use the call of the library that clears it, in a finally block when the work on the thread is done. Threads of a pool live on with what they were given.
suspect-advice-thread-local-of-jdk = The JDK keeps it for each thread that has used it, and lets go of it when the thread ends: fewer threads, or threads that end, have fewer of these.
suspect-advice-thread-local-of-objects = A ThreadLocal in a field of each object makes an entry in the thread for each of them, and its value stays when the object is gone: make the ThreadLocal static, so that there is one for the class, use a local variable, or call remove() before the object is let go of.
suspect-advice-recursion = Each of these calls keeps its variables until those inside of it have returned: limit the depth (a recursion that never ends looks like this), and keep no large buffer or list across the inner call.
suspect-advice-main = { $holder } does not return while the process lives, so what it has set up stays: look at what is put into it and never taken out.
suspect-advice-other = Find out who registered this with { $holder } and why it was not taken back.
suspect-calls-besides = Running calls have it in hand as well, such as { $call }: it is not freed before these have ended, and whether they end one dump does not tell.
suspect-advice-same-collection = All of its holders refer to the same { $class }: what is taken out of it is let go by each of them.
suspect-advice-shared = It is freed only when all of its holders let go: remove it from each of them at the same time, or let one own it and the others refer to it weakly.
suspect-advice-unmodifiable = It is unmodifiable: it cannot grow. It is as large as what was put into it when it was made.
suspect-advice-as-made = It is a list to which nothing was added since it was made of another collection: it has not grown.
suspect-advice-full-array = It is an array without a gap: it cannot grow. It is as large as it was made.
suspect-advice-full-arrays-of-one = Its arrays have no gaps: it cannot grow. It is as large as it was made.
suspect-advice-full-arrays = They are in { $count } arrays of { $length } each without a gap, and an array cannot grow: there are more of them only with more { $class } ({ $count } now).
suspect-advice-emptied = It is emptied as well: { $count } of the class are garbage already.
suspect-advice-ordinary = Nothing wrong is proven: it only holds much. Look here if it grows from dump to dump.
suspect-advice-meant = It has a limit and is as large as it is meant to be: not a leak. If the heap is too small for it, lower the limit.
suspect-advice-soft = Soft references hold it: the JVM clears them before memory runs out. It is no leak; only if collections take too long, bound the cache.
suspect-being-loaded = Thread { $thread } is in { $place }: the program may still be loading it, which is no leak.
suspect-consumer-takes = { $count ->
    [one] Thread { $thread } is in { $place }, { $doing }, and has one { $class } in hand: if it took that from here, it takes no more until it is done with what it has.
   *[other] { $count } threads, such as { $thread } in { $place }, { $doing }, have one { $class } each in hand: if they took these from here, they take no more until they are done with what they have.
}
suspect-consumer-takes-at-work = { $count ->
    [one] Thread { $thread } is at work in { $place } and has one { $class } in hand that is not in the list: if it took that from there, it takes no more until it is done with it.
   *[other] { $count } threads, such as { $thread } at work in { $place }, have one { $class } each in hand that is not in the list: if they took these from there, they take no more until they are done with them.
}
suspect-consumer-slow = { $count ->
    [one] Thread { $thread } is in { $place }, { $doing }: if it takes from here, it takes less than is put in.
   *[other] { $count } threads, such as { $thread }, are in { $place }, { $doing }: if they take from here, they take less than is put in.
}
suspect-consumer-stands = Thread { $thread } is in { $place }, { $doing }.
suspect-consumer-inside = { $doing } in { $method }
suspect-advice-ended-thread = Thread { $thread } in { $field } has ended: if it was to empty { $holder }, nothing does any more. Find what ended it, catch what a single item may throw, and watch that it runs.
suspect-advice-ended-keys = { $count } of the { $all } threads in { $holder } that were looked at have ended: what is kept there for a thread must be removed before the thread ends, in a finally block of its run(), or be in a ThreadLocal, which goes with the thread.
suspect-advice-ended-workers = { $count } of { $all } threads in { $field } { $count ->
    [one] has
   *[other] have
} ended: if they were to empty { $holder }, fewer do, or nobody. Find what ended them, catch what a single item may throw, and watch that they run.
suspect-advice-failed-task = The task in { $field } ended with { $error } and does not run again: if it was to empty { $holder }, nothing does any more. A periodic task ends with the first exception that it throws: catch it inside of the task.
suspect-advice-threads = Find out what these threads wait for and who starts them: end each one when its work or its client is gone, give waiting a timeout, or hand the work to a bounded pool.
suspect-advice-threads-virtual = Find out what these threads wait for and who starts them: give waiting a timeout, end each one when its client is gone, and limit how many are started at once.
suspect-advice-threads-network = The other side may let them wait for ever: give what they read or write a time-out (Socket.setSoTimeout, or that of the client library), and limit how many of them are started at once.
suspect-advice-own-threads = Each of them stays as long as its thread runs: end the thread when what it works for has gone (shut down its executor or timer, call stop() or close() of what has started it), or have a few threads do the work of all.
suspect-threads-of-executors = Nobody can shut these executors down any more.
suspect-task-may-loop = { $place } is all that this thread does now: if it is a loop, it does not end, and this is a leak.
suspect-call-writes = Thread { $thread } is writing to the network in { $place } at this moment: where the client reads slowly or not at all it stays there with all of this, until a time-out if there is one.
suspect-call-reads = Thread { $thread } is reading from the network in { $place } at this moment: it stays there with all of this until the other side answers, or until a time-out if there is one.
suspect-call-waits = Thread { $thread } is { $doing } in { $place } at this moment, and stays there with all of this meanwhile.
suspect-advice-threads-lock = Whoever has the lock must let go of it soon: while it is held, wait for no network, database or other lock, or only with a time-out. And limit how many tasks are let in meanwhile.
suspect-queue-room = It has { $entries } of at most { $limit } elements and cannot grow beyond that; full it would take about { $size }.
suspect-queue-room-of-heap = It has { $entries } of at most { $limit } elements and cannot grow beyond that; full it would take about { $size }, { $share } of what the heap may take.
suspect-queue-room-beyond = It has { $entries } of at most { $limit } elements; full it would take about { $size }, more than the heap may take.
suspect-pool-lost = { $idle ->
    [one] It is a pool: of { $all } { $class } in { $field } only one is in { $free }, and nothing but { $field } refers to { $lost } of them: they were taken and never given back.
   *[other] It is a pool: of { $all } { $class } in { $field } only { $idle } are in { $free }, and nothing but { $field } refers to { $lost } of them: they were taken and never given back.
}
suspect-pool-idle = { $idle ->
    [one] It is a pool: one of { $all } { $class } is idle, in { $free }.
   *[other] It is a pool: { $idle } of { $all } { $class } are idle, in { $free }.
}
suspect-free-buffers = It has { $entries } of at most { $limit } elements, each a { $class } of { $length }, and cannot grow beyond that: a pool of buffers that are free looks like this.
suspect-advice-queue-room = See whether what empties it keeps up. If the queue may fill, lower its limit to what the heap has room for: whoever adds to it then waits or is told.
suspect-advice-pool-lost = Give each { $class } back in a finally block, also when what is done with it fails: a bound on the pool, or on { $holder }, would only have whoever takes one wait for ever.
suspect-advice-queue-consumer = More is put into { $holder } than is taken out: bound the queue, so that whoever puts into it waits or is told, and have whoever takes from it not wait there (a time-out, fewer tries, what fails put aside), or have more threads take from it.
suspect-advice-consumer-reads = As long as the other side does not answer, { $thread } takes nothing from { $holder }: give what it reads a time-out (Socket.setSoTimeout, or that of the client library), so that it goes on or connects anew.
suspect-advice-queue-nobody = Find whoever should take from { $holder }, and why it does not: as long as nobody does, any queue fills. Bound the queue as well, so that whoever puts into it waits or is told.
suspect-advice-queue-compare = One dump does not tell a queue that only grows from one that a burst has filled and that is worked off again: if it has more from dump to dump (oomph diff OLD NEW), whoever takes from it does not keep up.
suspect-fewer-beside = Only { $entries } of these { $class } are in { $place } as well.
suspect-full-inside = { $place } has { $entries } of these { $class } and is full: what is thrown out of it stays in the { $owner } all the same.
suspect-full-beside = { $place } has { $entries } of these { $class } and is full: what is thrown out of it stays in { $holder }.
suspect-task-rests = { $class } is not running: it waits to be run again, and keeps what earlier runs have left there.
suspect-task-waits = { $class } is not running: it waits to be run, and keeps this meanwhile.
suspect-taken-out = By the number of its changes at least { $count } entries were taken out of it again so far; it has { $entries }.
suspect-advice-taken-out = Entries are taken out of { $holder } again, but not all: look for the way on which one stays (an error, a time-out, a key that has changed), bound it, or let entries expire.
suspect-advice-taken-out-if-it-grows = If it grows: entries are taken out of { $holder } again, but not all; look for the way on which one stays (an error, a time-out, a key that has changed), bound it, or let entries expire.
suspect-advice-compare-emptied = One dump does not tell whether as many are taken out as are put in: if it keeps growing from dump to dump (oomph diff OLD NEW), it leaks.
suspect-advice-queue-full = Look at what empties it: while that waits for a network, a database or a lock, nothing is taken out. Give such waiting a time-out, or have more threads empty it; a lower limit only saves memory.

## The verdict

verdict-oom-culprit = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: it held { $size } itself.
verdict-oom-culprit-beside = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }. It is one of the culprits: it held { $size } itself, and others hold more.
verdict-oom-filling = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: it was filling { $holder }.
verdict-oom-filling-part = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: it was filling one { $class } of those in { $holder }.
verdict-oom-filling-beside = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is one of the culprits: it was filling { $holder }, which has a good part of the heap, though not the largest.
verdict-oom-filling-probably = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is probably the culprit: it was in a method of the { $class } that keeps { $holder } and little besides.
verdict-oom-filling-together = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is probably one of the culprits: { $count } threads { $other } are in that method, and they alone have the { $class } in hand that keeps { $holder }.
verdict-oom-filling-alike = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is one of the culprits, the threads that fill { $holder }: { $other }, which is called alike and in the same method, was just adding something.
verdict-oom-filling-alike-making = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is one of the culprits, the threads that fill { $holder }: { $other }, which is called alike and in the same method, was just making a new { $class }.
verdict-oom-one-of-them = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }: it is one of many that hold the memory together, and held { $size } itself.
verdict-oom-works-for = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }. It does a part of the work of { $holder }, which is the culprit.
verdict-oom-classes = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: it was generating one more class of a kind of which there are too many.
verdict-classes = { $count } of the classes that are loaded are { $class }.
verdict-classes-advice = Make each class once and use it again for what is alike, or define it in a class loader of its own, which goes when nothing refers to it.
verdict-oom-array = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: it asked for a single array that is too large.
verdict-oom-array-asked = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, and it is the culprit: { $place } asked for a single array that is too large.
verdict-array-size = { $field } is { $count }.
verdict-array-advice = Look where that size comes from: a parameter of the request (a page size, a limit), a length in a message, a header or a file is to be checked against a limit before memory is taken for it (a wrong protocol on a port gives absurd ones), and what is truly so large is to be read in pieces.
verdict-oom-victim = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }, but it is only the victim: it held just { $size }.
verdict-oom-unknown = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }. It held { $size }; the dump does not show who is to blame.
verdict-oom-classes-unclear = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }. Whoever needs one more class then gets this error: whether it was adding to { $holder }, which keeps the class loaders, the dump does not show.
verdict-thread-ending = Thread { $thread } is ending with another OutOfMemoryError.
verdict-oom-within = Thread { $thread } threw an OutOfMemoryError ({ $kind }) in { $site }. It held just { $size }; whether it or others were filling { $holder } the dump does not show.
verdict-leak = { $title }: { $size }, { $share } of { share-whole }. It stays as long as the process lives.
verdict-backlog = { $title }: { $size }, { $share } of { share-whole }. It waits to be worked off, and grows while more comes in than is done.
verdict-cache = { $title }: { $size }, { $share } of { share-whole }. It is a cache that evicts, and may take more than this heap has.
verdict-backlog-starved = { $title }: { $size }, { $share } of { share-whole }.
verdict-backlog-full = { $title }: { $size }, { $share } of { share-whole }. It waits to be worked off.
verdict-leak-if-it-grows = { $title }: { $size }, { $share } of { share-whole }. It stays as long as the process lives: a leak if it grows from dump to dump.
verdict-small-heap = { $title }: { $size }, { $share } of { share-small-whole }, and the largest that the application itself holds in it. A leak if it grows from dump to dump.
verdict-heap-free = The heap is not under pressure: what is in use is { $share } of { $estimates ->
        [0] the { $limit }
       *[other] about { $limit }
    } that it may take.
verdict-heap-room = The heap is not full yet: what is in use is { $share } of { $estimates ->
        [0] the { $limit }
       *[other] about { $limit }
    } that it may take.
verdict-heap-nearly-full = The heap is about to run out: what is in use is { $share } of { $estimates ->
        [0] the { $limit }
       *[other] about { $limit }
    } that it may take.
verdict-room = { $title }: { $count ->
    [one] its array takes
   *[other] their arrays take
} { $size }, { $share } of { share-whole }. It is room for what was in it once or was expected, and does not shrink by itself.
outside-direct = Outside of the heap: { $size } in { $count ->
    [one] one direct buffer
   *[other] { $count } direct buffers
}.
outside-direct-held = Outside of the heap: { $size } in { $count ->
    [one] one direct buffer, held by { $holder }
   *[other] { $count } direct buffers, most of it held by { $holder }
}.
outside-mapped = Outside of the heap: { $size } in { $count ->
    [one] one mapping of a file
   *[other] { $count } mappings of files
}.
outside-mapped-held = Outside of the heap: { $size } in { $count ->
    [one] one mapping of a file, held by { $holder }
   *[other] { $count } mappings of files, most of it held by { $holder }
}.
outside-arena = Outside of the heap: { $size } in { $count ->
    [one] one arena of java.lang.foreign that is not closed
   *[other] { $count } arenas of java.lang.foreign that are not closed
}.
outside-arena-held = Outside of the heap: { $size } in { $count ->
    [one] one arena of java.lang.foreign that is not closed, held by { $holder }
   *[other] { $count } arenas of java.lang.foreign that are not closed, most of it held by { $holder }
}.
outside-native = Outside of the heap: { $size } in { $count ->
    [one] one { $class }
   *[other] { $count } { $class }
}.
outside-native-held = Outside of the heap: { $size } in { $count ->
    [one] one { $class }, held by { $holder }
   *[other] { $count } { $class }, most of it held by { $holder }
}.
outside-native-about = Outside of the heap: about { $size } (estimate: by the address and the size that each has) in { $count ->
    [one] one { $class }
   *[other] { $count } { $class }
}.
outside-native-about-held = Outside of the heap: about { $size } (estimate: by the address and the size that each has) in { $count ->
    [one] one { $class }, held by { $holder }
   *[other] { $count } { $class }, most of it held by { $holder }
}.
outside-what-direct = { $count ->
    [one] one direct buffer
   *[other] { $count } direct buffers
}
outside-what-mapped = { $count ->
    [one] one mapping of a file
   *[other] { $count } mappings of files
}
outside-what-arena = { $count ->
    [one] one arena of java.lang.foreign that is not closed
   *[other] { $count } arenas of java.lang.foreign that are not closed
}
outside-what-native = { $count } { $class }
verdict-outside-leak = { $title }: { $estimates ->
    [0] { $outside }
   *[other] about { $outside } (estimate)
} outside of the heap, in { $what }, and { $size } on it. It stays as long as the process lives.
verdict-outside-if-it-grows = { $title }: { $estimates ->
    [0] { $outside }
   *[other] about { $outside } (estimate)
} outside of the heap, in { $what }, and { $size } on it. It stays as long as the process lives: a leak if it grows from dump to dump.
verdict-beside = Beside it: { $title }, { $size }, { $share } of { share-whole }.
verdict-beside-load = Beside it: { $title }, { $size }, { $share } of { share-whole }, which goes when its call ends.
verdict-beside-stays = Beside it: { $title }, { $size }, { $share } of { share-whole }, which stays when that call has ended: a leak if it grows from dump to dump.
verdict-beside-if-it-grows = Beside it: { $title }, { $size }, { $share } of { share-whole }, a leak if it grows as well.
verdict-beside-leak = Beside it, a leak as well: { $title }, { $size }, { $share } of { share-whole }.
verdict-thread-local-alike = { $title }: { $size }, { $share } of { share-whole }. There is one for each thread, all alike, and none of them grows; they stay as long as the threads live.
verdict-thread-local = { $title }: { $size }, { $share } of { share-whole }. It stays as long as the threads live.
verdict-load = { $title }: { $size }, { $share } of { share-whole }. It goes when this call ends.
verdict-load-until = { $title }: { $size }, { $share } of { share-whole }. It goes when { $call } ends.
verdict-load-in-flight = { $title }: { $size }, { $share } of { share-whole }. It goes when what is going on there ends.
verdict-load-of-calls = { $title }: { $size }, { $share } of { share-whole }. It goes when these calls end.
verdict-threads = { $title }: { $size }, { $share } of { share-whole }, beside the stack of each outside of it (1 MiB by default). It stays until the threads end.
verdict-threads-virtual = { $title }: { $size }, { $share } of { share-whole }. It goes when these threads end.
verdict-finding = { $title }.
verdict-finding-held = { $title }, mostly held by { $holder }.
verdict-finding-instances = { $title }; their instances are held by { $holder }.
verdict-finding-of = { $title } ({ $holder }).
verdict-garbage = { $size } of the dump ({ $share }) is garbage that the collector had not yet taken; it is no leak.
verdict-no-garbage-reflection = { $size } of the dump ({ $share }) is what classes keep softly for reflection: the dump does not show that they do, and it is no garbage.
verdict-no-garbage-fillers = { $size } of the dump ({ $share }) are { $count } int[] that nothing refers to, not even garbage: the virtual machine fills memory with such that threads have reserved and not used (those of a method that has returned look the same).
verdict-garbage-let-go = { $size } of the dump ({ $share }) is garbage. The collector leaves none before the error is thrown: whoever held it has let go of it since, most likely a call that met the same error.
verdict-garbage-made-of = Most of it belonged to { $count } { $class }: created faster than collected.
verdict-garbage-partly = { $share } of it belonged to { $count } { $class }: created faster than collected.
verdict-garbage-arrays = { $share } of it is in { $count } { $class }.
verdict-garbage-of = { $share } of it belonged to { $count } { $class }.
verdict-garbage-among = Among it: { $count } { $class }, to which about { $share } of it belonged (an estimate).
verdict-unmounted = { $size } of the dump ({ $share }) is reached by no root: it is garbage, or in use by the { $threads } virtual threads that were not running, whose stacks the dump leaves out.
verdict-unmounted-made-of = { $share } of it belonged to { $count } { $class }.
verdict-class-values = { $size } of the dump ({ $share }) is reached by no root: garbage, or held by class values, on which { $held } of it hang. A dump does not tell which classes these belong to.
verdict-class-values-too = { $held } of it hang on class values: held if the classes that these were computed for are loaded.
verdict-finalizable = { $size } ({ $share } of what is in use) only finalizers lead to, for example { $count } { $class }: dropped objects. Their finalizers have yet to run, and only a collection after that frees them.
verdict-finalizable-unproven = { $size } ({ $share } of what is in use) only finalizers lead to, for example { $count } { $class }: dropped since the last collection, or in use by something that the dump leaves out.
verdict-roots-lost = Nothing that is left in the file leads to { $size } of the dump ({ $share }). What stood in the part that is lost may have held it, or nothing did.
verdict-empty = The file holds no objects: nothing can be said of the heap.
verdict-told-by-rule-with = { $rule }: { $count } { $element }, held by { $holder }
verdict-told-by-rule-each = { $rule }, with one { $element } each, held by { $holder }
verdict-told-by-rule-two = { $rule }, held by { $holder } and { $second }
verdict-told-by-rule = { $rule }, held by { $holder }
verdict-next-largest = The next largest holder: { $title } ({ $size }, { $share } of { share-whole }); nothing wrong is proven of it.
verdict-largest-holder = The largest single holder: { $title } ({ $size }, { $share } of { share-whole }).
verdict-largest-meant = Nothing conspicuous. The largest holder is as large as it is meant to be: { $title } ({ $size }, { $share } of { share-whole }).
verdict-ordinary = Nothing conspicuous. The largest thing that is held: { $title } ({ $size }, { $share } of { share-whole }).
verdict-larger-fixed = The largest holder is not to blame: { $title } ({ $size }, { $share } of { share-whole }). It cannot grow: it is as large as it was made.
verdict-larger-meant = The largest holder is not to blame: { $title } ({ $size }, { $share } of { share-whole }). It is as large as it is meant to be.
verdict-largest = Nothing wrong is proven. The largest holder: { $title } ({ $size }, { $share } of { share-whole }); whether it should be that large, one dump does not tell.
verdict-largest-fixed = Nothing conspicuous. The largest holder: { $title } ({ $size }, { $share } of { share-whole }). It cannot grow: it is as large as it was made.
verdict-largest-why = Nothing wrong is proven. The largest holder: { $title } ({ $size }, { $share } of { share-whole }).
verdict-healthy = Nothing conspicuous: { $size } in use, and no single holder or group of objects takes a large part of it.
verdict-healthy-besides = Nothing else is conspicuous: { $size } are in use besides, and no single holder or group of objects takes a large part of these.
verdict-no-holder-besides = { $size } are in use besides, and no single holder or group of objects takes a large part of these.
verdict-no-holder = { $size } are in use, and no single holder or group of objects takes a large part of it.
oom-evidence-held = The thread itself held { $size }, { $share } of the heap.
oom-evidence-same-class = It was in the class that declares { $holder }, but nothing that it had in hand shows that it was adding to it when it threw.
oom-evidence-own-value = What it has itself in { $holder } takes { $size }, and it was at work with that.
oom-evidence-alike = Thread { $other }, which is called alike and in the same method, was adding something in { $place }.
oom-evidence-alike-making = Thread { $other }, which is called alike and in the same method, was making a new { $class }.
oom-evidence-in-keeper = It was in a method of the { $class } that keeps nearly all of it, and little besides.
oom-evidence-in-hand-of-all = All { $count } threads { $thread } are in that method and have the { $class } in hand that keeps nearly all of it, and no other thread has.
oom-evidence-made-by-others = Thread { $other } was just making a { $class } in { $place }: others add what fills the heap, and this thread does other work.
oom-evidence-part = It was in a method of one { $class } of those that fill the heap, which holds { $size } itself; { $count } threads that are called alike are in that method.
oom-evidence-request = It was serving { $place }.
oom-evidence-task = It was running { $place }.
oom-evidence-full = { $size } of the heap were taken, garbage included; it could grow to { $limit }.
oom-evidence-full-about = { $size } of the heap were taken, garbage included; it could grow to about { $limit } (estimate: the dump does not hold -Xmx).
oom-evidence-half-empty = Only { $size } were held, and the heap could grow to { $limit }: a single array was too large.
oom-evidence-half-empty-about = Only { $size } were held, and the heap could grow to about { $limit } (estimate: the dump does not hold -Xmx): a single array was too large.
oom-evidence-free = About { $size } of the heap were free when it threw (an estimate): it asked for more than that at once, or for an array that found no room in one piece.
oom-evidence-free-or-given-up = About { $size } of the heap were free when it threw (an estimate): it asked for more than that at once, for an array that found no room in one piece, or for little when the collector had given up: ParallelGC does while there is room left in the young generation ("GC overhead limit exceeded").
oom-evidence-regions = { $count } arrays have regions of G1 to themselves and leave at least { $size } of these, which nothing else can be put into: so the heap is fuller than what is in use. Larger regions (-XX:G1HeapRegionSize), or pieces smaller than half a region, leave less.
oom-evidence-array = The largest array among its variables is a { $class } of { $size }; to grow, it has to be copied to a larger one, and both exist for a while.
oom-evidence-array-only = The largest array among its variables is a { $class } of { $size }.
oom-evidence-asked = It was asked for by { $place }.
oom-evidence-asked-size = It was asked for by { $place }, and { $field } is { $count }.
oom-evidence-no-message = The dump does not hold its message: "Java heap space", or "GC overhead limit exceeded", which looks the same.
oom-evidence-no-message-array = The dump does not hold the message of the error: "Java heap space" is thrown where a single array does not fit, and "Requested array size exceeds VM limit" where no array can be so large.
oom-evidence-no-message-classes = The dump does not hold its message: "Compressed class space" would look the same.
oom-evidence-classes = { $classes } classes are loaded, defined by { $loaders } class loaders.
oom-evidence-loaders = { $count } of these loaders are { $class }.
oom-evidence-copies = { $count } of these classes are { $class }.
oom-evidence-direct = { $count } direct buffers take { $size }; the limit is { $limit }.
oom-evidence-direct-unlimited = { $count } direct buffers take { $size }.
oom-evidence-thread-count = { $count } threads exist, each with a stack outside of the heap; { $most } of them are { $thread }.
oom-thrown = { $count ->
    [one] An OutOfMemoryError was thrown before this dump was made: { $message }
   *[other] { $count } OutOfMemoryErrors were thrown before this dump was made: { $message }
}
oom-thrown-in = { $count ->
    [one] An OutOfMemoryError was thrown
   *[other] { $count } OutOfMemoryErrors were thrown
} in { $place } before this dump was made: { $message }
oom-thrown-in-kept = { $count ->
    [one] An OutOfMemoryError was thrown in { $place } before this dump was made, and { $holder } keeps it: { $message }
   *[other] { $count } OutOfMemoryErrors were thrown in { $place } before this dump was made, and { $holder } keeps them: { $message }
}
oom-own = { $count ->
    [one] An OutOfMemoryError was made by the application itself, in { $place }
   *[other] { $count } OutOfMemoryErrors were made by the application itself, in { $place }
}: the virtual machine had memory
oom-own-message = It says: { $message }
oom-own-advice = Only what the application counts itself has run out: see the limit that it checks there. Throw an exception of its own for it: what waits for an OutOfMemoryError (-XX:+HeapDumpOnOutOfMemoryError, -XX:+ExitOnOutOfMemoryError) does not see this one, and handlers take it for the end of the process.
oom-met-as-well = { $count ->
    [one] Another thread has met such an error as well: { $threads }.
   *[other] { $count } other threads have met such an error as well: { $threads }.
}
oom-met-elsewhere = Such an error was thrown before as well, in { $places }.
oom-thrown-stack = Thrown in { $stack }
oom-thrown-ends-thread = Nobody caught it: it is ending thread { $thread }.
oom-thrown-held = It is kept by { $holder }.
oom-thrown-advice = Threads that such an error ends are gone, and what they were doing is left half done: restart the process, and run with -XX:+ExitOnOutOfMemoryError.
oom-thrown-kept-advice = Whoever keeps it has caught it or was told of it: the thread may have gone on, and the dump shows the heap of a later moment. What was being done was left half done. To see the heap of such a moment run with -XX:+HeapDumpOnOutOfMemoryError, and with -XX:+ExitOnOutOfMemoryError where a fresh process is better than a damaged one.
oom-thrown-direct-advice = The heap has nothing to do with it: see who keeps direct buffers (off-heap memory), take them from a pool with a limit, or raise -XX:MaxDirectMemorySize. No dump is written and no process ended for this error: HotSpot looks only at its own (-XX:+HeapDumpOnOutOfMemoryError).
oom-thrown-array-advice = One array was to be longer than an array can be (about two thousand million elements): no heap is large enough. See where that length comes from (an overflow, a length that was read from a file or a client), or do it in parts. -XX:+ExitOnOutOfMemoryError has no effect where Java code throws it.
oom-thrown-task-advice = It ended a task; the thread of the executor goes on with others. What the task was doing was left half done, and a periodic one is never run again: restart the process, and run with -XX:+ExitOnOutOfMemoryError.
oom-thrown-threads = { $place } could start no more threads (OutOfMemoryError: unable to create native thread): { $most } of { $count } threads are { $thread }
oom-thrown-threads-advice = It is not the heap that ran out: each thread takes a stack outside of it (1 MiB by default, -Xss), and the user, the container and the kernel limit how many there may be (ulimit -u, pids.max). Let { $place } not start one for each client or task: use a pool with a limit, non-blocking I/O or virtual threads.
oom-evidence-growing = It was enlarging a buffer in { $place }.
oom-evidence-growing-table = It was enlarging the table of a map or set in { $place }.
oom-evidence-copying = It was copying an array, or a part of one, to a new array in { $place }.
oom-evidence-growing-part = It was enlarging the array of one { $class } of those that fill the heap, in { $place }: each of them grows, so bound what one keeps.
oom-evidence-growing-one-of-many = It was enlarging the array of one { $class } of those that fill the heap, in { $place }. There are { $count } of them, about { $size } each: see whether there are too many before you bound what one keeps.

## Facts about the dump

certified = Certified: the dominators and retained sizes of all { $objects } reachable objects stand a proof over { $edges } references and roots, with { $ordered } objects in a low-high order.
fact-certified_objects = Objects with certified dominator and retained size
fact-edges = References and roots checked
fact-ordered_objects = Of them in a low-high order
layout-given = The layout was given on the command line.
layout-sized-by-gap = { $classes ->
    [one] { $classes } class takes its size from the distances, because no formula fits.
   *[other] { $classes } classes take their size from the distances, because no formula fits.
}
layout-evidence = { $confirmed } sizes confirmed by the distances between objects, { $refuted } refuted, { $open } left open.
damage-truncated = The file ends inside of a record ({ $size } at its end are lost): the disk was full, or the virtual machine was killed while it wrote.
damage-unclosed = The file ends without the record that ends a heap dump: the virtual machine was killed while it wrote, or is still writing. How much is missing is not known.
damage-packing = The compressed data break off or are damaged; what came before was read.
damage-lost-bytes = { $count ->
    [one] { $size } in one place are no records and were passed over.
   *[other] { $size } in { $count } places are no records and were passed over.
}
damage-unknown-record = { $count ->
    [one] One record of an unknown kind was passed over.
   *[other] { $count } records of an unknown kind were passed over.
}
damage-short-record = { $count ->
    [one] One record is too short for its kind and was passed over.
   *[other] { $count } records are too short for their kind and were passed over.
}
damage-no-heap = The file has no heap dump in it.
damage-lost-roots = The file ends before the GC roots. The static fields of all classes are taken for roots; what only threads held looks unreachable.
damage-duplicate-object = { $count ->
    [one] One object has an id that another one has too; the first counts.
   *[other] { $count } objects have an id that another one has too; the first counts.
}
damage-duplicate-class = { $count ->
    [one] One class is described twice; the first counts.
   *[other] { $count } classes are described twice; the first counts.
}
damage-unknown-class = { $count ->
    [one] One object is of a class that the dump does not describe.
   *[other] { $count } objects are of classes that the dump does not describe.
}
damage-odd-instance = { $count ->
    [one] One object has another size in the file than its class demands.
   *[other] { $count } objects have another size in the file than their class demands.
}
damage-circular-class = { $count ->
    [one] One circle of super classes was cut.
   *[other] { $count } circles of super classes were cut.
}
damage-dangling-root = { $count ->
    [one] One root is no object of the dump.
   *[other] { $count } roots are no objects of the dump.
}
damage-dangling-reference = { $count ->
    [one] One reference leads to an object that is not in the dump.
   *[other] { $count } references lead to objects that are not in the dump.
}
column-rank = Rank
column-kind = Kind
column-title = Suspect
column-root = Root

## Looking around

section-find = Found
section-find-about = Classes of that name, and their objects that retain most.
section-show = One object
section-show-about = What it holds, who refers to it, and what dominates it.
section-paths = Paths from GC roots
section-paths-about = The shortest path for each object; paths of the same shape are put together.
table-classes = Classes
table-objects = Objects
table-elements = Elements
table-fields = Fields and elements
table-referrers = Referrers
table-dominators = Dominators, nearest first
table-paths = Paths
table-suspects = Suspects
column-unreachable_instances = Unreachable
column-reachable = Reachable
column-key = Key
column-element = Element
column-declared_in = Declared in
fact-address = Address
fact-class = Class
fact-value = Value
fact-shallow_bytes = Shallow size
fact-retained_bytes = Retained size
fact-reachable = Reachable
fact-loader = Class loader
fact-loaded_from = Loaded from
fact-gc_root = GC root

## On a terminal

terminal-heap = In use: { $size } in { $objects } objects; { $classes } classes are loaded.
terminal-heap-limit = { " " }The heap could grow to { $limit }.
terminal-heap-limit-about = { " " }The heap could grow to about { $limit } (estimate).
terminal-heap-garbage = { " " }Garbage not yet collected: { $size } in { $objects } objects.
terminal-heap-unmounted = { " " }Reached by no root: { $size } in { $objects } objects, garbage or held by the { $threads } virtual threads that were not running.
terminal-heap-unreached = { " " }Reached by no root: { $size } in { $objects } objects.
terminal-heap-soft = { " " }Only softly held: { $size }.
terminal-heap-reflection = { " " }Softly held by classes for reflection, as far as it seems: { $size }.
terminal-heap-finalizer = { " " }Only finalizers lead to: { $size }.
terminal-oom = OutOfMemoryError
# What a share is a share of: in a heap that is far from full what is in use.
share-whole = { $inuse ->
    [1] what is in use
   *[other] the heap
}
share-small-whole = { $inuse ->
    [1] what is in use
   *[other] a small heap
}
terminal-of-heap = { $share } of { share-whole }
terminal-of-garbage = { $share } of the garbage
terminal-made-of = made of { $list }
terminal-example = for example { $example }
terminal-also-held = also held by { $holder }
terminal-held-estimated = some are held by { $holder }: about { $size }, estimated from a sample
terminal-held-none-alone = if only one of these lets go, nothing is freed: { $holders }
terminal-held-alone = if only { $holder } lets go: { $size } freed
terminal-held-together = if all of them let go: { $size } freed
terminal-root = GC root: { $root }
terminal-more-steps = ... { $count } more steps ...
terminal-same-steps = ... the same { $count } steps as for suspect { $rank } ...
terminal-damage-at = (first at offset { $offset })
terminal-daemon = daemon
terminal-virtual = virtual
terminal-retains = retains { $size }
terminal-locals = locals { $size }
terminal-thread-group = { $count } × { $pattern }, retaining { $size }
terminal-waits-for = - waiting for { $what }
terminal-same-stack = ... and the { $count } other frames of "{ $thread }"
terminal-omitted = ... and { $count } more (--limit 0 shows all)

## Rules

section-rules = Rules
section-rules-about = What is known of libraries, applied to this heap: objects that are there too often, hold too much, or miss their threads.
table-rules = What rules found
table-known-rules = Known rules
table-rule-trial = How far each rule got
column-link = Documentation
column-fulfilling = Conditions hold
column-rule = Rule
column-severity = Severity
column-finding = Finding
rule-evidence-holder = { $count } of { $samples } looked at are held by { $holder }.
rule-evidence-entries = { $count ->
    [one] There is 1 entry in it.
   *[other] There are { $count } entries in it.
 }
rule-evidence-group = { $count } with { $key }, which retain { $size }.
rule-garbage-title = { $count } unreachable { $class } with { $size }: allocated faster than collected, not leaked
rule-garbage-waiting-title = { $count } unreachable { $class } with { $size }: not yet collected, and not leaked
rule-garbage-advice = Nothing holds these objects any more. They cost allocation and collection, not lasting memory; they are no reason to look for a leak.
rule-class-values-title = { $count } unreachable { $class } with { $size }: garbage, or held by class values
rule-class-values-advice = They are in use if the classes that the class values were computed for are loaded, which the dump does not tell. Otherwise they cost allocation and collection, not lasting memory.
rule-unmounted-title = { $count } unreachable { $class } with { $size }: garbage, or in use by virtual threads that were not running
rule-unmounted-advice = The dump leaves out the stacks of virtual threads that were not running. Unless one of them uses these objects, they cost allocation and collection, not lasting memory; a dump made by JDK 25 or later tells.

## Inspections: histogram, dominators, threads, unreachable, system

table-packages = Packages
table-unreachable = Unreachable objects
table-tree = Top of the dominator tree
table-limited = Collections with a limit
table-roots = GC roots by kind
roots-about = The table of GC roots by kind adds up what each root keeps alive by itself. What several roots keep only together is in no row; what the variables of a thread keep is in the rows of frames and of threads.
table-fill = How full they are
column-fill = Places in use
column-arrays_bytes = Size of their arrays
column-roots = Roots
column-entries = Elements
column-limit = Limit
table-map = Retained memory as areas
table-pools = Threads by name
table-deadlocks = Threads in a deadlock
table-tops = Topmost unreachable objects, with what hung on them
table-properties = System properties
table-environment = Environment variables
table-arguments = Arguments of the JVM
facts-total = In all
facts-summary = In short
facts-vm = Virtual machine
facts-layout = Object layout
column-threads = Threads
column-runnable = Runnable
column-blocked = Blocked
column-waiting = Waiting
column-locals_only_bytes = Held by its stack alone
column-deadlock = Deadlock
column-waits_for = Waits for
column-at = At
fact-instances = Instances
fact-share_of_dump = Share of the dump
fact-in_circles_bytes = In circles of garbage
fact-threads = Threads
fact-threads_not_shown = Threads not shown
fact-daemon_threads = Daemon threads
fact-virtual_threads = Virtual threads
fact-virtual_threads_left_out = Virtual threads that the dump leaves out
fact-runnable = Runnable
fact-blocked = Blocked
fact-waiting = Waiting
fact-timed_waiting = Waiting for some time
fact-java_version = Java version
fact-command = Command
fact-collectors = Garbage collectors
fact-max_direct_memory = Limit of direct memory
fact-header_bytes = Object header
fact-reference_bytes = Reference in the heap
fact-alignment_bytes = Object alignment
fact-compact_headers = Compact headers
threads-deadlock = { $guessed ->
    [0] Deadlock
   *[other] Most likely a deadlock
} of { $threads }
threads-deadlock-in = { $guessed ->
    [0] Deadlock
   *[other] Most likely a deadlock
} of { $threads } in { $place }
threads-deadlock-behind = { $guessed ->
    [0] Deadlock
   *[other] Most likely a deadlock
} of { $threads }; { $behind ->
    [one] one more thread waits
   *[other] { $behind } more threads wait
} behind them
threads-deadlock-in-behind = { $guessed ->
    [0] Deadlock
   *[other] Most likely a deadlock
} of { $threads } in { $place }; { $behind ->
    [one] one more thread waits
   *[other] { $behind } more threads wait
} behind them
threads-deadlock-monitors = A dump does not say which thread has a monitor: it is told by the variables of the frames.
threads-deadlock-wait-monitor-in = { $thread } waits in { $place } for the monitor of { $what }, which { $owner } seems to have
threads-deadlock-wait-monitor = { $thread } waits for the monitor of { $what }, which { $owner } seems to have
threads-upgrade = { $threads } waits for ever in { $place } for the write lock of { $lock }, of which it has the read lock itself{ $behind ->
    [0] {""}
    [one] ; one more thread waits behind it
   *[other] ; { $behind } more threads wait behind it
}
threads-upgrade-wait-in = { $thread } waits in { $place } for the write lock of { $what }, and has its read lock
threads-upgrade-wait = { $thread } waits for the write lock of { $what }, and has its read lock
threads-upgrade-advice = A read lock cannot become a write lock: release it before lock() of the write lock, and read again what may have changed meanwhile. A write lock may become a read lock.
threads-lost-stamped = { $count ->
    [one] One thread waits
   *[other] { $count } threads wait
} for { $lock }, which is locked, and no other thread is at work with it
threads-lost-stamped-own = { $thread } waits for itself: in { $inner } it asks for { $lock }, a StampedLock, which it has most likely taken in { $outer }{ $count ->
    [0] {""}
    [one] ; one more thread waits behind it
   *[other] ; { $count } more threads wait behind it
}
threads-lost-stamped-advice = A StampedLock is not reentrant: who has it and asks for it again waits for itself. Look at which of these threads has taken it further out, or where it is not unlocked in a finally.
threads-deadlock-wait-end = { $thread } waits in { $place } for the end of { $other }
threads-deadlock-wait-result = { $thread } waits in { $place } for the result of what { $other } does
threads-deadlock-join-advice = Do not wait for the end of a thread while holding a lock that it needs: release the lock before join(), or join with a time limit.
threads-deadlock-advice = Take the locks in the same order everywhere, or use tryLock with a time limit.
threads-deadlock-wait = { $thread } waits for { $what }
threads-deadlock-wait-in = { $thread } waits in { $place } for { $what }, which { $owner } holds
threads-deadlock-wait-owned = { $thread } waits for { $what }, which { $owner } holds
threads-behind-in = Behind them { $count ->
    [one] { $thread } waits
   *[other] { $count } threads { $thread } wait
} in { $place }
threads-behind = Behind them { $count ->
    [one] { $thread } waits
   *[other] { $count } threads { $thread } wait
}
threads-starved = Pool { $pool } waits for itself: all its { $count ->
    [one] threads wait
   *[other] { $count } threads wait
} in { $place } for results of tasks that are in its own queue ({ $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} there)
threads-starved-latch = Pool { $pool } waits for itself: all its { $count ->
    [one] threads wait
   *[other] { $count } threads wait
} in { $place } for a CountDownLatch that tasks in its own queue are to count down ({ $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} there)
threads-starved-advice = Run the inner tasks in another pool, or compose futures (thenCompose, thenCombine) instead of waiting for them inside of a task. More threads only put it off.
threads-all = { $count ->
    [2] Both threads { $pool }
   *[other] All { $count } threads { $pool }
}
threads-some = { $count } of { $all } threads { $pool }
threads-of-kind = threads
threads-of-kind-virtual = virtual threads
threads-of-them = { $count } of them { $doing }
threads-stuck = { $whom } are in { $place }, { $doing }
threads-stuck-inside = { $whom } are in { $place }, { $doing }; { $owner } is in it and { $inside }
threads-stuck-owner = { $whom } are in { $place }, { $doing }; { $owner } is { $inside }
threads-stuck-queued = { $whom } are in { $place }, { $doing }; { $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} for a free thread
threads-stuck-queued-inside = { $whom } are in { $place }, { $doing }; { $owner } is in it and { $inside }; { $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} for a free thread
threads-stuck-queued-owner = { $whom } are in { $place }, { $doing }; { $owner } is { $inside }; { $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} for a free thread
threads-wait-in = { $whom } wait for one in { $place }.
threads-stuck-lender = { $whom } are in { $place }, { $doing }; { $owner }, which works for that pool, is { $inside }
threads-stuck-queued-lender = { $whom } are in { $place }, { $doing }; { $owner }, which works for that pool, is { $inside }; { $queued ->
    [one] one task waits
   *[other] { $queued } tasks wait
} for a free thread
threads-queue-full = Its queue is full, { $limit } of { $limit }.
threads-queue-full-then = Its queue is full, { $limit } of { $limit }: { $then }.
threads-caller-runs = { $count ->
    [one] Thread { $thread } itself runs a task that was rejected
   *[other] { $count } threads { $thread } themselves run tasks that were rejected
} (CallerRunsPolicy), and stands in { $place }.
threads-stuck-lock-advice = While a lock is held do nothing that can wait (network, disk, other locks), or give that a time limit; others can use tryLock with one.
threads-stuck-output-advice = Who writes to standard output or to a file waits when the other end of a pipe is not read (a supervisor, a log driver) or the disk does not answer, and all who log wait for it: read the other end, write to a file or through an asynchronous appender that drops lines rather than wait.
threads-stuck-permit-advice = Give each permit back in a finally block: one that is lost with an exception never comes back. tryAcquire with a time limit tells it.
threads-stuck-permits-advice = The permits are at work, not lost: give what is done with one time limits (connect and read), make it shorter, and let callers wait for a limited time only (tryAcquire with a time).
threads-stuck-network-advice = Give the call time limits (connect and read), and bound how many may wait for the other side at once (circuit breaker, bulkhead).
threads-stuck-latch-advice = Count the latch down in a finally, and in the callback for errors as well: a count that is lost with an exception never comes. Wait with a time limit (await(time, unit)).
threads-stuck-library-advice = They wait inside of a library for what it has not got yet, such as a connection, a server that answers, or an answer: see in its state and its log what that is, whether the other side can be reached, and lower the library's time limit for it.
threads-stuck-pool-advice = See who has what the pool has lent, and that it is given back in a finally (try-with-resources, close()) after errors as well; where the pool has lent nothing, see what it waits for to get one, and give that connect and read time limits. Limit how long a caller waits for the pool.
threads-stuck-advice = None of them goes on until what they wait for comes: look at who should bring it, and give the wait a time limit.
threads-stuck-sleep-advice = A sleep ends by itself: if it is a rate limit, a polling or a pause before the next attempt, it sets how much this pool gets done; look whether so many tasks should wait for that.
threads-overdue = Thread { $thread }, which runs all tasks of its scheduler, is in { $place }, { $doing }; { $late ->
    [one] one task behind it is overdue, by { $seconds } s
   *[other] { $late } tasks behind it are overdue, the first by { $seconds } s
}
threads-overdue-all = All { $count } threads { $thread } of a scheduler are in { $place }, { $doing }; { $late ->
    [one] one task behind them is overdue, by { $seconds } s
   *[other] { $late } tasks behind them are overdue, the first by { $seconds } s
}
threads-overdue-advice = The tasks of a scheduler wait for each other. Give what this one waits for a time limit (connect and read, await with a time), let it hand what may hang to a pool of its own, or give the scheduler more threads.
threads-stands = { $thread } is in { $place }
threads-stands-doing = { $thread } is in { $place }: { $doing }
threads-pool-nested = Each of the { $lent } objects that pool { $pool } has lent is in the hands of a thread that waits there for one more: { $count ->
    [one] { $thread } is
   *[other] { $count } threads { $thread } are
} in { $place }, and nobody can go on
threads-pool-nested-behind = Each of the { $lent } objects that pool { $pool } has lent is in the hands of a thread that waits there for one more: { $count ->
    [one] { $thread } is
   *[other] { $count } threads { $thread } are
} in { $place }, and nobody can go on; { $behind ->
    [one] one more thread waits
   *[other] { $behind } more threads wait
} behind them
threads-pool-nested-advice = Hand the connection down to what is called instead of opening a second one within (a nested transaction, REQUIRES_NEW, a lookup while a cursor is open); or let the pool have more than as many as calls run at once. A shorter time limit of the pool only turns the wait into errors.
threads-stuck-tail = { $title }; { $tail }
threads-permits-lost = no other thread is in that method: whoever has taken permits there has not given them back
threads-permits-at-work = the { $count } others in it are { $doing }
threads-lost-lock = Thread { $owner } has ended while it had { $lock }: it is never released; { $count ->
    [one] thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} for it in { $place }
threads-lost-lock-advice = Unlock in a finally block: an exception between lock() and unlock() has ended the thread. Only a restart gives the lock back.
threads-ended-workers = { $count } of { $all } threads { $thread } of { $holder } { $count ->
    [one] has
   *[other] have
} ended ({ $ended }): what is handed to { $count ->
    [one] it
   *[other] them
} is never done
threads-ended-workers-advice = What is handed to those that have ended is never done. Find the exception or Error that ended them (log it with an UncaughtExceptionHandler), catch within the loop of such a thread what a single item may throw, and restart the process; run with -XX:+ExitOnOutOfMemoryError where it was an OutOfMemoryError.
threads-full-queue = { $count ->
    [one] Thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} in { $place } to put into { $queue }, which is full ({ $entries } of { $limit }), and no thread takes from it
threads-full-queue-ended = { $count ->
    [one] Thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} in { $place } to put into { $queue }, which is full ({ $entries } of { $limit }): nothing takes from it, and thread { $ended }, which belongs to it, has ended
threads-full-queue-advice = The thread that took from it has ended, most likely with an exception that nobody saw: catch within its loop what a single element may throw, log what ends it (UncaughtExceptionHandler), and start it again. offer with a time limit tells who puts that nobody takes.
threads-missing-party = { $count ->
    [one] Thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} in { $place } at { $barrier }, a CyclicBarrier of { $parties }; { $missing ->
    [one] one is missing, and no other thread is on its way there
   *[other] { $missing } are missing, and no other thread is on its way there
}
threads-missing-party-advice = A party has ended, most likely with an exception, without telling the others: break the barrier in its catch block (reset(), or interrupt the others), and wait with a time limit (await(time, unit)), which breaks it for all.
threads-blocked-loop = { $count ->
    [one] Event loop { $thread } is
   *[other] { $count } event loops { $thread } are
} in { $place }, { $doing }: all else that is served there waits
threads-blocked-loop-advice = An event loop serves many connections and must never wait: hand what may to a pool of threads (an EventExecutorGroup for the handler, executeBlocking, publishOn, dispatch; setExecutor of the JDK's HttpServer), or use a client that calls back; and give the call connect and read time limits.
threads-busy-acceptor = No thread accepts connections of { $socket }: { $thread }, which has it in hand, is in { $place }, { $doing }
threads-busy-acceptor-advice = A thread that accepts and serves in one loop serves one client at a time, and a client that sends nothing stops it for all. Hand each accepted connection to a pool with a limit, and give it a time limit (Socket.setSoTimeout).
threads-not-notified = { $count ->
    [one] Thread { $thread } waits
   *[other] { $count } threads { $thread } wait
} in { $place } to be notified, while { $field } has { $entries ->
    [one] an element
   *[other] { $entries } elements
} and nobody is at work with it: if that is what they wait for, a notify was lost
threads-not-notified-advice = Whoever adds to it must call notifyAll() in the same synchronized block; notify() wakes a single thread, which may be one that waits for something else. A BlockingQueue does this by itself.
threads-no-carrier = { $count ->
    [one] One virtual thread { $waiting } waits
   *[other] { $count } virtual threads { $waiting } wait
} for a carrier: { $carriers ->
    [one] the only one is
   *[other] all { $carriers } are
} taken by { $thread } in { $place }, { $doing }
threads-no-carrier-advice = A virtual thread gives its carrier away only where it waits. Run what computes on a pool of platform threads of its own, with as many as there are processors; do not wait in native code on a virtual thread, nor inside synchronized before JDK 24.
threads-timer-ended = The thread of Timer { $thread } has ended: { $count ->
    [one] its task { $task }, still marked as scheduled, is
   *[other] { $count } of its tasks ({ $task }), still marked as scheduled, are
} never run again
threads-timer-ended-advice = A Timer ends with the first exception that one of its tasks throws, and with cancel(); whoever schedules another task is told "Timer already cancelled.". Catch Throwable in run() of each task, or use a ScheduledExecutorService, in which only the task that throws ends; where cancel() was meant, let go of the timer and its tasks.
threads-task-failed = { $count ->
    [one] A periodic task ended with { $error } and is
   *[other] { $count } periodic tasks ended with { $error } and are
} never run again
threads-task-failed-in = { $count ->
    [one] A periodic task ended with { $error } in { $place } and is
   *[other] { $count } periodic tasks ended with { $error } in { $place } and are
} never run again
threads-task-failed-pool = It ran on the thread { $thread } of an executor that runs on.
threads-task-failed-advice = A periodic task of a ScheduledExecutorService ends with the first exception that leaves it; the exception is only told to whoever calls get() on its future, nothing is logged. Catch and log within the task what one run of it may throw, and schedule it again now (restart the process).
threads-initialisers = Threads that initialise classes seem to wait for each other: { $threads }
threads-initialisers-behind = Threads that initialise classes seem to wait for each other: { $threads }; { $behind ->
    [one] one more thread waits
   *[other] { $behind } more threads wait
} for these classes
threads-initialisers-advice = Break the circle of static initialisers: neither class may use the other while it is initialised (move what both need to a third class, or make it when first used).
threads-doing-running = running
threads-doing-blocked = waiting for a monitor
threads-doing-monitor = waiting for the monitor of { $lock }
threads-doing-permit = waiting for a permit of { $lock }, which has { $left ->
    [0] none left
   *[other] only { $left } left
}
threads-doing-semaphore = waiting for a permit of a semaphore
threads-doing-lock-named = waiting for { $lock }
threads-doing-idle = idle: waiting for work
threads-doing-lock = waiting for a lock
threads-doing-lock-of = waiting for { $lock }, which { $thread } holds
threads-doing-queue = waiting at a queue
threads-doing-pool = waiting for what a pool lends
threads-doing-full-queue = waiting to put into a full queue
threads-doing-waiting = waiting for a signal
threads-doing-latch = waiting for a CountDownLatch to be counted down
threads-doing-inside = waiting inside of { $method }
threads-doing-barrier = waiting at a barrier for other threads
threads-doing-result = waiting for the result of a future
threads-doing-sleeping = sleeping
threads-doing-selecting = waiting for network events
threads-doing-accepting = accepting connections
threads-doing-connecting = waiting for a connection to be accepted
threads-doing-reading = reading from the network
threads-doing-reading-in = reading from a file or a pipe
threads-doing-writing = writing to the network
threads-doing-writing-out = writing to a file, a pipe or the console
threads-doing-full-pipe = writing to a pipe that is full
threads-doing-reading-pipe = reading from a pipe that is empty
unreachable-class-values = { $size } of this hang on class values: held if the classes that these were computed for are loaded, which the dump does not tell.
unreachable-virtual-threads = { $count } virtual threads were not running when the dump was made, and the virtual machine (JDK 21 to 24 does so) did not write them as threads. Their stacks ({ $stacks }) are in the dump, but not what these refer to. What only they hold is counted here: of these { $size } at most, some may be in use.

## Inspections: strings, collections, arrays, boxed, waste

table-repeated = Repeated contents
table-longest = Longest
table-collections-longest = Longest collections
table-strings-longest = Longest strings
table-collisions = Hash collisions
table-crowded = Maps whose keys collide most
table-largest = Largest arrays
table-kinds = Kinds of waste
table-heap-by-kind = The heap by kind
table-heap-by-package = The heap by package
table-heap-by-loader = The heap by class loader
table-heap-by-thread = What threads alone hold of the heap
heap-kind-objects = Objects
heap-kind-strings = Strings (without their characters)
heap-kind-classes = Classes
heap-kind-object-arrays = Arrays of objects
heap-kind-primitive-arrays = Arrays of primitives
heap-others = Everything else
table-parts = What could be saved
column-strings = Strings
column-arrays = Arrays
column-characters = Length of the array
column-wasted_bytes = Wasted
column-references = References
column-collection_kind = Kind
column-empty = Empty
column-single = One element
column-sparse = Sparse
column-oversized = Oversized
column-elements = Elements
column-capacity = Capacity
column-longest = Longest
column-buckets_used = Buckets used
column-collisions = Collisions
column-collision_ratio = Collision ratio
column-key_class = Class of a key
column-nulls = Null
column-zero = Only zeros
column-zero_bytes = Size of those
column-length = Length
column-distinct = Different values
column-commonest = Commonest value
column-commonest_count = Times
column-waste = Waste
column-inspection = Inspection
fact-strings = Strings
fact-distinct = Different texts
fact-empty_strings = Empty strings
fact-bytes = Size
fact-share = Share of the heap
fact-repeated = Contents there more than once
fact-wasted_bytes = Wasted
fact-collections = Collections
fact-empty = Empty
fact-single = With one element
fact-sparse = Sparse
fact-arrays = Arrays
fact-zero = Only zeros
fact-zero_bytes = Size of arrays of zeros
collection-list = list
collection-map = map
collection-set = set
collection-queue = queue
waste-strings = Repeated strings
waste-arrays = Repeated arrays
waste-zeros = Arrays of zeros
waste-collections = Empty and oversized collections
waste-boxed = Repeated boxed numbers
strings-repeated = Repeated strings waste { $size }, { $share } of { share-whole }
strings-repeated-advice = Share the values where they are read: keep one instance per value in a map, use String.intern for few values, or -XX:+UseStringDeduplication (G1, and others since JDK 18).
arrays-repeated = Arrays with the same content waste { $size }, { $share } of { share-whole }
arrays-repeated-advice = Keep one array for each content (by a hash of it), and let all who need it refer to that one: what is the same for most, like a default image or an empty page, should be there once.
arrays-repeated-evidence = { $count } { $class } of length { $length } have one content.
off-heap-open-both = { $deflaters } Deflaters and { $inflaters } Inflaters of java.util.zip are not closed and hold about { $size } outside of the heap
strings-sampled = One in { $step } of the arrays with repeated texts was looked at for who holds it: the figures by field are estimates.
collections-wasteful = Empty and oversized collections waste { $size }, { $share } of { share-whole }
collections-wasteful-advice = Make a collection when its first element comes (until then Collections.emptyList() or null), give it the capacity that it will have, and call trimToSize() on lists that are kept.
collections-emptied-advice = Neither clear() nor remove() makes the array of a collection smaller: put a new collection in the place of one that has been emptied, or call trimToSize() on a list.
waste-field = { $field }: { $size }
collisions-about = A collision is an entry that is not the first one in its bucket; the ratio is their share of all entries. With evenly spread hash codes it is 15 to 30 %; far more means that hashCode() hardly tells the keys apart, and each look-up goes through many of them.
collisions-many = hashCode() of { $class } hardly tells keys apart: { $share } of { $count } entries of maps collide
collisions-advice = Let hashCode() of { $class } depend on all that equals() compares, and mix it well (Objects.hash, or Long.hashCode of an id); make the class Comparable where that cannot be changed.
collisions-evidence = { $class } @ { $address }: { $entries } entries in { $used } of { $places } buckets.

## Inspections: executors, references

table-executors = Executors
table-ended_threads = Threads that have ended and are still referred to
table-referents = What references refer to
table-finalizer_queue = Waiting for their finalizers
column-active = At work
column-most_threads = At most
column-queued = Tasks waiting
column-queue = Queue
column-completed = Tasks done
column-shut_down = Shut down
column-strength = Strength
column-cleared = Cleared
strength-soft = soft
strength-weak = weak
strength-final = final
strength-phantom = phantom
fact-softly_objects = Objects that only soft references keep
fact-softly_bytes = Size of softly held objects
fact-finalizable = Objects with finalizers
fact-finalizer_objects = Objects that only finalizers keep
fact-finalizer_bytes = Size of those with finalizers
fact-finalizer_queue = In the finalizers' queue
references-only-finalizers = { $size } of dropped objects stay until their finalizers have run and a collection after that, among them { $count } { $class }
references-only-finalizers-advice = Objects with a finalize() method outlive the collection that finds them dropped. Replace it by close() with try-with-resources, or by a Cleaner, and make fewer of them.
references-only-finalizers-unproven = Only finalizers lead to { $size }, among them { $count } { $class }
references-only-finalizers-unproven-advice = Next to nothing else in the dump is garbage, or it leaves out the stacks of virtual threads: then something that the dump does not hold may have these in use, such as those stacks or fields of classes.
references-backlog = { $count } objects wait for their finalizers, most of them { $class }
references-backlog-advice = Close these objects explicitly, and look at what the finalizer thread is doing: one finalizer that blocks holds up all others.
references-finalizer-at = The finalizer thread stands at { $place }.
references-finalizer-in = The finalizer thread is at { $place }, { $doing }.
references-finalizer-blocked = The finalizer thread waits for a monitor at { $place }.
references-finalizer-owner = Thread { $thread } seems to have it: it is at { $place }, { $doing }.
references-finalizer-beside = Thread { $thread } is in the same class, at { $place }, { $doing }: if it is the one that has the monitor, no finalizer runs before it lets go.

## Inspections: off-heap, class loaders

table-holders = Who holds the buffers
table-buffers = Largest buffers
table-sockets = Sockets and channels
table-connectors = Connectors
column-socket_state = State
column-endpoint = From or to
column-connector = Connector
column-running = Running
column-paused = Paused
column-connections = Connections
column-max_connections = At most
column-accept_count = Accept queue
column-max_threads = Most threads
socket-listening = listening
socket-connecting = connecting
socket-connected = connected
socket-half-closed = closed by the peer
socket-reset = reset by the peer
socket-open = open
socket-closed = closed
sockets-not-closed = { $count } sockets were dropped without being closed
sockets-not-closed-advice = Nothing refers to them any more, and their file descriptors stay open until a collection finds them: close sockets in a finally block or with try-with-resources.
sockets-reset = { $count } connections that the peer has reset were not closed
sockets-reset-advice = Whoever reads from them has seen "Connection reset" and kept the socket: close it on every error.
sockets-half-closed = { $count } connections that the other side has closed are still open here (CLOSE_WAIT)
sockets-half-closed-advice = Whoever reads from them has met the end (read returned -1) and kept the socket: close it then, in a finally block or with try-with-resources.
sockets-many-open = { $count } sockets are open
sockets-many-open-advice = Each takes a file descriptor; "Too many open files" is where it ends. See in the table of sockets (oomph off-heap) who holds them and where they lead: use a pool with a limit, close what is idle.
sockets-most = { $count } of them: { $state } { $endpoint }, held by { $holder }
sockets-most-accepted = { $count } of them: { $state } { $endpoint }, accepted by this process
suspect-connections = { $count } sockets are open in them: { $state } { $endpoint }.
sockets-unwatched = { $count } of them are registered with a selector that watches them for nothing (interestOps 0): nobody reads from them, and nobody sees that the other side has gone.
sockets-unwatched-advice = A channel that is watched for nothing is never closed by what its client does (CLOSE_WAIT), and takes a file descriptor and whatever is attached to its key. Call close() on the channel, which cancels its key, when read() returns -1 or throws; if it only waits for its answer, register it again afterwards, and give idle ones a time limit.
sockets-many-accepted-advice = These were accepted: each stays open, and takes a file descriptor, as long as its client keeps it, its request is in work, or nobody closes it here though the client has gone (read returned -1; CLOSE_WAIT). Set a limit of connections and an idle timeout, and end requests that run on without a thread (SSE, long polls) when their client has gone.
table-native = Other owners of native memory
table-loaders = Class loaders
table-hierarchy = Class loaders below their parents
table-kinds_of_loaders = Class loaders by class
table-duplicates = Classes that several loaders have defined
table-generated = Classes made at run time
column-buffer_kind = Kind
column-open = Open
column-free_bytes = Not in use
column-classes = Classes
column-instances_retained_bytes = Retained by instances
column-stopped = Stopped
column-parent = Parent
column-loaders = Class loaders
buffer-direct = direct
buffer-native = native code
buffer-arena = arena
buffer-mapped = mapped file
buffer-view = view
fact-direct_buffers = Direct buffers
fact-direct_bytes = Capacity of direct buffers
fact-native_buffers = Buffers of native code
fact-native_bytes = Capacity of buffers of native code
fact-arenas = Open arenas of java.lang.foreign
fact-arena_bytes = Memory of open arenas
fact-mapped_buffers = Mapped files
fact-mapped_bytes = Size of mapped files
fact-views = Slices and duplicates
fact-unreachable_bytes = Held by unreachable buffers
fact-reserved_bytes = Reserved, as the JVM counts
fact-limit_bytes = Limit
fact-thread_stacks = Thread stacks
fact-netty_used_bytes = Used by Netty
fact-netty_limit_bytes = Netty's limit
fact-class_loaders = Class loaders
fact-classes = Classes
fact-empty_loaders = Without classes
fact-duplicate_classes = Class names defined more than once
off-heap-near-limit = Direct buffers take { $size }, { $share } of the limit of { $limit }
off-heap-near-limit-advice = Release or reuse the buffers; direct memory is only given back when the buffer objects are collected. Raise -XX:MaxDirectMemorySize only if all of them are needed.
off-heap-beside-heap = { $count } direct buffers take { $size } outside of the heap; all that is on it takes { $heap }
off-heap-arenas = { $count } arenas of java.lang.foreign are not closed and take { $size } outside of the heap; all that is on it takes { $heap }
off-heap-arenas-advice = Close each arena when what it was opened for is done (try-with-resources, or close() where its owner is removed), or take Arena.ofAuto(), whose memory goes when nothing refers to its segments. No limit of the JVM stops them: the process grows until the system kills it.
off-heap-native = { $count } { $class } have { $size } outside of the heap; all that is on it takes { $heap }
off-heap-native-advice = Close each when what it was allocated for is done (close(), also where its owner is removed from what holds it), and bound what holds them. Else the memory is only given back when the object is collected, and the collector does not see how much hangs on it: the process grows until the system kills it.
off-heap-native-about = { $count } { $class } seem to have about { $size } outside of the heap, by the address and the size that each has; all that is on it takes { $heap }
off-heap-native-about-advice = See how a { $class } gives its memory back (close, free, release), do that when it is done with, and bound what holds them. The collector does not see how much hangs on each: the process grows until the system kills it.
off-heap-not-traced = others, not looked at
off-heap-held = { $holder } holds { $count } of them with { $size }.
off-heap-held-in-threads = The thread-local { $holder } holds { $count } of them with { $size }, in { $threads } threads such as { $thread }.
off-heap-open = { $count } instances of { $class } were not closed and hold about { $size } outside of the heap
off-heap-open-advice = Call end() or close the stream around them in a finally block or with try-with-resources.
classloaders-stopped = The web application { $name } was stopped but its class loader is still held, with { $size }
classloaders-stopped-advice = Look at the path to its class loader: a thread, thread-local, driver or listener that the application did not take back when it was stopped.
classloaders-many = { $count } class loaders of class { $loader } have each defined { $class }
classloaders-many-advice = Make the class loader once and keep it, or let the old ones go: something still refers to each of them.
classloaders-alike = { $count } of the { $all } loaded classes are called { $class }{ $loaders ->
    [0] {""}
    [one] {""}
   *[other] , in { $loaders } class loaders
}: each class takes Metaspace, which is outside of the heap, as long as its loader is kept
classloaders-alike-advice = Classes that are generated for each use (scripts, rules, expressions, proxies) pile up: generate one for each distinct text, keep that, and give it what changes as a parameter; let the loader of what is done go. -XX:MaxMetaspaceSize only makes it fail sooner.
classloaders-generated = { $count } sub classes of { $class } were generated at run time
classloaders-generated-held = { $count } of { $samples } instances looked at are held by { $holder }.
classloaders-generated-advice = A library makes a proxy or an enhanced class for each use instead of once, and all of them stay in Metaspace: let its factory cache them (setUseCache(true) of Javassist and CGLIB, a TypeCache of Byte Buddy), or make one factory and keep the class.

## The gate

gate-over = { $what }: { $measured }, more than the { $allowed } allowed
gate-kept = { $what }: { $measured } of { $allowed } allowed
gate-under = { $what }: { $measured }, at least { $allowed } required
gate-enough = { $what }: { $measured }, at least { $allowed } required: met
gate-more = { $count } more break { $budget }
gate-none-such = Nothing in this dump is like { $subject }
gate-not-measured = { $budget } is not measured: the report does not hold what it is about
gate-tolerated = Allowed until { $until }: { $reason }
gate-expired = The allowance ended on { $until }: { $reason }
gate-no-oom = No thread threw an OutOfMemoryError
gate-oom = OutOfMemoryError ({ $kind }) in thread { $thread }
gate-problem = { $title } ({ $measured }); allowed: { $allowed }
gate-problem-said = { $title }; allowed: { $allowed }
gate-new-suspect = New since the baseline: { $title }
gate-no-new-suspect = No new suspect since the baseline
gate-new-finding = New since the baseline: { $title }
gate-no-new-finding = No new finding since the baseline
gate-what-reachable = Reachable heap
gate-what-unreachable = Garbage
gate-what-objects = Reachable objects
gate-what-classes = Loaded classes
gate-what-threads = Threads
gate-what-threads-named = Threads like { $subject }
gate-what-thread-retained = Retained by thread { $subject }
gate-what-locals = Held by local variables of thread { $subject }
gate-what-thread-locals = Held by thread-locals of thread { $subject }
gate-what-loaders = Class loaders
gate-what-loaders-named = Class loaders like { $subject }
gate-what-loader-classes = Classes of loader { $subject }
gate-what-off-heap = Memory outside of the heap
gate-what-damage = Damaged places in the dump
gate-what-damage-kinds = Damaged places in the dump ({ $subject })
gate-what-instances = Instances of { $subject }
gate-what-shallow = Shallow size of { $subject }
gate-what-retained = Retained size of { $subject }
gate-what-unreachable-instances = Unreachable instances of { $subject }
gate-what-held = Held by { $subject }
gate-what-elements = Elements held by { $subject }
gate-what-suspects = Suspects ({ $subject })
gate-what-findings = Findings ({ $subject })
gate-what-finding-count = Things found by { $subject }
gate-what-finding-bytes = Memory found by { $subject }
gate-what-waste = Waste ({ $subject })
gate-what-heap-growth = Growth of the reachable heap
gate-what-heap-growth-beyond = Growth of the reachable heap beyond what caches with a limit took up
gate-what-growth = Growth of { $subject }
gate-what-instance-growth = Growth in instances of { $subject }
gate-what-element-growth = Growth in elements held by { $subject }
gate-what-thread-growth = Growth in threads
gate-what-loader-growth = Growth in class loaders
gate-no-baseline = There is no baseline { $file } to compare with; --update-baseline writes it
gate-other-java = The baseline is of Java { $was } and this dump of Java { $is }: their own classes are not compared; --update-baseline makes a new one
gate-held-by = Held by { $holder }
gate-path = Path: { $path }
gate-see = See: { $command }
gate-fingerprint = Fingerprint: { $fingerprint }
gate-title = Heap gate
table-gate_dumps = Dumps
column-gate_dump = Dump
column-gate_result = Result
column-gate_heap = Reachable heap
column-gate_broken = Broken
column-gate_budgets = Budgets
column-gate_why = Why
gate-unreadable = not judged
gate-passed = passed
gate-failed = failed
gate-nothing-measured = nothing measured
gate-dump-passed =
    { $count ->
        [one] { $file }: the one budget is kept, reachable heap { $heap }
       *[other] { $file }: all { $count } budgets kept, reachable heap { $heap }
    }
gate-dump-tolerated = { $file }: none of { $count } budgets is broken but for { $tolerated } that the policy allows for now, reachable heap { $heap }
gate-dump-not-measured = { $file }: no budget was measured, so nothing is proven; reachable heap { $heap }
gate-no-budget = The policy has no budget for this dump
gate-growth-needs-baseline = Growth is not measured: there is no baseline to compare with (--baseline)
gate-first-baseline = Nothing to compare with yet; this dump is the baseline from now on ({ $file })
gate-dump-no-budget = { $file }: the policy has no budget for this dump, reachable heap { $heap }
gate-dump-failed =
    { $count ->
        [one] { $file }: the one budget is broken, reachable heap { $heap }
       *[other] { $file }: { $broken } of { $count } budgets broken, reachable heap { $heap }
    }
gate-sum = { $bad } of { $count } dumps failed

## Growth between dumps

growth-headline = { $holder } grew from { $old } to { $new }: { $count } more { $class }.
growth-evicts = evicts
growth-limited = { $holder } grew by { $size }, but evicts: a cache that fills is no leak.
growth-limited-by = { $holder } grew by { $size }, but has a limit ({ $entries } of { $limit } elements): a cache that fills is no leak.
growth-none = No holder of much memory grew; the reachable heap went from { $old } to { $new }.
table-collections = Collections that grew
table-new_suspects = New suspects
fact-old_file = Older dump
fact-new_file = Newer dump
fact-reports = Dumps compared
fact-old_bytes = Reachable heap before
fact-new_bytes = Reachable heap after
fact-bytes_delta = Change
fact-objects_delta = Change in objects
fact-unreachable_delta = Change in garbage
column-old_elements = Elements before
column-new_elements = Elements after
column-elements_delta = Change
column-bytes_delta = Growth
column-steady = Steady
column-path = Path
column-old_instances = Instances before
column-new_instances = After
column-instances_delta = Change
column-old_bytes = Before
column-new_bytes = After
column-old_count = Before
column-new_count = After
column-count_delta = Change
column-fingerprint = Fingerprint
table-threads = Threads
growth-branch = { $path } grew from { $old } to { $new }.
growth-held = { $holder } grew from { $old } to { $new }.
growth-branch-objects = { $path } grew from { $old } to { $new }: { $count } more.
table-branches = Parts of the dominator tree that grew
column-objects_delta = Objects
growth-rate = The dumps are { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} apart: that makes { $size } and { $elements } elements an hour.
growth-rate-bytes = The dumps are { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} apart: that makes { $size } an hour.
fact-seconds = Seconds between the first and the last dump
fact-bytes_per_hour = Growth of the heap in an hour
table-owners = Growth by owner
table-dumps = Dumps
column-shared_delta = Of it shared
column-growth_share = Of the heap's growth
column-trend = Trend
column-file = File
column-unreachable_bytes = Garbage
column-created = Made
section-growth-owners = Whose growth it is
section-growth-owners-about = What one owner alone holds is its own. What several hold goes only when all of them let go, so each gets an equal part of it; the parts add up to the growth of what is held.
section-growth-collections = Collections that grew
section-growth-collections-about = By the field that holds them and the path that leads to them; what grew in every step comes first, what is known to have a limit comes last. A leak is one collection in one field that grows steadily.
section-growth-branches = Growth in the dominator tree
section-growth-branches-about = The innermost parts of the tree that grew, also those that are still too small to be suspects.
section-growth-classes = Growth by class
section-growth-classes-about = Instances and shallow sizes; numbers of lambdas, proxies and the like are left out of the names.
section-growth-suspects = New suspects
section-growth-suspects-about = What the first dump has no suspect like.
section-growth-threads = Threads and class loaders
section-growth-threads-about = Pools of threads and kinds of loaders whose number has changed.
section-growth-dumps = The dumps compared
section-growth-dumps-about = The oldest first.
html-growth-title = Growth up to { $file }
html-growth-picture = Whose growth it is
html-growth-of-heap = of the reachable heap
html-growth-rest = Everything else
html-growth-calm = Nothing of size has grown.
html-growth-limited = Has a limit
html-growth-steady = Grew in every step
html-growth-unsteady = Grew
html-none-of = Nothing to show:
html-growth-now = now { $size }
html-growth-an-hour = That makes { $size } an hour.
