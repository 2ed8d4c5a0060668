//! Functions of the framework that an earlier release made with other parameters. `CREATE OR REPLACE` leaves
//! them beside those of now, where nothing calls them and the roles are granted them.

use super::objects::Objects;
use crate::{
    artifacts::header,
    emit::EmittedFile,
    names::APP,
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Behind the actions: until its file is loaded, an action calls what it was made with.
pub(crate) const PATH: &str = "60_overloads.sql";

/// Removes what has the name of a function of `app` that the files before make, and other parameters.
pub(crate) fn overloads(files: &[EmittedFile]) -> Script {
    // What is made for each entity comes and goes with it.
    let shared = files.iter().filter(|it| !it.path.contains('/') && it.path.as_str() < PATH);
    let objects = Objects::of(shared);
    let app = format!("{APP}.");
    let functions = objects.functions.keys().filter(|it| it.starts_with(&app));
    let functions = functions.map(|it| Sql::of(&Literal::text(it.as_str())));
    let mut script = Script::new();
    header(&mut script, "functions of an earlier release");
    let mut body = Lines::new();
    body.push(sql!(
        "PERFORM app.drop_overloads(ARRAY[\n    {}\n]::regprocedure[]);",
        Sql::join(functions, ",\n    ")
    ));
    script.do_block(body);
    script
}
