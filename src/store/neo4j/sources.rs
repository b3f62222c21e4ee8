//! Sources on their way to the server, and who protected ones are, which goes to the vault alone.

use std::collections::BTreeMap;

use neo4rs::BoltType;

use super::batch::{BATCH, Load, Queue, Sink, map, maybe, text};
use super::faces;
use super::ship::Shipment;
use crate::model::Source;
use crate::store::StoreError;
use crate::store::sqlite::rows;

impl Shipment<'_> {
    /// New sources, and new words of known ones; gives what the nodes of these will say, and the words that are hidden
    /// from now on.
    pub fn sources(&self, queue: &mut Queue<'_>) -> Result<(Vec<BoltType>, Vec<BoltType>), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_sources.sql");
        let words = self.read(sql, [self.base.change as i64], |row| {
            let change: i64 = row.get(12)?;
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, rows::source(row)?, change))
        })?;
        let vault = self.vault()?;
        let (mut added, mut hidden) = (Vec::new(), Vec::new());
        let mut shown: BTreeMap<i64, BoltType> = BTreeMap::new();
        for (n, word, source, change) in &words {
            let key = format!("{n}/{word}");
            let since = BoltType::from(*change);
            if self.words.contains(&(*n, *word)) {
                hidden.push(map([("key", key.into()), ("change", since)]));
                continue;
            }
            added.push(map([("p", source_word(*n, *word, source, *change))]));
            shown.insert(*n, map([("p", faces::source(*n, source, *change))]));
        }
        let known: Vec<BoltType> = {
            let new = shown.split_off(&(self.base.sources + 1));
            std::mem::replace(&mut shown, new).into_values().collect()
        };
        let begun: Vec<BoltType> = shown.into_values().collect();
        let new = |vault: &&(i64, i64, BoltType)| !self.words.contains(&(vault.0, vault.1));
        let vaulted: Vec<BoltType> = vault.iter().filter(new).map(|(_, _, row)| row.clone()).collect();
        let statements =
            [(text!("source_begin"), begun), (text!("source_add"), added), (text!("vault_add"), vaulted)];
        for (text, rows) in statements {
            for some in rows.chunks(BATCH) {
                queue.send(vec![Load::new(text, some.to_vec())])?;
                queue.passed(0)?;
            }
        }
        Ok((known, hidden))
    }

    /// Who the protected sources of new words are.
    pub fn vault(&self) -> Result<Vec<(i64, i64, BoltType)>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_vault.sql");
        self.read(sql, [self.base.change as i64], |row| {
            let (n, word): (i64, i64) = (row.get(0)?, row.get(1)?);
            let text = |at: usize| row.get::<_, Option<String>>(at).map(BoltType::from);
            let said = map([
                ("key", format!("{n}/{word}").into()),
                ("n", n.into()),
                ("word", word.into()),
                ("id", text(2)?),
                ("title", text(3)?),
                ("locator", text(4)?),
                ("props", text(5)?),
                ("change", row.get::<_, i64>(6)?.into()),
            ]);
            Ok((n, word, map([("p", said)])))
        })
    }
}

fn source_word(n: i64, word: i64, source: &Source, change: i64) -> BoltType {
    let open = |text: Option<String>| BoltType::from(text.filter(|_| !source.protected));
    let props = (!source.props.is_empty()).then(|| rows::props_text(&source.props));
    map([
        ("key", format!("{n}/{word}").into()),
        ("n", n.into()),
        ("word", word.into()),
        ("id", open(Some(source.id.to_string()))),
        ("channel", source.channel.code().into()),
        ("title", open(source.title.clone())),
        ("date", maybe(source.date)),
        ("reliability", source.reliability.code().into()),
        ("unit", source.unit.clone().into()),
        ("handling", source.handling.code().into()),
        ("protected", source.protected.into()),
        ("locator", open(source.locator.clone())),
        ("props", open(props)),
        ("change", change.into()),
    ])
}
