//! `verify`: whether the store is sound, or what is wrong with it.

use parasol::model::Message;
use parasol::tasks::{self, TaskError};

use super::exit::{Exit, Problem};
use super::session::Session;

pub(crate) fn run(session: &mut Session) -> Result<Exit, Problem> {
    session.work("progress-verify");
    let store = tasks::open::reader(session.store())?;
    let faults = store.verify().map_err(TaskError::from)?;
    if session.global.json {
        session.out.json(&serde_json::json!({ "sound": faults.is_empty(), "faults": faults }))?;
    } else if faults.is_empty() {
        let sound = session.words().text("verify-sound");
        session.out.line(sound)?;
    } else {
        for fault in &faults {
            session.out.line(format!("{}: {}", fault.code, parasol::messages::tame(&fault.text)))?;
        }
        session.tell(&Message::new("hint-store-damaged"));
    }
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Damaged })
}
