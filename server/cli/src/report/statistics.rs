//! How often each rule was broken: `count  level  code  fixable`.

use std::io::{self, Write};

use crate::report::{Report, level_name, summary::by_rule};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for it in by_rule(report) {
        let (code, level) = (it.first.code, it.first.level);
        let same = report.findings.iter().filter(|it| it.code == code && it.level == level);
        let fixable = same.filter(|it| it.fixes.iter().any(|fix| fix.safe)).count();
        let note = if fixable == 0 { String::new() } else { format!("  {fixable} fixable") };
        writeln!(out, "{:>6}  {:<8} {code}{note}", it.count, level_name(level))?;
    }
    out.flush()
}
