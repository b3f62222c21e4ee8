//! `backup`: a copy of the store while others work.

use std::path::PathBuf;

use parasol::model::Message;
use parasol::tasks::{self, TaskError};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The new file; it must not exist yet
    file: PathBuf,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let path = args.file.display().to_string();
    if args.file.exists() {
        return Err(Problem::usage(Message::new("error-exists").text("path", path)));
    }
    let folder = args.file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(TaskError::NoFolder(folder.to_owned()).into());
    }
    session.work("progress-backup");
    let store = tasks::open::reader(session.store())?;
    tasks::backup::copy(store.as_ref(), &args.file)?;
    if session.global.json {
        session.out.json(&serde_json::json!({ "backup": path }))?;
    } else {
        session.tell(&Message::new("backup-done").text("path", path));
    }
    Ok(Exit::Done)
}
