//! Messages out of a stream of bytes, and back into step after anything else.
//!
//! Invariant: whatever arrives, memory stays below [`MAX_BODY`] and the next well-formed message
//! that follows a line end or a broken message is found.

use std::io::{BufRead, Read, Result};

/// The longest header section that is taken for one, in bytes.
const MAX_HEADER: usize = 8 * 1024;
/// The longest body, in bytes; a longer one is skipped.
pub(crate) const MAX_BODY: usize = 64 * 1024 * 1024;
/// What is kept of the end of an overlong line: a header may follow garbage without a line end.
const TAIL: usize = 256;
const LENGTH: &[u8] = b"content-length";

/// What the stream holds next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The bytes of one body.
    Body(Vec<u8>),
    /// Something that is no message, reported once however long it is.
    Garbage,
    /// The end of the stream, perhaps in the middle of a message.
    End,
}

/// Reads frames one after the other.
pub(crate) struct Framing<R> {
    input: R,
    in_garbage: bool,
}

impl<R: BufRead> Framing<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, in_garbage: false }
    }

    /// The next frame. `Err` is the stream's own failure.
    pub(crate) fn next(&mut self) -> Result<Frame> {
        let mut length = None;
        let mut header_size = 0;
        loop {
            let line = match self.line()? {
                Line::Eof => return Ok(Frame::End),
                Line::Text(line) => line,
            };
            header_size += line.len();
            match (header_line(line.trim_ascii_end()), length) {
                (Header::Blank, Some(size)) => return self.body(size),
                (Header::Length { size, start }, _) if size <= MAX_BODY => {
                    // What stands before it on its line is garbage, and the header begins here.
                    if start > 0 {
                        header_size = line.len() - start;
                    }
                    length = Some(size);
                }
                (Header::Other, _) if header_size <= MAX_HEADER => {}
                // A blank line between messages is no message and no harm.
                (Header::Blank, None) if header_size == line.len() => header_size = 0,
                _ => {
                    (length, header_size) = (None, 0);
                    if !std::mem::replace(&mut self.in_garbage, true) {
                        return Ok(Frame::Garbage);
                    }
                }
            }
        }
    }

    fn body(&mut self, size: usize) -> Result<Frame> {
        self.in_garbage = false;
        let mut body = Vec::new();
        self.input.by_ref().take(size as u64).read_to_end(&mut body)?;
        Ok(if body.len() == size { Frame::Body(body) } else { Frame::End })
    }

    /// One line with its end; of an overlong one the last bytes.
    fn line(&mut self) -> Result<Line> {
        let mut line = Vec::new();
        loop {
            let room = (MAX_HEADER + TAIL - line.len()) as u64;
            let read = self.input.by_ref().take(room).read_until(b'\n', &mut line)?;
            if line.ends_with(b"\n") {
                return Ok(Line::Text(line));
            }
            if read == 0 {
                return Ok(Line::Eof);
            }
            if line.len() > MAX_HEADER {
                line.drain(..line.len() - TAIL);
            }
        }
    }
}

enum Line {
    Text(Vec<u8>),
    Eof,
}

enum Header {
    Blank,
    Length { size: usize, start: usize },
    Other,
    Garbage,
}

/// Reads one line of a header section. The name of the length may follow garbage, as it does when a
/// message was longer than announced.
fn header_line(line: &[u8]) -> Header {
    if line.is_empty() {
        return Header::Blank;
    }
    let name = line.windows(LENGTH.len()).rposition(|it| it.eq_ignore_ascii_case(LENGTH));
    if let Some(start) = name {
        let value = line.get(start + LENGTH.len()..).unwrap_or_default().trim_ascii_start();
        let number = value.strip_prefix(b":").and_then(|it| std::str::from_utf8(it).ok());
        return match number.and_then(|it| it.trim().parse().ok()) {
            Some(size) => Header::Length { size, start },
            None => Header::Garbage,
        };
    }
    let is_name = |it: &[u8]| !it.is_empty() && it.iter().all(|it| is_token(*it));
    match line.iter().position(|it| *it == b':').and_then(|it| line.get(..it)) {
        Some(name) if is_name(name) => Header::Other,
        _ => Header::Garbage,
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(input: &[u8]) -> Vec<Frame> {
        let mut framing = Framing::new(input);
        let next = || framing.next().expect("a slice does not fail");
        std::iter::repeat_with(next).take_while(|it| *it != Frame::End).collect()
    }

    fn bodies(input: &[u8]) -> Vec<String> {
        let text = |it| match it {
            Frame::Body(body) => Some(String::from_utf8_lossy(&body).into_owned()),
            _ => None,
        };
        frames(input).into_iter().filter_map(text).collect()
    }

    #[test]
    fn headers_come_in_any_order_case_and_line_end() {
        let input =
            b"content-LENGTH:2\n\nabContent-Type: x\r\nX-A: b\r\nContent-Length : 1\r\n\r\nc";
        assert_eq!(bodies(input), ["ab", "c"]);
    }

    #[test]
    fn garbage_is_reported_once_and_left_behind() {
        let garbage: [&[u8]; 8] = [
            b"hello\r\nhello again\r\n",
            b"hello, no line end ",
            b"Content-Length: abc\r\n\r\n{}\r\n",
            b"Content-Length: -1\r\n\r\n{}",
            b"Content-Length: 18446744073709551616\r\n\r\n{}",
            b"Content-Length: 4000000000\r\n\r\n{}",
            b"X-Other: 1\r\n\r\n",
            &[0xff; 100_000],
        ];
        for it in garbage {
            let input = [it, b"Content-Length: 2\r\n\r\nok"].concat();
            let expected = [Frame::Garbage, Frame::Body(b"ok".to_vec())];
            // A header that follows garbage on its own line is a header, with nothing to report.
            let skipped = usize::from(!it.contains(&b'\n'));
            assert_eq!(frames(&input), expected[skipped..], "{}", String::from_utf8_lossy(it));
        }
    }

    #[test]
    fn a_header_is_found_after_garbage_of_any_length() {
        for length in (0..20_000).step_by(97) {
            let mut input = vec![b'x'; length];
            input.extend(b"Content-Length: 2\r\n\r\nok");
            assert_eq!(bodies(&input), ["ok"], "{length}");
        }
    }

    #[test]
    fn an_overlong_header_costs_one_message() {
        let padding = format!("X-Padding: {}\r\n", "x".repeat(1000)).repeat(9);
        let input = format!("Content-Length: 1\r\n{padding}\r\naContent-Length: 1\r\n\r\nb");
        assert_eq!(bodies(input.as_bytes()), ["b"]);
    }

    #[test]
    fn a_length_that_is_too_short_costs_no_other_message() {
        assert_eq!(
            bodies(b"Content-Length: 2\r\n\r\nabcdeContent-Length: 1\r\n\r\nx"),
            ["ab", "x"]
        );
    }

    #[test]
    fn a_body_that_is_cut_off_is_the_end() {
        assert_eq!(frames(b"Content-Length: 5\r\n\r\nab"), []);
    }

    proptest! {
        #[test]
        fn a_message_on_its_own_line_is_found(
            mut garbage in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            garbage.extend(b"\nContent-Length: 4\r\n\r\nlast");
            prop_assert_eq!(bodies(&garbage).pop(), Some("last".to_owned()));
        }
    }
}
