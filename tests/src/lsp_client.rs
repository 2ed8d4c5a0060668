//! A client that speaks the protocol to the real server, over pipes in this process or to the binary.
//!
//! A test ends with an orderly shutdown when the client is dropped: a server that hangs, or that ends
//! with another code than 0, fails it. Every wait ends after [`PATIENCE`].

#![expect(clippy::indexing_slicing, reason = "a missing member of JSON reads as null")]

use crate::binary;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with files, gone with the value.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Writes files: relative paths and their texts.
    ///
    /// # Panics
    /// When the disk refuses.
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let res = Self(tempfile::tempdir().expect("the disk can be written to"));
        for (path, text) in files {
            res.write(path, text);
        }
        res
    }

    /// Writes one file.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))
            .expect("the disk can be written to");
        std::fs::write(path, text).expect("the disk can be written to");
    }

    /// Calls git in the folder.
    ///
    /// # Panics
    /// When git refuses.
    pub fn git(&self, arguments: &[&str]) {
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let mut git = Command::new("git");
        let output = git.current_dir(self.path()).args(author).args(arguments).output();
        assert!(output.expect("git is there").status.success(), "{arguments:?}");
    }

    /// Removes one file.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.0.path().join(path)).expect("the file is there");
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The URI of a file, or with `""` of the folder.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        format!("file://{}", self.0.path().join(path).display())
    }
}

enum Server {
    Thread(JoinHandle<i32>),
    Process(Child),
    Ended,
}

/// One session.
pub struct Client {
    input: Option<Box<dyn Write>>,
    /// What is kept back, while something is.
    held: Option<Vec<u8>>,
    output: Receiver<Value>,
    server: Server,
    last_id: i64,
    /// Answers that nobody has asked for yet.
    answers: HashMap<i64, Value>,
    /// Notifications that nobody has asked for yet.
    notifications: VecDeque<Value>,
    /// What the server asked of the client, in order.
    pub requests: Vec<Value>,
    /// What `workspace/configuration` is answered with.
    pub settings: Value,
}

