//! The requests `specql/references` and `specql/lineage`: the uses of what a place names, with what is
//! done at each.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use serde::{Deserialize, Serialize};
use specql_ide::{Access, FileId, LINEAGE_VERSION, Lineage, Use, UsesOf};
use specql_text::TextRange;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsesParams {
    pub(crate) uri: lsp::Uri,
    pub(crate) position: lsp::Position,
    /// Without it, the references.
    #[serde(default)]
    pub(crate) of: Of,
}

/// Which uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Of {
    #[default]
    References,
    Events,
}

/// A place, and what is done there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UseItem {
    uri: lsp::Uri,
    range: lsp::Range,
    access: &'static str,
    /// Of a field, what is done more closely: a word of `specql-lsp impact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
}

/// What `specql-lsp impact --format json` prints, with the protocol's places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LineageResult {
    version: u32,
    field: String,
    uses: Vec<LineageItem>,
    flows: Vec<FlowItem>,
    incomplete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LineageItem {
    role: &'static str,
    action: Option<String>,
    location: lsp::Location,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FlowItem {
    kind: &'static str,
    action: String,
    changes: bool,
    name: String,
    path: String,
    location: lsp::Location,
}

/// What an editor without a list of its own shows.
pub(crate) enum Page {
    /// There is one: it is gone to.
    One(lsp::Location),
    /// A text in the form of compilers, whose lines editors lead to the places.
    Listed { name: String, text: String },
}

impl UsesParams {
    pub(crate) fn of(&self) -> UsesOf {
        match self.of {
            Of::References => UsesOf::References,
            Of::Events => UsesOf::Events,
        }
    }

    /// Without the declaration.
    pub(crate) fn find(&self, view: &View<'_>) -> Vec<Use> {
        let mut found = self.all(view);
        found.retain(is_use);
        found
    }

    fn all(&self, view: &View<'_>) -> Vec<Use> {
        view.analysis().uses(view.file, view.offset(self.position), self.of())
    }
}

pub(crate) fn of_uses(it: UsesOf) -> Of {
    match it {
        UsesOf::References => Of::References,
        UsesOf::Events => Of::Events,
    }
}

pub(crate) fn uses(view: &View<'_>, params: &UsesParams) -> Vec<UseItem> {
    items(view, params.all(view))
}

/// What a click on a lens shows in a client that leaves it to the server, and what the command answers.
pub(crate) fn executed(view: &View<'_>, params: &UsesParams) -> (Page, Vec<UseItem>) {
    let mut found = params.all(view);
    let all = items(view, found.clone());
    found.retain(is_use);
    (page(view, params, &found), all)
}

fn is_use(it: &Use) -> bool {
    it.access != Access::Declaration
}

fn items(view: &View<'_>, found: Vec<Use>) -> Vec<UseItem> {
    let item = |it: Use| {
        let lsp::Location { uri, range } = location(view, it.file, it.range)?;
        let role = it.role.map(specql_ide::LineageRole::as_str);
        Some(UseItem {
            uri,
            range,
            access: word(it.access),
            role,
            action: it.action,
            event: it.event,
        })
    };
    found.into_iter().filter_map(item).collect()
}

pub(crate) fn lineage(view: &View<'_>, position: lsp::Position) -> Option<LineageResult> {
    let Lineage { name, uses, flows, is_incomplete } =
        view.analysis().lineage(view.file, view.offset(position))?;
    let uses = uses.into_iter().filter_map(|it| {
        let location = location(view, it.file, it.range)?;
        Some(LineageItem { role: it.role.as_str(), action: it.action, location })
    });
    let flows = flows.into_iter().filter_map(|it| {
        let location = location(view, it.file, it.range)?;
        Some(FlowItem {
            kind: it.kind.as_str(),
            action: it.action,
            changes: it.changes,
            name: it.name,
            path: it.path,
            location,
        })
    });
    let (uses, flows) = (uses.collect(), flows.collect());
    let version = LINEAGE_VERSION;
    Some(LineageResult { version, field: name, uses, flows, incomplete: is_incomplete })
}

fn page(view: &View<'_>, params: &UsesParams, found: &[Use]) -> Page {
    let places = found.iter().filter_map(|it| location(view, it.file, it.range));
    let places: Vec<lsp::Location> = places.collect();
    if let [one] = places.as_slice() {
        return Page::One(one.clone());
    }
    let line = |(it, place): (&Use, &lsp::Location)| {
        let key = view.snapshot.key(it.file)?;
        let path = key.path().map_or_else(|| place.uri.as_ref(), |it| it.as_str());
        let start = place.range.start;
        let text = view.analysis().text(it.file)?;
        let text = text.lines().nth(start.line as usize).unwrap_or_default().trim();
        let what = it.event.as_deref().unwrap_or_else(|| word(it.access));
        Some(format!("{path}:{}:{}: {what}: {text}\n", start.line + 1, start.character + 1))
    };
    let title = specql_ide::uses_title(params.of(), found);
    let lines: String = found.iter().zip(&places).filter_map(line).collect();
    Page::Listed { name: "references.txt".to_owned(), text: format!("{title}\n\n{lines}") }
}

fn location(view: &View<'_>, file: FileId, range: TextRange) -> Option<lsp::Location> {
    Some(view.snapshot.view(file)?.location(range))
}

fn word(it: Access) -> &'static str {
    match it {
        Access::Declaration => "declaration",
        Access::Read => "read",
        Access::Write => "write",
    }
}
