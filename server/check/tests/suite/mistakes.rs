//! Mistakes that people make, each in a workspace without findings: one cause gives one finding, of its
//! code, at its place.
//!
//! In `mistakes/*.txt` a mistake is its name behind `#`, the codes of which one is found, the text that is
//! replaced behind `<`, and what replaces it behind `>`: the place between `«` and `»`, `⏎` for the end of a
//! line. Codes behind `+` are of findings that are right beside it. `@` names one of the workspaces of
//! `many.fixture`, `odd.fixture`, `trades.fixture` or `ventures.fixture`, for the mistakes behind it.

use crate::support::{judged, workspace};

/// A workspace in the style that most files have.
const YARD: &str = include_str!("mistakes/yard.fixture");
/// One in odd styles: flow style, long forms, several schemas.
const FARM: &str = include_str!("mistakes/farm.fixture");
/// One with tenants, where steps store rows of calls and of queries.
const CLINIC: &str = include_str!("mistakes/clinic.fixture");
/// Small ones of many kinds: every step, type, form and style.
const MANY: &str = include_str!("mistakes/many.fixture");
/// Three that have every key of `impact`, `cdc`, `audit` and `table_views`, with loops, cases, calls and queries.
const ODD: &str = include_str!("mistakes/odd.fixture");
/// Eleven of other trades: quoted keys, four columns, aligned values, blank lines, anchors, texts over lines.
const TRADES: &str = include_str!("mistakes/trades.fixture");
/// One of which each file is laid out in another way: four columns, lists at the column of their key, wide dashes.
const DEPOT: &str = include_str!("mistakes/depot.fixture");
/// One in the plain style, for what a hand does to lines and letters.
const ORCHARD: &str = include_str!("mistakes/orchard.fixture");
/// Three of further trades, with what authors write who know other tools.
const VENTURES: &str = include_str!("mistakes/ventures.fixture");
const MISTAKES: [(&str, &str); 13] = [
    (YARD, include_str!("mistakes/keys_and_fields.txt")),
    (YARD, include_str!("mistakes/steps.txt")),
    (YARD, include_str!("mistakes/declarations.txt")),
    (YARD, include_str!("mistakes/one_cause.txt")),
    (YARD, include_str!("mistakes/slips.txt")),
    (DEPOT, include_str!("mistakes/depot.txt")),
    (FARM, include_str!("mistakes/farm.txt")),
    (CLINIC, include_str!("mistakes/clinic.txt")),
    (MANY, include_str!("mistakes/many.txt")),
    (ODD, include_str!("mistakes/odd.txt")),
    (TRADES, include_str!("mistakes/trades.txt")),
    (ORCHARD, include_str!("mistakes/orchard.txt")),
    (VENTURES, include_str!("mistakes/ventures.txt")),
];

/// A mistake as it is written down.
#[derive(Default)]
pub(crate) struct Mistake {
    workspace: &'static str,
    name: String,
    codes: Vec<String>,
    beside: Vec<String>,
    from: String,
    to: String,
}

/// The files of a workspace with a mistake, and where it is.
pub(crate) struct Spoilt {
    pub(crate) files: Vec<(String, String)>,
    path: String,
    place: (usize, usize),
}

fn files(workspace: &str) -> Vec<(String, String)> {
    let files = workspace.split("#- /").skip(1);
    let file = |it: (&str, &str)| (it.0.to_owned(), it.1.replace('␍', "\r"));
    files.map(|it| file(it.split_once('\n').unwrap())).collect()
}

/// The workspaces of [`MANY`], [`ODD`], [`TRADES`] and [`VENTURES`], by name.
fn many() -> Vec<(&'static str, &'static str)> {
    let parts = [MANY, ODD, TRADES, VENTURES]
        .into_iter()
        .flat_map(|it| it.trim_start_matches("## ").split("\n## "));
    parts.map(|it| it.split_once('\n').unwrap()).collect()
}

