//! How often places and names are looked at, which a test compares with the length of a file.

#[cfg(test)]
thread_local! {
    static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes one look.
pub(super) fn count() {
    #[cfg(test)]
    LOOKS.set(LOOKS.get() + 1);
}

/// The looks that something takes.
#[cfg(test)]
pub(super) fn of(done: impl FnOnce()) -> usize {
    let before = LOOKS.get();
    done();
    LOOKS.get() - before
}
