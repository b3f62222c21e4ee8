//! Which encoding a file is in, and reading it as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes the guess looks at, where there is no byte order mark.
const SAMPLE: usize = 1 << 20;

/// How the files of other programs begin: archives and workbooks, old workbooks, PDF, pictures,
/// SQLite, gzip, 7-Zip, RAR.
const NO_TEXT: [&[u8]; 10] = [
    b"PK\x03\x04",
    b"\xD0\xCF\x11\xE0",
    b"%PDF-",
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"SQLite format 3\0",
    b"\x1F\x8B",
    b"7z\xBC\xAF",
    b"Rar!",
];

/// Whether a file begins as text does: not as another program's file, and with few control
/// characters (UTF-16 apart, whose every second byte may be 0).
pub(super) fn is_text(head: &[u8]) -> bool {
    if NO_TEXT.iter().any(|start| head.starts_with(start)) {
        return false;
    }
    let head = head.get(..head.len().min(4096)).unwrap_or_default();
    if Encoding::for_bom(head).is_some() || wide(head).is_some() {
        return true;
    }
    let control =
        |byte: &&u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B..=0x0C);
    head.iter().filter(control).count() * 20 <= head.len()
}

/// Watches a whole file go by and then says what it is written in.
pub(super) struct Sniffer {
    sample: Vec<u8>,
    tail: Vec<u8>,
    sound: u64,
    broken: u64,
}

impl Sniffer {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self { sample: Vec::new(), tail: Vec::new(), sound: 0, broken: 0 }
    }

    /// Sees the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = SAMPLE.saturating_sub(self.sample.len()).min(bytes.len());
        self.sample.extend_from_slice(bytes.get(..room).unwrap_or_default());
        if self.tail.is_empty() {
            self.count(bytes);
        } else {
            let mut joined = std::mem::take(&mut self.tail);
            joined.extend_from_slice(bytes);
            self.count(&joined);
        }
    }

    /// Counts characters that are sound UTF-8 (ASCII apart) and places that are not.
    fn count(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() {
            return;
        }
        let mut rest = bytes;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.sound += u64::from(!text.is_ascii());
                    return;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at_checked(error.valid_up_to()).unwrap_or((rest, &[]));
                    self.sound += good.iter().filter(|&&b| b >= 0xC0).count() as u64;
                    let Some(skip) = error.error_len() else {
                        self.tail = bad.to_vec();
                        return;
                    };
                    self.broken += 1;
                    rest = bad.get(skip..).unwrap_or_default();
                }
            }
        }
    }

    /// The encoding; a few broken bytes in an UTF-8 file leave it UTF-8.
    pub fn verdict(self) -> &'static Encoding {
        if let Some((encoding, _)) = Encoding::for_bom(&self.sample) {
            return encoding;
        }
        if let Some(wide) = wide(&self.sample) {
            return wide;
        }
        let broken = self.broken + u64::from(!self.tail.is_empty());
        if broken == 0 || self.sound > 10 * broken {
            return UTF_8;
        }
        guess(&self.sample)
    }
}

/// UTF-16 without a mark: every second byte of its ASCII part is 0.
fn wide(sample: &[u8]) -> Option<&'static Encoding> {
    let head = sample.get(..sample.len().min(512)).unwrap_or_default();
    let zeros =
        |odd: usize| head.iter().enumerate().filter(|(at, byte)| at % 2 == odd && **byte == 0).count();
    let pairs = head.len() / 2;
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if pairs < 4 => None,
        () if odd * 3 > pairs && even * 10 < pairs => Some(UTF_16LE),
        () if even * 3 > pairs && odd * 10 < pairs => Some(UTF_16BE),
        () => None,
    }
}

/// GB18030 unless its bytes cannot be that.
fn guess(sample: &[u8]) -> &'static Encoding {
    let sample = match sample.iter().rposition(|&b| b == b'\n' || b == b'\r') {
        Some(end) if sample.len() == SAMPLE => sample.get(..end).unwrap_or(sample),
        _ => sample,
    };
    if GB18030.decode_without_bom_handling_and_without_replacement(sample).is_some() {
        return GB18030;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if guess == encoding_rs::GBK { GB18030 } else { guess }
}

