//! The parameters of a believable city, and the styles that differ in them.
//!
//! Figures that are published stand with their source; the others are stated judgement. A style
//! changes numbers and the mix of mechanisms, never code.

use super::plan::Mechanism;

/// The parameters of a city.
#[derive(Clone, Debug)]
pub struct Style {
    /// The name it is asked for by.
    pub name: &'static str,
    /// People in a district.
    pub district: u32,
    /// Relations a person, unless told otherwise.
    pub rows: f64,
    /// Mean size of a gang beyond its least five.
    pub gang: f64,
    /// Share of members that no list has.
    pub unlisted: f64,
    /// Share of gangs with an umbrella. Published: 80% of 3,584 organisations (2020).
    pub umbrella: f64,
    /// Chance of one more umbrella.
    pub second: f64,
    /// Chance that an umbrella is somebody who has another gang already.
    pub again: f64,
    /// How often umbrellas work by each mechanism, in the order of [`Mechanism::ALL`].
    pub mechanisms: [f64; Mechanism::ALL.len()],
    /// How often two, three or four mechanisms stand together.
    pub together: [f64; 3],
    /// Share of umbrellas that contact the gang themselves. Published: one in five.
    pub direct: f64,
    /// How strongly the mechanisms are worked, as a factor of rows.
    pub force: f64,
    /// Innocent pairs that look bad, for each umbrella.
    pub decoys: f64,
    /// Share of people and companies whose bank account is an object in the file.
    pub accounts: f64,
    /// Share of people whose phone is an object in the file.
    pub phones: f64,
    /// Decisions in favour at base and under an umbrella. Published: 16% and 75%.
    pub favour: [f64; 2],
    /// Raids that come up empty by bad luck and when leaked. Published: 18% and 85%.
    pub empty: [f64; 2],
    /// Spread of people's activity (σ of a lognormal).
    pub activity: f64,
    /// Contacts in the home district.
    pub home: f64,
    /// Ordinary rows: calls, meetings, friends, wages, rents, trade, private payments, gifts, dinners.
    pub life: [f64; 9],
    /// Accountants and lawyers a county, least and most.
    pub hubs: [u32; 2],
    /// Share of tied pairs with a second kind of tie.
    pub double_ties: f64,
    /// Share of rows with only a month, only a year, no day at all.
    pub vague: [f64; 3],
    /// Share of rows with a wrong end.
    pub wrong: f64,
    /// Share of people who stand in the file twice, and of their rows under the second name.
    pub doubles: [f64; 2],
    /// Leads on a gang, mean.
    pub leads: f64,
    /// Chance that a lead on a gang names some visible official as well.
    pub rumour: f64,
    /// Within how many days money is passed on.
    pub lag: u64,
    /// Within how many days of a raid word of it is given.
    pub warning: u64,
}

const COUNTY: Style = Style {
    name: "county",
    district: 1500,
    rows: 20.0,
    gang: 7.0,
    unlisted: 0.25,
    umbrella: 0.8,
    second: 0.12,
    again: 0.1,
    mechanisms: [1.0; Mechanism::ALL.len()],
    together: [0.4, 0.4, 0.2],
    direct: 0.2,
    force: 1.0,
    decoys: 2.5,
    accounts: 0.35,
    phones: 0.35,
    favour: [0.16, 0.75],
    empty: [0.18, 0.85],
    activity: 0.9,
    home: 0.75,
    life: [0.46, 0.08, 0.06, 0.12, 0.05, 0.1, 0.09, 0.02, 0.02],
    hubs: [5, 9],
    double_ties: 0.1,
    vague: [0.07, 0.02, 0.02],
    wrong: 0.02,
    doubles: [0.04, 0.4],
    leads: 8.0,
    rumour: 0.35,
    lag: 20,
    warning: 2,
};

/// The styles there are; the first is the usual one.
pub const STYLES: &[Style] = &[
    COUNTY,
    // A port: trade, companies behind companies, relatives with shares.
    Style {
        name: "port",
        mechanisms: [1.6, 1.8, 0.6, 0.6, 0.9, 0.6, 0.8, 0.8],
        accounts: 0.55,
        phones: 0.25,
        life: [0.3, 0.06, 0.05, 0.12, 0.04, 0.28, 0.1, 0.03, 0.02],
        hubs: [7, 12],
        gang: 6.0,
        lag: 10,
        ..COUNTY
    },
    // A mining county: permits, land and cash; banks see little, gangs are few and large.
    Style {
        name: "mine",
        district: 2000,
        gang: 10.0,
        mechanisms: [1.2, 0.7, 0.8, 0.9, 2.0, 0.8, 0.8, 1.0],
        together: [0.5, 0.35, 0.15],
        accounts: 0.15,
        life: [0.5, 0.14, 0.1, 0.08, 0.03, 0.05, 0.04, 0.04, 0.02],
        vague: [0.12, 0.05, 0.04],
        rumour: 0.4,
        lag: 35,
        warning: 3,
        ..COUNTY
    },
    // A city of police and courts: cases, raids, reports that are closed; phones are well covered.
    Style {
        name: "precinct",
        mechanisms: [0.7, 0.7, 1.8, 1.7, 0.6, 1.4, 0.9, 0.9],
        phones: 0.6,
        direct: 0.15,
        life: [0.56, 0.07, 0.05, 0.1, 0.04, 0.07, 0.07, 0.02, 0.02],
        decoys: 3.0,
        gang: 8.0,
        lag: 15,
        ..COUNTY
    },
    // Hard to read: weak traces, many decoys, much gossip, more people who stand twice.
    Style {
        name: "murky",
        gang: 5.5,
        mechanisms: [0.9, 1.2, 0.8, 0.8, 0.7, 1.1, 1.5, 1.6],
        together: [0.55, 0.35, 0.1],
        lag: 28,
        warning: 4,
        force: 0.7,
        decoys: 3.5,
        direct: 0.1,
        unlisted: 0.35,
        rumour: 0.45,
        leads: 11.0,
        doubles: [0.06, 0.4],
        favour: [0.22, 0.7],
        empty: [0.25, 0.8],
        home: 0.65,
        ..COUNTY
    },
];

/// The style of this name.
pub fn style(name: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_shares_and_names_are_single() {
        for style in STYLES {
            assert!((style.life.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{}", style.name);
            assert_eq!(STYLES.iter().filter(|other| other.name == style.name).count(), 1);
            assert!(style.mechanisms.iter().all(|weight| *weight > 0.0));
        }
        assert!(style("county").is_some() && style("nowhere").is_none());
    }
}
