//! The sectors of the state, and what each may do.

/// A sector of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Sector {
    Police,
    Procuratorate,
    Court,
    Justice,
    Market,
    Land,
    Transport,
    Environment,
    Government,
    Discipline,
}

impl Sector {
    pub const ALL: [Self; 10] = [
        Self::Police,
        Self::Procuratorate,
        Self::Court,
        Self::Justice,
        Self::Market,
        Self::Land,
        Self::Transport,
        Self::Environment,
        Self::Government,
        Self::Discipline,
    ];
    /// Those that work cases.
    pub const LAW: [Self; 4] = [Self::Police, Self::Procuratorate, Self::Court, Self::Justice];
    /// Those that inspect and grant.
    pub const PERMITS: [Self; 6] =
        [Self::Market, Self::Land, Self::Transport, Self::Environment, Self::Government, Self::Police];
    /// Those that check reports.
    pub const CHECKS: [Self; 4] = [Self::Discipline, Self::Police, Self::Procuratorate, Self::Government];

    /// As `organisations.csv` has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::Procuratorate => "procuratorate",
            Self::Court => "court",
            Self::Justice => "justice_administration",
            Self::Market => "market_regulation",
            Self::Land => "land",
            Self::Transport => "transport",
            Self::Environment => "environment",
            Self::Government => "local_government",
            Self::Discipline => "discipline",
        }
    }

    /// What the county's agency is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Police => "公安局",
            Self::Procuratorate => "人民检察院",
            Self::Court => "人民法院",
            Self::Justice => "司法局",
            Self::Market => "市场监督管理局",
            Self::Land => "自然资源局",
            Self::Transport => "交通运输局",
            Self::Environment => "生态环境局",
            Self::Government => "人民政府",
            Self::Discipline => "纪律检查委员会",
        }
    }

    /// What a district's branch is called, where there are branches.
    pub const fn branch(self) -> Option<&'static str> {
        match self {
            Self::Police => Some("派出所"),
            Self::Market => Some("市场监督管理所"),
            Self::Government => Some("镇人民政府"),
            _ => None,
        }
    }

    /// Its share of all officials.
    pub const fn share(self) -> f64 {
        match self {
            Self::Police => 0.3,
            Self::Procuratorate => 0.07,
            Self::Court => 0.09,
            Self::Justice => 0.05,
            Self::Market => 0.13,
            Self::Land | Self::Transport => 0.08,
            Self::Environment => 0.06,
            Self::Government => 0.1,
            Self::Discipline => 0.04,
        }
    }
}