impl Client {
    /// A session without folders.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&json!({}), &[])
    }

    /// A session over folders.
    #[must_use]
    pub fn start_in(folders: &[&Folder]) -> Self {
        Self::start_with(&json!({}), folders)
    }

    /// A session of a client with given capabilities.
    #[must_use]
    pub fn start_with(capabilities: &Value, folders: &[&Folder]) -> Self {
        let mut res = Self::connect();
        res.initialize(capabilities, folders);
        res
    }

    /// The same, without a word said yet.
    ///
    /// # Panics
    /// When the system has no pipes.
    #[must_use]
    pub fn connect() -> Self {
        let (server_input, input) = std::io::pipe().expect("the system has pipes");
        let (output, server_output) = std::io::pipe().expect("the system has pipes");
        let serve = move || specql_server::serve(server_input, server_output);
        let server = Server::Thread(std::thread::spawn(serve));
        Self::new(server, Box::new(input), output)
    }

    /// The same, over the binary.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn connect_to_binary() -> Self {
        let mut process = Command::new(binary::specql_lsp())
            .args(["serve", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was just built");
        let input = process.stdin.take().expect("it is piped");
        let output = process.stdout.take().expect("it is piped");
        Self::new(Server::Process(process), Box::new(input), output)
    }

    fn new(server: Server, input: Box<dyn Write>, output: impl Read + Send + 'static) -> Self {
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            input: Some(input),
            held: None,
            output: messages,
            server,
            last_id: 0,
            answers: HashMap::new(),
            notifications: VecDeque::new(),
            requests: Vec::new(),
            settings: Value::Null,
        }
    }

    /// Says `initialize` and `initialized`; gives the answer.
    pub fn initialize(&mut self, capabilities: &Value, folders: &[&Folder]) -> Value {
        let folder = |it: &&Folder| json!({ "uri": it.uri(""), "name": "test" });
        let folders: Vec<Value> = folders.iter().map(folder).collect();
        let answer = self.request(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": capabilities,
                "workspaceFolders": folders,
            }),
        );
        self.notify("initialized", json!({}));
        answer
    }

    /// Sends a request and waits for its answer: the result, or `{"error": …}`.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send_request(method, params);
        self.answer(id)
    }

    /// Sends a request and gives its id.
    pub fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Waits for the answer to a request: the result, or `{"error": …}`.
    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            if let Some(mut message) = self.answers.remove(&id) {
                return match message.get_mut("error") {
                    Some(error) => json!({ "error": error.take() }),
                    None => message["result"].take(),
                };
            }
            self.receive();
        }
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Opens a document at version 1.
    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "specql", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a document: a list of changes as the protocol has them.
    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// Tells of files that changed on disk.
    pub fn watched(&mut self, uris: &[String]) {
        let event = |uri: &String| json!({ "uri": uri, "type": 2 });
        let changes: Vec<Value> = uris.iter().map(event).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// The name of the first entity in a document's outline: what the server believes it holds.
    pub fn entity(&mut self, uri: &str) -> Value {
        let id = self.ask_symbols(uri);
        self.answer(id).pointer("/0/name").cloned().unwrap_or_default()
    }

    /// Sends a request for a document's outline.
    pub fn ask_symbols(&mut self, uri: &str) -> i64 {
        let params = json!({ "textDocument": { "uri": uri } });
        self.send_request("textDocument/documentSymbol", params)
    }

    /// Waits for the next publication for a document. Those for others that come before are dropped.
    pub fn diagnostics(&mut self, uri: &str) -> Value {
        self.published_until(uri).pop().unwrap_or_default()
    }

    /// All publications up to the next one for a document.
    pub fn published_until(&mut self, uri: &str) -> Vec<Value> {
        let mut res = Vec::new();
        loop {
            let mut message = self.notification("textDocument/publishDiagnostics");
            let params = message["params"].take();
            let found = params["uri"] == uri;
            res.push(params);
            if found {
                return res;
            }
        }
    }

    /// Waits for the next notification of a kind. Others that come before are dropped.
    pub fn notification(&mut self, method: &str) -> Value {
        while let Some(message) = self.notifications.pop_front() {
            if message["method"] == method {
                return message;
            }
        }
        loop {
            let message = self.receive();
            if message["method"] == method {
                self.notifications.pop_back();
                return message;
            }
        }
    }

    /// Waits for the next message. Requests of the server are answered with null, but for that for settings.
    ///
    /// # Panics
    /// When the server is silent for too long or has ended.
    pub fn receive(&mut self) -> Value {
        let message = self.output.recv_timeout(PATIENCE);
        let message = message.expect("the server goes on and answers in time");
        match (message.get("method"), message.get("id")) {
            (Some(_), Some(id)) => {
                let is_asked = message["method"] == "workspace/configuration";
                let result = if is_asked { self.settings.clone() } else { Value::Null };
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
                self.requests.push(message.clone());
            }
            (Some(_), None) => self.notifications.push_back(message.clone()),
            (None, Some(id)) => {
                self.answers.extend(id.as_i64().map(|id| (id, message.clone())));
            }
            (None, None) => {}
        }
        message
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Keeps back what is sent from now on.
    pub fn hold(&mut self) {
        self.held = Some(Vec::new());
    }

    /// Sends what was kept back in one write.
    pub fn release(&mut self) {
        let held = self.held.take().unwrap_or_default();
        self.send_bytes(&held);
    }

    /// Sends bytes as they are.
    ///
    /// # Panics
    /// When the server reads no more.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        if let Some(held) = &mut self.held {
            held.extend(bytes);
            return;
        }
        let input = self.input.as_mut().expect("the session is not ended");
        input.write_all(bytes).expect("the server reads");
        input.flush().expect("the server reads");
    }

    /// Ends the stream to the server without a word and gives its exit code.
    pub fn hang_up(mut self) -> i32 {
        self.input = None;
        self.exit_code()
    }

    /// Waits for the server to end.
    ///
    /// # Panics
    /// When it does not.
    pub fn exit_code(&mut self) -> i32 {
        let server = std::mem::replace(&mut self.server, Server::Ended);
        let (sender, code) = mpsc::channel();
        std::thread::spawn(move || {
            let code = match server {
                Server::Thread(thread) => thread.join().ok(),
                Server::Process(mut process) => process.wait().ok().and_then(|it| it.code()),
                Server::Ended => None,
            };
            // Nobody listens when the wait was given up.
            let _ = sender.send(code);
        });
        let code = code.recv_timeout(PATIENCE).expect("the server ends in time");
        code.expect("the server ends without a panic")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() || matches!(self.server, Server::Ended) {
            return;
        }
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.exit_code(), 0);
    }
}

/// Reads what the server wrote, strictly.
fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    while !header.ends_with("\r\n\r\n") {
        if output.read_line(&mut header).ok()? == 0 {
            return None;
        }
    }
    let length = header.trim().strip_prefix("Content-Length: ")?.parse().ok()?;
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
