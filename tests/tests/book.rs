//! The documentation as a site: its pages, their links, and the calls on them.
//!
//! `SPECQL_UPDATE=1` writes the output of the calls on a page anew.

use std::{env, fs, path::PathBuf, process::Command};

use specql_model::{
    functions,
    keys::{CONFIG, ENTITY_FILE, STEP_KEYWORDS},
    types::RICH_SCALARS,
};
use specql_tests::{
    binary::{AGENTS, project_root, specql_lsp},
    book::{book, broken_in_the_repository, broken_links, coloured},
};

#[test]
fn every_page_is_in_the_contents_and_no_link_is_broken() {
    let pages = book();
    let summary = &pages["SUMMARY.md"];
    for name in pages.keys().filter(|it| *it != "SUMMARY.md") {
        assert!(summary.contains(&format!("({name})")), "{name} is not in the contents");
    }
    assert_eq!(broken_links(&pages), []);
}

#[test]
fn what_the_program_declares_is_on_the_pages() {
    let pages = book();
    for key in ENTITY_FILE.keys {
        let heading = format!("\n### `{}`\n", key.name);
        assert!(pages["reference/entity-files.md"].contains(&heading), "no {}", key.name);
    }
    for key in CONFIG.keys {
        let page = &pages[&format!("settings/{}.md", key.name)];
        assert!(page.contains(key.documentation), "{page}");
        assert!(pages["settings/README.md"].contains(&format!("[`{}`]", key.name)), "{}", key.name);
    }
    assert!(pages["settings/outbox.md"].contains("\n### `"), "a setting has those below it");
    let has = |page: &str, text: &str| assert!(pages[page].contains(text), "{page} has no {text}");
    STEP_KEYWORDS.iter().for_each(|it| has("reference/steps.md", &format!("\n## `{it}`\n")));
    RICH_SCALARS.iter().for_each(|it| has("reference/types.md", &format!("| `{}` |", it.name)));
    functions::names().for_each(|it| has("reference/functions.md", it));
    for (command, option) in [("check", "--baseline"), ("emit", "--out"), ("preview", "--artifact")]
    {
        has(&format!("commands/{command}.md"), option);
    }
}

#[test]
fn entity_files_have_the_colours_of_the_grammar() {
    let page = "# A\n\n```yaml\nentity: Post\nfields:\n  title: text! # why\nactions:\n  - name: go\n    steps:\n      \
                - validate: title < 'b'\n```\n\n```yaml\non: push\n```\n";
    let text = coloured(page);
    for part in [
        "<pre><code class=\"nohighlight hljs\"><span",
        "<span class=\"hljs-comment\"># why</span>",
        "<span class=\"hljs-built_in\">text</span>",
        "<span class=\"hljs-keyword\">validate</span>",
        "&lt;",
        "<span class=\"hljs-variable\">title</span> &lt;",
        "<span class=\"hljs-string\">&#39;b&#39;</span>\n</code></pre>\n\n```yaml\non: push\n```\n",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    // What it says is what it said.
    let start = text.find("hljs\">").expect("it is coloured") + 6;
    let (block, _) = text[start..].split_once("</code>").expect("it ends");
    let mut said = String::new();
    let mut in_tag = false;
    for it in block.chars() {
        match it {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => said.push(it),
            _ => {}
        }
    }
    let said = said.replace("&lt;", "<").replace("&#39;", "'");
    assert!(page.contains(&format!("```yaml\n{said}```")), "{said}");
    // Of the pages themselves none keeps a block without colours.
    let coloured = book().values().map(|it| coloured(it).matches("hljs\">").count()).sum::<usize>();
    assert!(coloured > 150, "{coloured} blocks");
}

/// Who reads a page in the repository has no site: its links lead to files that are there.
#[test]
fn no_link_of_a_page_in_the_repository_is_broken() {
    assert_eq!(broken_in_the_repository(), []);
}

#[test]
fn calls_on_pages_say_what_the_pages_show() {
    let path = project_root().join("docs/getting-started.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut run = Run::new();
    let expected = run.page(&page);
    if env::var_os("SPECQL_UPDATE").is_some() {
        fs::write(&path, expected).unwrap();
    } else {
        assert_eq!(page, expected, "the page is stale; run with SPECQL_UPDATE=1");
    }
    assert!(run.calls > 10, "{} calls", run.calls);
}

/// A page that is followed: its files are written, its calls are made, in one folder.
struct Run {
    folder: tempfile::TempDir,
    calls: usize,
}

impl Run {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), calls: 0 }
    }

    /// The page with what its calls say now.
    fn page(&mut self, page: &str) -> String {
        let mut res = String::new();
        let mut lines = page.lines();
        let mut file: Option<(&str, &str)> = None;
        while let Some(line) = lines.next() {
            res.push_str(line);
            res.push('\n');
            let mark = line.strip_prefix("<!-- ").and_then(|it| it.strip_suffix(" -->"));
            if let Some(named) = mark.and_then(|it| it.split_once(": ")) {
                file = Some(named);
            }
            if !line.starts_with("```") {
                continue;
            }
            let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
            match (line, file.take()) {
                ("```console", _) => {
                    let calls = block.iter().filter_map(|it| it.strip_prefix("$ "));
                    calls.for_each(|it| res.push_str(&self.call(it)));
                }
                (_, named) => {
                    let text: String = block.iter().map(|it| format!("{it}\n")).collect();
                    if let Some((how, name)) = named {
                        self.write(how, name, &text);
                    }
                    res.push_str(&text);
                }
            }
            res.push_str("```\n");
        }
        res
    }

    fn write(&self, how: &str, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the page can be followed");
        let before = match how {
            "append" => fs::read_to_string(&path).expect("the page can be followed"),
            "file" => String::new(),
            other => panic!("a block cannot be {other}"),
        };
        fs::write(path, before + text).expect("the page can be followed");
    }

    /// The call and what it says, as a terminal shows them.
    fn call(&mut self, call: &str) -> String {
        self.calls += 1;
        let own = specql_lsp().parent().expect("a folder");
        let search: Vec<PathBuf> = [own.to_path_buf()]
            .into_iter()
            .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default()))
            .collect();
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {call}; }} 2>&1")])
            .current_dir(self.folder.path())
            .env("PATH", env::join_paths(search).expect("the page can be followed"))
            .envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8"), ("COLUMNS", "100")])
            .envs(AGENTS.map(|it| (it, "")))
            .output()
            .expect("the page can be followed");
        format!("$ {call}\n{}", String::from_utf8_lossy(&output.stdout))
    }
}
