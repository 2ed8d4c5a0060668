//! What a client says of itself, as far as it can be read.
//!
//! Invariant: a capability that is malformed is one that the client does not have, and costs no other.

use crate::protocol::lsp;
use serde_json::{Map, Value, json};

/// The parameters of `initialize` without what cannot be read.
pub(crate) fn readable(mut params: Value) -> Value {
    if !params.is_object() {
        params = Value::Object(Map::new());
    }
    if !is_readable(&params) {
        prune(&mut params, &is_readable);
    }
    completed(params)
}

/// With what every client has to send.
fn completed(params: Value) -> Value {
    let mut res = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    if let (Value::Object(all), Value::Object(sent)) = (&mut res, params) {
        all.extend(sent);
    }
    res
}

fn is_readable(params: &Value) -> bool {
    serde_json::from_value::<lsp::InitializeParams>(completed(params.clone())).is_ok()
}

/// Removes the members that `accepts` refuses, and of an object among them as little as will do.
fn prune(value: &mut Value, accepts: &dyn Fn(&Value) -> bool) {
    let Value::Object(members) = value else { return };
    members.retain(|key, member| {
        let alone = |member: &Value| accepts(&json!({ key.as_str(): member }));
        if !alone(member) {
            prune(member, &alone);
        }
        alone(member)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_capability_costs_no_other() {
        let params = json!({
            "processId": "four",
            "workspaceFolders": [{ "uri": "file:///a", "name": "a" }],
            "capabilities": {
                "general": { "positionEncodings": ["utf-8"] },
                "window": "yes",
                "textDocument": {
                    "hover": { "contentFormat": 3, "dynamicRegistration": true },
                    "definition": { "linkSupport": true },
                },
            },
        });
        assert!(!is_readable(&params));
        let expected = json!({
            "processId": null,
            "rootUri": null,
            "workspaceFolders": [{ "uri": "file:///a", "name": "a" }],
            "capabilities": {
                "general": { "positionEncodings": ["utf-8"] },
                "textDocument": {
                    "hover": { "dynamicRegistration": true },
                    "definition": { "linkSupport": true },
                },
            },
        });
        assert_eq!(readable(params), expected);
        assert_eq!(readable(json!({ "capabilities": null }))["capabilities"], json!({}));
        assert_eq!(readable(json!([]))["capabilities"], json!({}));
    }

    #[test]
    fn what_can_be_read_stays() {
        let params = json!({ "processId": 4, "rootUri": "file:///a", "capabilities": { "x": 1 } });
        assert_eq!(readable(params.clone()), params);
    }
}
