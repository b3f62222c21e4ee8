//! `verify`: whether the store is sound, or what is wrong with it.

use parasol::model::Message;
use parasol::store::Verified;
use parasol::tasks::{self, TaskError};
use serde_json::{Value, json};

use super::exit::{Exit, Problem};
use super::session::Session;

pub(crate) fn run(session: &mut Session) -> Result<Exit, Problem> {
    session.work("progress-verify");
    let store = tasks::open::reader(session.store())?;
    let found = store.verify().map_err(TaskError::from)?;
    if session.global.json {
        session.out.json(&document(&found))?;
    } else {
        tell(session, &found)?;
    }
    Ok(if found.faults.is_empty() { Exit::Done } else { Exit::Damaged })
}

/// Whether it is sound is `null` where nothing wrong was found and not everything was looked at.
fn document(found: &Verified) -> Value {
    let sound = match (found.faults.is_empty(), found.graph_left_out) {
        (true, true) => Value::Null,
        (sound, _) => sound.into(),
    };
    let left_out: &[&str] = if found.graph_left_out { &["graph"] } else { &[] };
    json!({ "sound": sound, "faults": found.faults, "left_out": left_out })
}

fn tell(session: &mut Session, found: &Verified) -> Result<(), Problem> {
    for fault in &found.faults {
        session.out.line(format!("{}: {}", fault.code, parasol::messages::tame(&fault.text)))?;
    }
    let result = match (found.faults.is_empty(), found.graph_left_out) {
        (true, false) => Some("verify-sound"),
        (true, true) => Some("verify-rows-sound"),
        (false, true) => Some("verify-graph-left-out"),
        (false, false) => None,
    };
    if let Some(result) = result {
        let result = session.words().text(result);
        session.out.line(result)?;
    }
    if !found.faults.is_empty() {
        session.tell(&Message::new("hint-store-damaged"));
    }
    Ok(())
}
