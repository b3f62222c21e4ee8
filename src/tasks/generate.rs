//! An invented city, as a bundle in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::generate::{self, Counts, LEAST_PEOPLE, MOST_PEOPLE, Options, PEOPLE_OF_GANG};
use crate::model::Message;

use super::TaskError;
use super::files::Scratch;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder the bundle goes to: new, or empty.
    pub out: PathBuf,
    /// The city.
    pub options: Options,
}

/// Writes the city. The folder is there when everything is in it, or not at all.
pub fn run(request: &Request, told: &dyn Fn(u64, u64)) -> Result<Counts, TaskError> {
    check(request)?;
    let scratch = Scratch::beside(&request.out)?;
    let folder = scratch.file("city");
    fs::create_dir(&folder).map_err(TaskError::file(&folder))?;
    let counts =
        generate::generate(&folder, &request.options, told).map_err(TaskError::file(&request.out))?;
    if request.out.is_dir() {
        fs::remove_dir(&request.out).map_err(TaskError::file(&request.out))?;
    }
    fs::rename(&folder, &request.out).map_err(TaskError::file(&request.out))?;
    Ok(counts)
}

/// Refuses what cannot be made, before any work.
fn check(request: &Request) -> Result<(), TaskError> {
    if !is_free(&request.out) {
        let path = request.out.display().to_string();
        return Err(TaskError::Usage(Message::new("error-generate-folder").text("path", path)));
    }
    check_city(&request.options)
}

/// Refuses a city that cannot be.
pub(super) fn check_city(options: &Options) -> Result<(), TaskError> {
    let people = options.people;
    if !(LEAST_PEOPLE..=MOST_PEOPLE).contains(&people) {
        let says = Message::new("error-generate-people");
        let says = says.count("least", LEAST_PEOPLE as usize).count("most", MOST_PEOPLE as usize);
        return Err(TaskError::Usage(says));
    }
    let most = people / PEOPLE_OF_GANG;
    if options.gangs() > most {
        let says = Message::new("error-generate-gangs").count("people", people as usize);
        return Err(TaskError::Usage(says.count("most", most as usize)));
    }
    Ok(())
}

/// Whether nothing is there, or an empty folder.
fn is_free(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !path.exists(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_in_it_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let request =
            |out: &str, people| Request { out: folder.path().join(out), options: Options::new(people, 1) };
        assert_eq!(run(&request("city", 400), &|_, _| ()).unwrap().people, 400);
        let truth = folder.path().join("city/truth.csv");
        let before = fs::read(&truth).unwrap();
        assert!(matches!(run(&request("city", 500), &|_, _| ()), Err(TaskError::Usage(_))));
        assert_eq!(fs::read(&truth).unwrap(), before);
        assert!(matches!(run(&request("other", 20), &|_, _| ()), Err(TaskError::Usage(_))));
        let mut crowded = request("other", 400);
        crowded.options.gangs = Some(5);
        assert!(matches!(run(&crowded, &|_, _| ()), Err(TaskError::Usage(_))), "more gangs than it holds");
        fs::create_dir(folder.path().join("empty")).unwrap();
        assert!(run(&request("empty", 400), &|_, _| ()).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
    }
}
