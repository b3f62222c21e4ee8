//! The closed sets of words: kinds, layers, grades, decisions.
//!
//! Each set is an enum made by one macro, so that its list, its codes and its parser cannot
//! disagree. Codes are the contract with files and programs outside: English, stable.

/// Makes a closed set of words with `ALL`, `code`, `from_code`, `Display` and serde by code.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every word of the set, in its order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word as files and JSON have it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The word with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                Self::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("unknown word `{code}`")))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a node is. Whether a person is an official, a gang member or a suspect is not a kind
    /// but a part played (see `Entity`), since one person may be several.
    Kind {
        /// A human being.
        Person = "person",
        /// A state agency or a unit of one.
        Agency = "agency",
        /// An organised group (黑恶组织).
        Gang = "gang",
        /// A company.
        Company = "company",
        /// Any other organisation.
        Organisation = "other",
        /// A criminal case.
        Case = "case",
        /// One piece of reported information.
        Lead = "lead",
        /// A bank or payment account.
        Account = "account",
        /// A telephone number.
        Phone = "phone",
        /// A vehicle.
        Vehicle = "vehicle",
        /// An address.
        Address = "address",
        /// A document.
        Document = "document",
        /// An event: a raid, a dinner, a tender.
        Event = "event",
    }
}

impl Kind {
    /// Agencies, gangs, companies and other organisations.
    pub fn is_organisation(self) -> bool {
        matches!(self, Self::Agency | Self::Gang | Self::Company | Self::Organisation)
    }

    /// What stands in `objects.csv`.
    pub fn is_object(self) -> bool {
        matches!(
            self,
            Self::Account | Self::Phone | Self::Vehicle | Self::Address | Self::Document | Self::Event
        )
    }
}

words! {
    /// The layers of the network; they stay apart, and every analysis says which it walks.
    Layer {
        /// Family.
        Kinship = "kinship",
        /// Friends, classmates, meetings.
        Social = "social",
        /// Calls.
        Communication = "communication",
        /// Payments, shares, seats, jobs, gifts.
        Money = "money",
        /// What an official does in office. A duty contact is not a social tie.
        Duty = "duty",
        /// Membership, suspicion, control.
        Crime = "crime",
        /// What leads say.
        Report = "report",
        /// Umbrella ties on record. In no analysis as a tie.
        Finding = "finding",
        /// Relation types not in the table.
        Other = "other",
        /// Likely doubles, computed (`same`).
        Identity = "identity",
    }
}

words! {
    /// The channel by which a lead or a source came.
    Channel {
        /// 案件外查: inquiries into cases.
        CaseInvestigation = "case_investigation",
        /// 系统排查: screening of government systems.
        GovernmentScreening = "government_screening",
        /// 在押人员讯问: interviews with detained gang members.
        DetaineeInterview = "detainee_interview",
        /// 群众举报: reports from the public.
        PublicReport = "public_report",
        /// 公开信息: open sources.
        OpenSource = "open_source",
        /// 已结案认定: findings of concluded cases.
        ConcludedCase = "concluded_case",
    }
}

words! {
    /// How reliable a source is (Admiralty, AJP-2.1): A completely, E unreliable, F cannot be judged.
    Reliability {
        /// Completely reliable.
        A = "A",
        /// Usually reliable.
        B = "B",
        /// Fairly reliable.
        C = "C",
        /// Not usually reliable.
        D = "D",
        /// Unreliable.
        E = "E",
        /// Cannot be judged.
        F = "F",
    }
}

words! {
    /// How credible a piece of information is (Admiralty): 1 confirmed, 5 improbable, 6 cannot be judged.
    Credibility {
        /// Confirmed by other sources.
        C1 = "1",
        /// Probably true.
        C2 = "2",
        /// Possibly true.
        C3 = "3",
        /// Doubtful.
        C4 = "4",
        /// Improbable.
        C5 = "5",
        /// Cannot be judged.
        C6 = "6",
    }
}

