//! What the command line writes: as a whole or not at all, over nothing of somebody else, and what it says
//! when it cannot.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use specql_tests::{
    binary::{run, specql_lsp, workspace},
    git::{commit, git},
};

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
actions:
  - name: rename_post
    steps:
      - update: Post SET title = 'new'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
";

const NOBODY: u32 = 65534;

/// The exit code, and what is printed on both streams.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn call(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    said(&run(folder, arguments))
}

/// Every file below a folder with its bytes, and every folder.
fn tree(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut res = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            res.push((path.clone(), None));
            res.extend(tree(&path));
        } else {
            res.push((path.clone(), Some(fs::read(path).expect("readable"))));
        }
    }
    res.sort();
    res
}

#[test]
fn errors_of_the_whole_workspace_count_whichever_file_is_named() {
    let folder = workspace(&[
        ("specql.config.yaml", ""),
        ("blog/entities/post.yaml", POST),
        ("blog/entities/user.yaml", "entity: User\nfields:\n  name: txt\n"),
    ]);
    let (path, out) = ("blog/entities/post.yaml", "o");
    for call_of in [
        &["emit", path, "--out", out][..],
        &["emit", "blog", "--out", out],
        &["emit", "blog/*/post.yaml", "--out", out],
        &["emit", path, "--out", out, "--check"],
        &["lock", path],
        &["migrate", path, "--base", "b", "--out", out],
    ] {
        let (code, text) = call(folder.path(), call_of);
        assert_eq!(code, Some(1), "{call_of:?}: {text}");
        let done = if call_of.contains(&"--check") { "compared" } else { "written" };
        assert!(text.contains("user.yaml"), "{text}");
        assert!(text.contains(&format!("nothing was {done}")), "{text}");
    }
    assert!(!folder.path().join(out).exists());
    let allowed = ["emit", path, "--out", out, "--allow-errors"];
    assert_eq!(call(folder.path(), &allowed).0, Some(0));
}

fn is_root() -> bool {
    fs::metadata("/proc/self").expect("Linux has it").uid() == 0
}

/// The program as somebody who is not root, who may write the folder: everything may be written by root.
fn as_nobody(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(specql_lsp());
    if is_root() {
        // The place that it was built at may be closed to others.
        let copy = folder.join("program");
        if !copy.exists() {
            fs::copy(specql_lsp(), &copy).expect("it was built");
        }
        chown(folder, Some(NOBODY), Some(NOBODY)).expect("we are root");
        for (path, _) in tree(folder) {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("we are root");
        }
        command = Command::new(copy);
        command.uid(NOBODY).gid(NOBODY);
    }
    let run = command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output();
    said(&run.expect("it was built"))
}

#[test]
fn a_folder_is_written_as_a_whole_or_stays_as_it_was() {
    let folder = workspace(&[("entities/post.yaml", POST)]);
    let (code, text) = as_nobody(folder.path(), &["emit", "entities", "--out", "sql"]);
    assert_eq!(code, Some(0), "{text}");
    // Another field and another action: files change in every folder, some come and some go.
    let other = POST.replace("title", "name").replace("rename_post", "name_post");
    let user = POST.replace("Post", "User").replace("_post", "_user");
    fs::write(folder.path().join("entities/post.yaml"), other).expect("writable");
    fs::write(folder.path().join("entities/user.yaml"), user).expect("writable");
    let sql = folder.path().join("sql");
    let before = tree(&sql);
    let folders: Vec<_> = before.iter().filter(|it| it.1.is_none()).map(|it| &it.0).collect();
    assert!(folders.len() > 2, "{folders:?}");
    for closed in folders {
        fs::set_permissions(closed, fs::Permissions::from_mode(0o555)).expect("ours");
        let (code, text) = as_nobody(folder.path(), &["emit", "entities", "--out", "sql"]);
        fs::set_permissions(closed, fs::Permissions::from_mode(0o755)).expect("ours");
        assert_eq!(code, Some(2), "{}: {text}", closed.display());
        assert!(text.contains("cannot write `sql/"), "{text}");
        assert_eq!(tree(&sql), before, "{}", closed.display());
    }
    let (code, text) = as_nobody(folder.path(), &["emit", "entities", "--out", "sql"]);
    assert_eq!(code, Some(0), "{text}");
    assert_ne!(tree(&sql), before);
    // A folder that was made for it goes again.
    fs::create_dir(folder.path().join("closed")).expect("writable");
    fs::set_permissions(folder.path().join("closed"), fs::Permissions::from_mode(0o555))
        .expect("ours");
    let out = ["emit", "entities", "--out", "closed/sql"];
    assert_eq!(as_nobody(folder.path(), &out).0, Some(2));
    assert!(!folder.path().join("closed/sql").exists());
}

