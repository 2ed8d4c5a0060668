//! Document links: from the code of a rule to its page, from the configuration's entities to their
//! files.

use specql_model::{FileKind, SourceFile, Workspace};
use specql_syntax::yaml::{Mapping, Node};
use specql_text::TextRange;

use crate::{Analysis, FileId, rule_url};

/// A part of a text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// The part.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page.
    Url(String),
    /// A place of a file.
    File(FileId, TextRange),
}

impl Analysis {
    /// The links of a file, in order.
    #[must_use]
    pub fn document_links(&self, file: FileId) -> Vec<DocumentLink> {
        let workspace = self.workspace();
        let Some(file) = workspace.file(file) else { return Vec::new() };
        let mut acc = Vec::new();
        match &file.kind {
            FileKind::Other => return acc,
            FileKind::Entity(_) => {}
            FileKind::Config(_) => configuration(workspace, file, &mut acc),
        }
        for comment in &file.parse().yaml().comments {
            suppression(file.text(), *comment, &mut acc);
        }
        acc.sort_by_key(|it| it.range.start());
        acc
    }
}

/// The codes of `# specql: allow(code, code)`.
fn suppression(text: &str, comment: TextRange, acc: &mut Vec<DocumentLink>) {
    let written = comment.slice(text);
    if !written.trim_start_matches('#').trim_start().starts_with("specql:") {
        return;
    }
    let Some((before, rest)) = written.split_once('(') else { return };
    let list = rest.split(')').next().unwrap_or_default();
    let mut at = comment.start() as usize + before.len() + 1;
    for part in list.split(',') {
        let start = at + (part.len() - part.trim_start().len());
        let code = part.trim();
        acc.extend(page(code, (start..start + code.len()).into()));
        at += part.len() + 1;
    }
}

fn page(code: &str, range: TextRange) -> Option<DocumentLink> {
    let rule = specql_check::rule(code)?;
    Some(DocumentLink { range, target: LinkTarget::Url(rule_url(rule.code)) })
}

/// The keys below `rules`, and the entities in lists of any block.
fn configuration(workspace: &Workspace, file: &SourceFile, acc: &mut Vec<DocumentLink>) {
    let Some(root) = file.parse().yaml().root.as_mapping() else { return };
    for block in &root.entries {
        let Some(inside) = block.value.as_mapping() else { continue };
        if block.key.text == "rules" {
            acc.extend(inside.entries.iter().filter_map(|it| page(&it.key.text, it.key.range)));
        }
        for name in listed_entities(inside) {
            acc.extend(entity(workspace, name));
        }
    }
}

fn listed_entities(block: &Mapping) -> impl Iterator<Item = &Node> {
    let lists = block.entries.iter().filter(|it| it.key.text.ends_with("_entities"));
    lists.filter_map(|it| it.value.as_sequence()).flat_map(|it| &it.items)
}

/// The one entity of a name; of several none is meant.
fn entity(workspace: &Workspace, name: &Node) -> Option<DocumentLink> {
    let text = &name.as_scalar()?.text;
    let (schema, short) = match text.rsplit_once('.') {
        Some((schema, short)) => (Some(schema), short),
        None => (None, text.as_str()),
    };
    let named = workspace.entities_named(short).into_iter();
    let mut named = named.filter_map(|it| workspace.entity(it));
    let mut fits = named.by_ref().filter(|it| schema.is_none_or(|name| it.schema_name() == name));
    let (first, second) = (fits.next()?, fits.next());
    let target = LinkTarget::File(first.id.0, first.name.range);
    second.is_none().then_some(DocumentLink { range: name.range, target })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::LinkTarget;
    use crate::test_support::Fixture;

    fn links(fixture: &str) -> String {
        let it = Fixture::new(fixture);
        let text = it.analysis.text(it.file).unwrap();
        let show = |link: &super::DocumentLink| {
            let target = match &link.target {
                LinkTarget::Url(url) => url.clone(),
                LinkTarget::File(file, range) => {
                    let name = range.slice(it.analysis.text(*file).unwrap());
                    format!("{} {name}", it.analysis.path(*file).unwrap())
                }
            };
            format!("{} → {target}", link.range.slice(text))
        };
        it.analysis.document_links(it.file).iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn of_suppressions() {
        assert_snapshot!(links("
entity: Post # specql: allow(unknown-field, no-such-rule ,unknown-key) why (not)
# specql: allow(naming
# allow(unknown-field)
fields: {} # specql: allow()
"), @"
        unknown-field → https://github.com/specql/specql-lsp/blob/main/docs/rules/unknown-field.md
        unknown-key → https://github.com/specql/specql-lsp/blob/main/docs/rules/unknown-key.md
        naming → https://github.com/specql/specql-lsp/blob/main/docs/rules/naming.md
        ");
    }

    #[test]
    fn of_the_configuration() {
        assert_snapshot!(links("
#- /specql.config.yaml
rules:$0
  unknown-field: error
  nonsense: off
cascade:
  exclude_entities: [User, crm.User, Nobody, Order]
#- /user.yaml
entity: User
schema: crm
#- /user2.yaml
entity: User
schema: blog
#- /order.yaml
entity: Order
"), @"
        unknown-field → https://github.com/specql/specql-lsp/blob/main/docs/rules/unknown-field.md
        crm.User → /user.yaml User
        Order → /order.yaml Order
        ");
    }

    #[test]
    fn other_files_have_none() {
        assert_snapshot!(links("services: 1 # specql: allow(unknown-field)\n"), @"");
    }
}
