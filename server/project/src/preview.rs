//! Previews as files, for editors that show nothing else.

use std::{
    fs, io,
    sync::{Mutex, PoisonError},
};

use camino::Utf8PathBuf;

/// The folder of this process's previews, made when the first one is shown.
static FOLDER: Mutex<Option<Utf8PathBuf>> = Mutex::new(None);

/// Writes a preview to a file of its name, in a folder of this process that others cannot enter.
///
/// # Errors
/// When the disk refuses.
pub fn write_preview(name: &str, text: &str) -> io::Result<Utf8PathBuf> {
    let kept = |it: char| if it.is_alphanumeric() || "._-".contains(it) { it } else { '_' };
    let name: String = name.chars().map(kept).collect();
    let path = folder()?.join(name.trim_start_matches('.'));
    fs::write(&path, text)?;
    Ok(path)
}

fn folder() -> io::Result<Utf8PathBuf> {
    let mut folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(it) = &*folder {
        return Ok(it.clone());
    }
    let made = tempfile::Builder::new().prefix("specql-preview-").tempdir()?.keep();
    let made = Utf8PathBuf::from_path_buf(made);
    let made = made.map_err(|_| io::Error::other("the temporary folder's name is not UTF-8"))?;
    *folder = Some(made.clone());
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name() {
        let path = write_preview("../Post.create · x/y.sql", "SELECT 1").unwrap();
        assert_eq!(path.file_name(), Some("_Post.create___x_y.sql"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "SELECT 1");
        assert_eq!(write_preview("a.sql", "").unwrap().parent(), path.parent());
    }
}
