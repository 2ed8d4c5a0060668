//! What stays the same of a finding while the file around it changes: for baselines and for services
//! that follow findings from run to run.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::report::{Finding, Report};

/// A fingerprint for each finding, in their order: rule, file, message and the text of its line, and
/// which of several equal ones it is. Moving lines does not change it.
pub(crate) fn fingerprints(report: &Report) -> Vec<String> {
    fingerprints_by(report, slashes)
}

/// The same with files named as `name` says.
pub(crate) fn fingerprints_by(report: &Report, name: impl Fn(&str) -> String) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut one = |finding: &Finding| {
        let base = base(report, finding, &name);
        let count = seen.entry(base.clone()).or_default();
        *count += 1;
        hex(&Sha256::digest(format!("{base}\0{count}")))
    };
    report.findings.iter().map(&mut one).collect()
}

fn base(report: &Report, finding: &Finding, name: impl Fn(&str) -> String) -> String {
    let source = report.source(finding.place);
    let start = finding.place.range.start() as usize;
    let before = source.text.get(..start).unwrap_or_default();
    let begin = before.rfind('\n').map_or(0, |it| it + 1);
    let line = source.text.get(begin..).and_then(|it| it.lines().next()).unwrap_or_default();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    [finding.code, &name(&source.path), &finding.message, &line].join("\0")
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
