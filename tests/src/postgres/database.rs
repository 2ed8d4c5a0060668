//! Databases: a template for each workspace, made once in a run, and copies of it for tests.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use postgres::{Client, NoTls};
use specql_codegen::{EmitOptions, EmittedFile, emit, problems};
use specql_model::{FileId, SourceFile, Workspace};

use super::{Cluster, cluster::is_other_release};
use crate::binary::project_root;

const OPTIONS: EmitOptions = EmitOptions { tables: true, samples: false };

/// A database of one test; dropped with its value.
pub struct Database {
    name: String,
}

/// The example workspaces: folders under `examples/`.
pub const EXAMPLES: [&str; 3] = ["blog", "shop", "saas"];

/// An example workspace.
///
/// # Panics
///
/// When a file of it cannot be read.
#[must_use]
pub fn example(name: &str) -> Workspace {
    let files = files_below(&format!("examples/{name}"));
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    workspace(&files)
}

/// The YAML files below a folder of the project: paths inside it and texts, in the order of paths.
///
/// # Panics
///
/// When one of them cannot be read.
#[must_use]
pub fn files_below(folder: &str) -> Vec<(String, String)> {
    let root = project_root().join(folder);
    let mut paths = Vec::new();
    yaml_files(&root, &mut paths);
    paths.sort();
    let file = |it: &PathBuf| {
        let path = it.strip_prefix(&root).expect("it was found below").display().to_string();
        (path, fs::read_to_string(it).expect("it can be read"))
    };
    paths.iter().map(file).collect()
}

fn yaml_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_files(&path, paths);
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            paths.push(path);
        }
    }
}

/// A workspace of paths and texts.
#[must_use]
pub fn workspace(files: &[(&str, &str)]) -> Workspace {
    let files = (0..)
        .zip(files)
        .map(|(number, (path, text))| Arc::new(SourceFile::new(FileId(number), *path, *text)));
    Workspace::new(files)
}

impl Database {
    /// An empty database.
    #[must_use]
    pub fn empty() -> Self {
        Self::copy_of("template1")
    }