pub(crate) fn mistakes() -> Vec<Mistake> {
    let many = many();
    let mut named = None;
    let mut all = Vec::new();
    let lines = MISTAKES.iter().flat_map(|it| it.1.lines().map(|line| (it.0, line)));
    for (workspace, line) in lines.filter(|it| !it.1.is_empty()) {
        let (sign, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        if sign == "@ " {
            named = Some(many.iter().find(|it| it.0 == rest).unwrap().1);
            continue;
        }
        let is_named = [MANY, ODD, TRADES, VENTURES].contains(&workspace);
        let workspace = if is_named { named.unwrap() } else { workspace };
        if sign == "# " {
            all.push(Mistake { workspace, name: rest.to_owned(), ..Mistake::default() });
            continue;
        }
        let it: &mut Mistake = all.last_mut().unwrap();
        match sign {
            "< " => it.from = rest.replace('⏎', "\n"),
            "> " => it.to = rest.replace('⏎', "\n"),
            "+ " => it.beside.extend(rest.split(' ').map(str::to_owned)),
            _ => it.codes.extend(line.split('|').map(str::to_owned)),
        }
    }
    all
}

impl Mistake {
    pub(crate) fn spoil(&self) -> Spoilt {
        let mut files = files(self.workspace);
        let fits = |it: &&mut (String, String)| it.1.contains(&self.from);
        assert_eq!(files.iter_mut().filter(fits).count(), 1, "{}: `{}`", self.name, self.from);
        let (path, text) = files.iter_mut().find(fits).unwrap();
        let at = text.find(&self.from).unwrap();
        let start = self.to.find('«').unwrap();
        let end = self.to.find('»').unwrap() - '«'.len_utf8();
        let to = self.to.replace(['«', '»'], "");
        assert_eq!(text.matches(&self.from).count(), 1, "{}: `{}`", self.name, self.from);
        *text = text.replacen(&self.from, &to, 1);
        let path = path.clone();
        Spoilt { files, path, place: (at + start, at + end) }
    }
}

/// What is wrong with the findings of a mistake; nothing where they are as they should be.
fn complaint(mistake: &Mistake) -> Option<String> {
    let spoilt = mistake.spoil();
    let workspace = workspace(spoilt.files.clone());
    let found = judged(&workspace);
    let is_it = |it: &specql_check::Diagnostic| {
        let range = it.range.to_usize();
        let path = &workspace.file(it.file).unwrap().path;
        mistake.codes.iter().any(|code| code == it.code)
            && **path == *spoilt.path
            && range.start <= spoilt.place.1
            && range.end >= spoilt.place.0
    };
    let right = found.iter().filter(|it| is_it(it)).count();
    let others = found.iter().filter(|it| !is_it(it));
    let others = others.filter(|it| !mistake.beside.iter().any(|code| code == it.code)).count();
    let lines: Vec<String> = found.iter().map(|it| crate::support::line(&workspace, it)).collect();
    (right != 1 || others > 0).then(|| {
        let kind = if right > 0 { "more than one finding" } else { "not found at its place" };
        format!("{}: {kind}: `{}`\n    {}", mistake.name, mistake.to, lines.join("\n    "))
    })
}

#[test]
fn the_workspaces_are_clean() {
    for it in
        [YARD, FARM, CLINIC, DEPOT, ORCHARD].into_iter().chain(many().into_iter().map(|it| it.1))
    {
        let found = judged(&workspace(files(it)));
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn one_cause_is_one_finding_at_its_place() {
    let all = mistakes();
    assert!(all.len() > 2600, "only {} mistakes are read", all.len());
    let complaints: Vec<String> = all.iter().filter_map(complaint).collect();
    assert!(
        complaints.is_empty(),
        "{} of {}:\n{}",
        complaints.len(),
        all.len(),
        complaints.join("\n")
    );
}
