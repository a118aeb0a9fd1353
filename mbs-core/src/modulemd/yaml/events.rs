//! The event parser of libyaml (its Rust translation) behind a safe face.
//!
//! This is the only file with unsafe code in the modulemd reader.

use super::tape::Style;
use libyaml_rs as sys;
use std::ffi::{CStr, c_char};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// One event. Texts live until the event is dropped.
pub(super) enum Event<'e> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'e [u8]),
    Scalar { anchor: Option<&'e [u8]>, value: &'e [u8], style: Style },
    SeqStart { anchor: Option<&'e [u8]> },
    SeqEnd,
    MapStart { anchor: Option<&'e [u8]> },
    MapEnd,
}

/// What libyaml says about a text that is not YAML.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// libyaml's description of the problem.
    pub(super) problem: String,
    /// What libyaml was doing, if it says so.
    pub(super) context: Option<String>,
    /// Place where what it was doing began.
    pub(super) context_offset: Option<usize>,
    /// Place of the problem in bytes from the start of the parsed text.
    pub(super) offset: usize,
}

/// A parser over one text.
pub(super) struct Parser<'i> {
    /// Heap address that stays put: the parser keeps a pointer to itself.
    raw: NonNull<sys::yaml_parser_t>,
    input: PhantomData<&'i str>,
}

/// An event that libyaml allocated; dropping it frees its texts.
pub(super) struct Owned {
    raw: sys::yaml_event_t,
}

impl<'i> Parser<'i> {
    pub(super) fn new(input: &'i str) -> Self {
        let memory: Box<MaybeUninit<sys::yaml_parser_t>> = Box::new(MaybeUninit::uninit());
        let raw = Box::into_raw(memory).cast::<sys::yaml_parser_t>();
        // SAFETY: `raw` is a live, aligned, exclusively owned allocation; initialize writes the whole struct and fails
        // only where the allocator fails, which aborts. The input outlives the parser by the lifetime `'i`.
        unsafe {
            let done = sys::yaml_parser_initialize(raw);
            debug_assert!(done.ok, "initialize fails only without memory, which aborts");
            sys::yaml_parser_set_encoding(raw, sys::YAML_UTF8_ENCODING);
            sys::yaml_parser_set_input_string(raw, input.as_ptr(), input.len() as u64);
            Self { raw: NonNull::new_unchecked(raw), input: PhantomData }
        }
    }

    /// The next event. Not to be called again after an error.
    pub(super) fn next(&mut self) -> Result<Owned, SyntaxError> {
        let mut event = MaybeUninit::<sys::yaml_event_t>::uninit();
        // SAFETY: the parser is initialized; on success parse has written the event, on failure its error fields.
        unsafe {
            if sys::yaml_parser_parse(self.raw.as_ptr(), event.as_mut_ptr()).ok {
                return Ok(Owned { raw: event.assume_init() });
            }
        }
        Err(self.error())
    }

    fn error(&self) -> SyntaxError {
        // SAFETY: the parser is initialized; its texts are null or static texts that end with NUL.
        unsafe {
            let parser: &sys::yaml_parser_t = self.raw.as_ref();
            let offset =
                if parser.error == sys::YAML_READER_ERROR { parser.problem_offset } else { parser.problem_mark.index };
            let context = static_text(parser.context.cast());
            let begun = usize::try_from(parser.context_mark.index).ok();
            SyntaxError {
                problem: static_text(parser.problem.cast()).unwrap_or_else(|| "not valid YAML".to_owned()),
                context_offset: begun.filter(|_| context.is_some()),
                context,
                offset: usize::try_from(offset).unwrap_or(usize::MAX),
            }
        }
    }
}

impl Drop for Parser<'_> {
    fn drop(&mut self) {
        // SAFETY: initialized in `new`, deleted once, and the allocation came from a `Box` of this layout.
        unsafe {
            sys::yaml_parser_delete(self.raw.as_ptr());
            drop(Box::from_raw(self.raw.as_ptr().cast::<MaybeUninit<sys::yaml_parser_t>>()));
        }
    }
}

