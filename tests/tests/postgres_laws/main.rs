//! What holds of generated actions whatever the file says: under load, with private fields, with names
//! of the framework, through calls.

mod calls;
mod context;
mod load;
mod names;
mod privacy;
mod values;
