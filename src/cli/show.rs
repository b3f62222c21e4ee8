//! `show`: one thing with everything known of it, so that each evidence id leads somewhere.

use parasol::analysis::doubles::Double;
use parasol::messages::Catalogue;
use parasol::model::view::Fact;
use parasol::model::{Arg, Claim, Entity, Id, Layer, Level, Message, Tie, Voice};
use parasol::report::{document, evidence};
use parasol::tasks::look::{self, Portrait, Thing, Told};

use super::exit::{Exit, Problem};
use super::props::{self, short};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Ids of entities, rows, sources or steps, or names that only one has
    #[arg(required = true)]
    ids: Vec<String>,
    /// Every tie and every claim, however many
    #[arg(long)]
    full: bool,
}

/// How much of somebody who has many ties is shown, unless all is asked for.
#[derive(Clone, Copy)]
struct Fold {
    /// Ties a layer.
    ties: usize,
    /// Claims a tie.
    claims: usize,
}

impl Fold {
    fn of(args: &Args) -> Self {
        if args.full { Self { ties: usize::MAX, claims: usize::MAX } } else { Self { ties: 20, claims: 4 } }
    }
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let store = session.open()?;
    let access = session.access(Level::Case);
    let mut first_problem = None;
    for id in &args.ids {
        match look::show(store.as_ref(), &access, id) {
            Ok(thing) if session.global.json => as_json(session, &thing)?,
            Ok(thing) => as_text(session, &thing, Fold::of(args))?,
            Err(error) => {
                let problem = Problem::from(error);
                if first_problem.is_some() {
                    session.fail(&problem);
                } else {
                    first_problem = Some(problem);
                }
            }
        }
    }
    first_problem.map_or(Ok(Exit::Done), Err)
}

fn as_json(session: &mut Session, thing: &Thing) -> Result<(), Problem> {
    match thing {
        Thing::Entity(p) => session.out.json(&document::entity(&p.entity, &p.ties, &p.others, &p.steps)),
        Thing::Row(history, ends) => {
            let ties: Vec<_> = history.ties.iter().map(|tie| document::tie(tie, ends)).collect();
            session.out.json(&serde_json::json!({ "ties": ties }))
        }
        Thing::Source(told) => {
            session.out.json(&document::source(&told.card, &told.rows, &told.about, &told.steps))
        }
        Thing::Step(step, _) => session.out.json(&document::step(step)),
        Thing::Double(double, _) => {
            let doc = document::double(&session.json_catalogue, double);
            session.out.json(&doc)
        }
    }
}

fn as_text(session: &mut Session, thing: &Thing, fold: Fold) -> Result<(), Problem> {
    let words = session.words();
    let lines = match thing {
        Thing::Entity(portrait) => portrait_lines(words, portrait, fold),
        Thing::Row(history, ends) => {
            let tie = |tie| tie_and_claims(words, tie, ends, usize::MAX);
            history.ties.iter().flat_map(tie).collect()
        }
        Thing::Source(told) => told_lines(words, told, fold),
        Thing::Step(step, others) => step_lines(words, step, others),
        Thing::Double(double, both) => vec![double_line(words, double, both)],
    };
    for line in lines {
        session.out.line(parasol::messages::tame(&line))?;
    }
    session.out.line("")
}

fn portrait_lines(words: &Catalogue, portrait: &Portrait, fold: Fold) -> Vec<String> {
    let entity = &portrait.entity;
    let mut lines = vec![heading(words, entity)];
    lines.extend(fact_lines(words, &entity.facts, &portrait.others));
    for &layer in Layer::ALL {
        let ties: Vec<&Tie> =
            portrait.ties.iter().filter(|tie| layer_of(tie, &portrait.others) == layer).collect();
        if !ties.is_empty() {
            let shown = ties.len().min(fold.ties);
            let count =
                if shown < ties.len() { format!("{shown}/{}", ties.len()) } else { shown.to_string() };
            lines.push(format!("{} ({count})", words.word(layer.code())));
            let shown = ties.iter().take(shown);
            lines.extend(shown.flat_map(|tie| tie_and_claims(words, tie, &portrait.others, fold.claims)));
            lines.extend(more(words, "show-more-ties", ties.len(), fold.ties));
        }
    }
    if !portrait.steps.is_empty() {
        lines.push(words.word("steps"));
        lines.extend(portrait.steps.iter().map(|step| step_line(words, step, &portrait.others)));
    }
    lines
}

