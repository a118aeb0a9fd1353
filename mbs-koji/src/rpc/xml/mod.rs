//! The hub's dialect of XML-RPC, in both directions.
//!
//! What a hub sends and what it accepts differ a little from the specification of XML-RPC, and so does this codec:
//!
//! | thing | read | written |
//! |---|---|---|
//! | nothing | `<nil/>`, `<ex:nil/>` | `<nil/>` |
//! | integer | `<int>`, `<i1>` to `<i8>`, 64 bits | `<int>`, `<i8>` outside 32 bits |
//! | text | `<string>` or none at all; all entities of XML | `<string>` |
//! | bytes | `<base64>` with or without line breaks | `<base64>` in one line |
//! | time | `<dateTime.iso8601>` as text | never: a hub's times are texts and numbers |
//! | map with numbers as keys | member names are numbers in text | the same |
//!
//! Any type of serde can be read and written; there is no tree in between unless [`Value`] is asked for. Members of a
//! struct that the type does not know are passed over. Nesting and size are bounded by [`Limits`].
//!
//! ```
//! use mbs_koji::rpc::xml::{Answer, Limits, decode_answer, encode_answer};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Tag {
//!     id: i64,
//!     name: String,
//! }
//!
//! let sent = Tag { id: 7, name: "f42 & more".to_owned() };
//! let text = encode_answer(&sent)?;
//! let Answer::Result(got) = decode_answer::<Tag>(text.as_bytes(), &Limits::default())? else { return Ok(()) };
//! assert_eq!(got, sent);
//! # Ok::<(), mbs_koji::rpc::xml::XmlError>(())
//! ```

mod answer;
mod base64;
mod call;
mod de;
mod error;
mod fragment;
mod key;
mod lexer;
mod limits;
mod member;
mod ser;
mod value;

pub use answer::{Answer, WireFault, decode_answer, encode_answer, encode_fault};
pub use base64::{Base64Error, Bytes, decode_base64, encode_base64};
pub(in crate::rpc) use call::request;
pub use call::{KEYWORD_MARK, MethodCall};
pub use error::XmlError;
pub use fragment::{Fragment, decode_fragment};
pub use limits::Limits;
pub use member::{Member, MemberText, decode_members};
pub use value::Value;
