//! A built network kept beside its store, so that a large city is opened in seconds.
//!
//! The file is derived: it can be thrown away at any time, and is never a store's only copy of
//! anything. It can be neither stale nor wrong: its key holds the edition of the store's content and
//! the reader's level, its bytes checksums over all (`network::frozen`: one a block), and whatever does not fit is
//! built anew. A network is kept of today's view of a large store alone, counts also of one earlier day; a folder that may not be written has none. Nobody may
//! read what is kept who may not read the store; where the store has a list of who may (an ACL), only whoever keeps it.

use std::fs::File;
use std::hash::Hasher as _;
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::balls::statistics;
use super::files::Scratch;
use crate::model::Access;
use crate::network::{ByteSource, Network, NodeIx, OnDisk};
use crate::store::Store;

/// Ties from which on a network is kept, and claims from which on counts are: smaller ones are built as
/// fast as they are read.
pub(super) const LEAST: usize = 200_000;

/// Bytes of the checksum of counts.
const SUM: usize = 16;

/// A file that is open: another may take its name meanwhile.
#[derive(Debug)]
pub(super) struct Opened(File);

impl ByteSource for Opened {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_at(&self, start: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buffer, start)
    }

    #[cfg(windows)]
    fn read_at(&self, mut start: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(&self.0, buffer, start)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            start += read as u64;
            buffer = buffer.get_mut(read..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Where a view's network or its counts are kept, and under which key.
pub(super) struct Cache {
    path: PathBuf,
    key: String,
    /// The store's file.
    store: PathBuf,
}

impl Cache {
    /// The cache of a view whose store has this edition; none for a store without a file and for
    /// views of an earlier day.
    pub fn of(store: &dyn Store, access: &Access, edition: &str) -> Option<Self> {
        Self::of_today(store, access, edition, "cache")
    }

    /// The same for what a view holds in numbers, also one of an earlier day: of these, the day that was asked for last.
    pub fn of_counts(store: &dyn Store, access: &Access, edition: &str) -> Option<Self> {
        let what = if access.as_of.is_none() { "counts" } else { "earlier.counts" };
        Self::named(store, access, edition, what)
    }

    /// The same for the statistics of an earlier day; those of today are kept in the store itself.
    pub fn of_statistics(store: &dyn Store, access: &Access, edition: &str) -> Option<Self> {
        Self::named(store, access, edition, "earlier.statistics").filter(|_| access.as_of.is_some())
    }

    /// The same for the pairs over the line, by weights of a digest of their own.
    pub fn of_pairs(store: &dyn Store, access: &Access, edition: &str, weights: &str) -> Option<Self> {
        let mut cache = Self::of_today(store, access, edition, "pairs")?;
        cache.key.push(' ');
        cache.key.push_str(weights);
        Some(cache)
    }

    /// The same for all names of a store, whoever reads: who may see which is asked of the view.
    pub fn of_names(store: &dyn Store, edition: &str) -> Option<Self> {
        let file = store.file()?;
        let mut name = file.file_name()?.to_owned();
        name.push(".names");
        let key = format!("{edition} names {}", env!("CARGO_PKG_VERSION"));
        Some(Self { path: file.with_file_name(name), key, store: file.to_owned() })
    }

    /// What is kept of today's view alone.
    fn of_today(store: &dyn Store, access: &Access, edition: &str, what: &str) -> Option<Self> {
        if access.as_of.is_some() { None } else { Self::named(store, access, edition, what) }
    }

    fn named(store: &dyn Store, access: &Access, edition: &str, what: &str) -> Option<Self> {
        let file = store.file()?;
        let mut name = file.file_name()?.to_owned();
        name.push(format!(".{}.{what}", access.level));
        let day = access.as_of.map_or_else(String::new, |day| format!(" {day}"));
        // Who may be whom is part of a network and of its pairs, by the rules that statistics are taken by.
        let key = format!("{edition} {} {}{day}", access.level, statistics::RULES);
        Some(Self { path: file.with_file_name(name), key, store: file.to_owned() })
    }

    #[cfg(test)]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The network, if it is there, of this very content, and whole.
    pub fn read(&self) -> Option<Network> {
        Network::thaw(&Opened(self.open()?), &self.key)
    }

    /// The same, to be read only where it is asked.
    pub fn on_disk(&self) -> Option<OnDisk<Opened>> {
        OnDisk::open(Opened(self.open()?), &self.key)
    }

    /// The file, if it is there. Where more may read it than may read the store by now, they may no longer; where that
    /// cannot be forbidden, it is taken away.
    fn open(&self) -> Option<File> {
        let file = File::open(&self.path).ok()?;
        let is_wider = Shared::of(&self.store, &file).is_ok_and(|shared| shared.is_wider());
        if is_wider && share_as(&self.store, &file).is_err() && std::fs::remove_file(&self.path).is_ok() {
            return None;
        }
        Some(file)
    }

    /// Takes away the file that was opened, if no other took its name meanwhile. That it could not be done costs time
    /// later, nothing else.
    pub fn forget(&self, opened: &Opened) -> Option<()> {
        let (own, there) = (opened.0.metadata().ok()?, std::fs::metadata(&self.path).ok()?);
        if which(&own)? == which(&there)? { std::fs::remove_file(&self.path).ok() } else { None }
    }

    /// Keeps a network with who may be whom in it. That it could not be written costs time later, nothing else.
    pub fn keep(&self, network: &Network, twins: &[(NodeIx, NodeIx, f64)]) -> Option<()> {
        self.put(|file| network.freeze(&self.key, twins, &mut BufWriter::new(file)))
    }

    /// What was kept, if it is there, of this very content, and whole.
    pub fn read_json<T: DeserializeOwned>(&self) -> Option<T> {
        self.read_bytes(|text| serde_json::from_slice(text).ok())
    }

    /// The same of what was kept as bytes.
    pub fn read_bytes<T>(&self, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes).ok()?;
        let (text, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        read(text.strip_prefix(self.key.as_bytes()).filter(|_| self.sum(text) == sum)?)
    }

    /// Keeps something small of a store of so many claims or ties, if it is worth it.
    pub fn keep_json<T: Serialize>(&self, kept: &T, of: u64) {
        if of >= LEAST as u64 {
            self.write_json(kept);
        }
    }

    pub fn write_json<T: Serialize>(&self, kept: &T) -> Option<()> {
        self.write_bytes(&serde_json::to_vec(kept).ok()?)
    }

    /// Keeps bytes, whatever they are of.
    pub fn write_bytes(&self, kept: &[u8]) -> Option<()> {
        let text = [self.key.as_bytes(), kept].concat();
        let sum = self.sum(&text);
        self.put(|file| file.write_all(&text).and_then(|()| file.write_all(&sum)))
    }

    fn sum(&self, text: &[u8]) -> [u8; SUM] {
        let mut sum = SipHasher13::new();
        sum.write(text);
        sum.finish128().as_bytes()
    }

    /// Writes the file elsewhere until it is whole: in a folder that Ctrl-C takes with it, since a city's is a gigabyte
    /// of what few may read. Then it is read by whoever may read the store.
    fn put(&self, write: impl FnOnce(&mut File) -> io::Result<()>) -> Option<()> {
        let scratch = Scratch::beside(&self.path).ok()?;
        let whole = scratch.file("kept");
        let mut file = File::create_new(&whole).ok()?;
        write(&mut file).ok()?;
        share_as(&self.store, &file).ok()?;
        std::fs::rename(&whole, &self.path).ok()
    }
}

/// What tells a file from another that has its name.
#[cfg(unix)]
fn which(file: &std::fs::Metadata) -> Option<(std::time::SystemTime, u64, [u64; 2])> {
    use std::os::unix::fs::MetadataExt as _;
    Some((file.modified().ok()?, file.len(), [file.dev(), file.ino()]))
}

#[cfg(not(unix))]
fn which(file: &std::fs::Metadata) -> Option<(std::time::SystemTime, u64)> {
    Some((file.modified().ok()?, file.len()))
}

/// Lets those read a file who may read a store.
#[cfg(unix)]
fn share_as(store: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, fchown};
    let mut shared = Shared::of(store, file)?;
    if !shared.is_its_group {
        shared.is_its_group = fchown(file, None, Some(shared.group)).is_ok();
    }
    file.set_permissions(std::fs::Permissions::from_mode(shared.may()))
}

#[cfg(not(unix))]
fn share_as(store: &Path, file: &File) -> io::Result<()> {
    file.set_permissions(std::fs::metadata(store)?.permissions())
}

/// Who may read a store, and what is kept of it.
#[cfg(unix)]
struct Shared {
    /// The store's mode and group.
    mode: u32,
    group: u32,
    /// It has a list of who may read it: then the mode's bits of the group are the most that anybody on the list may.
    is_listed: bool,
    /// What is kept is of the store's group, and of this mode.
    is_its_group: bool,
    kept: u32,
}

#[cfg(unix)]
impl Shared {
    fn of(store: &Path, file: &File) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let (of_store, of_file) = (std::fs::metadata(store)?, file.metadata()?);
        Ok(Self {
            mode: of_store.mode(),
            group: of_store.gid(),
            is_listed: is_listed(store),
            is_its_group: of_store.gid() == of_file.gid(),
            kept: of_file.mode(),
        })
    }

    /// The most that may be allowed of what is kept, so that nobody reads it who may not read the store. Where it is of another
    /// group, that group's people may not, and the store's are among all others; who is on a list is not looked into.
    fn may(&self) -> u32 {
        let (group, others) = (self.mode >> 3 & 7, self.mode & 7);
        self.mode & 0o700
            | match (self.is_listed, self.is_its_group) {
                (true, _) => 0,
                (false, true) => group << 3 | others,
                (false, false) => group & others,
            }
    }

    fn is_wider(&self) -> bool {
        self.kept & 0o077 & !self.may() != 0
    }
}