/// Who may be who, how likely, and why.
fn double_line(words: &Catalogue, double: &Double, both: &[Entity]) -> String {
    let name = |id: &Id| format!("{} [{id}]", short(&document::named(both, id).name));
    let why: Vec<String> = double.why.iter().map(|why| words.say(why)).collect();
    let key = if why.is_empty() { "show-double-untold" } else { "show-double" };
    let message = Message::new(key)
        .text("row", double.row.as_str())
        .text("a", name(&double.a))
        .text("b", name(&double.b))
        .with("probability", Arg::Share(double.probability))
        .text("why", why.join(&words.text("list-join")));
    words.say(&message)
}

fn heading(words: &Catalogue, entity: &Entity) -> String {
    let parts: Vec<String> = document::parts(entity).into_iter().map(|part| words.word(part)).collect();
    let what = if parts.is_empty() { words.word(entity.kind.code()) } else { parts.join(", ") };
    let aliases = entity.aliases();
    let also = if aliases.is_empty() { String::new() } else { format!(" ({})", aliases.join(", ")) };
    format!("{} [{}] {what}{also}", short(entity.name()), entity.id)
}

fn layer_of(tie: &Tie, others: &[Entity]) -> Layer {
    document::among(others, &tie.to).map_or(Layer::Other, |to| tie.ty.layer(to.kind))
}

fn voice(words: &Catalogue, voice: &Voice) -> String {
    match voice {
        Voice::Nobody => words.text("voice-nobody"),
        Voice::Source(id) => id.to_string(),
        Voice::Protected(_) => words.word("protected"),
    }
}

/// What is said of something. A name stands in the heading, but where rows differ in it; and a row that came
/// with a later change says with which.
fn fact_lines(words: &Catalogue, facts: &[Fact], others: &[Entity]) -> Vec<String> {
    let name = |fact: &Fact| fact.props.get("name").cloned();
    let renamed = facts.iter().any(|fact| facts.first().is_some_and(|first| name(fact) != name(first)));
    let hidden: &[&str] = if renamed { &[] } else { &["name"] };
    let first = facts.iter().map(|fact| fact.change).min().unwrap_or_default();
    let line = |fact: &Fact| {
        let props = props::listed(words, &fact.props, others, hidden);
        let known = fact.known.map_or(words.text("undated"), |day| day.to_string());
        let later = Message::new("show-change").count("number", fact.change as usize);
        let later = if fact.change > first { words.say(&later) } else { String::new() };
        let table = words.word(fact.table.code());
        let said = if props.is_empty() { table } else { format!("{table}: {props}") };
        format!("  {said} · {} · {known}{later}", voice(words, &fact.voice))
    };
    facts.iter().map(line).collect()
}

/// `from —type(role)→ to  since–until  amount  strength  [rows]`.
fn tie_line(words: &Catalogue, tie: &Tie, ends: &[Entity]) -> String {
    let name = |id: &Id| document::named(ends, id);
    let (from, to) = (name(&tie.from), name(&tie.to));
    let role = tie.role.as_deref().map(|role| format!(" ({})", words.word(role))).unwrap_or_default();
    let ty = tie.other_type.clone().unwrap_or_else(|| words.word(tie.ty.code()));
    let strength = document::tie(tie, ends).strength();
    let values = tie.values().map(|values| value_words(words, tie, values)).unwrap_or_default();
    let rows: Vec<&str> = tie.rows().into_iter().map(Id::as_str).collect();
    let arrow = if tie.ty.is_directed(tie.role.as_deref()) { "→" } else { "—" };
    format!(
        "  {} [{}] —{ty}{role}{arrow} {} [{}]{values}  {:.2}  [{}]",
        short(&from.name),
        from.id,
        short(&to.name),
        to.id,
        strength,
        rows.join(", ")
    )
}

fn value_words(words: &Catalogue, tie: &Tie, values: &parasol::model::Values) -> String {
    let mut parts = Vec::new();
    match (tie.start, values.end) {
        (None, None) => {}
        (start, end) => {
            let day = |date: Option<_>| date.map(|date| words.date(date)).unwrap_or_default();
            parts.push(if end.is_some() { format!("{}–{}", day(start), day(end)) } else { day(start) });
        }
    }
    parts.extend(values.count.map(|count| format!("×{count}")));
    parts
        .extend(values.amount.map(|amount| words.money(amount, values.currency.as_deref().unwrap_or("CNY"))));
    parts.extend(values.share.map(|share| format!("{share}%")));
    parts.extend(values.decision.map(|decision| words.word(decision.code())));
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join(" · ")) }
}

