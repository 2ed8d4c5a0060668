//! `textDocument/implementation`.

use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use crate::protocol::lsp;

/// The place in generated SQL; the steps for clients that cannot show a preview.
pub(crate) fn implementation(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::ImplementationResponse> {
    let offset = view.offset(position);
    let locations = if view.snapshot.config.shows_previews() {
        let found = view.analysis().implementation(view.file, offset)?;
        let uri = PreviewParams::new(view, &found.target).document(&found.title, found.language);
        let ranges = view.ranges_in(&found.text, &found.ranges).into_iter();
        ranges.map(|range| lsp::Location { uri: uri.clone(), range }).collect()
    } else {
        let steps = view.analysis().implementing_steps(view.file, offset);
        let location =
            |it: &specql_ide::Target| Some(view.snapshot.view(it.file)?.location(it.range));
        steps.iter().filter_map(location).collect::<Vec<_>>()
    };
    (!locations.is_empty()).then(|| lsp::ImplementationResponse::Definition(locations.into()))
}
