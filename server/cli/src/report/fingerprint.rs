//! What stays the same of a finding while the file around it changes: for baselines and for services
//! that follow findings from run to run.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use specql_text::PositionEncoding;

use crate::report::{Finding, Place, Report};

/// A fingerprint for each finding, in their order: rule, file, message and the text of its line, and
/// which of several equal ones it is. Moving lines does not change it.
pub(crate) fn fingerprints(report: &Report) -> Vec<String> {
    fingerprints_by(report, slashes)
}

/// The same with files named as `name` says.
pub(crate) fn fingerprints_by(report: &Report, name: impl Fn(&str) -> String) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut lines = Lines::default();
    let mut one = |finding: &Finding| {
        let base = base(report, finding, &name, &mut lines);
        let count = seen.entry(base.clone()).or_default();
        *count += 1;
        hex(&Sha256::digest(format!("{base}\0{count}")))
    };
    report.findings.iter().map(&mut one).collect()
}

fn base(
    report: &Report,
    finding: &Finding,
    name: impl Fn(&str) -> String,
    lines: &mut Lines,
) -> String {
    let line = lines.of(report, finding.place);
    [finding.code, &name(report.path(finding.place)), &finding.message, line].join("\0")
}

/// A longer line is named by its digest, so that many findings in it do not cost it each.
const LONGEST_LINE: usize = 1024;

/// What stands for the lines of findings, each read once.
#[derive(Debug, Default)]
struct Lines {
    known: HashMap<(usize, u32), String>,
    /// How many bytes were read.
    #[cfg(test)]
    read: usize,
}

impl Lines {
    fn of(&mut self, report: &Report, place: Place) -> &str {
        let source = report.source(place);
        let start = source.lines().position(place.range.start(), PositionEncoding::Utf8);
        let begin = (place.range.start() - start.character) as usize;
        let key = (place.source, start.line);
        #[cfg(test)]
        let read = &mut self.read;
        self.known.entry(key).or_insert_with(|| {
            let line = source.text.get(begin..).and_then(|it| it.lines().next());
            let line = line.unwrap_or_default();
            #[cfg(test)]
            {
                *read += line.len();
            }
            let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if words.len() > LONGEST_LINE { hex(&Sha256::digest(words)) } else { words }
        })
    }
}

/// The path with `/`, without a leading `./`.
pub(crate) fn slashes(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    path.strip_prefix("./").map_or_else(|| path.clone(), str::to_owned)
}

/// The first 16 bytes in hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use specql_ide::Level;
    use specql_text::TextRange;

    use super::*;
    use crate::report::Source;

    /// A report with a finding at every blank of a text.
    fn report(text: &str) -> Report {
        let place =
            |(at, _): (usize, &str)| Place { source: 0, range: TextRange::from(at..at + 1) };
        let finding = |place| Finding {
            code: "unknown-type",
            level: Level::Error,
            message: "m".to_owned(),
            advice: None,
            place,
            related: Vec::new(),
            fixes: Vec::new(),
        };
        Report {
            findings: text.match_indices(' ').map(place).map(finding).collect(),
            sources: vec![Source::new("a.yaml".to_owned(), text.into())],
            ..Report::default()
        }
    }

    #[test]
    fn a_line_is_read_once_however_many_findings_it_has() {
        let text = "a b c\n".to_owned() + &"word ".repeat(1000) + "\nx y";
        let report = report(&text);
        let mut lines = Lines::default();
        for it in &report.findings {
            assert!(lines.of(&report, it.place).len() <= LONGEST_LINE);
        }
        assert_eq!(lines.read, text.len() - 2, "every line once, without its end");
        let mut marks = fingerprints(&report);
        marks.sort();
        marks.dedup();
        assert_eq!(marks.len(), report.findings.len());
    }

    #[test]
    fn a_fingerprint_stays_from_version_to_version() {
        let marks = fingerprints(&report("  type:  txt\n"));
        let base = ["unknown-type", "a.yaml", "m", "type: txt", "1"].join("\0");
        assert_eq!(marks.first(), Some(&hex(&Sha256::digest(base))));
    }
}
