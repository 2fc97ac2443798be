//! Progress on standard error: a bar on a terminal, a line per phase with `--verbose`, nothing otherwise.

use crate::progress::{Observer, Unit};
use crate::storage::{Storage, processor_time, resident};
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shows phases.
pub(super) struct Reporter {
    show_bar: bool,
    verbose: bool,
    storage: Storage,
    phases: Mutex<Vec<Running>>,
    started: Instant,
    has_head: AtomicBool,
}

struct Running {
    started: Instant,
    /// Processor time of the whole process at the start.
    cpu: Option<Duration>,
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
    ticker: Option<std::thread::JoinHandle<()>>,
}

impl Reporter {
    pub(super) fn new(quiet: bool, verbose: bool, storage: Storage) -> Self {
        let show_bar = !quiet && !verbose && std::io::stderr().is_terminal();
        Self {
            show_bar,
            verbose,
            storage,
            phases: Mutex::default(),
            started: Instant::now(),
            has_head: AtomicBool::new(false),
        }
    }

    /// A line that does not tear the bar.
    #[expect(clippy::print_stderr, reason = "notes go to standard error")]
    pub(super) fn say(&self, line: &str) {
        let phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        match phases.last() {
            Some(running) if self.show_bar => running.bar.suspend(|| eprintln!("{line}")),
            _ => eprintln!("{line}"),
        }
    }

    /// No more phases: with `--verbose`, the totals.
    #[expect(clippy::print_stderr, reason = "notes go to standard error")]
    pub(super) fn finish(&self) {
        if !self.verbose {
            return;
        }
        let peak = HumanBytes(self.storage.peak_bytes()).to_string();
        self.print_line("in all, at the peak", &peak, self.started.elapsed(), Some(Duration::ZERO));
        for memory in self.storage.uses() {
            let kinds = [(memory.anonymous_bytes, ""), (memory.scratch_bytes, " in scratch files")];
            for (bytes, place) in kinds.into_iter().filter(|&(bytes, _)| bytes > 0) {
                eprintln!("{:>28} {:>12}{place}", memory.what, HumanBytes(bytes).to_string());
            }
        }
    }

    /// A line of the table of phases: memory of columns, memory in RAM, seconds on the clock and of all processors since `cpu_then`.
    #[expect(clippy::print_stderr, reason = "what --verbose is for")]
    fn print_line(&self, name: &str, columns: &str, wall: Duration, cpu_then: Option<Duration>) {
        if !self.has_head.swap(true, Ordering::Relaxed) {
            eprintln!(
                "{:>28} {:>12} {:>12} {:>12} {:>9} {:>9}",
                "phase", "columns", "anonymous", "of files", "seconds", "CPU"
            );
        }
        let resident = resident();
        let human =
            |bytes: Option<u64>| bytes.map_or_else(|| "?".to_owned(), |bytes| HumanBytes(bytes).to_string());
        let cpu = cpu_then.zip(processor_time()).map(|(then, now)| now.saturating_sub(then).as_secs_f64());
        eprintln!(
            "{name:>28} {columns:>12} {:>12} {:>12} {:>9.2} {:>9}",
            human(resident.map(|memory| memory.anonymous_bytes)),
            human(resident.map(|memory| memory.file_bytes)),
            wall.as_secs_f64(),
            cpu.map_or_else(|| "?".to_owned(), |cpu| format!("{cpu:.2}")),
        );
    }
}

impl Observer for Reporter {
    fn begin(&self, phase: &'static str, unit: Unit, total: u64, done: Arc<AtomicU64>) {
        let bar = if self.show_bar {
            let template = match unit {
                Unit::Bytes => "{msg:24} {wide_bar} {bytes:>11} of {total_bytes} {eta:>4}",
                Unit::Objects => "{msg:24} {wide_bar} {human_pos:>13} of {human_len} {eta:>4}",
                Unit::Steps => "{msg:24} {spinner} {elapsed}",
            };
            let style =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
            bar.set_style(style.progress_chars("━╸─"));
            bar.set_message(phase);
            bar
        } else {
            ProgressBar::hidden()
        };
        let stop = Arc::new(AtomicBool::new(false));
        // Short phases never show: a bar that flashes by is noise.
        let ticker = self.show_bar.then(|| {
            let (bar, stop) = (bar.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::thread::park_timeout(Duration::from_millis(120));
                    if !stop.load(Ordering::Relaxed) {
                        bar.set_position(done.load(Ordering::Relaxed));
                    }
                }
            })
        });
        let running = Running { started: Instant::now(), cpu: processor_time(), bar, stop, ticker };
        self.phases.lock().unwrap_or_else(PoisonError::into_inner).push(running);
    }

    fn end(&self, phase: &'static str) {
        let running = self.phases.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(running) = running else { return };
        running.stop.store(true, Ordering::Relaxed);
        if let Some(ticker) = running.ticker {
            ticker.thread().unpark();
            // The ticker does nothing that can fail.
            let _ = ticker.join();
        }
        running.bar.finish_and_clear();
        if self.verbose {
            let columns = HumanBytes(self.storage.anonymous_bytes()).to_string();
            self.print_line(phase, &columns, running.started.elapsed(), running.cpu);
        }
    }
}
