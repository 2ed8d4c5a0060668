//! A finding in the client's terms.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::{Diagnostic, Level, Tag, rule_url};

/// A finding in the client's terms.
pub(crate) fn diagnostic(view: &View<'_>, finding: &Diagnostic) -> lsp::Diagnostic {
    let config = &view.snapshot.config;
    let page = config
        .code_description
        .then(|| lsp::CodeDescription { href: rule_url(finding.code).into() });
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let tags: Vec<_> = finding.tags.iter().map(|it| tag(*it)).collect();
    let related = config.related_information.then(|| related(view, finding));
    lsp::Diagnostic {
        range: view.range(finding.range),
        severity: Some(severity(finding.level)),
        code: Some(finding.code.into()),
        code_description: page,
        source: Some("specql".to_owned()),
        message: message.into(),
        tags: (!tags.is_empty()).then_some(tags),
        related_information: related.filter(|it| !it.is_empty()),
        data: config.diagnostic_data.then(|| fixes(finding)).flatten(),
    }
}

/// The titles of fixes, so that a client can say that there are some.
fn fixes(finding: &Diagnostic) -> Option<lsp::LspAny> {
    let titles: Vec<&str> = finding.fixes.iter().map(|it| it.title.as_str()).collect();
    (!titles.is_empty()).then(|| serde_json::json!({ "fixes": titles }))
}

fn related(view: &View<'_>, finding: &Diagnostic) -> Vec<lsp::DiagnosticRelatedInformation> {
    let place = |it: &specql_ide::Related| {
        let location = view.snapshot.view(it.file)?.location(it.range);
        Some(lsp::DiagnosticRelatedInformation { location, message: it.message.clone() })
    };
    finding.related.iter().filter_map(place).collect()
}

fn severity(level: Level) -> lsp::DiagnosticSeverity {
    match level {
        Level::Error => lsp::DiagnosticSeverity::Error,
        Level::Warning => lsp::DiagnosticSeverity::Warning,
        Level::Info => lsp::DiagnosticSeverity::Information,
        Level::Hint | Level::Off => lsp::DiagnosticSeverity::Hint,
    }
}

fn tag(tag: Tag) -> lsp::DiagnosticTag {
    match tag {
        Tag::Unnecessary => lsp::DiagnosticTag::Unnecessary,
        Tag::Deprecated => lsp::DiagnosticTag::Deprecated,
    }
}
