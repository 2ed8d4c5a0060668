//! `specql-lsp completions` and `specql-lsp man`: made from the declaration of the command line.

use std::{fs, process::ExitCode};

use clap::{Arg, Command, CommandFactory, builder::PossibleValuesParser};
use clap_complete::Shell;
use specql_ide::ArtifactKind;

use crate::{
    Error,
    args::{Arguments, Completions, Man},
    print,
    report::counted,
};

/// Prints what a shell sources to complete the command line.
pub(crate) fn completions(arguments: &Completions) -> Result<ExitCode, Error> {
    let (mut text, mut command) = (Vec::new(), with_codes());
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut text);
    let text = String::from_utf8_lossy(&text);
    let text = match arguments.shell {
        Shell::Bash => one_name_for_each_state(&text),
        Shell::Fish => format!("{text}{}", words_of_fish(&command)),
        _ => text.into_owned(),
    };
    print(text.as_bytes())
}

/// `clap_complete` gives fish the values of options alone.
fn words_of_fish(command: &Command) -> String {
    let mut res = String::new();
    for it in command.get_subcommands() {
        let values = it.get_positionals().flat_map(Arg::get_possible_values);
        let values: Vec<String> = values.map(|it| it.get_name().to_owned()).collect();
        if !values.is_empty() {
            let (name, values) = (it.get_name(), values.join(" "));
            res += &format!(
                "complete -c {NAME} -n \"__fish_specql_lsp_using_subcommand {name}\" -f -a \"{values}\"\n"
            );
        }
    }
    res
}

/// The command line with the codes where codes are taken. They are no values of the declaration itself, which
/// would list all of them in the help and take them in one spelling.
fn with_codes() -> Command {
    let rules = || specql_ide::rules().map(|it| it.0);
    let all = rules()
        .chain(specql_ide::change_codes().map(|it| it.0))
        .chain(specql_ide::topics().map(|it| it.0));
    let all = PossibleValuesParser::new(all);
    Arguments::command()
        .mut_subcommand("explain", |it| it.mut_arg("code", |it| it.value_parser(all)))
        .mut_subcommand("preview", |it| {
            let names = ArtifactKind::ALL.iter().map(|it| it.name());
            it.mut_arg("artifact", |it| it.value_parser(PossibleValuesParser::new(names)))
        })
        .mut_subcommand("check", |it| {
            let of_rules = |it: Arg| it.value_parser(PossibleValuesParser::new(rules()));
            it.mut_arg("select", of_rules).mut_arg("ignore", of_rules)
        })
}

/// In the script for bash, `clap_complete` spells a hyphen of a name in one way where it enters a state
/// and in another where it asks for it, so nothing behind such a name would be completed.
fn one_name_for_each_state(script: &str) -> String {
    let command = Arguments::command();
    let names = command.get_subcommands().map(Command::get_name).chain([NAME]);
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

fn documented(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands()
}

/// The name of a page's file, and the page.
fn page(command: &Command) -> Result<(String, Vec<u8>), Error> {
    let mut text = Vec::new();
    let name = match command.get_name() {
        NAME => NAME.to_owned(),
        other => format!("{NAME}-{other}"),
    };
    let program = format!("{NAME} {}", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(command.clone()).title(name.clone()).source(program).render(&mut text)?;
    Ok((format!("{name}.1"), text))
}

fn print(text: &[u8]) -> Result<ExitCode, Error> {
    print::bytes(text)?;
    Ok(ExitCode::SUCCESS)
}