/// A tie with who says so, at most so many of them.
fn tie_and_claims(words: &Catalogue, tie: &Tie, ends: &[Entity], most: usize) -> Vec<String> {
    let claims = tie.claims.iter().take(most).map(|claim| claim_line(words, tie, claim));
    let mut lines: Vec<String> = std::iter::once(tie_line(words, tie, ends)).chain(claims).collect();
    lines.extend(more(words, "show-more-claims", tie.claims.len(), most));
    lines
}

/// What was folded away, and how to see it; nothing where all is shown.
fn more(words: &Catalogue, key: &'static str, total: usize, shown: usize) -> Option<String> {
    let left = total.checked_sub(shown).filter(|left| *left > 0)?;
    let message = Message::new(key).count("count", left).count("shown", shown).count("total", total);
    Some(words.say(&message))
}

fn claim_line(words: &Catalogue, tie: &Tie, claim: &Claim) -> String {
    let known = claim.known.map_or(words.text("undated"), |day| day.to_string());
    let note = claim.values.note.as_deref().map(|note| format!(" · {note}")).unwrap_or_default();
    let message = Message::new("show-claim")
        .text("row", claim.row.as_str())
        .text("source", voice(words, &claim.voice))
        .text("grade", document::grade(claim))
        .text("status", words.status(tie.ty, claim.status))
        .text("known", known);
    format!("    {}{}{note}", words.say(&message), value_words(words, tie, &claim.values))
}

fn source_lines(words: &Catalogue, card: &parasol::model::view::SourceCard) -> Vec<String> {
    let mut lines = vec![format!(
        "{} · {} · {}",
        voice(words, &card.voice),
        words.word(card.channel.code()),
        card.reliability
    )];
    let parts =
        [card.title.clone(), card.date.map(|date| date.to_string()), card.unit.clone(), card.locator.clone()];
    let rest: Vec<String> = parts.into_iter().flatten().collect();
    if !rest.is_empty() {
        lines.push(format!("  {}", rest.join(" · ")));
    }
    lines
}

/// A source, and what it says: rows as a brief lists them, whom it tells of, steps.
fn told_lines(words: &Catalogue, told: &Told, fold: Fold) -> Vec<String> {
    let mut lines = source_lines(words, &told.card);
    let shown: Vec<Id> = told.rows.iter().take(fold.ties).cloned().collect();
    let rows = evidence::table(words, &told.network, &shown).into_iter();
    let rows = rows.map(|row| format!("  {} · {} · {} · {}", row.row, row.says, row.grade, row.known));
    lines.extend(part(words, "show-source-rows", told.rows.len(), fold, rows));
    let about = told.about.iter().map(|entity| format!("  {} [{}]", short(entity.name()), entity.id));
    lines.extend(part(words, "show-source-about", told.about.len(), fold, about));
    let steps = told.steps.iter().map(|step| {
        let subject = document::named(&told.others, &step.subject);
        format!("  {} [{}]{}", short(&subject.name), subject.id, step_line(words, step, &told.others))
    });
    lines.extend(part(words, "show-source-steps", told.steps.len(), fold, steps));
    lines
}

/// A heading with how many there are, and the first of them; nothing where there is none.
fn part(
    words: &Catalogue,
    heading: &'static str,
    count: usize,
    fold: Fold,
    lines: impl Iterator<Item = String>,
) -> Vec<String> {
    if count == 0 {
        return Vec::new();
    }
    let heading = format!("{} ({count})", words.text(heading));
    let lines = std::iter::once(heading).chain(lines.take(fold.ties));
    lines.chain(more(words, "show-more-ties", count, fold.ties)).collect()
}

/// A step alone: what case or lead it is of, then the step.
fn step_lines(words: &Catalogue, step: &parasol::store::StepView, others: &[Entity]) -> Vec<String> {
    let subject = document::among(others, &step.subject).map(|subject| heading(words, subject));
    subject.into_iter().chain([step_line(words, step, others)]).collect()
}

fn step_line(words: &Catalogue, step: &parasol::store::StepView, others: &[Entity]) -> String {
    let props = props::listed(words, &step.fact.props, others, &[]);
    let what = props::word(words, "step", &step.step);
    format!("  {} {what} {props} [{}] · {}", step.date, step.id, voice(words, &step.fact.voice))
}