impl From<Reliability> for Credibility {
    /// For rows of files without a credibility column: A→1 … F→6.
    fn from(reliability: Reliability) -> Self {
        match reliability {
            Reliability::A => Self::C1,
            Reliability::B => Self::C2,
            Reliability::C => Self::C3,
            Reliability::D => Self::C4,
            Reliability::E => Self::C5,
            Reliability::F => Self::C6,
        }
    }
}

words! {
    /// Who may handle what a source says.
    Handling {
        /// Anybody.
        Open = "open",
        /// Inside the organ.
        Internal = "internal",
        /// Those who work the case.
        Restricted = "restricted",
        /// Nobody without the right: cut where the store is read.
        Sealed = "sealed",
    }
}

words! {
    /// How a relation row stands.
    Status {
        /// Shown to be so.
        Confirmed = "confirmed",
        /// Thought to be so.
        Suspected = "suspected",
        /// Shown not to be so: kept, and counts against.
        Refuted = "refuted",
    }
}

words! {
    /// Where a lead stands.
    LeadStatus {
        /// Received.
        Open = "open",
        /// Given to somebody.
        Assigned = "assigned",
        /// Found true.
        Verified = "verified",
        /// Checked and found untrue.
        Unfounded = "unfounded",
        /// Done with.
        Cleared = "cleared",
    }
}

words! {
    /// The class of a gang.
    GangClass {
        /// 涉黑组织.
        CriminalSyndicate = "criminal_syndicate",
        /// 恶势力犯罪集团.
        CriminalGroup = "criminal_group",
        /// 恶势力团伙.
        Gang = "gang",
    }
}

words! {
    /// Where a case stands.
    CaseStage {
        /// With the police.
        Investigation = "investigation",
        /// With the procuratorate.
        Prosecution = "prosecution",
        /// With the court.
        Trial = "trial",
        /// Done.
        Closed = "closed",
    }
}

words! {
    /// What a case's review said of an umbrella.
    UmbrellaFinding {
        /// One was found.
        Found = "found",
        /// Signed off as "no umbrella found".
        None = "none",
        /// Not yet said.
        Pending = "pending",
    }
}

words! {
    /// How a raid ended.
    RaidOutcome {
        /// It found what it was for.
        Found = "found",
        /// It came up empty.
        Empty = "empty",
    }
}

words! {
    /// What an official decided, of all duty relations together; `TieType::decisions` says which go where.
    Decision {
        /// Charged.
        Charged = "charged",
        /// Charged with less.
        Downgraded = "downgraded",
        /// Case dropped.
        Dropped = "dropped",
        /// Not prosecuted.
        NotProsecuted = "not_prosecuted",
        /// Let out on bail.
        Bail = "bail",
        /// Sentence suspended.
        SuspendedSentence = "suspended_sentence",
        /// Sentence shortened.
        Commuted = "commuted",
        /// Let out on parole.
        Paroled = "paroled",
        /// Frozen or seized assets given back.
        AssetsReturned = "assets_returned",
        /// Handled without a decision.
        None = "none",
        /// Fined.
        Fined = "fined",
        /// Warned.
        Warned = "warned",
        /// Inspection passed.
        Passed = "passed",
        /// Inspection waived.
        Waived = "waived",
        /// Business closed.
        Closed = "closed",
        /// Permit granted.
        Granted = "granted",
        /// Permit refused.
        Refused = "refused",
        /// Lead found true.
        Verified = "verified",
        /// Lead found untrue.
        Unfounded = "unfounded",
        /// Case signed off as without an umbrella.
        NoUmbrella = "no_umbrella",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_by_its_code() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        for &decision in Decision::ALL {
            assert_eq!(Decision::from_code(decision.code()), Some(decision));
        }
        assert_eq!(Kind::from_code("alien"), None);
    }

    #[test]
    fn codes_go_through_json() {
        let json = serde_json::to_string(&Layer::Kinship).unwrap();
        assert_eq!(json, "\"kinship\"");
        assert_eq!(serde_json::from_str::<Layer>(&json).unwrap(), Layer::Kinship);
        assert!(serde_json::from_str::<Layer>("\"x\"").is_err());
    }
}