impl Owned {
    /// Byte offsets of the event's first byte and of the byte behind it.
    pub(super) fn span(&self) -> (usize, usize) {
        let at = |index: u64| usize::try_from(index).unwrap_or(usize::MAX);
        (at(self.raw.start_mark.index), at(self.raw.end_mark.index))
    }

    /// What only an editor of the text asks for: the tag, and whether a collection stands in flow style.
    pub(super) fn form(&self) -> (Option<&[u8]>, bool) {
        // SAFETY: as in `get`; a scalar's tag is read only from a scalar event, and so on.
        unsafe {
            let data = &self.raw.data;
            match self.raw.type_ {
                sys::YAML_SCALAR_EVENT => (name(data.scalar.tag), false),
                sys::YAML_SEQUENCE_START_EVENT => {
                    (name(data.sequence_start.tag), data.sequence_start.style == sys::YAML_FLOW_SEQUENCE_STYLE)
                }
                sys::YAML_MAPPING_START_EVENT => {
                    (name(data.mapping_start.tag), data.mapping_start.style == sys::YAML_FLOW_MAPPING_STYLE)
                }
                _ => (None, false),
            }
        }
    }

    pub(super) fn get(&self) -> Event<'_> {
        // SAFETY: each union field is read only under the type that libyaml wrote it for; texts are null, or end with
        // NUL, or have the length given beside them, and live until `drop`.
        unsafe {
            let data = &self.raw.data;
            match self.raw.type_ {
                sys::YAML_STREAM_START_EVENT => Event::StreamStart,
                sys::YAML_DOCUMENT_START_EVENT => Event::DocumentStart,
                sys::YAML_DOCUMENT_END_EVENT => Event::DocumentEnd,
                sys::YAML_ALIAS_EVENT => Event::Alias(name(data.alias.anchor).unwrap_or_default()),
                sys::YAML_SCALAR_EVENT => Event::Scalar {
                    anchor: name(data.scalar.anchor),
                    value: bytes(data.scalar.value, data.scalar.length),
                    style: match data.scalar.style {
                        sys::YAML_SINGLE_QUOTED_SCALAR_STYLE => Style::SingleQuoted,
                        sys::YAML_DOUBLE_QUOTED_SCALAR_STYLE => Style::DoubleQuoted,
                        sys::YAML_LITERAL_SCALAR_STYLE => Style::Literal,
                        sys::YAML_FOLDED_SCALAR_STYLE => Style::Folded,
                        _ => Style::Plain,
                    },
                },
                sys::YAML_SEQUENCE_START_EVENT => Event::SeqStart { anchor: name(data.sequence_start.anchor) },
                sys::YAML_SEQUENCE_END_EVENT => Event::SeqEnd,
                sys::YAML_MAPPING_START_EVENT => Event::MapStart { anchor: name(data.mapping_start.anchor) },
                sys::YAML_MAPPING_END_EVENT => Event::MapEnd,
                // The parser gives "no event" only behind the end of the stream.
                _ => Event::StreamEnd,
            }
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the event was written by the parser and is deleted once.
        unsafe { sys::yaml_event_delete(&raw mut self.raw) }
    }
}

/// # Safety
/// `text` is null or ends with NUL and is valid UTF-8 or arbitrary bytes that live for the whole program.
unsafe fn static_text(text: *const c_char) -> Option<String> {
    // SAFETY: as promised by the caller.
    unsafe { (!text.is_null()).then(|| CStr::from_ptr(text).to_str().unwrap_or("not valid YAML").to_owned()) }
}

/// # Safety
/// `text` is null or ends with NUL and lives for `'e`.
unsafe fn name<'e>(text: *const u8) -> Option<&'e [u8]> {
    // SAFETY: as promised by the caller.
    unsafe { (!text.is_null()).then(|| CStr::from_ptr(text.cast()).to_bytes()) }
}

/// # Safety
/// `text` is null or points at `length` bytes that live for `'e`.
unsafe fn bytes<'e>(text: *const u8, length: u64) -> &'e [u8] {
    if text.is_null() {
        return &[];
    }
    // SAFETY: as promised by the caller; a length that libyaml allocated fits the address space.
    unsafe { std::slice::from_raw_parts(text, usize::try_from(length).unwrap_or(0)) }
}
