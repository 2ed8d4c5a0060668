//! The server: one for all test processes of a run, found through a folder named after the run.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    net::TcpListener,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

/// A running server that trusts everybody on 127.0.0.1.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    port: u16,
}

const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
wal_level = logical
max_connections = 50
fsync = off
synchronous_commit = off
full_page_writes = off
";

impl Cluster {
    /// The server of this test run, started by the first caller.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is not installed or does not start.
    pub fn get() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(|| {
            let run = test_run();
            let folder = roomy_folder().join(format!("specql-postgres-{run}"));
            fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
            let lock = lock(&folder, "start");
            let ready = folder.join("port");
            let port = match fs::read_to_string(&ready) {
                Ok(port) => port.parse().expect("written below"),
                Err(_) => {
                    let port = start(&folder);
                    watch(&folder, run);
                    fs::write(&ready, port.to_string()).expect("the folder was just made");
                    port
                }
            };
            drop(lock);
            Self { folder, port }
        })
    }

    /// Connection parameters for a database.
    #[must_use]
    pub fn parameters(&self, database: &str) -> String {
        format!("host=127.0.0.1 port={} user=postgres dbname={database}", self.port)
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs files with `psql -f` in one session, which ends at the first error.
    ///
    /// # Errors
    ///
    /// What `psql` says when a statement fails, with the path of its file.
    ///
    /// # Panics
    ///
    /// When `psql` is not installed.
    pub fn psql(&self, database: &str, files: &[PathBuf]) -> Result<(), String> {
        let output = Command::new(tool("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"])
            .args(["-p", &self.port.to_string(), "-d", database])
            .args(files.iter().flat_map(|it| [OsStr::new("-f"), it.as_os_str()]))
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .output()
            .expect("psql is installed with the server");
        if output.status.success() && output.stderr.is_empty() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The schema of a database as `pg_dump` writes it.
    ///
    /// # Panics
    ///
    /// When `pg_dump` fails.
    #[must_use]
    pub fn dump(&self, database: &str) -> String {
        let output = Command::new(tool("pg_dump"))
            .args(["--schema-only", "-h", "127.0.0.1", "-U", "postgres"])
            .args(["-p", &self.port.to_string(), "-d", database])
            .output()
            .expect("pg_dump is installed with the server");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Holds off every other test process that asks for the same name, until the result is dropped.
    #[must_use]
    pub fn lock(&self, name: &str) -> File {
        lock(&self.folder, name)
    }

    /// A folder for files of the run.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Where the files of a server lie: in memory where there is much of it. Every test makes and drops a database
/// of hundreds of files, which costs a disk more than everything that the test asks for.
fn roomy_folder() -> PathBuf {
    /// Bytes: twice what a run of all tests has at its end.
    const ROOM: u64 = 12 << 30;
    let memory = PathBuf::from("/dev/shm");
    let room = rustix::fs::statvfs(&memory).map(|it| it.f_blocks.saturating_mul(it.f_frsize));
    if room.is_ok_and(|it| it >= ROOM) { memory } else { std::env::temp_dir() }
}

fn lock(folder: &Path, name: &str) -> File {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(format!("{name}.lock")))
        .expect("the folder can be written");
    file.lock().expect("the file system has locks");
    file
}

/// The process whose end is the end of the run: the test runner, or this process without one.
fn test_run() -> u32 {
    let parent = std::os::unix::process::parent_id();
    let name = fs::read_to_string(format!("/proc/{parent}/comm")).unwrap_or_default();
    if name.contains("cargo") || name.contains("nextest") { parent } else { std::process::id() }
}

/// Whether `SPECQL_POSTGRES` names another release than the installed one, see `scripts/postgres.sh`.
#[must_use]
pub(super) fn is_other_release() -> bool {
    std::env::var_os("SPECQL_POSTGRES").is_some_and(|it| !it.is_empty())
}

/// A program of PostgreSQL: from the folders in `SPECQL_POSTGRES`, from the path, or from where the
/// packages of distributions put it.
fn tool(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).unwrap_or_default();
    let (other, path) = (variable("SPECQL_POSTGRES"), variable("PATH"));
    let mut folders: Vec<PathBuf> =
        std::env::split_paths(&other).filter(|it| it.is_absolute()).collect();
    folders.extend(std::env::split_paths(&path));
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|it| it.path().join("bin")).collect();
    installed.sort();
    folders.extend(installed.into_iter().rev());
    let found = folders.into_iter().map(|it| it.join(name)).find(|it| it.is_file());
    found.unwrap_or_else(|| {
        panic!("`{name}` of PostgreSQL 15 or newer is not installed; run scripts/setup.sh")
    })
}

/// A server program, as the user `postgres` when the tests run as root, which the server refuses.
fn server_tool(name: &str) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
    if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(tool(name));
        command
    } else {
        Command::new(tool(name))
    }
}

fn start(folder: &Path) -> u16 {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
    if is_root {
        run_quietly(Command::new("chown").arg("postgres").arg(folder));
    }
    let data = folder.join("data");
    run_quietly(server_tool("initdb").arg("-D").arg(&data).args([
        "--username=postgres",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]));
    let port = free_port();
    let settings = data.join("postgresql.conf");
    let text = fs::read_to_string(&settings).expect("initdb has written it");
    let own = format!("port = {port}\nunix_socket_directories = '{}'\n", folder.display());
    fs::write(&settings, text + SETTINGS + &own).expect("it could be read");
    run_quietly(
        server_tool("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(folder.join("log"))
            .args(["-w", "-s", "start"]),
    );
    port
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("127.0.0.1 has a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Leaves a process that stops the server and removes its folder when the run is over.
fn watch(folder: &Path, run: u32) {
    let folder = folder.display();
    // By a signal: the programs of the server may be gone when the run is over.
    let script = format!(
        "while [ -e /proc/{run} ]; do sleep 0.5; done
        kill -QUIT $(head -n 1 '{folder}/data/postmaster.pid'); sleep 0.5; rm -rf '{folder}'"
    );
    // The shell ends at once; what it leaves behind belongs to nobody's process group.
    let leave = "setsid sh -c \"$0\" </dev/null >/dev/null 2>&1 &";
    run_quietly(Command::new("sh").args(["-c", leave, &script]));
}

/// Runs a command whose output goes to files, so that no server keeps a pipe of the test open.
fn run_quietly(command: &mut Command) {
    let log = std::env::temp_dir().join(format!("specql-postgres-{}.log", std::process::id()));
    let output = File::create(&log).expect("the folder for temporary files can be written");
    let errors = output.try_clone().expect("a file can be shared");
    let status = command.stdin(Stdio::null()).stdout(output).stderr(errors).status();
    let text = fs::read_to_string(&log).unwrap_or_default();
    fs::remove_file(&log).expect("it was just made");
    assert!(status.is_ok_and(|it| it.success()), "{command:?} failed: {text}");
}
