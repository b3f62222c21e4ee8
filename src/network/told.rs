//! What a case or a lead is by its steps: where steps give a value for the day that is asked for, they
//! win over the column (`docs/DATA.md`).

use std::collections::BTreeMap;

use super::{Network, StepRow};
use crate::model::{Date, Kind, LeadStatus, UmbrellaFinding};

/// Whether steps may say what something of this kind is.
pub(super) const fn has_steps(kind: Kind) -> bool {
    matches!(kind, Kind::Case | Kind::Lead)
}

/// The property that a step sets, and to what.
fn sets(kind: Kind, step: &StepRow) -> Option<(&'static str, String)> {
    let value = step.props.iter().find(|(key, _)| key == "value").map(|(_, value)| value.clone());
    match (kind, step.step.as_str()) {
        (Kind::Case, "class_set") => Some(("class", value?)),
        (Kind::Case, "signed_off") => {
            let finding = value.filter(|value| UmbrellaFinding::from_code(value).is_some());
            Some(("umbrella_finding", finding?))
        }
        (Kind::Case, "opened" | "reopened") => Some(("stage", "investigation".to_owned())),
        (Kind::Case, "charge_indicted") => Some(("stage", "trial".to_owned())),
        (Kind::Case, "closed") => Some(("stage", "closed".to_owned())),
        (Kind::Lead, "assigned") => Some(("status", "assigned".to_owned())),
        (Kind::Lead, "reopened") => Some(("status", "open".to_owned())),
        (Kind::Lead, "disposed" | "closed") => {
            let status = value.filter(|value| LeadStatus::from_code(value).is_some());
            Some(("status", status.unwrap_or_else(|| "cleared".to_owned())))
        }
        _ => None,
    }
}

/// (node, property, value) as the steps up to the day have it, sorted; of one property the last.
pub(super) fn by_steps(network: &Network, as_of: Option<Date>) -> Vec<(u32, &'static str, String)> {
    let past = |step: &&StepRow| as_of.is_none_or(|day| step.date.first() <= day.last());
    let mut told: BTreeMap<(u32, &'static str), String> = BTreeMap::new();
    let is_told = |step: &&StepRow| has_steps(network.kind(step.subject));
    for step in network.steps().iter().filter(past).filter(is_told) {
        if let Some((name, value)) = sets(network.kind(step.subject), step) {
            told.insert((step.subject.0, name), value);
        }
    }
    told.into_iter().map(|((node, name), value)| (node, name, value)).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::view::Fact;
    use crate::model::{Entity, Kind, Props, Table, Voice};
    use crate::network::{Builder, Network};

    fn fact(table: Table, props: &[(&str, &str)]) -> Fact {
        let props: Props =
            props.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Fact { table, props, voice: Voice::Nobody, known: None, change: 1 }
    }

    fn network(as_of: Option<&str>) -> Network {
        let mut builder = Builder::new(as_of.map(|day| day.parse().unwrap()));
        let column = fact(Table::Cases, &[("title", "k"), ("umbrella_finding", "found")]);
        builder.entity(Entity { id: "k".into(), kind: Kind::Case, facts: vec![column] });
        let lead = fact(Table::Leads, &[("text", "l"), ("status", "open")]);
        builder.entity(Entity { id: "l".into(), kind: Kind::Lead, facts: vec![lead] });
        let steps = [
            ("t1", "k", "signed_off", "2020-05-01", "none"),
            ("t2", "k", "class_set", "2020-06-01", "gang"),
            ("t3", "k", "signed_off", "2021-05-01", "pending"),
            ("t4", "l", "disposed", "2021-01-01", "unfounded"),
        ];
        for (id, subject, step, date, value) in steps {
            let said = fact(Table::Steps, &[("value", value)]);
            builder.step(&id.into(), &subject.into(), step, date.parse().unwrap(), &said).unwrap();
        }
        builder.build()
    }

    #[test]
    fn where_steps_give_a_value_for_the_day_they_win() {
        let prop = |day: Option<&str>, id: &str, name: &str| {
            let network = network(day);
            let node = network.node(id).unwrap();
            network.prop(node, name).map(str::to_owned)
        };
        assert_eq!(prop(None, "k", "umbrella_finding").as_deref(), Some("pending"));
        assert_eq!(prop(Some("2020-12-31"), "k", "umbrella_finding").as_deref(), Some("none"));
        assert_eq!(prop(Some("2019"), "k", "umbrella_finding").as_deref(), Some("found"));
        assert_eq!(prop(None, "k", "class").as_deref(), Some("gang"));
        assert_eq!(prop(None, "l", "status").as_deref(), Some("unfounded"));
        assert_eq!(prop(Some("2020"), "l", "status").as_deref(), Some("open"));
    }
}