#[test]
fn answers_in_a_migration_are_not_overwritten() {
    let folder = workspace(&[("post.yaml", POST)]);
    git(folder.path(), &["init", "--quiet"]);
    commit(folder.path());
    fs::write(
        folder.path().join("post.yaml"),
        POST.replace("title: text!", "title: text!\n  n: integer"),
    )
    .expect("writable");
    let migrate = ["migrate", "--base", "HEAD", "--out", "m"];
    assert_eq!(call(folder.path(), &migrate).0, Some(0));
    assert_eq!(call(folder.path(), &migrate).0, Some(0), "what nobody edited is written again");
    let path = folder.path().join("m/1_expand.sql");
    let edited = fs::read_to_string(&path).expect("written") + "-- answered\n";
    fs::write(&path, &edited).expect("writable");
    let (code, text) = call(folder.path(), &migrate);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("edited since `migrate` wrote it") && text.contains("--overwrite"),
        "{text}"
    );
    assert_eq!(fs::read_to_string(&path).expect("there"), edited);
    let overwrite = ["migrate", "--base", "HEAD", "--out", "m", "--overwrite"];
    assert_eq!(call(folder.path(), &overwrite).0, Some(0));
    assert_ne!(fs::read_to_string(&path).expect("there"), edited);
    // One that somebody wrote by hand.
    fs::create_dir(folder.path().join("own")).expect("writable");
    fs::write(folder.path().join("own/1_expand.sql"), "SELECT 1;\n").expect("writable");
    let (code, text) =
        call(folder.path(), &["migrate", "--base", "HEAD", "--out", "own", "--overwrite"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("was not written by `migrate`"), "{text}");
}

#[test]
fn a_stream_that_is_full_ends_the_run_with_two() {
    let folder = workspace(&[("post.yaml", &POST.replace("title: text!", "title:   txt!"))]);
    let full =
        || Stdio::from(fs::File::options().write(true).open("/dev/full").expect("Linux has it"));
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["check"],
        &["check", "--statistics"],
        &["check", "--format", "json"],
        &["format", "--check"],
        &["format", "--diff"],
        &["format", "-", "--check"],
        &["format", "-"],
        &["init", "--dry-run"],
        &["doctor"],
        &["explain"],
        &["schema", "entity"],
        &["completions", "bash"],
        &["man"],
        &["preview", "Post"],
        &["impact", "Post.title"],
        &["git-diff-driver"],
    ] {
        let run = |out: Stdio, err: Stdio| {
            let text = folder.path().join("post.yaml");
            Command::new(specql_lsp())
                .args(arguments)
                .current_dir(folder.path())
                .stdin(fs::File::open(text).expect("readable"))
                .stdout(out)
                .stderr(err)
                .output()
                .expect("it was built")
        };
        let (code, text) = said(&run(full(), Stdio::piped()));
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains("cannot write output"), "{arguments:?}: {text}");
        // What is said beside has no reader: the answer is the same.
        let heard = said(&run(Stdio::piped(), Stdio::piped())).0;
        assert_eq!(said(&run(Stdio::piped(), full())).0, heard, "{arguments:?}");
    }
    let wrong = Command::new(specql_lsp()).arg("--nonsense").stderr(full()).output();
    assert_eq!(wrong.expect("it was built").status.code(), Some(2));
}

