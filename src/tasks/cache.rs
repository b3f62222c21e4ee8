//! A built network kept beside its store, so that a large city is opened in seconds.
//!
//! The file is derived: it can be thrown away at any time, and is never a store's only copy of
//! anything. It can be neither stale nor wrong: its key holds the edition of the store's content and
//! the reader's level, its bytes checksums over all (`network::frozen`: one a block), and whatever does not fit is
//! built anew. Only today's view of a large store is kept; a folder that may not be written has none. Whoever may
//! read the store may read what is kept of it.

use std::fs::File;
use std::hash::Hasher as _;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

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
        Self::named(store, access, edition, "cache")
    }

    /// The same for what a view holds in numbers.
    pub fn of_counts(store: &dyn Store, access: &Access, edition: &str) -> Option<Self> {
        Self::named(store, access, edition, "counts")
    }

    /// The same for the pairs over the line, by weights of a digest of their own.
    pub fn of_pairs(store: &dyn Store, access: &Access, edition: &str, weights: &str) -> Option<Self> {
        let mut cache = Self::named(store, access, edition, "pairs")?;
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

    fn named(store: &dyn Store, access: &Access, edition: &str, what: &str) -> Option<Self> {
        let file = store.file().filter(|_| access.as_of.is_none())?;
        let mut name = file.file_name()?.to_owned();
        name.push(format!(".{}.{what}", access.level));
        // Who may be whom is part of a network and of its pairs, by the rules that statistics are taken by.
        let key = format!("{edition} {} {}", access.level, statistics::RULES);
        Some(Self { path: file.with_file_name(name), key, store: file.to_owned() })
    }

    #[cfg(test)]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The network, if it is there, of this very content, and whole.
    pub fn read(&self) -> Option<Network> {
        Network::thaw(&Opened(File::open(&self.path).ok()?), &self.key)
    }

    /// The same, to be read only where it is asked.
    pub fn on_disk(&self) -> Option<OnDisk<Opened>> {
        OnDisk::open(Opened(File::open(&self.path).ok()?), &self.key)
    }

    /// Takes away the file that was opened, if no other took its name meanwhile. That it could not be done costs time
    /// later, nothing else.
    pub fn forget(&self, opened: &Opened) -> Option<()> {
        let state = |file: std::fs::Metadata| Some((file.modified().ok()?, file.len()));
        let (own, there) = (opened.0.metadata().ok()?, std::fs::metadata(&self.path).ok()?);
        if state(own)? == state(there)? { std::fs::remove_file(&self.path).ok() } else { None }
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
        let bytes = std::fs::read(&self.path).ok()?;
        let (text, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        read(text.strip_prefix(self.key.as_bytes()).filter(|_| self.sum(text) == sum)?)
    }

    /// Keeps something small of a store of so many claims or ties, if it is worth it.
    pub fn keep_json<T: Serialize>(&self, kept: &T, of: u64) {
        if of >= LEAST as u64 {
            self.write_json(kept);
        }
    }

    fn write_json<T: Serialize>(&self, kept: &T) -> Option<()> {
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
        share_as(&std::fs::metadata(&self.store).ok()?, &file).ok()?;
        std::fs::rename(&whole, &self.path).ok()
    }
}

/// Lets those read a file who may read a store. Where whoever writes it cannot give it to the store's group, no group
/// may: that would be another one, and its people may not read the store.
fn share_as(store: &std::fs::Metadata, file: &File) -> io::Result<()> {
    let permissions = store.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
        let is_same = file.metadata()?.gid() == store.gid();
        if !is_same && fchown(file, None, Some(store.gid())).is_err() {
            let own = std::fs::Permissions::from_mode(permissions.mode() & !0o070);
            return file.set_permissions(own);
        }
    }
    file.set_permissions(permissions)
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
        let counts = store.read(&today).unwrap().info().unwrap();
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
