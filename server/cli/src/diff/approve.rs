//! `diff --approve`: writes that somebody has agreed on breaking changes.

use std::collections::BTreeMap;

use camino::Utf8Path;
use specql_project::{Revision, author};

use super::{
    Change, Document,
    approvals::{self, Approval},
    write::what,
};
use crate::{Error, args::DiffArguments, report::counted};

/// What stands for every breaking change that nobody has approved.
const ALL: &str = "all";

/// Writes the approvals that the call asks for.
pub(super) fn run(
    arguments: &DiffArguments,
    document: &Document,
    base: &Revision,
) -> Result<(), Error> {
    let reason = arguments.reason.as_deref().unwrap_or_default();
    let reason = approvals::field("--reason", reason)?;
    let mut by_root: BTreeMap<&Utf8Path, Vec<&Change>> = BTreeMap::new();
    for it in chosen(&arguments.approve, document)? {
        by_root.entry(&it.root).or_default().push(it);
    }
    for (root, changes) in by_root {
        let by = match &arguments.by {
            Some(it) => it.clone(),
            None => author(root).map_err(|error| {
                Error::Usage(format!("git does not know who you are, so say `--by`: {error}"))
            })?,
        };
        let by = approvals::field("--by", &by)?;
        let count = counted(changes.len(), "change");
        let approval = |it: &Change| Approval {
            fingerprint: it.fingerprint.clone(),
            by: by.clone(),
            reason: reason.clone(),
            change: format!("{}: {}", it.subject, what(it)),
        };
        approvals::add(root.as_std_path(), changes.into_iter().map(approval).collect())?;
        let path = base.below_repository(&root.join(approvals::FILE)).to_owned();
        say!("{path} approves {count}");
    }
    Ok(())
}

/// The breaking changes with the fingerprints; one that is approved already gets the new reason.
fn chosen<'d>(wanted: &[String], document: &'d Document) -> Result<Vec<&'d Change>, Error> {
    let breaking = || document.changes.iter().filter(|it| it.breaking);
    if wanted.iter().any(|it| it == ALL) {
        return Ok(breaking().filter(|it| it.is_open()).collect());
    }
    let mut res = Vec::new();
    for fingerprint in wanted {
        let before = res.len();
        res.extend(breaking().filter(|it| it.fingerprint == *fingerprint));
        if res.len() == before {
            let why = "names no breaking change; without `--approve` the call prints those that there are";
            return Err(Error::Usage(format!("the fingerprint `{fingerprint}` {why}")));
        }
    }
    Ok(res)
}