#[cfg(not(unix))]
struct Shared;

#[cfg(not(unix))]
impl Shared {
    fn of(_: &Path, _: &File) -> io::Result<Self> {
        Ok(Self)
    }

    fn is_wider(&self) -> bool {
        false
    }
}

/// Whether a file has a list of who may do what beside its mode. One that cannot be asked for may be there.
#[cfg(target_os = "linux")]
fn is_listed(path: &Path) -> bool {
    use rustix::io::Errno;
    let asked = rustix::fs::getxattr(path, LIST, &mut [0_u8; 0]);
    !matches!(asked, Err(Errno::NODATA | Errno::OPNOTSUPP))
}

/// Where Linux keeps such a list.
#[cfg(target_os = "linux")]
const LIST: &str = "system.posix_acl_access";

#[cfg(all(unix, not(target_os = "linux")))]
fn is_listed(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Date, Level};
    use crate::network::Builder;
    use crate::network::samples::{person, said, tie};
    use crate::store::{self, Info, Mode};

    fn network(rows: &str) -> Network {
        let mut builder = Builder::new(None);
        for id in ["a", "b"] {
            builder.entity(person(id));
        }
        let call = tie(crate::model::TieType::Call, "a", "b", vec![said(rows, "s1")]).build();
        builder.tie(&call).unwrap();
        builder.build()
    }

    fn bytes(network: &Network) -> Vec<u8> {
        let mut bytes = Vec::new();
        network.freeze("", &[], &mut bytes).unwrap();
        bytes
    }

    /// Where a network of a store in a folder is kept.
    fn beside(folder: &std::path::Path) -> (PathBuf, Cache) {
        let (store, path) = (folder.join("case.db"), folder.join("case.db.case.cache"));
        std::fs::OpenOptions::new().create(true).append(true).open(&store).unwrap();
        (path.clone(), Cache { path, key: "k".to_owned(), store })
    }

    fn same(a: Option<&Network>, b: &Network) -> bool {
        a.is_some_and(|a| bytes(a) == bytes(b))
    }

    #[test]
    fn what_is_kept_is_read_by_the_same_view_of_the_same_content_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
        let cache = |access: &Access, digest| Cache::of(store.as_ref(), access, digest);
        let today = Access::default();
        let built = network("r1");
        assert!(cache(&today, "d1").unwrap().read().is_none());
        cache(&today, "d1").unwrap().keep(&built, &[]).unwrap();
        assert!(same(cache(&today, "d1").unwrap().read().as_ref(), &built));
        assert!(cache(&today, "d2").unwrap().read().is_none());
        let briefing = Access { level: Level::Briefing, ..today.clone() };
        assert!(cache(&briefing, "d1").unwrap().read().is_none());
        assert!(cache(&Access { as_of: Date::new(2020, 0, 0), ..today.clone() }, "d1").is_none());
        // A later content takes the place of the earlier.
        let later = network("r2");
        cache(&today, "d2").unwrap().keep(&later, &[]).unwrap();
        assert!(cache(&today, "d1").unwrap().read().is_none());
        assert!(same(cache(&today, "d2").unwrap().read().as_ref(), &later));
    }

    #[test]
    fn a_hurt_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        cache.keep(&network("r1"), &[]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[at] ^= 4;
            std::fs::write(&path, &hurt).unwrap();
            assert!(cache.read().is_none(), "{at}");
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(cache.read().is_none(), "cut at {at}");
        }
    }

    /// What was found hurt is taken away, if it is what was opened.
    #[test]
    fn what_another_wrote_meanwhile_is_not_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        cache.keep(&network("r1"), &[]).unwrap();
        let opened = Opened(File::open(&path).unwrap());
        cache.keep(&network("another row"), &[]).unwrap();
        assert!(cache.forget(&opened).is_none() && path.exists());
        let opened = Opened(File::open(&path).unwrap());
        assert!(cache.forget(&opened).is_some() && !path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn another_of_the_same_length_and_moment_is_not_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        let moment = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        let keep = |row: &str| {
            cache.keep(&network(row), &[]).unwrap();
            let file = File::options().write(true).open(&path).unwrap();
            file.set_modified(moment).unwrap();
            Opened(File::open(&path).unwrap())
        };
        let (first, second) = (keep("r1"), keep("r2"));
        assert_eq!(first.length().unwrap(), second.length().unwrap());
        assert!(cache.forget(&first).is_none() && path.exists());
        assert!(cache.forget(&second).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_reads_what_is_kept_who_may_not_read_the_store() {
        let may = |mode, is_listed, is_its_group| {
            let shared = Shared { mode, group: 7, is_listed, is_its_group, kept: 0o644 };
            (shared.may(), shared.is_wider())
        };
        assert_eq!(may(0o100_640, false, true), (0o640, true));
        assert_eq!(may(0o664, false, true), (0o664, false));
        // A group of its own: the store's group is among the others, who may no more than it.
        assert_eq!(may(0o640, false, false), (0o600, true));
        assert_eq!(may(0o644, false, false), (0o604, true));
        assert_eq!(may(0o604, false, false), (0o600, true));
        // Of a list the mode's group is no more than the most that anybody on it may.
        assert_eq!(may(0o644, true, true), (0o600, true));
    }

    #[cfg(unix)]
    #[test]
    fn what_was_kept_for_more_is_kept_from_them_when_the_store_is() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let allow =
            |mode| std::fs::set_permissions(&cache.store, std::fs::Permissions::from_mode(mode)).unwrap();
        allow(0o644);
        cache.keep(&network("r1"), &[]).unwrap();
        assert!(cache.read().is_some());
        assert_eq!(mode(&path), 0o644);
        for tighter in [0o640, 0o600] {
            allow(tighter);
            assert!(cache.on_disk().is_some());
            assert_eq!(mode(&path), tighter);
        }
        allow(0o644);
        assert!(cache.read().is_some());
        assert_eq!(mode(&path), 0o600, "nobody is let in by a question");
    }

    /// The group's own entry of the list says that it may nothing, whatever the mode shows.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_kept_of_a_store_with_a_list_is_its_keepers_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        // The kernel's form: version 2, then entries of a tag, rights and whom: the owner, a user, the group, the mask, others.
        let mut list = 2_u32.to_le_bytes().to_vec();
        for (tag, may, whom) in
            [(1_u16, 6_u16, u32::MAX), (2, 4, 65_534), (4, 0, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)]
        {
            list.extend(tag.to_le_bytes().iter().chain(&may.to_le_bytes()).chain(&whom.to_le_bytes()));
        }
        let set = rustix::fs::setxattr(&cache.store, LIST, &list, rustix::fs::XattrFlags::empty());
        if set.is_err() {
            return;
        }
        assert_eq!(std::fs::metadata(&cache.store).unwrap().permissions().mode() & 0o070, 0o040);
        cache.keep(&network("r1"), &[]).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }

    /// Who may read what is kept, by the group and the mode of the store.
    #[cfg(unix)]
    #[test]
    fn what_is_kept_is_read_by_whoever_may_read_the_store() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let (path, cache) = beside(folder.path());
        for mode in [0o600, 0o640, 0o664] {
            std::fs::set_permissions(&cache.store, std::fs::Permissions::from_mode(mode)).unwrap();
            cache.keep(&network("r1"), &[]).unwrap();
            let (kept, store) = (path.metadata().unwrap(), cache.store.metadata().unwrap());
            assert_eq!((kept.mode() & 0o777, kept.gid()), (mode, store.gid()));
        }
        // Nobody but root has a group to give away that is not his own.
        if std::os::unix::fs::chown(&cache.store, None, Some(22_000)).is_ok() {
            cache.keep(&network("r1"), &[]).unwrap();
            assert_eq!(path.metadata().unwrap().gid(), 22_000);
        }
        std::fs::remove_file(&cache.store).unwrap();
        assert!(cache.keep(&network("r1"), &[]).is_none(), "of a store that is gone nothing is kept");
    }

    #[test]
    fn counts_are_read_of_the_same_content_alone_and_never_hurt() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
        let today = Access::default();
        let day = |day: u8| Access { as_of: Date::new(2020, 5, day), ..today.clone() };
        let counts = store.read(&today).unwrap().info().unwrap();
        let of_day = |access: &Access| Cache::of_counts(store.as_ref(), access, "d1").unwrap();
        of_day(&day(1)).write_json(&counts).unwrap();
        assert_eq!(of_day(&day(1)).read_json(), Some(counts.clone()));
        for other in [day(2), today.clone()] {
            assert_eq!(of_day(&other).read_json::<Info>(), None, "{other:?}");
        }
        let cache = |digest: &str| Cache::of_counts(store.as_ref(), &today, digest).unwrap();
        cache("d1").keep_json(&counts, counts.claims);
        assert!(!cache("d1").path.exists());
        cache("d1").write_json(&counts).unwrap();
        assert_eq!(cache("d1").read_json(), Some(counts));
        assert_eq!(cache("d2").read_json::<Info>(), None);
        let whole = std::fs::read(cache("d1").path).unwrap();
        for at in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[at] ^= 4;
            std::fs::write(cache("d1").path, &hurt).unwrap();
            assert_eq!(cache("d1").read_json::<Info>(), None, "{at}");
            std::fs::write(cache("d1").path, &whole[..at]).unwrap();
            assert_eq!(cache("d1").read_json::<Info>(), None, "cut at {at}");
        }
    }

    #[test]
    fn pairs_are_of_one_content_and_one_table_of_weights() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
        let cache = |digest: &str, weights: &str| {
            Cache::of_pairs(store.as_ref(), &Access::default(), digest, weights).unwrap()
        };
        let over = vec![("o1".to_owned(), "g1".to_owned(), 0.75)];
        cache("d1", "w1").keep_json(&over, LEAST as u64);
        assert_eq!(cache("d1", "w1").read_json(), Some(over));
        for other in [cache("d2", "w1"), cache("d1", "w2")] {
            assert_eq!(other.read_json::<Vec<(String, String, f64)>>(), None);
        }
    }

    #[test]
    fn many_who_write_at_once_leave_one_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let (_, cache) = beside(folder.path());
                    for _ in 0..20 {
                        cache.keep(&network("r1"), &[]).unwrap();
                        assert!(same(cache.read().as_ref(), &network("r1")));
                    }
                });
            }
        });
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "the store, and what is kept of it");
    }
}
