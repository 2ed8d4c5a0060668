//! A client that measures from the write of a message to the arrival of what answers it.

use crate::workspace::Folder;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

/// A session.
pub(crate) struct Client {
    process: Child,
    input: ChildStdin,
    messages: Receiver<(Instant, Value)>,
    began: Instant,
    last_id: u64,
    versions: HashMap<String, u64>,
    waiting: HashSet<u64>,
}

impl Client {
    pub(crate) fn start(binary: &PathBuf, arguments: &[&str], folder: &Folder) -> Self {
        let began = Instant::now();
        let mut command = Command::new(binary);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the server starts");
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(it) = read(&mut output) {
                if sender.send((Instant::now(), it)).is_err() {
                    return;
                }
            }
        });
        let (versions, waiting) = (HashMap::new(), HashSet::new());
        let mut client = Self { process, input, messages, began, last_id: 0, versions, waiting };
        let folders = json!([{ "uri": folder.root(), "name": "bench" }]);
        let diagnostics = json!({ "versionSupport": true, "relatedInformation": true });
        let capabilities = json!({ "textDocument": { "publishDiagnostics": diagnostics } });
        let id = client.request(
            "initialize",
            json!({ "capabilities": capabilities, "workspaceFolders": folders, "rootUri": folder.root() }),
        );
        client.wait(|it| it["id"] == id);
        client.notify("initialized", json!({}));
        client
    }

    /// How long it took until so many files had a publication.
    pub(crate) fn published_files(&mut self, count: usize) -> Duration {
        let mut files = HashSet::new();
        let (at, _) = self.wait(|it| {
            files.extend(published(it).map(str::to_owned));
            files.len() >= count
        });
        at - self.began
    }

    pub(crate) fn open(&mut self, path: &Path, text: &str) {
        let uri = uri(path);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.wait(|it| published(it) == Some(&uri));
        self.versions.insert(uri, 1);
    }

    /// From a change to the findings of its version, or of the file where versions are not told.
    pub(crate) fn key(&mut self, path: &Path, change: &Value) -> Duration {
        let (began, uri, version) = self.change(path, change);
        let (at, _) = self.wait(|it| is_version(it, &uri, version));
        at - began
    }

    /// The same, and until so many other files were published.
    pub(crate) fn key_with_users(
        &mut self,
        path: &Path,
        change: &Value,
        users: usize,
    ) -> (Duration, Duration) {
        let (began, uri, version) = self.change(path, change);
        let (mut own, mut others) = (None, HashSet::new());
        let (last, _) = self.wait(|it| {
            if is_version(it, &uri, version) {
                own = Some(Instant::now());
            } else {
                others.extend(published(it).map(str::to_owned));
            }
            own.is_some() && others.len() >= users
        });
        (own.unwrap() - began, last - began)
    }

    fn change(&mut self, path: &Path, change: &Value) -> (Instant, String, u64) {
        let uri = uri(path);
        let version = self.versions.get_mut(&uri).unwrap();
        *version += 1;
        let version = *version;
        let began = Instant::now();
        let document = json!({ "uri": uri, "version": version });
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [change] }),
        );
        (began, uri, version)
    }

    /// From a change to the answer of a question behind it.
    pub(crate) fn ask_behind(
        &mut self,
        change: &Value,
        method: &str,
        path: &Path,
        params: Value,
    ) -> Duration {
        let (began, ..) = self.change(path, change);
        self.ask(method, path, params);
        began.elapsed()
    }

    pub(crate) fn ask(&mut self, method: &str, path: &Path, mut params: Value) -> Duration {
        // Questions of the protocol name the document, the server's own the address.
        params["textDocument"] = json!({ "uri": uri(path) });
        params["uri"] = json!(uri(path));
        let began = Instant::now();
        let id = self.request(method, params);
        let (at, _) = self.wait(|it| it["id"] == id && it.get("method").is_none());
        at - began
    }

    /// Asks what editors ask beside the typing, and does not wait.
    pub(crate) fn ask_beside(&mut self, path: &Path) {
        let document = json!({ "uri": uri(path) });
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 40, "character": 0 } });
        for (method, params) in [
            ("textDocument/documentSymbol", json!({ "textDocument": document })),
            ("textDocument/codeLens", json!({ "textDocument": document })),
            (
                "textDocument/codeAction",
                json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } }),
            ),
        ] {
            let id = self.request(method, params);
            self.waiting.insert(id);
        }
    }

    /// Waits for what was asked beside.
    pub(crate) fn answers(&mut self) {
        while !self.waiting.is_empty() {
            self.wait(|it| it.get("method").is_none());
        }
    }

    /// Waits for a message; answers on the way what the server asks.
    fn wait(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> (Instant, Value) {
        loop {
            let (at, message) = self.messages.recv_timeout(PATIENCE).expect("an answer in time");
            let is_asked = message.get("method").is_some() && message.get("id").is_some();
            if is_asked {
                let items = message["params"]["items"].as_array();
                let items = items.map(|it| vec![Value::Null; it.len()]);
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": items }));
            } else if let Some(id) = message["id"].as_u64() {
                self.waiting.remove(&id);
            }
            if wanted(&message) {
                return (at, message);
            }
        }
    }

    fn request(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        self.send(
            &json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }),
        );
        self.last_id
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    /// Resident memory in MB; 0 where the system does not tell.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        line.and_then(|it| it.trim().split(' ').next()?.parse::<u64>().ok())
            .map_or(0, |it| it / 1024)
    }

    /// Processor time of all threads up to now; none where the system does not tell.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    pub(crate) fn stop(mut self) {
        let id = self.request("shutdown", Value::Null);
        self.wait(|it| it["id"] == id);
        self.notify("exit", Value::Null);
        self.process.wait().unwrap();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The file of a publication.
fn published(message: &Value) -> Option<&str> {
    let is_publication = message["method"] == "textDocument/publishDiagnostics";
    is_publication.then(|| message["params"]["uri"].as_str()).flatten()
}

fn is_version(message: &Value, uri: &str, version: u64) -> bool {
    let told = &message["params"]["version"];
    published(message) == Some(uri) && (told.is_null() || *told == version)
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut size = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(it) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            size = it.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; size];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
