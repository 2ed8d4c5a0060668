//! From a place in a file to the text that it became, and back.

use specql_text::TextRange;

use crate::{Analysis, FileId, Preview, PreviewTarget, preview};

impl Analysis {
    /// A preview, and the ranges of it that come from a place of a file.
    #[must_use]
    pub fn generated_from(
        &self,
        target: &PreviewTarget,
        file: FileId,
        offset: u32,
    ) -> Option<(Preview, Vec<TextRange>)> {
        let (preview, map) = preview::mapped(self.workspace(), target)?;
        Some((preview, map.from_source(file, offset)))
    }

    /// Where the text at an offset of a preview was written; absent for what no file says.
    #[must_use]
    pub fn written_at(
        &self,
        target: &PreviewTarget,
        offset: impl FnOnce(&str) -> u32,
    ) -> Option<(FileId, TextRange)> {
        let (preview, map) = preview::mapped(self.workspace(), target)?;
        let origin = map.to_source(offset(&preview.text))?;
        Some((origin.file, origin.range))
    }
}

#[cfg(test)]
mod tests {
    use crate::{ArtifactKind, PreviewTarget, test_support::Fixture};

    const POST: &str = "entity: Post\nfields:\n  title: text\nactions:\n  - name: rename\n    steps:\n      - validate: title <> 'x'\n      - upd$0ate: Post SET title = 'y'\n";

    #[test]
    fn a_step_leads_to_its_statement_and_back() {
        let it = Fixture::new(POST);
        let target = PreviewTarget {
            file: Some(it.file),
            action: Some("rename".to_owned()),
            artifact: ArtifactKind::Action,
        };
        let (preview, ranges) = it.analysis.generated_from(&target, it.file, it.offset()).unwrap();
        let sql = ranges[0].slice(&preview.text);
        assert!(sql.contains("UPDATE public.tb_post"), "{sql}");
        let (file, range) = it.analysis.written_at(&target, |_| ranges[0].start()).unwrap();
        let written = range.slice(it.analysis.text(file).unwrap());
        assert_eq!(written, "update: Post SET title = 'y'");
        assert_eq!(it.analysis.written_at(&target, |_| u32::MAX), None);
        let gone = PreviewTarget { action: Some("gone".to_owned()), ..target };
        assert_eq!(it.analysis.generated_from(&gone, it.file, 0), None);
    }
}
