//! What a workbook may unpack to, found out before anything is unpacked into memory.
//!
//! A workbook is a zip archive, and half a megabyte of it can hold half a gigabyte. The stated
//! sizes may lie, so every entry is unpacked once into nothing and counted.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;

/// The most entries.
const ENTRIES: u64 = 2_000;
/// The most that a sheet may unpack to.
const SHEET: u64 = 256 << 20;
/// The most that any other entry may: the table of texts is held in memory.
const OTHER: u64 = 64 << 20;
/// The most that all may together.
const TOTAL: u64 = 1 << 30;
/// How many times its packed size an entry may unpack to, once it is of some size.
const RATIO: u64 = 200;
/// Below this the ratio does not matter.
const SMALL: u64 = 1 << 20;
/// Endings of archives and workbooks, which a workbook has no need to hold.
const NESTED: &[&str] = &[".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".7z", ".rar", ".gz", ".tar"];

/// Says why a workbook must not be opened.
pub(super) fn inspect(path: &Path) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(text)?;
    head(&mut file).map_err(text)??;
    tail(&mut file).map_err(text)??;
    file.rewind().map_err(text)?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    if archive.len() as u64 > ENTRIES {
        return Err(too_many());
    }
    if archive.has_overlapping_files().map_err(|error| error.to_string())? {
        return Err("its entries overlap".to_owned());
    }
    let mut total = 0;
    (0..archive.len()).try_for_each(|at| entry(&mut archive, at, &mut total))
}

fn too_many() -> String {
    format!("it holds more than {ENTRIES} entries")
}

/// Tells apart a zip archive, an encrypted or old workbook, and anything else.
fn head(file: &mut File) -> std::io::Result<Result<(), String>> {
    let mut first = [0; 4];
    let read = file.read(&mut first)?;
    Ok(match first.get(..read).unwrap_or_default() {
        [b'P', b'K', ..] => Ok(()),
        [0xD0, 0xCF, 0x11, 0xE0] => {
            Err("it is protected by a password or in the old .xls format; save it anew as .xlsx".to_owned())
        }
        _ => Err("it is no .xlsx workbook".to_owned()),
    })
}

/// The archive's own count of its entries, before its directory is read.
fn tail(file: &mut File) -> std::io::Result<Result<(), String>> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(66_000)))?;
    let mut end = Vec::new();
    file.take(66_000).read_to_end(&mut end)?;
    let Some(at) = end.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else {
        return Ok(Err("it is cut short".to_owned()));
    };
    let two = |offset: usize| match end.get(at + offset..at + offset + 2) {
        Some(&[low, high]) => u64::from(u16::from_le_bytes([low, high])),
        _ => 0,
    };
    let directory = two(12) | two(14) << 16;
    // 1 KB an entry is plenty; 0xFFFF entries means a still larger count elsewhere.
    let fits = two(8) <= ENTRIES && two(10) <= ENTRIES && directory <= ENTRIES << 10;
    Ok(if fits { Ok(()) } else { Err(too_many()) })
}

fn entry(archive: &mut ZipArchive<BufReader<File>>, at: usize, total: &mut u64) -> Result<(), String> {
    let (name, packed) = {
        let entry = archive.by_index_raw(at).map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let shown: String = name.chars().take(60).collect();
        if entry.encrypted() {
            return Err("it is protected by a password".to_owned());
        }
        if entry.is_symlink()
            || entry.enclosed_name().is_none()
            || name.split(['/', '\\']).any(|part| part == "..")
        {
            return Err(format!("its entry `{shown}` points outside"));
        }
        (name, entry.compressed_size())
    };
    if NESTED.iter().any(|ending| name.to_lowercase().ends_with(ending)) {
        return Err("it holds an archive inside".to_owned());
    }
    let limit = if name.contains("worksheets/") { SHEET } else { OTHER };
    let most = limit.min(TOTAL - *total).min((packed * RATIO).max(SMALL));
    let mut entry = archive.by_index(at).map_err(|error| error.to_string())?;
    let size = count(&mut entry, most)?;
    *total += size;
    if size > most {
        Err(format!("it unpacks to too much: `{name}` alone to more than {most} bytes"))
    } else {
        Ok(())
    }
}

/// Unpacks into nothing, a little further than allowed at most.
fn count(from: &mut impl Read, most: u64) -> Result<u64, String> {
    let mut buffer = [0; 1 << 15];
    let mut size = 0;
    while size <= most {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => size += read as u64,
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(size)
}
