//! `specql-lsp completions` and `specql-lsp man`: made from the declaration of the command line.

use std::{fs, process::ExitCode};

use clap::CommandFactory;

use crate::{
    Error,
    args::{Arguments, Completions, Man},
    print,
    report::counted,
};

/// Prints what a shell sources to complete the command line.
pub(crate) fn completions(arguments: &Completions) -> Result<ExitCode, Error> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), NAME, &mut text);
    if arguments.shell != clap_complete::Shell::Bash {
        return print(&text);
    }
    print(one_name_for_each_state(&String::from_utf8_lossy(&text)).as_bytes())
}

/// In the script for bash, `clap_complete` spells a hyphen of a name in one way where it enters a state
/// and in another where it asks for it, so nothing behind such a name would be completed.
fn one_name_for_each_state(script: &str) -> String {
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name).chain([NAME]);
    names.filter(|it| it.contains('-')).fold(script.to_owned(), |script, name| {
        script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"))
    })
}

const NAME: &str = "specql-lsp";

/// Prints a manual page, or writes all of them: the program's names those of its commands.
pub(crate) fn man(arguments: &Man) -> Result<ExitCode, Error> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    if let Some(folder) = &arguments.out {
        let failed =
            |path: &std::path::Path, source| Error::Write { path: path.to_owned(), source };
        fs::create_dir_all(folder).map_err(|it| failed(folder, it))?;
        let pages: Vec<_> = std::iter::once(&command).chain(documented(&command)).collect();
        for it in &pages {
            let (name, text) = page(it)?;
            let path = folder.join(name);
            fs::write(&path, text).map_err(|it| failed(&path, it))?;
        }
        let count = counted(pages.len(), "page");
        say!("wrote {count} to {}", folder.display());
        return Ok(ExitCode::SUCCESS);
    }
    let Some(name) = &arguments.command else { return print(&page(&command)?.1) };
    let found = documented(&command).find(|it| it.get_name() == name);
    let found = found.ok_or_else(|| {
        let names: Vec<_> = documented(&command).map(|it| format!("`{}`", it.get_name())).collect();
        Error::Usage(format!("there is no command `{name}`; there are {}", names.join(", ")))
    })?;
    print(&page(found)?.1)
}

fn documented(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands()
}

/// The name of a page's file, and the page.
fn page(command: &clap::Command) -> Result<(String, Vec<u8>), Error> {
    let mut text = Vec::new();
    let name = match command.get_name() {
        NAME => NAME.to_owned(),
        other => format!("{NAME}-{other}"),
    };
    clap_mangen::Man::new(command.clone()).title(name.clone()).render(&mut text)?;
    Ok((format!("{name}.1"), text))
}

fn print(text: &[u8]) -> Result<ExitCode, Error> {
    print::bytes(text)?;
    Ok(ExitCode::SUCCESS)
}
