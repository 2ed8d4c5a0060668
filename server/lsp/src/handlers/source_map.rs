//! The request `specql/sourceMap`: from a place in a file to the ranges of a preview, and from a place
//! in a preview to the file.

use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::{View, from_protocol};
use crate::protocol::lsp;
use serde::Serialize;
use specql_text::LineIndex;

/// Ranges of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SourceMapResult {
    /// The preview, or the file.
    uri: lsp::Uri,
    ranges: Vec<lsp::Range>,
}

/// What a place of a file became. Without an artifact it is the one that the place is about.
pub(crate) fn to_preview(view: &View<'_>, params: &PreviewParams) -> Option<SourceMapResult> {
    let target = params.target(view)?;
    let offset = view.offset(params.position?);
    let (preview, ranges) = view.analysis().generated_from(&target, view.file, offset)?;
    let uri = PreviewParams::new(view, &target).document(&preview.title, preview.language);
    Some(SourceMapResult { uri, ranges: view.ranges_in(&preview.text, &ranges) })
}

/// Where a place of a preview was written. `view` is the file that the preview was asked for.
pub(crate) fn to_file(
    view: &View<'_>,
    params: &PreviewParams,
    position: lsp::Position,
) -> Option<SourceMapResult> {
    let target = params.target(view)?;
    let offset = |text: &str| LineIndex::new(text).offset(from_protocol(position), view.encoding());
    let (file, range) = view.analysis().written_at(&target, offset)?;
    let file = view.snapshot.view(file)?;
    Some(SourceMapResult { uri: file.uri(), ranges: vec![file.range(range)] })
}
