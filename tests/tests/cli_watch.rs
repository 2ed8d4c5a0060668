//! `check --watch`: the report follows the files, and a change costs what it can affect.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use specql_tests::binary::specql_lsp;

/// How often a machine under load may miss what an idle one does in far less.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run that watches, and the lines it prints.
struct Watching {
    process: Child,
    report: Receiver<String>,
    status: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(specql_lsp())
            .args(["check", "--watch", "--format", "concise"])
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it was just built");
        let report = lines(process.stdout.take().expect("piped"));
        let status = lines(process.stderr.take().expect("piped"));
        Self { process, report, status }
    }

    /// The findings of the next report, and how many files were checked for it.
    fn next(&self) -> (Vec<String>, usize) {
        let status = self.status.recv_timeout(PATIENCE).expect("a line about the work");
        assert!(status.starts_with("checked ") && status.contains("watching"), "{status}");
        let count = status.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a number");
        // The report is written before the line about it.
        let mut found = Vec::new();
        while let Ok(it) = self.report.recv_timeout(Duration::from_millis(200)) {
            found.push(it);
        }
        (found, count)
    }

    fn stop(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().expect("kill is there");
        assert!(sent.success());
        self.process.wait().expect("it ends").code()
    }
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines.map(|it| sender.send(it)).all(|it| it.is_ok())
    });
    lines
}

const ENTITIES: usize = 300;

/// Entities that know nothing of each other, but for `post.yaml`, which refers to `user.yaml`.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for number in 0..ENTITIES - 2 {
        let text = format!("entity: Thing{number}\nschema: a\nfields:\n  name: text\n");
        fs::write(folder.path().join(format!("thing{number}.yaml")), text).expect("writable");
    }
    fs::write(folder.path().join("user.yaml"), USER).expect("writable");
    let post = "entity: Post\nschema: a\nfields:\n  title: text\n  user: ref(User)\n";
    fs::write(folder.path().join("post.yaml"), post).expect("writable");
    folder
}

const USER: &str = "entity: User\nschema: a\nfields:\n  name: text\n";

#[test]
fn a_save_costs_what_it_can_affect_and_ctrl_c_ends_it() {
    let folder = workspace();
    let user = folder.path().join("user.yaml");
    let run = Watching::start(folder.path(), &[]);
    assert_eq!(run.next(), (vec![], ENTITIES));
    // A mistake within a file is that file's.
    fs::write(&user, USER.replace("name: text", "name: txt")).expect("writable");
    let (found, checked) = run.next();
    assert!(
        found.len() == 1 && found[0].starts_with("user.yaml:4:9: error[unknown-type]"),
        "{found:?}"
    );
    assert!(checked <= 2, "{checked} files: nothing else than who refers to it can be affected");
    // A name that goes is missing where it was used.
    fs::write(&user, USER.replace("User", "Person")).expect("writable");
    let (found, checked) = run.next();
    assert!(found.len() == 1 && found[0].starts_with("post.yaml:5:"), "{found:?}");
    assert!(checked <= 4, "{checked} files were checked for one name");
    // Files come, go and take another's place, as editors save them.
    let beside = folder.path().join(".user.yaml.tmp");
    fs::write(&beside, USER).expect("writable");
    fs::rename(&beside, &user).expect("writable");
    assert_eq!(run.next().0, Vec::<String>::new());
    fs::remove_file(&user).expect("it is there");
    assert_eq!(run.next().0.len(), 1);
    fs::create_dir(folder.path().join("new")).expect("writable");
    fs::write(folder.path().join("new/user.yaml"), USER).expect("writable");
    assert_eq!(run.next().0, Vec::<String>::new());
    assert_eq!(run.stop(), Some(0));
}

#[test]
fn what_is_saved_is_told_of_at_once() {
    let folder = workspace();
    let user = folder.path().join("user.yaml");
    let run = Watching::start(folder.path(), &[]);
    run.next();
    let mut times = Vec::new();
    for round in 0..5 {
        let begun = Instant::now();
        fs::write(&user, USER.replace("name: text", &format!("name: txt{round}")))
            .expect("writable");
        let line = run.report.recv_timeout(PATIENCE).expect("a finding");
        times.push(begun.elapsed());
        assert!(line.contains(&format!("`txt{round}`")), "{line}");
        run.next();
    }
    times.sort_unstable();
    // Of several, because the machine of a test has other things to do.
    assert!(times[0] < Duration::from_millis(100), "{times:?}");
    run.stop();
}

