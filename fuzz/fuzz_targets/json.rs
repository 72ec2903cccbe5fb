#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| undue_fuzz::json(data));
