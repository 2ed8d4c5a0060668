//! `PyYAML` as a process that answers one document after another.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
};

use serde_json::Value as Json;

use super::value::Value;
use crate::binary::project_root;

/// What the loader makes of a text.
#[derive(Debug, Clone)]
pub struct Answer {
    /// A value, or the error it raises.
    pub value: Result<Value, String>,
    /// Tags or keys behind `?`, which `SpecQL` has not.
    pub is_outside: bool,
}

/// A running loader.
#[derive(Debug)]
pub struct Oracle {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts the loader of the pinned version.
    ///
    /// # Panics
    ///
    /// When it is not installed: without it there is nothing to compare with.
    #[must_use]
    pub fn start() -> Self {
        let python = project_root().join(".cache/venv/bin/python");
        let script = project_root().join("tests/fidelity/oracle.py");
        let has_loader = Command::new(&python)
            .args(["-c", "import yaml"])
            .output()
            .is_ok_and(|it| it.status.success());
        assert!(has_loader, "PyYAML is not in .cache/venv: run scripts/setup.sh once");
        let mut process = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python has just been run");
        let questions = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { process, questions, answers }
    }

    /// The answer to one text.
    ///
    /// # Panics
    ///
    /// When the loader's process has ended.
    pub fn load(&mut self, text: &str) -> Answer {
        write!(self.questions, "{}\n{text}", text.len()).expect("the loader reads on");
        self.questions.flush().expect("the loader reads on");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the loader answers in UTF-8");
        let answer: Json = serde_json::from_str(&line).expect("the loader answers in JSON");
        let value = match answer.get("error").and_then(Json::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(Value::from_json(answer.get("value").unwrap_or(&Json::Null))),
        };
        let outside = answer.get("outside").and_then(Json::as_array);
        Answer { value, is_outside: outside.is_some_and(|it| !it.is_empty()) }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It would wait for the next question.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Calls `visit` for every text with the loader's answer, on as many loaders as the machine has cores.
/// The texts are numbered, and `text` makes the one of a number; what the visits return comes in order.
///
/// # Panics
///
/// When a visit panics.
pub fn load_all<T: Send>(
    count: usize,
    text: impl Fn(usize) -> String + Sync,
    visit: impl Fn(&str, Answer) -> T + Sync,
) -> Vec<T> {
    let workers = thread::available_parallelism().map_or(2, usize::from).min(4);
    let share = count.div_ceil(workers).max(1);
    let (text, visit) = (&text, &visit);
    thread::scope(|scope| {
        let parts: Vec<_> = (0..workers)
            .map(|worker| {
                let numbers = (worker * share).min(count)..((worker + 1) * share).min(count);
                scope.spawn(move || {
                    let mut oracle = Oracle::start();
                    let answered = numbers.map(|number| {
                        let text = text(number);
                        let answer = oracle.load(&text);
                        visit(&text, answer)
                    });
                    answered.collect::<Vec<T>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|it| it.join().expect("a visit has failed")).collect()
    })
}
