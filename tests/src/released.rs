//! The released parser as a process that answers one document after another, and the documents that it
//! is asked about.
//!
//! `scripts/setup.sh` installs it from PyPI into `.cache/released`.

mod forms;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value as Json;

use crate::binary::project_root;

pub use forms::variants;

/// Why the parser refuses a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The class of the exception.
    pub class: String,
    /// Its text.
    pub text: String,
}

/// A running parser.
#[derive(Debug)]
pub struct Parser {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Parser {
    /// Starts the parser of the pinned version.
    ///
    /// # Panics
    ///
    /// When it is not installed: without it there is nothing to compare with.
    #[must_use]
    pub fn start() -> Self {
        let cache = project_root().join(".cache");
        let wheel = cache.join("released");
        let is_there = wheel.join("core/specql_parser.py").exists();
        assert!(is_there, "the parser is not in .cache/released: run scripts/setup.sh once");
        let mut process = Command::new(cache.join("venv/bin/python"))
            .arg(project_root().join("tests/released/oracle.py"))
            .arg(wheel)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python is in .cache/venv: run scripts/setup.sh once");
        let questions = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { process, questions, answers }
    }

    /// Why it refuses a text; nothing where it does not.
    ///
    /// # Panics
    ///
    /// When the parser's process has ended.
    pub fn refusal(&mut self, text: &str) -> Option<Refusal> {
        write!(self.questions, "{}\n{text}", text.len()).expect("the parser reads on");
        self.questions.flush().expect("the parser reads on");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the parser answers in UTF-8");
        let answer: Json = serde_json::from_str(&line).expect("the parser answers in JSON");
        let member = |key: &str| answer.get(key).and_then(Json::as_str).map(str::to_owned);
        Some(Refusal { class: member("class")?, text: member("text")? })
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        // It would wait for the next question.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