/// Places in other files too: what a finding relates to, and what its fixes change.
#[test]
fn the_report_after_a_change_says_what_a_new_run_says() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let post = "entity: Post\nschema: a\nfields:\n  title: text\n  user: ref(User)\nactions:\n  - name: go\n    \
                steps:\n      - update: User SET nam = 'a' WHERE id = user\n";
    fs::write(folder.path().join("user.yaml"), USER).expect("writable");
    fs::write(folder.path().join("post.yaml"), post).expect("writable");
    let run = Watching::start(folder.path(), &["--output-file", "json=kept.json"]);
    run.next();
    let moved = format!("# moved\n\n{USER}");
    for (file, text) in [
        ("user.yaml", moved.clone()),
        ("post.yaml", format!("# moved\n{post}")),
        ("user.yaml", moved.replace("name: text", "name: txt")),
        ("post.yaml", post.replace("SET nam", "SET naem")),
        ("user.yaml", moved),
        ("post.yaml", post.replace("SET nam", "SET name")),
        ("user.yaml", USER.replace("name: text", "nome: text")),
    ] {
        fs::write(folder.path().join(file), &text).expect("writable");
        run.next();
        let kept = fs::read_to_string(folder.path().join("kept.json")).expect("it was written");
        let new = Command::new(specql_lsp())
            .args(["check", "--format", "json"])
            .current_dir(folder.path())
            .output()
            .expect("it was just built");
        assert_eq!(kept, String::from_utf8_lossy(&new.stdout), "after {file}: {text}");
    }
    assert_eq!(run.stop(), Some(0));
}

#[test]
fn where_nothing_is_told_files_are_looked_at() {
    let folder = workspace();
    let run = Watching::start(folder.path(), &["--poll"]);
    run.next();
    fs::write(folder.path().join("user.yaml"), USER.replace("name: text", "name: txt"))
        .expect("writable");
    let (found, checked) = run.next();
    assert!(found.len() == 1 && checked <= 2, "{found:?} of {checked} files");
    assert_eq!(run.stop(), Some(0));
}

#[test]
fn a_configuration_that_changes_is_followed() {
    let folder = workspace();
    fs::write(folder.path().join("user.yaml"), USER.replace("name: text", "name: txt"))
        .expect("writable");
    let run = Watching::start(folder.path(), &[]);
    assert_eq!(run.next().0.len(), 1);
    fs::write(folder.path().join("specql.config.yaml"), "rules:\n  unknown-type: off\n")
        .expect("writable");
    assert_eq!(run.next().0, Vec::<String>::new());
    assert_eq!(run.stop(), Some(0));
}

/// On a terminal each report stands alone. Python has terminals in its standard library.
#[test]
fn a_terminal_is_cleared_and_left_as_it_was() {
    let folder = workspace();
    fs::write(folder.path().join("user.yaml"), USER.replace("name: text", "name: txt"))
        .expect("writable");
    let program = r#"
import os, pty, signal, sys, time
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    os.execv(sys.argv[1], sys.argv[1:])
seen = b""
def until(text):
    global seen
    end = time.time() + 30
    while text not in seen and time.time() < end:
        seen += os.read(terminal, 65536)
    assert text in seen, seen
until(b"Ctrl-C ends")
seen = b""
with open("user.yaml", "w") as file:
    file.write("entity: User\nschema: a\nfields:\n  name: text\n")
until(b"Ctrl-C ends")
assert b"\x1b[2J" in seen and b"no findings" in seen, seen
os.write(terminal, b"\x03")
status = os.waitpid(child, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status))
"#;
    let output = Command::new("python3")
        .args(["-c", program])
        .arg(specql_lsp())
        .args(["check", "--watch"])
        .current_dir(folder.path())
        .output()
        .expect("Python is there");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Who watches a name that is mistaken would wait for nothing.
#[test]
fn what_is_not_there_is_not_watched() {
    let folder = workspace();
    for (arguments, reason) in [
        (&["nope"][..], "cannot read `nope`"),
        (&["user.yaml", "./nope", "no*.yml"], "cannot read `./nope`"),
        (&["user.yaml", "no*.yml"], "cannot read `no*.yml`: no file matches the pattern"),
        (&["user.yaml", "--config", "nope.yaml"], "cannot read `nope.yaml`"),
        (&["--poll", "nope"], "cannot read `nope`"),
    ] {
        let output = Command::new("timeout")
            .arg("20")
            .arg(specql_lsp())
            .args(["check", "--watch"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("it was just built");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(&format!("error: {reason}")), "{arguments:?}: {said}");
        assert!(!said.contains("watching") && output.stdout.is_empty(), "{arguments:?}: {said}");
    }
}

#[test]
fn a_pattern_in_quotes_stands_for_its_files() {
    let folder = workspace();
    let run = Watching::start(folder.path(), &["thing?.yaml", "us*.yaml"]);
    assert_eq!(run.next(), (vec![], 11));
    let user = folder.path().join("user.yaml");
    fs::write(&user, USER.replace("name: text", "name: txt")).expect("writable");
    assert_eq!(run.next().0.len(), 1);
    assert_eq!(run.stop(), Some(0));
}

#[test]
fn what_cannot_go_together_says_so() {
    let folder = workspace();
    for arguments in [&["--fix"][..], &["--since", "HEAD"], &["-"]] {
        let output = Command::new(specql_lsp())
            .args(["check", "--watch"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("it was just built");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