    /// A database with everything that is emitted for a workspace, emitted twice.
    ///
    /// # Panics
    ///
    /// When something of the workspace has no translation, or a statement fails.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        let problems = problems(workspace, OPTIONS);
        assert!(problems.is_empty(), "{problems:#?}");
        Self::copy_of(&template(&emit(workspace, OPTIONS), true))
    }

    /// The same for a workspace of which not everything has a translation.
    ///
    /// # Panics
    ///
    /// When a statement fails.
    #[must_use]
    pub fn with_problems(workspace: &Workspace) -> Self {
        Self::copy_of(&template(&emit(workspace, OPTIONS), false))
    }

    /// Runs what is emitted for a workspace over what the database holds already, with `psql`.
    ///
    /// # Errors
    ///
    /// What `psql` says of the first statement that fails, warnings too.
    ///
    /// # Panics
    ///
    /// When the folder of the run cannot be written.
    pub fn load(&self, workspace: &Workspace) -> Result<(), String> {
        self.load_files(&emit(workspace, OPTIONS))
    }

    /// The same for files.
    ///
    /// # Errors
    ///
    /// What `psql` says of the first statement that fails, warnings too.
    ///
    /// # Panics
    ///
    /// When the folder of the run cannot be written.
    pub fn load_files(&self, files: &[EmittedFile]) -> Result<(), String> {
        Cluster::get().psql(&self.name, &written(&self.name, files))
    }

    /// The same, each file in a session of its own.
    ///
    /// # Errors
    ///
    /// What `psql` says of the first statement that fails, warnings too.
    ///
    /// # Panics
    ///
    /// When the folder of the run cannot be written.
    pub fn load_files_alone(&self, files: &[EmittedFile]) -> Result<(), String> {
        let files = written(&self.name, files);
        files.chunks(1).try_for_each(|it| Cluster::get().psql(&self.name, it))
    }

    /// The schema as `pg_dump` writes it, without the order of a table's columns.
    ///
    /// # Panics
    ///
    /// When `pg_dump` fails.
    #[must_use]
    pub fn dump(&self) -> String {
        let dump = Cluster::get().dump(&self.name);
        let mut res = Vec::new();
        let mut columns: Vec<&str> = Vec::new();
        let mut in_table = false;
        for line in dump.lines() {
            if in_table && line.starts_with(')') {
                columns.sort_unstable();
                res.append(&mut columns);
                in_table = false;
            }
            if in_table {
                columns.push(line.trim_end_matches(','));
            } else {
                // pg_dump draws the word of these lines by lot.
                res.push(if line.starts_with("\\restrict") || line.starts_with("\\unrestrict") {
                    ""
                } else {
                    line
                });
            }
            in_table |= line.starts_with("CREATE TABLE") && line.ends_with('(');
        }
        res.join("\n")
    }

    /// What PostgreSQL's checker finds in the functions of the database.
    ///
    /// # Panics
    ///
    /// When the checker is not there, as in an empty database.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        findings(&self.name)
    }

    /// A connection as the superuser.
    ///
    /// # Panics
    ///
    /// When the server is gone.
    #[must_use]
    pub fn connect(&self) -> Client {
        connect(&self.name)
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn copy_of(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        // A template can be copied by one session at a time.
        let _lock = Cluster::get().lock(&format!("copy_{template}"));
        let how = "STRATEGY file_copy";
        execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template} {how}"));
        Self { name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// The template with these files, made by the first process that asks for it.
fn template(files: &[EmittedFile], is_sound: bool) -> String {
    let mut hasher = DefaultHasher::new();
    for it in files {
        (&it.path, &it.text).hash(&mut hasher);
    }
    let name = format!("template_{:016x}", hasher.finish());
    let cluster = Cluster::get();
    let _lock = cluster.lock(&name);
    let mut client = connect("postgres");
    let known = client
        .query("SELECT FROM pg_database WHERE datname = $1", &[&name])
        .expect("the catalogue can be read");
    if known.is_empty() {
        let unfinished = format!("{name}_unfinished");
        execute("postgres", &format!("DROP DATABASE IF EXISTS {unfinished}"));
        execute("postgres", &format!("CREATE DATABASE {unfinished} STRATEGY file_copy"));
        let files = written(&name, files);
        for pass in ["first", "second"] {
            if let Err(error) = cluster.psql(&unfinished, &files) {
                panic!("the {pass} run fails: {error}");
            }
        }
        add_checker(&mut connect(&unfinished));
        let findings = if is_sound { findings(&unfinished) } else { Vec::new() };
        assert!(findings.is_empty(), "{findings:#?}");
        execute("postgres", &format!("ALTER DATABASE {unfinished} RENAME TO {name}"));
    }
    name
}

/// The files in a folder of the run, in their order: `3-20_table.blog.Post.sql`.
fn written(folder: &str, files: &[EmittedFile]) -> Vec<PathBuf> {
    let folder = Cluster::get().folder().join(folder);
    fs::create_dir_all(&folder).expect("the folder of the run can be written");
    let write = |(number, it): (usize, &EmittedFile)| {
        let path = folder.join(format!("{number}-{}", it.path.replace('/', ".")));
        fs::write(&path, &it.text).expect("the folder was just made");
        path
    };
    files.iter().enumerate().map(write).collect()
}

fn findings(database: &str) -> Vec<String> {
    findings_but(&mut connect(database), &[])
}

/// Adds PostgreSQL's checker of functions to a database. Another release may come without it.
///
/// # Panics
///
/// When the installed release has none.
pub fn add_checker(client: &mut Client) {
    if is_other_release() && !has_checker(client, "pg_available_extensions") {
        return;
    }
    client.batch_execute("CREATE EXTENSION plpgsql_check").expect("the checker is installed");
}

/// Whether [`findings_but`] asks the checker: always on the installed release.
///
/// # Panics
///
/// When the catalogue cannot be read.
#[must_use]
pub fn is_checked(client: &mut Client) -> bool {
    !is_other_release() || has_checker(client, "pg_extension")
}

fn has_checker(client: &mut Client, list: &str) -> bool {
    let query =
        format!("SELECT FROM {list} AS e WHERE to_jsonb(e)::text LIKE '%\"plpgsql_check\"%'");
    !client.query(&query, &[]).expect("the catalogue can be read").is_empty()
}

/// The functions that a session sees, each as it stands: what is replaced is another one.
///
/// # Panics
///
/// When the catalogue cannot be read.
#[must_use]
pub fn functions(client: &mut Client) -> Vec<String> {
    let query = "SELECT f.oid || ' ' || f.xmin FROM pg_proc AS f
        JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname = 'plpgsql'";
    let rows = client.query(query, &[]).expect("the catalogue can be read");
    rows.iter().map(|it| it.get(0)).collect()
}

/// What PostgreSQL's checker finds in the functions that a session sees, but in those of a list.
///
/// # Panics
///
/// When the checker is not there.
#[must_use]
pub fn findings_but(client: &mut Client, checked: &[String]) -> Vec<String> {
    if !is_checked(client) {
        return Vec::new();
    }
    let query = "
        SELECT f.oid::regprocedure::text || ' ' || coalesce(c.lineno, 0) || ': ' || c.message
        FROM pg_proc AS f
        JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname = 'plpgsql'
        JOIN pg_namespace AS n ON n.oid = f.pronamespace,
        LATERAL plpgsql_check_function_tb(
            f.oid,
            relid => coalesce((SELECT t.tgrelid FROM pg_trigger AS t WHERE t.tgfoid = f.oid LIMIT 1), 0),
            fatal_errors => false, extra_warnings => true, security_warnings => true
        ) AS c
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'public')
            AND f.oid || ' ' || f.xmin <> ALL ($1)
            -- Every action has the same parameters, whether its steps ask for them or not.
            AND c.message !~ '^unused parameter .(input|ctx)[$].$'
            -- These run definitions, their own or the catalogue's: text that is SQL.
            AND NOT (
                c.message = 'text type variable is not sanitized'
                AND f.oid::regproc::text IN (
                    'app.update_table', 'app.update_indexes', 'app.add_check', 'app.complete_table',
                    'app.guard_partition',
                    'app.copy_policies'
                )
            )";
    let rows = client.query(query, &[&checked]).expect("the checker is installed");
    rows.iter().map(|it| it.get(0)).collect()
}

fn connect(database: &str) -> Client {
    let parameters = Cluster::get().parameters(database);
    Client::connect(&parameters, NoTls).unwrap_or_else(|error| panic!("{database}: {error}"))
}

fn execute(database: &str, statement: &str) {
    connect(database)
        .batch_execute(statement)
        .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}
