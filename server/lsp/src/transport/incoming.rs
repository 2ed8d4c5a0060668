//! What a body means: a call, a reply, or something to answer with an error.
//!
//! Invariant: a request with an id that can be read is answered, a reply with an id that can be read
//! reaches whoever waits for it, and nothing ends the connection.

use crate::protocol::method;
use crate::protocol::{Error, ErrorCode, Id, Request, Response};
use crate::transport::initialize;
use crate::transport::repair::repaired;
use serde_json::{Map, Value};

/// One message of the client.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// A request or a notification.
    Call(Request),
    /// The answer to a request of ours.
    Reply(Response),
    /// Not a message: the answer to send.
    Bad(Response),
}

impl Incoming {
    /// What stands for bytes between messages that are none.
    pub(crate) fn garbage() -> Self {
        Self::bad(Id::Null, Error::parse_error())
    }

    /// Reads a body.
    pub(crate) fn read(body: &[u8]) -> Self {
        let value = serde_json::from_slice(body).or_else(|_| serde_json::from_str(&repaired(body)));
        match value {
            Ok(Value::Object(members)) => Self::classify(members),
            Ok(_) => Self::bad(Id::Null, Error::invalid_request()),
            Err(_) => Self::garbage(),
        }
    }

    fn classify(mut members: Map<String, Value>) -> Self {
        let id = members.remove("id").map(read_id);
        let method = match members.remove("method") {
            Some(Value::String(method)) => Some(method),
            Some(_) => return Self::bad(known(id), Error::invalid_request()),
            None => None,
        };
        if members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Self::bad(known(id), Error::invalid_request());
        }
        match (method, id) {
            // The router takes these for notifications that nobody has to know; the one that it knows it
            // refuses itself.
            (Some(method), Some(Some(id)))
                if method.starts_with("$/") && method != "$/cancelRequest" =>
            {
                Self::bad(id, Error::method_not_found())
            }
            (Some(_), Some(None)) | (None, None | Some(None)) => {
                Self::bad(Id::Null, Error::invalid_request())
            }
            (None, Some(Some(id))) => Self::Reply(Response::from_parts(id, outcome(members))),
            (Some(method), id) => Self::Call(call(method, id.flatten(), members.remove("params"))),
        }
    }

    fn bad(id: Id, error: Error) -> Self {
        Self::Bad(Response::from_error(id, error))
    }
}

/// What takes no parameters. Clients send them an empty object or list, which the router refuses.
const WITHOUT_PARAMS: [&str; 3] = ["shutdown", "exit", method::OUTLINE];

fn call(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let starts = method == "initialize";
    let params = params.filter(|_| !WITHOUT_PARAMS.contains(&method.as_str()));
    let mut request = Request::build(method);
    if let Some(id) = id {
        request = request.id(id);
    }
    if let Some(params) = params {
        request = request.params(if starts { initialize::readable(params) } else { params });
    }
    request.finish()
}

/// An id, when it is a string, an integer or null.
fn read_id(value: Value) -> Option<Id> {
    match value {
        Value::String(it) => Some(Id::String(it)),
        Value::Number(it) => it.as_i64().map(Id::Number),
        Value::Null => Some(Id::Null),
        _ => None,
    }
}

fn known(id: Option<Option<Id>>) -> Id {
    id.flatten().unwrap_or(Id::Null)
}

/// The result of a reply. A reply without result means null: serialisers drop what is undefined.
fn outcome(mut members: Map<String, Value>) -> Result<Value, Error> {
    let Some(error) = members.remove("error").filter(|it| !it.is_null()) else {
        return Ok(members.remove("result").unwrap_or_default());
    };
    let code = error.get("code").and_then(Value::as_i64);
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    Err(Error {
        code: code.map_or(ErrorCode::InternalError, ErrorCode::from),
        message: message.to_owned().into(),
        data: error.get("data").cloned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(id: Id, code: i64) -> Incoming {
        Incoming::bad(id, Error::new(ErrorCode::from(code)))
    }

    #[test]
    fn what_is_no_message_is_answered_with_the_id_it_has() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for (body, id, code) in [
            ("", Id::Null, -32700),
            ("{", Id::Null, -32700),
            (&deep, Id::Null, -32700),
            ("42", Id::Null, -32600),
            ("{}", Id::Null, -32600),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"a"}]"#, Id::Null, -32600),
            (r#"{"id":1,"method":"a"}"#, Id::Number(1), -32600),
            (r#"{"jsonrpc":"1.0","id":"x","method":"a"}"#, Id::String("x".into()), -32600),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, Id::Null, -32600),
            (r#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, Id::Null, -32600),
            (r#"{"jsonrpc":"2.0","id":2,"method":7}"#, Id::Number(2), -32600),
        ] {
            assert_eq!(Incoming::read(body.as_bytes()), bad(id, code), "{body:.80}");
        }
    }

    #[test]
    fn a_request_of_the_protocols_own_kind_is_answered() {
        let body = br#"{"jsonrpc":"2.0","id":4,"method":"$/nonsense"}"#;
        assert_eq!(Incoming::read(body), bad(Id::Number(4), -32601));
        let body = br#"{"jsonrpc":"2.0","method":"$/nonsense"}"#;
        assert_eq!(Incoming::read(body), Incoming::Call(Request::build("$/nonsense").finish()));
    }

    #[test]
    fn an_error_with_foreign_members_wakes_its_waiter() {
        let body = br#"{"jsonrpc":"2.0","id":3,"error":{"code":-1,"message":"no","stack":"..."}}"#;
        let error = Error { code: ErrorCode::ServerError(-1), message: "no".into(), data: None };
        assert_eq!(Incoming::read(body), Incoming::Reply(Response::from_error(3.into(), error)));
    }

    #[test]
    fn a_reply_without_result_is_null() {
        let reply = Response::from_ok(3.into(), Value::Null);
        assert_eq!(Incoming::read(br#"{"jsonrpc":"2.0","id":3}"#), Incoming::Reply(reply));
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let body = br#"{"jsonrpc":"2.0","method":"a","id":1,"id":2}"#;
        let call = Request::build("a").id(2).finish();
        assert_eq!(Incoming::read(body), Incoming::Call(call));
    }

    #[test]
    fn an_empty_object_is_no_parameter() {
        let body = br#"{"jsonrpc":"2.0","method":"shutdown","id":1,"params":{}}"#;
        assert_eq!(Incoming::read(body), Incoming::Call(Request::build("shutdown").id(1).finish()));
    }

    #[test]
    fn half_an_emoji_is_text() {
        let body = br#"{"jsonrpc":"2.0","method":"a","params":{"text":"\ud83d"}}"#;
        let call = Request::build("a").params(serde_json::json!({ "text": "\u{fffd}" })).finish();
        assert_eq!(Incoming::read(body), Incoming::Call(call));
    }
}
