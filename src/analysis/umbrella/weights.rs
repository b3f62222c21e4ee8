//! Every number that the score rests on, in one table, each with where it comes from.

use sha2::{Digest, Sha256};

/// Makes the struct of weights, its defaults, and the table for people.
macro_rules! weights {
    ($($(#[doc = $source:literal])+ $name:ident = $value:literal;)+) => {
        /// The weights. The doc comment of each says where it comes from.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Weights { $($(#[doc = $source])+ pub $name: f64,)+ }

        impl Default for Weights {
            fn default() -> Self { Self { $($name: $value,)+ } }
        }

        impl Weights {
            /// Name, value and source of each weight, in their order.
            pub fn table(&self) -> Vec<(&'static str, f64, &'static str)> {
                vec![$((stringify!($name), self.$name, concat!($($source),+)),)+]
            }
        }
    };
}

weights! {
    /// Published: Shandong, officials' offences in 175 of 198 涉黑 cases solved (88.4%).
    expected_syndicate = 0.884;
    /// Published: 80% of 3,584 organisations broken up in the national campaign had an umbrella found (2020).
    expected_group = 0.8;
    /// Stated judgement: a gang of the least class is smaller than those the published figures count.
    expected_gang = 0.6;
    /// Stated judgement: share of umbrellas with a relative behind the gang's companies (one of eight mechanisms, 2-4 together).
    mix_kin = 0.35;
    /// Stated judgement: share of umbrellas paid through go-betweens.
    mix_money = 0.35;
    /// Stated judgement: share of umbrellas that decide the gang's cases.
    mix_case = 0.35;
    /// Stated judgement: share of umbrellas that warn of raids.
    mix_raid = 0.3;
    /// Stated judgement: share of umbrellas that grant permits.
    mix_permit = 0.35;
    /// Stated judgement: share of umbrellas that close reports.
    mix_sign = 0.3;
    /// Stated judgement: share of umbrellas with somebody close who stands between.
    mix_broker = 0.25;
    /// Published (UMBRELLA.md): one umbrella in five is in contact with the gang directly.
    mix_contact = 0.2;
    /// Published (believable city): favourable outcomes under an umbrella.
    favour_under = 0.75;
    /// Published (believable city): favourable outcomes at base.
    favour_base = 0.16;
    /// Published (believable city): raids that come up empty when leaked.
    empty_leaked = 0.85;
    /// Published (believable city): raids that come up empty by bad luck.
    empty_base = 0.18;
    /// Stated judgement: inspections passed or waived, permits granted, under an umbrella.
    permit_under = 0.92;
    /// Stated judgement: the same where nothing is known of peers.
    permit_base = 0.7;
    /// Stated judgement: inspections passed without a look, of those passed, under an umbrella.
    waived_under = 0.55;
    /// Stated judgement: the same where nothing is known of peers.
    waived_base = 0.15;
    /// Stated judgement: reports closed as unfounded under an umbrella.
    sign_under = 0.85;
    /// Stated judgement: the same where nothing is known of peers.
    sign_base = 0.4;
    /// Stated judgement: how many decisions of peers an official's own record is mixed with.
    shrink = 6.0;
    /// Stated judgement: a difference of sizes that is told as a factor of its own (lenient with all, a light office).
    tell = 0.15;
    /// Stated judgement: how much more of a gang's cases comes to its umbrella than duty alone brings.
    share_under = 3.0;
    /// Stated judgement: a share of the gang's cases of which no decision is on file says no more than this.
    share_most = 1.4;
    /// Stated judgement: what is left of a share's weight, since rosters follow districts.
    share_trust = 0.6;
    /// Stated judgement: a share or a seat beside one another; a job counts for little (measured on planted cities).
    quality_share = 1.0;
    /// As above.
    quality_seat = 0.9;
    /// As above.
    quality_job = 0.06;
    /// Stated judgement: jobs alone say no more than this.
    most_job = 0.35;
    /// Stated judgement: a role begun after the post against one begun before.
    after_post = 1.4;
    /// As above.
    before_post = 0.6;
    /// Published (UMBRELLA.md): a hop keeps at least this much of the money.
    keep_least = 0.65;
    /// Published (UMBRELLA.md): and at most this much.
    keep_most = 1.02;
    /// Stated judgement: days a hop may take.
    hop_days = 31.0;
    /// Stated judgement: what money straight from the gang's side to somebody close says beside a chain, unless it is a gift.
    money_direct = 0.35;
    /// Stated judgement: what is left of that when the same sum comes three times or more.
    money_regular = 0.1;
    /// Stated judgement: what a wage says.
    money_wage = 0.015;
    /// Stated judgement: what a hop counts whose sums or days cannot be compared.
    money_unclear = 0.3;
    /// Stated judgement: ties of money past which a go-between is called a hub; a way over one with so many counts half.
    hub_ties = 15.0;
    /// Stated judgement: days before a raid in which a warning is given.
    raid_days = 7.0;
    /// Stated judgement: what a chain of calls over somebody who is not close counts, or contact of a house where no call to it is on file.
    raid_over = 0.35;
    /// Stated judgement: share of a gang's raids that somebody who warns it calls before.
    raid_under = 0.6;
    /// Stated judgement: what being briefed of a raid says of it, beside how it came out.
    raid_briefed = 0.5;
    /// Stated judgement: what not being briefed of an empty raid takes away (half as much is added where it succeeded).
    raid_unbriefed = 0.2;
    /// Stated judgement: briefings without any contact say no more than this.
    raid_most_briefed = 0.8;
    /// Stated judgement: what contact before raids that succeeded speaks for a handler, beside what it would say before empty ones.
    handler = 0.4;
    /// Stated judgement: and no more than this.
    handler_most = 3.0;
    /// Stated judgement: first-degree kin, spouse included.
    near_kin = 0.95;
    /// Stated judgement: what a second step of kinship leaves (in-laws through a spouse or child).
    second_kin = 0.7;
    /// Stated judgement: what a third step leaves.
    third_kin = 0.3;
    /// Stated judgement: a sworn sibling.
    near_sworn = 0.5;
    /// Stated judgement: a friend.
    near_friend = 0.4;
    /// Stated judgement: classmates, comrades, former colleagues.
    near_other = 0.25;
    /// Stated judgement: people of one address, who may be kin.
    near_address = 0.3;
    /// Stated judgement: a suspect in one of the gang's cases who is not on its list.
    member_one_case = 0.45;
    /// Stated judgement: a suspect in several.
    member_more_cases = 0.75;
    /// Published (believable city): a quarter of members is not known as such.
    unlisted = 0.25;
    /// Stated judgement: somebody on no list who is in contact with its people as they are with one another is a member at most so likely.
    member_contacts = 0.6;
    /// Stated judgement: what is left of such contacts' weight (on generated seeds 101 to 105 of those who know three listed members 4 in 10 are members, of four 6 in 10).
    member_trust = 0.8;
    /// Stated judgement: a company that a known member, or another company of the gang's, owns or directs and that nobody else controls.
    front_by_member = 0.4;
    /// Stated judgement: one that such a member or company is on record as controlling.
    front_by_control = 0.7;
    /// Stated judgement: how much more contact a go-between has than chance brings.
    contact_rate = 6.0;
    /// Stated judgement: what is left of a contact's weight, since contacts flock by district.
    contact_trust = 0.6;
    /// Stated judgement: how much more contact than the margins say people have with those of their district.
    contact_district = 2.0;
    /// Stated judgement: contacts say no more than this, gain included, since most umbrellas never meet the gang.
    contact_most = 3.5;
    /// Stated judgement: how often two people who know one another are on file, where nothing is known of others.
    contact_usual = 2.0;
    /// Stated judgement: once and never again counts this much of what is usual.
    contact_once = 0.7;
    /// Stated judgement: however often, it counts no more than this many times what is usual.
    contact_often = 2.5;
    /// Stated judgement: years after which a contact that was not renewed counts half.
    contact_years = 5.0;
    /// Stated judgement: what an old contact counts at least, and one without a day twice as much.
    contact_old = 0.25;
    /// Stated judgement: what a common origin, school or unit counts beside a contact.
    contact_origin = 0.3;
    /// Stated judgement: how much of contact with suspects an investigator's duty explains while the case is open.
    duty_investigator = 0.8;
    /// Stated judgement: the same for a prosecutor.
    duty_prosecutor = 0.6;
    /// Stated judgement: the same for who approves, supervises or reviews.
    duty_supervisor = 0.4;
    /// Stated judgement: the same for a judge, whom the parties are not to ring up.
    duty_judge = 0.3;
    /// Stated judgement: the same for who inspects or licenses the gang's companies, about that time.
    duty_permit = 0.6;
    /// Stated judgement: what is left of that where the days cannot be compared.
    duty_undated = 0.6;
    /// Stated judgement: what is left of that at other times.
    duty_outside = 0.2;
    /// Stated judgement: days before and after a duty in which it explains contact.
    duty_days = 90.0;
    /// Stated judgement: how much of contact between kin, neighbours and people of one origin that explains.
    familiar = 0.5;
    /// Stated judgement: one independent voice of good grade that names both.
    voice = 1.6;
    /// Stated judgement: a channel beyond the first.
    channel = 0.6;
    /// Stated judgement: up to this a factor's size counts in full; past it each more says ever less.
    knee = 1.5;
    /// Stated judgement: how fast it says less past the knee (the slope of the logarithm there).
    slope = 0.7;
    /// Stated judgement: no single factor says more than this, its gain included; from three quarters of it on each more says less.
    most = 4.0;
    /// Stated judgement: how far the word of a lead that was looked into and cleared still counts.
    voice_cleared = 0.7;
    /// Stated judgement: how much more the word of a lead that was verified counts.
    voice_verified = 1.3;
    /// Stated judgement: what a report that was checked and found untrue speaks against the rest (three at most).
    unfounded = 0.4;
    /// Stated judgement: what one voice that is raised many times speaks against it, a logarithm of how many.
    slander = 0.3;
    /// Stated judgement: what is taken from a naming that comes with other gangs' names as well.
    popular_target = 0.6;
    /// Stated judgement: closed and never heard of again counts this much of a closing.
    sign_quiet = 0.4;
    /// Stated judgement: an independent voice that reports after a closing (three at most).
    sign_later = 0.5;
    /// Stated judgement: a closing that a later finding contradicts.
    sign_contradicted = 0.8;
    /// Stated judgement: how much a voice that is believed wholly lifts a lead's priority.
    lead_voice = 0.2;
    /// Stated judgement: how much a channel beyond the first lifts it.
    lead_channel = 0.1;
    /// Stated judgement: what is left of the priority of a lead that names an official or a gang but not both.
    lead_half = 0.7;
    /// Stated judgement: what is left of the priority of a lead that nobody would believe.
    lead_heard = 0.4;
    /// Stated judgement: what is left where a lead was closed as unfounded and nobody else spoke since.
    lead_closed = 0.15;
    /// Stated judgement: the same where it was looked into and cleared.
    lead_cleared = 0.3;
    /// Stated judgement: what a lead has at least that was closed as unfounded and that two others repeat.
    lead_repeated = 0.6;
    /// Fitted together on generated seeds 1 to 60 (examples/fit.rs), from 0.25: what complete silence of a kind of record speaks for the official, a kind.
    silence = 0.62;
    /// Stated judgement: how many records that a place should have in a year (or officials, companies, cases of it) its own count is mixed with, at the whole file's rate.
    place_shrink = 10.0;
    /// Stated judgement: a refuted claim beside what it takes away.
    refuted = 0.5;
    /// Stated judgement: an official on record as having stepped aside.
    recusal = 1.0;
    /// Fitted together on generated seeds 1 to 60 (examples/fit.rs), each from 0.5 to 2.5: what `kin_front` and `money_chain` count, with what is put down to others and to hubs in them.
    gain_circle = 1.21;
    /// Fitted, as above: `case_favour` and its readings.
    gain_case = 1.32;
    /// Fitted, as above: `raid_leak` and the informant's handler.
    gain_raid = 1.23;
    /// Fitted, as above: `licence_favour` and its readings.
    gain_permit = 1.78;
    /// Fitted, as above: `sign_off` and fair reviews.
    gain_sign = 1.44;
    /// Fitted, as above, and at its limit: `allegation` and its readings.
    gain_report = 2.5;
    /// Fitted, as above: `contact` and `broker` and their readings.
    gain_contact = 1.92;
    /// Stated judgement: from this log-odds on a pair is held back for which one mechanism alone speaks.
    alone_from = -0.7;
    /// Stated judgement: and it stays under this, so under one half.
    alone_most = -0.05;
    /// Stated judgement, by the rate at which such pairs are true on generated seeds 1 to 60 (three in ten): from this log-odds on a pair is held back for which only the official's house speaks (`kin_front`, `money_chain`, `broker`).
    alone_house_from = -1.5;
    /// As above: and it stays under this.
    alone_house_most = -0.6;
    /// Stated judgement: how much each unit that others say lifts those limits.
    alone_more = 3.0;
    /// Stated judgement: the evidence from which on calibration counts in full; it begins where there is none.
    calibration_some = 4.0;
    /// Stated judgement: the evidence up to which the second part of calibration grows.
    calibration_much = 8.0;
    /// Stated judgement: no file counts as missing more than this, the most there was where calibration was fitted.
    calibration_thinnest = 0.25;
    /// Stated judgement, by cities without umbrellas (seeds 401 to 405, 48 officials): where officials are so few that the prior is this, calibration counts nothing.
    calibration_few = -3.0;
    /// Stated judgement: it counts in full from this prior down, that of the cities where it was fitted, and in proportion between.
    calibration_prior = -5.6;
    /// Fitted on generated seeds 1 to 60 (examples/fit.rs): what is added by then where nothing is missing.
    calibration_full = 2.8;
    /// Fitted, as above: and what is added to that where everything is missing.
    calibration_thin = 15.1;
    /// Fitted, as above: what the second part adds.
    calibration_more = 1.5;
    /// Stated judgement: calibration adds no more than this many times what the pair's own evidence comes to, so that weak signs in a thin file stay weak (a file of rows without any story, `benches/rows`, had 16 pairs over the line before, and has one).
    calibration_most = 2.5;
    /// Stated judgement: from this log-odds (0.90) on more evidence says less and less.
    ceiling_from = 2.2;
    /// Stated judgement: no pair is over this log-odds (0.976): of invented cities nobody may conclude to more on a real file.
    ceiling_most = 3.7;
    /// Contract (UMBRELLA.md 8): kinship, posts and membership alone stay under this log-odds.
    kin_cap = -0.5;
}

/// The least and the most that a gain may be.
pub const GAINS: [f64; 2] = [0.5, 2.5];

impl Weights {
    /// The gain that a factor's size is multiplied by: its name in the table and its value. A reading has
    /// that of what it reads, so that it takes away as much as it explains. `None` where there is no gain.
    pub fn gain(&self, factor: &str) -> Option<(&'static str, f64)> {
        Some(match factor {
            "kin_front" | "money_chain" | "shared" | "hub" => ("gain_circle", self.gain_circle),
            "case_favour" | "lenient_with_all" | "strict_decisions" => ("gain_case", self.gain_case),
            "raid_leak" | "handler" => ("gain_raid", self.gain_raid),
            "licence_favour" | "light_office" | "strict_permits" => ("gain_permit", self.gain_permit),
            "sign_off" | "fair_review" => ("gain_sign", self.gain_sign),
            "allegation" | "slander" | "popular_target" | "unfounded" => ("gain_report", self.gain_report),
            "contact" | "broker" | "popular" | "duty_contact" | "familiar" => {
                ("gain_contact", self.gain_contact)
            }
            _ => return None,
        })
    }

    /// What a size of a factor counts: with its gain, in full up to three quarters of its limit, and under it
    /// beyond, in their order.
    pub fn counted(&self, factor: &str, size: f64, most: f64) -> f64 {
        let gained = size * self.gain(factor).map_or(1.0, |(_, gain)| gain);
        gained + super::settle::pressed(gained, [0.75 * most, most])
    }

    /// The most that a mechanism says.
    pub fn most_of(&self, mechanism: &str) -> f64 {
        if matches!(mechanism, "contact" | "broker") { self.contact_most } else { self.most }
    }

    /// The weights before any is fitted: no gain and no limit on what a mechanism says in all, no calibration, silence as it was judged.
    pub fn plain() -> Self {
        Self {
            gain_circle: 1.0,
            gain_case: 1.0,
            gain_raid: 1.0,
            gain_permit: 1.0,
            gain_sign: 1.0,
            gain_report: 1.0,
            gain_contact: 1.0,
            most: f64::INFINITY,
            contact_most: f64::INFINITY,
            silence: 0.25,
            calibration_full: 0.0,
            calibration_thin: 0.0,
            calibration_more: 0.0,
            ..Self::default()
        }
    }

    /// The digest that outputs name: SHA-256 over names and values, its first 16 hex digits.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (name, value, _) in self.table() {
            hash.update(format!("{name}={value}\n"));
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_weight_as_it_is() {
        let document = include_str!("../../../docs/SCORE.md");
        for (name, value, _) in Weights::default().table() {
            assert!(document.contains(&format!("| `{name}` | {value} |")), "docs/SCORE.md: {name} = {value}");
        }
    }

    #[test]
    fn every_weight_states_its_source_and_the_digest_changes_with_a_weight() {
        let weights = Weights::default();
        for (name, value, source) in weights.table() {
            assert!(value.is_finite() && source.trim().len() > 8, "{name}");
        }
        let other = Weights { mix_kin: 0.36, ..Weights::default() };
        assert_ne!(weights.digest(), other.digest());
        assert_eq!(weights.digest().len(), 16);
    }
}
