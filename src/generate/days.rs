//! Days of the city's five years, and how they are written.

use std::fmt;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub i32);

/// The first year of the file, and the first after it.
pub(super) const YEARS: std::ops::Range<i32> = 2016..2021;

/// The first of January of a year (Hinnant, `days_from_civil`).
pub(super) const fn first_of(year: i32) -> Day {
    let before = year - 1;
    Day(before * 365 + before / 4 - before / 100 + before / 400 - 719_162)
}

/// The first day of the file.
pub(super) const FIRST: Day = first_of(YEARS.start);
/// How many days the file covers.
pub(super) const SPAN: u64 = (first_of(YEARS.end).0 - FIRST.0) as u64;

impl Day {
    /// So many days later.
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// The same, not past the end of the file.
    pub fn within(self) -> Self {
        Self(self.0.clamp(FIRST.0, FIRST.0 + SPAN as i32 - 1))
    }

    /// Year, month and day (Hinnant, `civil_from_days`).
    pub fn civil(self) -> (i32, i32, i32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        (yoe + era * 400 + i32::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
    }

    /// The quarter of a year, counted on.
    pub fn quarter(self) -> u64 {
        let (year, month, _) = self.civil();
        (year * 4 + (month - 1) / 3) as u64
    }
}

/// A day as a file has it: whole, or only its month, or only its year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub day: Day,
    pub parts: u8,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.day.civil();
        match self.parts {
            1 => write!(f, "{year:04}"),
            2 => write!(f, "{year:04}-{month:02}"),
            _ => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Written { day: *self, parts: 3 }.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    #[test]
    fn days_are_those_of_the_calendar() {
        for at in (-10_000..25_000).step_by(13) {
            let (year, month, day) = Day(at).civil();
            let date = Date::new(year as u16, month as u8, day as u8).unwrap();
            assert_eq!(date.first().0, at);
            assert_eq!(Day(at).to_string(), date.to_string());
        }
        assert_eq!(first_of(2016).to_string(), "2016-01-01");
        assert_eq!((FIRST.plus(SPAN as i32 - 1)).to_string(), "2020-12-31");
        assert_eq!(Written { day: FIRST, parts: 2 }.to_string(), "2016-01");
    }
}
