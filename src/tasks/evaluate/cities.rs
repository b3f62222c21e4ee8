//! The score measured on invented cities that are made for it.

use std::thread;
use std::time::Duration;

use crate::analysis::evaluate::{Figures, Pooled, Truth, pool};
use crate::analysis::umbrella::{self, Outcome};
use crate::generate;
use crate::messages::{Catalogue, Lang};
use crate::model::Access;
use crate::network::Network;

use super::super::files::Scratch;
use super::super::interrupt::{self, Work};
use super::super::{TaskError, generate as cities, import, open, umbrella as pairs};
use super::{OWN, Report, Wrong, of_network, read_truth};

/// Cities to be made and measured.
#[derive(Clone, Debug)]
pub struct Cities {
    /// One city for each of these and each share missing.
    pub cities: Vec<generate::Options>,
    /// Shares of rows missing.
    pub missing: Vec<f64>,
    /// Whether to set the baselines beside.
    pub baselines: bool,
}

/// One ranking over some cities.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The ranking: [`OWN`], a baseline's name, a file's path.
    pub ranking: String,
    /// The style that its cities have, where only one style's are counted.
    pub style: Option<&'static str>,
    /// The cities' seeds, in order; none for a store.
    pub seeds: Vec<u64>,
    /// The figures.
    pub pooled: Pooled,
}

/// What came of many cities with one share missing.
#[derive(Clone, Debug, Default)]
pub struct Over {
    /// The share missing; `None` for a store.
    pub missing: Option<f64>,
    /// Each ranking over all cities, the score's own first; then that by style.
    pub groups: Vec<Group>,
    /// What the score has wrong, city by city.
    pub wrong: Vec<Wrong>,
    /// Ctrl-C came before all cities were measured.
    pub broken_off: bool,
}

/// What came of all.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// One for each share missing of which any city was measured.
    pub overs: Vec<Over>,
    /// Cities measured.
    pub done: usize,
    /// Cities asked for; more than were measured only after Ctrl-C.
    pub wanted: usize,
}

/// Makes each city in a scratch folder, imports it as any bundle, and measures what the score says.
///
/// `told` hears how many cities are done, of how many. After Ctrl-C ([`interrupt`]) it ends at once, with what is
/// measured; the city it was at is left to a thread that nobody waits for, with its scratch folder, so that whoever
/// ends the program then calls [`clean_up`](crate::tasks::files::clean_up).
///
/// # Errors
/// As generating, importing and opening.
pub fn of_cities(request: &Cities, told: &dyn Fn(usize, usize)) -> Result<Run, TaskError> {
    let _work = Work::begin();
    let mut run = Run { wanted: request.cities.len() * request.missing.len(), ..Run::default() };
    for &missing in &request.missing {
        let mut gathered = Gathered::default();
        for city in &request.cities {
            let options = generate::Options { missing, ..city.clone() };
            let Some(report) = unless_asked(options, request.baselines)? else { break };
            gathered.add(city, report);
            run.done += 1;
            told(run.done, run.wanted);
        }
        let broken_off = gathered.cities < request.cities.len();
        if gathered.cities > 0 {
            run.overs.push(Over { missing: Some(missing), broken_off, ..gathered.over() });
        }
        if broken_off {
            break;
        }
    }
    Ok(run)
}

/// The figures of each ranking, city by city, until they are pooled.
#[derive(Default)]
struct Gathered {
    all: Vec<(Group, Vec<Figures>)>,
    styles: Vec<(Group, Vec<Figures>)>,
    wrong: Vec<Wrong>,
    cities: usize,
}

impl Gathered {
    fn add(&mut self, city: &generate::Options, report: Report) {
        for measured in report.measured {
            let group = Group { ranking: measured.ranking, ..Group::default() };
            if group.ranking == OWN {
                let of_style = Group { style: Some(city.style.name), ..group.clone() };
                put(&mut self.styles, of_style, city.seed, measured.figures.clone());
            }
            put(&mut self.all, group, city.seed, measured.figures);
        }
        self.wrong.extend(report.wrong);
        self.cities += 1;
    }

    fn over(self) -> Over {
        let groups = self.all.into_iter().chain(self.styles);
        let pooled = |(group, figures): (Group, Vec<Figures>)| Group { pooled: pool(&figures), ..group };
        Over { groups: groups.map(pooled).collect(), wrong: self.wrong, ..Over::default() }
    }
}

fn put(list: &mut Vec<(Group, Vec<Figures>)>, group: Group, seed: u64, figures: Figures) {
    let is_same = |(known, _): &&mut (Group, Vec<Figures>)| {
        known.ranking == group.ranking && known.style == group.style
    };
    match list.iter_mut().find(is_same) {
        Some((known, all)) => {
            known.seeds.push(seed);
            all.push(figures);
        }
        None => list.push((Group { seeds: vec![seed], ..group }, vec![figures])),
    }
}

