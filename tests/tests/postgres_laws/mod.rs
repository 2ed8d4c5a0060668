//! What holds of generated actions whatever the file says: under load, with private fields, with names
//! of the framework, through calls.

#![expect(clippy::unwrap_used, reason = "a session that breaks fails its test")]

mod answers;
mod calls;
mod context;
mod contract;
mod kept;
mod later;
mod limits;
mod load;
mod locks;
mod loops;
mod moments;
mod names;
mod new_rows;
mod parameters;
mod privacy;
mod unread;
mod values;