#[test]
fn owner_and_rights_of_a_file_stay() {
    let text = POST.replace("title: text!", "title:   txt!");
    for arguments in
        [&["format"][..], &["check", "--fix", "--unsafe-fixes"], &["check", "--add-suppressions"]]
    {
        let folder = workspace(&[("post.yaml", &text)]);
        let path = folder.path().join("post.yaml");
        if is_root() {
            chown(&path, Some(NOBODY), Some(NOBODY)).expect("we are root");
        }
        let of = |it: &Path| {
            let it = fs::metadata(it).expect("there");
            (it.uid(), it.gid(), it.mode() & 0o777)
        };
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("ours");
        let before = of(&path);
        let (_, said) = call(folder.path(), arguments);
        let changed = fs::read_to_string(&path).expect("readable");
        assert_ne!(changed, text, "{arguments:?}: {said}");
        assert_eq!(of(&path), before, "{arguments:?}");
        fs::write(&path, &text).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("ours");
        let (code, said) = call(folder.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains("post.yaml`: it is read-only"), "{said}");
        assert_eq!(fs::read_to_string(&path).expect("readable"), text, "{arguments:?}");
    }
}

#[test]
fn a_file_that_cannot_be_written_keeps_no_other_from_its_fixes() {
    let wrong = POST.replace("text!", "txt!");
    let user = wrong.replace("Post", "User").replace("_post", "_user");
    for arguments in [
        &["check", "--fix", "--unsafe-fixes"][..],
        &["check", "--fix-only", "--unsafe-fixes"],
        &["check", "--add-suppressions"],
    ] {
        let folder = workspace(&[("post.yaml", &wrong), ("user.yaml", &user)]);
        let at = |name: &str| folder.path().join(name);
        fs::set_permissions(at("post.yaml"), fs::Permissions::from_mode(0o444)).expect("ours");
        let (code, said) = call(folder.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert_eq!(said.matches("cannot write `post.yaml`: it is read-only").count(), 1, "{said}");
        assert!(said.contains("in 1 file"), "{said}");
        assert_eq!(fs::read_to_string(at("post.yaml")).expect("there"), wrong, "{arguments:?}");
        assert_ne!(fs::read_to_string(at("user.yaml")).expect("there"), user, "{arguments:?}");
        // What is left is reported as it is, not as it would have been.
        let reports = arguments.contains(&"--fix-only");
        assert_eq!(!said.contains("`txt` is no type"), reports, "{arguments:?}: {said}");
        assert!(!said.contains("user.yaml:"), "{said}");
    }
}

#[test]
fn what_could_not_be_read_is_no_success() {
    let folder = workspace(&[("post.yaml", POST)]);
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.yaml")), POST).expect("writable");
    for arguments in [&["preview", "Post"][..], &["impact", "Post.title"], &["check"], &["format"]]
    {
        let (code, text) = call(folder.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains("its name is not UTF-8"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_formatter_that_looked_at_nothing_says_so() {
    let folder = workspace(&[
        ("empty/readme.md", ""),
        ("slip/post.yaml", &POST.replace("entity:", "entiy:")),
        ("other/compose.yaml", "services:\n  db: {image: postgres}\n"),
    ]);
    for (arguments, expected) in [
        (&["format", "empty"][..], 2),
        (&["format", "other"], 2),
        // A misspelt `entity` is meant as one.
        (&["format", "--check", "slip"], 0),
        // A hook names what is committed, whatever it is.
        (&["format", "other/compose.yaml"], 0),
    ] {
        let (code, text) = call(folder.path(), arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {text}");
        assert_eq!(text.contains("found nothing to format"), expected == 2, "{text}");
    }
    let gone = Command::new("sh")
        .args(["-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$1\" format", "sh"])
        .arg(specql_lsp())
        .current_dir(folder.path())
        .output();
    let (code, text) = said(&gone.expect("there is a shell"));
    assert_eq!(code, Some(2), "{text}");
}

#[test]
fn a_branch_is_compared_from_where_it_was_left() {
    let event =
        "    cdc:\n      enabled: true\n      event_type: PostRenamed\n      payload: [title]\n";
    let folder = workspace(&[("post.yaml", &format!("{POST}{event}"))]);
    let here = folder.path();
    git(here, &["init", "--quiet", "-b", "main"]);
    commit(here);
    git(here, &["checkout", "-q", "-b", "mine"]);
    fs::write(here.join("note.yaml"), "entity: Note\nfields:\n  title: text\n").expect("writable");
    commit(here);
    git(here, &["checkout", "-q", "main"]);
    // Others publish one more event: on this branch nobody took it away.
    let more = format!("{POST}{event}").replace("Post", "User").replace("_post", "_user");
    fs::write(here.join("user.yaml"), more).expect("writable");
    commit(here);
    git(here, &["checkout", "-q", "mine"]);
    let (code, text) = call(here, &["diff", "--base", "main", "--fail-on", "breaking"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("removed"), "{text}");
    // A database is at the revision itself, whatever a branch has.
    let (_, text) = call(here, &["migrate", "--base", "main"]);
    assert!(text.contains("tb_user"), "{text}");
}

#[test]
fn a_difference_of_fixes_may_pass() {
    let folder = workspace(&[("post.yaml", &POST.replace("text!", "txt!"))]);
    let diff = ["check", "--diff", "--unsafe-fixes"];
    assert_eq!(call(folder.path(), &diff).0, Some(1));
    assert_eq!(call(folder.path(), &[&diff[..], &["--exit-zero"]].concat()).0, Some(0));
}

#[test]
fn a_difference_is_a_patch_that_git_applies() {
    let names = [
        "plain.yaml",
        "with blank.yaml",
        "new\nline.yaml",
        "quo\"te\\.yaml",
        "ünï.yaml",
        "\u{1b}[31m.yaml",
    ];
    for (mark, end) in [("", "\n"), ("\u{feff}", "\n"), ("", "\r\n"), ("\u{feff}", "\r\n")] {
        for arguments in [&["check", "--diff", "--unsafe-fixes"][..], &["format", "--diff"]] {
            let text = |n: usize, space: &str, typ: &str| {
                format!("{mark}entity:{space}Note{n}{end}fields:{end}  a: {typ}")
            };
            let files: Vec<_> =
                names.iter().enumerate().map(|(n, it)| (*it, text(n, "  ", "txt"))).collect();
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let folder = workspace(&files);
            let patch = run(folder.path(), arguments).stdout;
            assert!(!patch.contains(&0x1b), "{arguments:?}");
            fs::write(folder.path().join("patch"), &patch).expect("writable");
            git(folder.path(), &["init", "--quiet"]);
            git(folder.path(), &["apply", "patch"]);
            for (n, name) in names.iter().enumerate() {
                let mended = fs::read_to_string(folder.path().join(name)).expect("there");
                let expected = match arguments {
                    ["check", ..] => text(n, "  ", "text"),
                    _ => text(n, " ", "txt") + end,
                };
                assert_eq!(mended, expected, "{arguments:?} {name:?}");
            }
        }
    }
}

#[test]
fn that_nothing_changed_is_said_once() {
    let folder = workspace(&[("post.yaml", POST)]);
    let here = folder.path();
    git(here, &["init", "--quiet"]);
    commit(here);
    call(here, &["check", "--baseline", "b.json", "--update-baseline"]);
    for more in [
        &[][..],
        &["--fix"],
        &["--fix-only"],
        &["--diff"],
        &["--add-suppressions"],
        &["--add-suppressions", "--baseline", "b.json"],
    ] {
        let (code, text) = call(here, &[&["check", "--changed"], more].concat());
        assert_eq!(code, Some(0), "{more:?}: {text}");
        assert_eq!(text.matches("nothing in . changed since HEAD").count(), 1, "{more:?}: {text}");
    }
}

#[test]
fn what_is_written_ends_its_lines_as_the_file_does() {
    let text = POST.replace("title: text!", "title:   txt!")
        + "    cdc: {enabled: true}\n  - name: add_post\n    steps:\n      - insert: Post SET title = 'a'";
    for arguments in
        [&["format"][..], &["check", "--fix", "--unsafe-fixes"], &["check", "--add-suppressions"]]
    {
        let written = |text: &str| {
            let folder = workspace(&[("post.yaml", text)]);
            let (_, said) = call(folder.path(), arguments);
            let written = fs::read_to_string(folder.path().join("post.yaml")).expect("there");
            assert_ne!(written, text, "{arguments:?}: {said}");
            written
        };
        let expected = written(&text);
        assert!(expected.lines().count() >= text.lines().count(), "{arguments:?}");
        let windows = written(&text.replace('\n', "\r\n"));
        assert_eq!(windows, expected.replace('\n', "\r\n"), "{arguments:?}");
    }
}
