//! `entities COUNT FOLDER`: writes a generated workspace, for what measures from outside.

use std::{env, fs, io, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [count, folder] = arguments.as_slice() else { return ExitCode::from(2) };
    let Ok(count) = count.parse() else { return ExitCode::from(2) };
    match write(count, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// A hundred files a folder, as in the benchmark of a session.
fn write(count: usize, folder: &Path) -> io::Result<()> {
    for number in 0..count {
        let folder = folder.join(format!("d{}", number / 100));
        fs::create_dir_all(&folder)?;
        let text = specql_benches::entity_around_hub(number, count);
        fs::write(folder.join(format!("entity{number}.yaml")), text)?;
    }
    Ok(())
}