/// One city, made and measured on a thread of its own, so that Ctrl-C need not wait for whatever it is at; `None`
/// after Ctrl-C.
fn unless_asked(options: generate::Options, baselines: bool) -> Result<Option<Report>, TaskError> {
    /// So often it is looked whether somebody asked: soon for a person, and nothing beside a city.
    const LOOK: Duration = Duration::from_millis(5);
    let work = thread::spawn(move || of_city(&options, baselines));
    while !work.is_finished() {
        if interrupt::asked() {
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
    match work.join() {
        // Its import heard of it first.
        Ok(Err(TaskError::Interrupted | TaskError::InterruptedAfter)) => Ok(None),
        Ok(report) => report.map(Some),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// One city from nothing to its figures.
fn of_city(options: &generate::Options, baselines: bool) -> Result<Report, TaskError> {
    let (network, truth) = city(options)?;
    let mut report = of_network(&network, &truth, baselines)?;
    let name = format!("{} {} {}", options.style.name, options.seed, options.missing);
    report.wrong.iter_mut().for_each(|wrong| wrong.city.clone_from(&name));
    Ok(report)
}

/// A city scored with some weights, for fitting them: its pairs, the truth, and how much of the file looks missing.
///
/// # Errors
/// As generating, importing and opening.
pub fn scored_city(
    options: &generate::Options,
    weights: &umbrella::Weights,
) -> Result<(Outcome, Truth, f64), TaskError> {
    let (network, truth) = city(options)?;
    let asked = umbrella::Options { line: pairs::LINE, weights: weights.clone(), ..Default::default() };
    let missing = umbrella::missing(&umbrella::globals(&network));
    Ok((umbrella::run(&network, &asked), truth, missing))
}

/// A city made, imported and opened by the way that any bundle goes, with its truth.
fn city(options: &generate::Options) -> Result<(Network, Truth), TaskError> {
    cities::check_city(options)?;
    let scratch = Scratch::new()?;
    let bundle = scratch.file("city");
    let quiet: &dyn Fn(u64, u64) = &|_, _| ();
    std::fs::create_dir(&bundle).map_err(TaskError::file(&bundle))?;
    generate::generate(&bundle, options, quiet).map_err(TaskError::file(&bundle))?;
    let truth = read_truth(&bundle.join("truth.csv"))?;
    let store = scratch.file("city.db").display().to_string();
    import::import(&import::Request::of(&store, &[bundle]), &Catalogue::new(Lang::En), quiet)?
        .unless_broken_off()?;
    let network = open::network(open::reader(&store)?.as_ref(), &Access::default())?;
    Ok((network, truth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_are_measured_by_style_and_share_missing() {
        let city = |seed, style| generate::Options { style, ..generate::Options::new(600, seed) };
        let cities =
            vec![city(1, &generate::STYLES[0]), city(2, &generate::STYLES[0]), city(1, &generate::STYLES[1])];
        let request = Cities { cities, missing: vec![0.0, 0.5], baselines: true };
        let run = of_cities(&request, &|_, _| ()).unwrap();
        assert_eq!((run.overs.len(), run.done, run.wanted), (2, 6, 6));
        for one in &run.overs {
            let (all, styles): (Vec<&Group>, Vec<&Group>) =
                one.groups.iter().partition(|group| group.style.is_none());
            assert_eq!((all[0].ranking.as_str(), all.len(), one.broken_off), (OWN, 8, false));
            assert!(all.iter().all(|group| group.pooled.cities == 3 && group.seeds == [1, 2, 1]));
            let styles: Vec<(Option<&str>, &[u64])> =
                styles.iter().map(|group| (group.style, group.seeds.as_slice())).collect();
            assert_eq!(styles, [(Some("county"), &[1, 2][..]), (Some("port"), &[1])]);
            let truths = all[0].pooled.truths;
            let missed = one.wrong.iter().filter(|wrong| wrong.known.is_true()).count() as u64;
            assert!(truths > 0 && missed <= truths);
            assert!(one.wrong[0].city.starts_with("county 1"));
        }
        let truths = |at: usize| run.overs[at].groups[0].pooled.truths;
        assert_eq!(truths(0), truths(1), "the same cities");
    }

    #[test]
    fn where_nobody_shields_anybody_hardly_anybody_is_over_the_line_and_chance_explains_all() {
        let city = |(seed, style)| generate::Options {
            style,
            umbrellas: Some(0.0),
            ..generate::Options::new(1200, seed)
        };
        let cities: Vec<generate::Options> = (401..).zip(generate::STYLES).map(city).collect();
        let all = cities.len() as f64;
        for missing in [0.0, 0.5] {
            let (mut over, mut found) = (0, 0);
            for city in &cities {
                let report = of_city(&generate::Options { missing, ..city.clone() }, false).unwrap();
                let figures = &report.measured[0].figures;
                assert_eq!(figures.truths, 0);
                over += figures.over_line.unwrap()[0];
                found += u64::from(figures.discoveries.unwrap()[0] > 0);
            }
            assert!(
                over as f64 <= all && found <= 1,
                "{over} over the line, {found} of {all} with a discovery"
            );
        }
    }
}
