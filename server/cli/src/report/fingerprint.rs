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

/// What an earlier version wrote for findings in long lines, of which it took the whole; for the findings that
/// somebody still looks for so, because each costs its line.
pub(crate) fn earlier_fingerprints(
    report: &Report,
    name: impl Fn(&str) -> String,
    is_missed: impl Fn(&Finding) -> bool,
) -> Vec<Option<String>> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut lines = Lines::default();
    let mut one = |finding: &Finding| {
        let base = base(report, finding, &name, &mut lines);
        let count = seen.entry(base).or_default();
        *count += 1;
        if !is_missed(finding) {
            return None;
        }
        let line = words(line_of(report, finding.place).1);
        let path = name(report.path(finding.place));
        let whole = [finding.code, &path, &finding.message, &line].join("\0");
        (line.len() > LONGEST_LINE).then(|| hex(&Sha256::digest(format!("{whole}\0{count}"))))
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
    known: HashMap<(u32, u32), String>,
    /// How many bytes were read.
    #[cfg(test)]
    read: usize,
}

impl Lines {
    fn of(&mut self, report: &Report, place: Place) -> &str {
        let (number, line) = line_of(report, place);
        #[cfg(test)]
        let read = &mut self.read;
        self.known.entry((place.source, number)).or_insert_with(|| {
            #[cfg(test)]
            {
                *read += line.len();
            }
            let words = words(line);
            if words.len() > LONGEST_LINE { hex(&Sha256::digest(words)) } else { words }
        })
    }
}

/// The line that a place begins in, and its number.
fn line_of(report: &Report, place: Place) -> (u32, &str) {
    let source = report.source(place);
    let start = source.lines().position(place.range.start(), PositionEncoding::Utf8);
    let begin = (place.range.start() - start.character) as usize;
    let line = source.text.get(begin..).and_then(|it| it.lines().next());
    (start.line, line.unwrap_or_default())
}

/// A line whatever its blanks.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
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
    use thin_vec::ThinVec;

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
            related: ThinVec::new(),
            fixes: ThinVec::new(),
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
    fn what_was_written_of_long_lines_is_known() {
        let line = "word ".repeat(1000);
        let report = report(&line);
        let words = line.trim_end();
        let first = ["unknown-type", "a.yaml", "m", words, "1"].join("\0");
        let earlier = |is_missed| earlier_fingerprints(&report, slashes, |_| is_missed);
        assert_eq!(earlier(true).first(), Some(&Some(hex(&Sha256::digest(first)))));
        assert_eq!(
            earlier(true).iter().flatten().collect::<std::collections::HashSet<_>>().len(),
            1000
        );
        assert!(earlier(false).iter().all(Option::is_none));
        let short = self::report("  type:  txt\n");
        assert_eq!(earlier_fingerprints(&short, slashes, |_| true).first(), Some(&None));
    }

    #[test]
    fn a_fingerprint_stays_from_version_to_version() {
        let marks = fingerprints(&report("  type:  txt\n"));
        let base = ["unknown-type", "a.yaml", "m", "type: txt", "1"].join("\0");
        assert_eq!(marks.first(), Some(&hex(&Sha256::digest(base))));
    }
}
