//! The canonical text of the documents.
//!
//! * Every document opens with `---` and ends with `...`; UTF-8, `\n` at the end of each line, no comments.
//! * Known keys come in the order of the format's other writer; sets, free maps and unknown documents (behind
//!   `document`, `version` and `data`) in byte order; lists as they are.
//! * Block style throughout, two blanks of indentation, lists at the indentation of their key, `[]` and `{}` where
//!   nothing is inside. No line is folded.
//! * What is absent is not written: no value, a number that is 0 where 0 means unset, `false`, an empty set, a map of
//!   the format without content. What is empty and yet says something is written: an empty text, an empty `xmd`, an
//!   entry of a free map (profile, service level, component, intent, set of streams), an item of `dependencies` or
//!   `configurations`.
//! * Unknown keys stand behind the known ones of the map they were found in, as long as that map, or the list item it
//!   is, still exists; a map that holds nothing else is written for their sake. What the format knows in that place is
//!   never written a second time: it is left out, should a program have put it among the unknown keys.
//! * A text stands without quotes only where it begins harmlessly, holds nothing that ends or starts anything, and
//!   where no reader of YAML 1.1 or 1.2 takes it for a number, truth value, null, date or special key, be it a value
//!   or a key. The `stream` of every document has quotes always. Texts of several lines become literal blocks where
//!   such a block holds every character and no line is blank but for spaces; with an indentation indicator if they
//!   begin with blanks. All else gets double quotes, with escapes for what is not printable.
//! * Values of `xmd` and of unknown keys that readers take for something else than text are written as they came.
//! * Keys above 900 bytes are written behind a `?`.
//!
//! Equal documents have equal texts. [`super::read`] gives back an equal document for each document that it could have
//! read, and the text of that is the same again, byte for byte.

mod document;
mod fields;
mod others;
mod packager;
mod parts;
mod stream;
mod value;

pub use document::{DocumentRef, write, write_into, write_to};
pub use value::{ToValueError, to_value};
