//! `textDocument/hover`: what `ide` says, links to previews of the whole, and one to where the name is
//! declared.
//!
//! The link is the address of a file with `#L` and a line, which editors open at that line.

use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use crate::convert::uri;
use crate::protocol::lsp;
use specql_ide::{Target, Whole};

pub(crate) fn hover(view: &View<'_>, position: lsp::Position) -> Option<lsp::Hover> {
    let offset = view.offset(position);
    let hover = view.analysis().hover(view.file, offset)?;
    let places = declared(view, offset);
    // A client that shows plain text only shows Markdown readably enough.
    let kind = if view.snapshot.config.markdown {
        lsp::MarkupKind::Markdown
    } else {
        lsp::MarkupKind::PlainText
    };
    Some(lsp::Hover {
        contents: lsp::MarkupContent {
            kind,
            value: format!("{}{}{places}", hover.markdown.trim_end(), previews(view, &hover.whole)),
        }
        .into(),
        range: Some(view.range(hover.range)),
    })
}

/// The previews that show the whole: as links where the client can follow them, else the commands that
/// print them.
fn previews(view: &View<'_>, whole: &[Whole]) -> String {
    let one = |it: &Whole| match address(view, it) {
        Some(address) => format!("[`{}`]({address})", it.command),
        None => format!("`{}`", it.command),
    };
    let links: Vec<String> = whole.iter().map(one).collect();
    if links.is_empty() {
        String::new()
    } else {
        format!("\n\nThe whole: {}\n", links.join(" · "))
    }
}

/// What a client goes to that follows links to commands, or asks for documents of this server.
fn address(view: &View<'_>, whole: &Whole) -> Option<String> {
    let config = &view.snapshot.config;
    let params = PreviewParams::new(view, &whole.target);
    if !config.markdown {
        None
    } else if config.command_links && config.own_preview_command {
        Some(params.command())
    } else if config.text_document_content {
        let document = params.document(&whole.title, whole.target.artifact.language());
        Some(document.as_ref().to_owned())
    } else {
        None
    }
}

/// Where the name is declared, unless that is where one looks. Only an event has several declarations of equal
/// right: each action that publishes it.
fn declared(view: &View<'_>, offset: u32) -> String {
    let targets = view.analysis().goto_definition(view.file, offset);
    let is_here = |it: &&Target| it.file == view.file && it.name_range.touches(offset);
    let (here, others): (Vec<_>, Vec<_>) = targets.iter().partition(is_here);
    let places: Vec<String> = others.into_iter().filter_map(|it| place(view, it)).collect();
    if places.is_empty() {
        return String::new();
    }
    let what = if here.is_empty() { "Declared in" } else { "Also published by" };
    format!("\n\n{what} {}\n", places.join(", "))
}

fn place(view: &View<'_>, target: &Target) -> Option<String> {
    let file = view.snapshot.view(target.file)?;
    let (address, start) = (file.uri(), file.range(target.name_range).start);
    let (line, column) = (start.line + 1, start.character + 1);
    let path = address.as_ref().rsplit('/').next().and_then(uri::decode)?;
    let name = format!("{path}:{line}");
    Some(if view.snapshot.config.markdown {
        format!("[{name}]({}#L{line},{column})", address.as_ref())
    } else {
        name
    })
}
