//! A bare event scan with the Rust translation of libyaml, where libyaml itself cannot be compiled against.

use libyaml_rs as sys;
use std::mem::MaybeUninit;

/// Number of events; 0 if the text is not YAML.
pub(super) fn scan(bytes: &[u8]) -> u64 {
    let mut parser = MaybeUninit::<sys::yaml_parser_t>::uninit();
    let mut event = MaybeUninit::<sys::yaml_event_t>::uninit();
    let mut events = 0;
    // SAFETY: initialize writes the parser, which is not moved until it is deleted; the input outlives it; a successful
    // parse writes the event, which is deleted before the next one.
    unsafe {
        let parser = parser.as_mut_ptr();
        if !sys::yaml_parser_initialize(parser).ok {
            return 0;
        }
        sys::yaml_parser_set_input_string(parser, bytes.as_ptr(), bytes.len() as u64);
        loop {
            if !sys::yaml_parser_parse(parser, event.as_mut_ptr()).ok {
                events = 0;
                break;
            }
            events += 1;
            let done = event.assume_init_ref().type_ == sys::YAML_STREAM_END_EVENT;
            sys::yaml_event_delete(event.as_mut_ptr());
            if done {
                break;
            }
        }
        sys::yaml_parser_delete(parser);
    }
    events
}

#[cfg(test)]
mod tests {
    use super::scan;

    #[test]
    fn events_are_counted_and_bad_text_has_none() {
        assert_eq!(scan(b"a: [b]\n"), 10);
        assert_eq!(scan(b"a: [b\n"), 0);
    }
}
