//! The samples in `docs/artifacts` are what the program prints for `examples/blog`;
//! `SPECQL_UPDATE=1` writes them anew.

#![expect(clippy::indexing_slicing, reason = "a mark of another shape fails the test")]

use std::fs;

use specql_codegen::{Artifact, Scope, Target, render};
use specql_contract::{Promises, write};
use specql_model::Workspace;
use specql_tests::{
    binary::project_root,
    postgres::{example, files_below, workspace},
};

/// The blog with a lock file from the days when an event was at an older version.
fn blog_with_history() -> Workspace {
    let files = files_below("examples/blog");
    let older: Vec<(&str, String)> = files
        .iter()
        .map(|(path, text)| {
            let older = "version: 1\n      payload: [slug, status, author.name]";
            (
                path.as_str(),
                text.replace(
                    "version: 2\n      payload: [title, slug, published_at, author.name]",
                    older,
                ),
            )
        })
        .collect();
    let older: Vec<(&str, &str)> = older.iter().map(|it| (it.0, it.1.as_str())).collect();
    let lock = write(&Promises::of(&workspace(&older)));
    let mut all: Vec<(&str, &str)> =
        files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    all.push(("specql.events.lock", &lock));
    workspace(&all)
}

/// The page with the samples that its marks ask for.
fn filled(page: &str, preview: impl Fn(&str, &str) -> String) -> String {
    let mut res = String::new();
    let mut rest = page;
    // A page with fences of its own stands between longer ones.
    while let Some(at) = rest.find("<!-- preview ") {
        let (before, mark) = rest.split_at(at);
        let end = mark.find("-->").expect("a mark ends") + 3;
        let (mark, after) = mark.split_at(end);
        let words: Vec<&str> = mark.split_whitespace().collect();
        let text = preview(words[2], words[4]);
        let language = match Artifact::from_name(words[4]).map(Artifact::language) {
            Some("plaintext") => "text",
            Some("shellscript") => "sh",
            Some(it) => it,
            None => panic!("there is no artifact {}", words[4]),
        };
        let fence = if text.contains("```") { "````" } else { "```" };
        res.push_str(&format!("{before}{mark}\n{fence}{language}\n{}\n{fence}\n", text.trim_end()));
        let body = after.trim_start();
        rest = match body.strip_prefix(fence) {
            Some(it) => it.split_once(&format!("\n{fence}\n")).map_or("", |it| it.1),
            None => after.strip_prefix('\n').unwrap_or(after),
        };
    }
    res + rest
}

#[test]
fn samples_on_the_pages_are_real() {
    let workspace = example("blog");
    let history = blog_with_history();
    let preview = |name: &str, artifact: &str| {
        let artifact = Artifact::from_name(artifact).expect("there is such an artifact");
        if matches!(artifact, Artifact::UpcastTypeScript | Artifact::UpcastSql) {
            return render(&history, artifact, Target::Project).text;
        }
        if artifact.scope() == Scope::Project {
            return render(&workspace, artifact, Target::Project).text;
        }
        if artifact.scope() == Scope::Entity {
            let mut entities = workspace.entities().filter(|it| it.name.text == name);
            let entity = entities.next().expect("the example has the entity");
            return render(&workspace, artifact, Target::Entity(entity.id)).text;
        }
        let mut actions = workspace.actions().filter(|(id, action)| {
            let entity = workspace.entity(id.entity).expect("it was listed");
            format!("{}.{}", entity.name.text, action.name.text) == name
        });
        let (id, _) = actions.next().expect("the example has the action");
        render(&workspace, artifact, Target::Action(id)).text
    };
    let mut pages = 0;
    for entry in fs::read_dir(project_root().join("docs/artifacts")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        let expected = filled(&page, preview);
        if std::env::var_os("SPECQL_UPDATE").is_some() {
            fs::write(&path, &expected).unwrap();
        } else {
            assert_eq!(page, expected, "{} is stale; run with SPECQL_UPDATE=1", path.display());
        }
        pages += usize::from(page.contains("<!-- preview "));
    }
    assert!(pages >= 6, "{pages}");
}

/// What somebody asks of an artifact before it is used, in the words of the headings.
const ASKED: [&str; 2] = ["## What it guarantees\n", "<!-- preview "];

#[test]
fn every_artifact_has_a_page_that_says_what_it_guarantees_and_how_to_use_it() {
    let folder = project_root().join("docs/artifacts");
    for artifact in Artifact::ALL {
        let name = artifact.name();
        // `debezium-properties` is on the page of `debezium`.
        let ends = name.match_indices('-').map(|it| it.0).chain([name.len()]);
        let mut pages = ends.map(|end| folder.join(format!("{}.md", &name[..end])));
        let path = pages.find(|it| it.is_file());
        let path = path.unwrap_or_else(|| panic!("there is no page for {name}"));
        let page = fs::read_to_string(&path).unwrap();
        for it in ASKED {
            assert!(page.contains(it), "{} has no {it:?}", path.display());
        }
        let is_told = page.contains("## How to deploy\n") || page.contains("## How to use it\n");
        assert!(is_told, "{} does not say how to use it", path.display());
    }
}