/// A file's bytes as UTF-8 bytes. UTF-8 passes as it is, so that a broken row can be told; other
/// encodings put U+FFFD where bytes are no text.
pub(super) struct Utf8<R> {
    inner: R,
    decoder: Option<encoding_rs::Decoder>,
    raw: Vec<u8>,
    /// Undecoded bytes in `raw`.
    from: usize,
    to: usize,
    ended: bool,
    start: bool,
}

impl<R: Read> Utf8<R> {
    /// Reads `inner`, which is in `encoding`.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        Self { inner, decoder, raw: vec![0; 1 << 16], from: 0, to: 0, ended: false, start: true }
    }

    fn plain(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.start {
            return self.inner.read(out);
        }
        self.start = false;
        let mut head = [0; 3];
        let mut length = 0;
        while length < head.len() {
            match self.inner.read(head.get_mut(length..).unwrap_or_default())? {
                0 => break,
                read => length += read,
            }
        }
        let head = head.get(..length).unwrap_or_default();
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        match out.get_mut(..head.len()) {
            Some(room) if !head.is_empty() => room.copy_from_slice(head),
            _ => return self.inner.read(out),
        }
        Ok(head.len())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.plain(out);
        }
        loop {
            if self.from == self.to && !self.ended {
                self.from = 0;
                self.to = self.inner.read(&mut self.raw)?;
                self.ended = self.to == 0;
            }
            let Some(decoder) = self.decoder.as_mut() else { return Ok(0) };
            let input = self.raw.get(self.from..self.to).unwrap_or_default();
            let (result, read, written, _) = decoder.decode_to_utf8(input, out, self.ended);
            self.from += read;
            let over = self.ended && matches!(result, encoding_rs::CoderResult::InputEmpty);
            if written > 0 || over {
                if over {
                    // A decoder must not be used after its last call.
                    self.decoder = None;
                    self.start = false;
                    self.inner_is_done();
                }
                return Ok(written);
            }
        }
    }
}

impl<R> Utf8<R> {
    /// After the end only plain reads follow, which find the end as well.
    fn inner_is_done(&mut self) {
        (self.from, self.to) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(bytes: &[u8]) -> &'static Encoding {
        let mut sniffer = Sniffer::new();
        bytes.chunks(3).for_each(|chunk| sniffer.feed(chunk));
        sniffer.verdict()
    }

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Utf8::new(bytes, detect(bytes)).read_to_string(&mut text).unwrap();
        text
    }

    fn wide_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn the_usual_encodings_are_told_apart() {
        let text = "id,姓名\no1,王建国\n";
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(detect(text.as_bytes()), UTF_8);
        assert_eq!(detect(&gb), GB18030);
        assert_eq!(detect(&wide_bytes("id,name,agency\no1,", false)), UTF_16LE);
        assert_eq!(detect(&wide_bytes("id,name,agency\no1,", true)), UTF_16BE);
        assert_eq!(read(&gb), text);
        assert_eq!(read(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()), text);
        assert_eq!(read(&[&b"\xFF\xFE"[..], &wide_bytes(text, false)].concat()), text);
        assert_eq!(read(&[&b"\xFE\xFF"[..], &wide_bytes(text, true)].concat()), text);
        assert_eq!(read(b""), "");
        assert_eq!(read(b"a"), "a");
    }

    #[test]
    fn files_of_other_programs_are_no_text() {
        let noise: Vec<u8> = (0..4096_u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for head in [&b"PK\x03\x04\x14\0"[..], b"%PDF-1.7\n", b"\x89PNG\r\n", b"SQLite format 3\0", &noise] {
            assert!(!is_text(head));
        }
        let (gb, _, _) = GB18030.encode("编号,姓名\n");
        for head in [&b""[..], b"id,name\n", "编号,姓名\n".as_bytes(), &gb, &wide_bytes("id,name,age", false)]
        {
            assert!(is_text(head));
        }
        // One NUL spoils a row, not a file.
        assert!(is_text(&[&b"id,name\no1,a\0b\n"[..], &b"o2,Li\n".repeat(10)].concat()));
    }

    #[test]
    fn one_broken_row_does_not_make_a_file_something_else() {
        let mut bytes = "王建国,".repeat(20).into_bytes();
        bytes.extend_from_slice(b"\xFF\n");
        assert_eq!(detect(&bytes), UTF_8);
    }
}
